"""What is typed and what comes back, without any platform's markup (escaping is the renderer's work)."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.route import Account, Place


class Style(StrEnum):
    """How a span of text stands out."""

    PLAIN = "plain"
    BOLD = "bold"
    CODE = "code"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; `url` only for links."""

    text: str
    style: Style = Style.PLAIN
    url: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """One line of text. `quiet` marks small print (ages, sources)."""

    spans: tuple[Span, ...]
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Label and value pairs."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; `more` says how many rows were left out and what to type for them ('' when none)."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str = ""


Part = Para | Fields | Table


@dataclass(frozen=True, slots=True)
class Button:
    """A tap that types `line` (at most 64 bytes)."""

    label: str
    line: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form: `options` make it a choice of (value, label)."""

    name: str
    label: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    optional: bool = True
    initial: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A modal that builds a command: noun, subject (the value of input `subject`), verb, and key=value words."""

    title: str
    submit: str
    noun: str
    verb: str
    inputs: tuple[Input, ...]
    subject: str = ""


class Tone(StrEnum):
    """Colour of a reply."""

    INFO = "info"
    GO = "go"
    WARN = "warn"
    URGENT = "urgent"
    CRITICAL = "critical"
    DONE = "done"


class Result(StrEnum):
    """How a line ended; exit codes of `holdwatch ask` are 0, 1 and 2."""

    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reply:
    """A neutral message. `plain` for a platform's notification text is the title."""

    title: str
    body: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.INFO
    private: bool = False
    result: Result = Result.OK
    form: Form | None = None
    mention: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture or document that came with a line; `fault` says in a sentence why it could not be fetched."""

    name: str
    body: bytes = b""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody typed or tapped, and where.

    `delivery` is the platform's id of this very delivery (a repeat carries the same), `thread` the ref of the post
    that the line answers ('' when none), `root` that of the message which opens the thread of its answer ('' where it
    opens none), `guest` that the platform calls the account a guest, `workspace_admin` that it calls it an admin.
    """

    text: str
    who: Account
    where: Place
    delivery: str
    thread: str = ""
    private: bool = False
    workspace_admin: bool = False
    guest: bool = False
    files: tuple[Upload, ...] = ()
    root: str = ""


def say(text: str) -> Para:
    """A plain line."""
    return Para((Span(text),))


def refused(text: str, *more: str) -> Reply:
    """An answer that says no, and what to type instead."""
    return Reply(text, tuple(say(m) for m in more), result=Result.REFUSED, private=True)


def unknown(text: str, *more: str, buttons: tuple[Button, ...] = ()) -> Reply:
    """An answer that did not understand, and what to type."""
    return Reply(text, tuple(say(m) for m in more), buttons, result=Result.UNKNOWN, private=True)
