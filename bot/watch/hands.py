"""Whose word a change is."""

from dataclasses import dataclass

from bot.domain.errors import HoldwatchError
from bot.domain.load import Hand

#: How the end of a load begins whose addition was taken back: it was never meant, and may be added again.
TAKEN_BACK = "its addition was taken back"


class Refused(HoldwatchError):
    """What was asked cannot be done; nothing was changed, and the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose word it is: `who` as shown (a person, a file, a feed), `delivery` the line or message that brought it,
    `person` the id of a person, '' for files and feeds."""

    hand: Hand
    who: str
    delivery: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done, and sentences worth telling whoever did it."""

    load_id: str
    sentences: tuple[str, ...] = ()
