"""Stored answers, read: the same one is asked for again and again while its load rests."""

from functools import lru_cache

from bot.domain.assessment import Assessment, from_json
from storage.loads import LoadRecord
from storage.types import Written, decoded

_NOTHING = "{}"


def answer_of(load: LoadRecord) -> Assessment | None:
    """What was found at the last look at a load; None where nobody looked yet."""
    told = load.assessment
    if isinstance(told, Written):
        return _read(told.text) if told.text != _NOTHING else None
    return from_json(told) if told else None


@lru_cache(maxsize=1024)
def _read(text: str) -> Assessment:
    return from_json(decoded(text))
