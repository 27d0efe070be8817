"""What happens to the bot in Telegram that nobody typed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.route import Account, Place


@dataclass(frozen=True, slots=True)
class Added:
    """The bot was added to a group, or unblocked in a private chat."""

    place: Place
    by: Account


@dataclass(frozen=True, slots=True)
class Removed:
    """The bot was removed from a group, or blocked in a private chat."""

    place: Place
    by: Account


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group became a supergroup: same people, another id, and old message ids are void."""

    old: Place
    new: Place


@dataclass(frozen=True, slots=True)
class Member:
    """A person came into a group or left it."""

    place: Place
    who: Account
    present: bool


Happening = Added | Removed | Migrated | Member
Happened = Callable[[Happening], Awaitable[None]]
