"""Names that look like another: only ever to ask which one is meant."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_SCORE = 75


def alike(wanted: str, keys: Sequence[str], most: int = 20) -> list[int]:
    """Places of the keys that look like `wanted`, the nearest first."""
    if not wanted:
        return []
    found = process.extract(wanted, keys, scorer=fuzz.WRatio, limit=most, score_cutoff=_SCORE)
    near = [at for _key, _score, at in found]
    # Short codes score low: two letters changed about (PBC, PCB) is how they are mistyped.
    turned = [at for at, key in enumerate(keys) if len(key) > 2 and key != wanted and OSA.distance(wanted, key) == 1]
    turned = [at for at in turned if sorted(keys[at]) == sorted(wanted)]
    return list(dict.fromkeys([*near, *turned]))[:most]
