"""Names that look like another: only ever to ask which one is meant."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

_SCORE = 75


def alike(wanted: str, keys: Sequence[str], most: int = 20) -> list[int]:
    """Places of the keys that look like `wanted`, the nearest first."""
    if not wanted:
        return []
    found = process.extract(wanted, keys, scorer=fuzz.WRatio, limit=most, score_cutoff=_SCORE)
    return [at for _key, _score, at in found]
