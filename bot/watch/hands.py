"""Whose word a change is."""

from dataclasses import dataclass

from bot.domain.errors import HoldwatchError
from bot.domain.load import Hand


class Refused(HoldwatchError):
    """What was asked cannot be done; nothing was changed, and the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose word it is: `who` as shown (a person, a file, a feed), `delivery` the line or message that brought it."""

    hand: Hand
    who: str
    delivery: str = ""
