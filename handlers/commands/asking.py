"""What a command is given: the line understood, who typed it, and the unit of work it runs in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.load import Hand
from bot.domain.remarks import Remark
from bot.watch.hands import Hands
from bot.watch.world import World
from handlers.announce.scene import Times
from handlers.grammar import Command
from handlers.nouns import Role
from handlers.reply import Button, Line, Para, Part, Reply, Result, Span, Style, Tone, refused, say
from handlers.words import _, begun, worded
from storage.dock import Dock
from storage.work import Work

#: Most bytes of a line on a button.
BUTTON_BYTES = 64
MOST_BUTTONS = 8
#: How a note begins that names an importer.
THREAD = "thread:"


class Stop(Exception):
    """The answer is this Reply, and nothing is changed."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.title)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who typed: the person's id ('' while nobody was made of the account), a name to show, and a role.

    `role` ANYONE is somebody who may ask for help and nothing else.
    """

    person: str
    name: str
    role: Role

    @property
    def drives(self) -> bool:
        """Whether they may see their own loads only."""
        return self.role is Role.DRIVER


@dataclass(frozen=True, slots=True)
class Office:
    """What commands need of the house besides memory and the watch."""

    forget: Callable[[], None]
    telegram_name: Callable[[], str]


@dataclass(slots=True)
class Ask:
    """One line on its way to its answer. `thread_load` is the load of the post it was typed under, '' for none;
    `notes` are settings to keep once it is answered, such as what was told once; those that begin with `THREAD` name
    an importer that the thread of the answer asks about."""

    command: Command
    line: Line
    who: Speaker
    dock: Dock
    work: Work
    world: World
    office: Office
    delivery: str
    thread_load: str = ""
    warned: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """Civil time, read once when the unit opened."""
        return self.work.now

    @property
    def home(self) -> ZoneInfo:
        """The zone of the carrier's own clock."""
        return self.world.carriers[self.work.carrier].zone

    @property
    def hands(self) -> Hands:
        """Whose word a change is."""
        hand = Hand.DRIVER if self.who.drives else Hand.PERSON
        return Hands(hand, self.who.name, self.delivery, self.who.person)

    @property
    def words(self) -> str:
        """The words after the verb, as one text."""
        return " ".join(self.command.words)

    def times(self, zone: ZoneInfo | None = None) -> Times:
        """Moments on a local clock, as said now."""
        return Times((zone or self.home).key, self.now)


def quiet(text: str) -> Para:
    """Small print."""
    return Para((Span(text),), quiet=True)


def code(line: str) -> Para:
    """A line to type."""
    return Para((Span(line, Style.CODE),))


def choices(lines: Iterable[tuple[str, str]]) -> tuple[tuple[Button, ...], tuple[Part, ...]]:
    """(label, line) as buttons; a line that is too long for one, or too much, is shown to be typed."""
    buttons: list[Button] = []
    typed: list[Part] = []
    for label, line in lines:
        if len(line.encode()) <= BUTTON_BYTES and len(buttons) < MOST_BUTTONS:
            buttons.append(Button(label[:70], line))
        else:
            typed.append(Para((Span(f"{label}: "), Span(line, Style.CODE))))
    return tuple(buttons), tuple(typed[:20])


def question(title: str, lines: Iterable[tuple[str, str]], *more: str) -> Stop:
    """A question with its answers as taps; nothing was changed."""
    buttons, typed = choices(lines)
    return Stop(Reply(title, (*map(say, more), *typed), buttons, Tone.INFO, private=True, result=Result.UNKNOWN))


def no(text: str, *more: str) -> Stop:
    """A refusal; nothing was changed."""
    return Stop(refused(text, *more))


def done(title: str, news: Sequence[str | Remark] = (), *parts: Part, buttons: tuple[Button, ...] = ()) -> Reply:
    """What was done and stands now, with what is worth knowing."""
    told = [worded(n) if isinstance(n, Remark) else n for n in news]
    said = tuple(say(begun(s) + ("" if s.endswith((".", "!", "?")) else ".")) for s in told)
    return Reply(title, (*said, *parts), buttons, Tone.DONE)


def wanted(ask: Ask, what: str, example: str) -> str:
    """The words after the verb; asked for when there are none."""
    if not ask.words.strip():
        raise no(_("{what} Nothing was changed.").format(what=what), _("Type: {line}").format(line=example))
    return ask.words.strip()
