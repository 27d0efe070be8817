"""What a vendor's words mean: the operator's table, compared without case and marks. No word means anything else."""

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.domain.status import Status, Track
from bot.feeds.codes import Codes, codes
from bot.feeds.protocol import Reader

_BETWEEN = re.compile(r"[\W_]+")
_KIND = "WORD"
_TRACKS = {
    Status.MATCHED: Track.MATCH,
    Status.NOT_MATCHED: Track.MATCH,
    Status.NO_CARGO: Track.MATCH,
    Status.ARRIVED: Track.ARRIVAL,
    Status.DO_NOT_LOAD: Track.AGENCY,
    Status.HOLD_REMOVED: Track.AGENCY,
}


def word_of(text: str) -> str:
    """A word or phrase as it is compared: capitals, one space between words."""
    return _BETWEEN.sub(" ", text).strip().upper()


def key_of_word(word: str) -> str:
    """The key of a word in the table, which is also what an override is written by."""
    return f"{_KIND}:{word}"


def table_of(reader: Reader, base: Mapping[str, Status] | None = None) -> Codes:
    """The words of a feed, those of `base` first, under its overrides."""
    words = _table(tuple(sorted(reader.words.items())), tuple(sorted((base or {}).items())))
    return codes(words, (_KIND,), reader.overrides)


@lru_cache(maxsize=64)
def _table(words: tuple[tuple[str, str], ...], base: tuple[tuple[str, Status], ...]) -> Mapping[str, Status]:
    found = {key_of_word(word_of(word)): status for word, status in base}
    return found | {key_of_word(word_of(word)): Status(name) for word, name in words}


def track_of(status: Status) -> Track:
    """The question that a broker's word answers. *On file* is said of its entry, never of our own manifest."""
    return _TRACKS.get(status, Track.RELEASE)
