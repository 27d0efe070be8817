"""Whose account number it is that people and files gave: it stands for no other importer."""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain.load import Hand, Said, standing

IMPORTER, ACCOUNT = "importer", "bn15"


def account_of(words: Iterable[Said], one: Callable[[str], str]) -> Said | None:
    """The word about an account number that stands of one shipment, by all words about that and its importer; None
    where none was said of the importer who stands. `one` makes one of the ids that a party had."""
    ordered = sorted(words, key=_when)
    named = [w for w in ordered if w.field == IMPORTER]
    numbers = tuple(w for w in ordered if w.field == ACCOUNT)
    importer = _stands(named)
    if not importer:
        return standing(numbers)
    return standing(tuple(w for w in numbers if one(_importer_meant(w, named)) == one(importer)))


def _importer_meant(number: Said, named: list[Said]) -> str:
    """Of whom a number was said: a list means the importer that it names itself, a person the one that stood then;
    before anybody was named it is the first one's."""
    before = [w for w in named if _when(w) <= _when(number)]
    own = [w for w in before if w.who == number.who] if number.hand < Hand.DRIVER else []
    if own and own[-1].value:
        return own[-1].value
    return _stands(before) or next((w.value for w in named[len(before) :] if w.value), "")


def _stands(named: list[Said]) -> str:
    last = standing(tuple(named))
    return (last.value if last else None) or ""


def _when(word: Said) -> tuple[datetime, str]:
    return word.at, word.id
