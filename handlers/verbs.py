"""What a line that can be typed is made of."""

from dataclasses import dataclass
from enum import StrEnum

from handlers.words import _


class Role(StrEnum):
    """Who may type a line: this role or one above it. Drivers see and change their own loads only."""

    ANYONE = "anyone"
    DRIVER = "driver"
    VIEWER = "viewer"
    DISPATCHER = "dispatcher"
    ADMIN = "admin"


class After(StrEnum):
    """What words after a verb are when no subject stood before it."""

    SUBJECT = "subject"
    VALUE = "value"
    TEXT = "text"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Verb:
    """One line that can be typed. `subject` False: the line is about no single thing.

    After.SUBJECT: all words name it; VALUE: the first may name it, the rest are the value; TEXT: as VALUE, and the
    rest is kept as typed; WORDS: none does. `names` marks a verb that also says what kind of number follows.
    `keyed` is the verb that this one becomes where keys of that one are given, `short` how that one may be typed then.
    """

    name: str
    example: str
    about: str
    writes: bool = False
    role: Role = Role.VIEWER
    after: After = After.SUBJECT
    keys: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    names: bool = False
    keyed: str = ""
    short: str = ""

    @property
    def subject(self) -> bool:
        return self.after is not After.WORDS

    @property
    def help(self) -> str:
        return _(self.about)


def changing(
    name: str, example: str, about: str, after: After = After.VALUE, role: Role = Role.DISPATCHER,
    keys: tuple[str, ...] = (), also: tuple[str, ...] = (), names: bool = False, short: str = "",
) -> Verb:  # fmt: skip
    """A line that changes something."""
    return Verb(name, example, about, True, role, after, keys, also, names, short=short)
