"""What stands on the board: loads as rows, worst first, feeds, and counts; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.domain.alert import ENDED
from bot.domain.assessment import WORSE, Answer
from bot.domain.brief import Brief
from bot.domain.coverage import Liveness
from bot.domain.kinds import Cause, Level
from bot.domain.load import Direction
from bot.domain.times import age
from handlers.announce.facts import ANSWERS, level_word
from handlers.announce.holdwords import because
from handlers.announce.scene import Scene, Times, cut, scene_of
from handlers.announce.sentence import reason
from handlers.announce.waits import short
from handlers.views import Desk, FeedView
from handlers.words import _, mark

_MOVES = {
    Cause.OURS: mark("Our move"),
    Cause.BROKER: mark("Broker's move"),
    Cause.IMPORTER: mark("Importer's move"),
    Cause.CUSTOMS: mark("Customs' move"),
    Cause.UNKNOWN: mark("Whose move is not known"),
}
#: A shape for each look, so that no colour has to be seen.
_SHAPES = {
    "critical": "▲",
    "urgent": "▲",
    "warn": "◆",
    "late": "◇",
    "hold": "■",
    "unknown": "?",
    "but": "✓!",
    "go": "✓",
}
_LOOKS = {Level.CRITICAL: "critical", Level.URGENT: "urgent", Level.WARN: "warn", Level.LATE: "late"}
_LIVES = {
    Liveness.ALIVE: ("alive", "✓", mark("alive")),
    Liveness.CANT_TELL: ("mute", "?", mark("can't tell")),
    Liveness.DEAD: ("dead", "✕", mark("DEAD")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One load, in words."""

    number: str
    link: str
    into: str
    look: str
    shape: str
    answer: str
    level: str
    why: str
    cause: str
    move: str
    owner: str
    until: str
    eta: str
    span: str
    eta_note: str
    crossing: str
    wait: str
    ages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Loads that ask for the same attention; `counts` are those of the head, of these loads alone."""

    title: str
    rows: tuple[Row, ...]
    counts: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A feed, in words."""

    name: str
    look: str
    shape: str
    state: str
    last: str
    problems: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One carrier's part of the board."""

    name: str
    clock: str
    zone: str
    sample: bool
    outage: bool
    counts: tuple[tuple[str, str, int], ...]
    alerts: int
    groups: tuple[Group, ...]
    feeds: tuple[Chip, ...]
    more: int


def sheet(desk: Desk) -> Sheet:
    """A carrier's part of the board."""
    times = Times(desk.zone, desk.now)
    ordered = sorted(desk.loads, key=worst_first)
    groups = [_group(desk, title, list(some)) for title, some in groupby(ordered, key=_group_title)]
    chips = sorted((_chip(feed, times) for feed in desk.feeds), key=lambda c: (c.look != "dead", c.name))
    return Sheet(
        cut(desk.name),
        times.at(desk.now),
        times.zone_now,
        desk.sample,
        desk.outage,
        _counted(desk.counts),
        desk.alerts,
        tuple(groups),
        tuple(chips),
        desk.more,
    )


def _group(desk: Desk, title: str, briefs: Sequence[Brief]) -> Group:
    counted = _counted(Counter(brief.found.answer.value for brief in briefs))
    return Group(title, tuple(_row(desk, brief) for brief in briefs), tuple(c for c in counted if c[2]))


def _counted(counts: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Loads by answer: look, word and how many."""
    words = (
        (Answer.HOLD, "hold", _("hold")),
        (Answer.UNKNOWN, "unknown", _("unknown")),
        (Answer.GO_BUT, "but", _("go, but")),
        (Answer.GO, "go", _("go")),
    )
    return tuple((look, word, counts.get(answer.value, 0)) for answer, look, word in words)


def worst_first(brief: Brief) -> tuple[int, int, int, datetime, str]:
    """The order of the board: what asks for attention now, then level, answer and ETA."""
    found = brief.found
    return (_attention(brief), -(found.level or 0), -WORSE[found.answer], found.eta, brief.number)


def _attention(brief: Brief) -> int:
    found = brief.found
    if found.is_go:
        return 2
    told = found.level is not None and found.level > Level.LATE
    return 0 if told or found.answer is Answer.HOLD or found.at_border else 1


def _group_title(brief: Brief) -> str:
    return (_("Trouble"), _("Waiting for an answer"), _("May go"))[_attention(brief)]


def _row(desk: Desk, brief: Brief) -> Row:
    scene, found = scene_of(brief, desk.now), brief.found
    hold = next(iter(found.standing), None)
    look, owned = _look(brief), brief.state not in ENDED
    return Row(
        number=scene.number,
        link=f"{desk.carrier}/{scene.key.removeprefix('~')}",
        into=_("into Canada") if brief.direction == Direction.CA.value else _("into the US"),
        look=look,
        shape=_SHAPES[look],
        answer=_(ANSWERS[found.answer]),
        level=level_word(found.level) if found.level is not None and not found.is_go else "",
        why=_first_up(reason(scene)),
        cause=because(hold, scene) if hold is not None and not found.is_go else "",
        move=_(_MOVES[hold.cause]) if hold is not None and not found.is_go else "",
        owner=cut(brief.owner, 40) if owned else "",
        until=_("until {time}").format(time=scene.at(brief.owned_until)) if owned and brief.owned_until else "",
        eta=scene.at(found.eta),
        span=scene.span(found.eta),
        eta_note=_eta_note(scene),
        crossing=scene.port,
        wait=short(scene),
        ages=tuple(_ages(scene)),
    )


def _look(brief: Brief) -> str:
    found = brief.found
    if found.is_go:
        return "go" if found.answer is Answer.GO else "but"
    if found.level is not None:
        return _LOOKS[found.level]
    return "hold" if found.answer is Answer.HOLD else "unknown"


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def _eta_note(scene: Scene) -> str:
    found = scene.brief.found
    if found.at_border:
        return _("AT THE BORDER")
    if found.overdue:
        return _("overdue, no proof it is there")
    return _("assumed") if found.eta_assumed else ""


def _ages(scene: Scene) -> Iterable[str]:
    """How old the last news is, and how long the alert has stood."""
    found, brief = scene.brief.found, scene.brief
    facts = [e.received for j in found.shipments for e in (j.last, j.rests_on) if e is not None]
    facts += [found.manifest.received] if found.manifest is not None else []
    yield _("last word {span}").format(span=scene.span(max(facts))) if facts else _("nothing heard yet")
    if brief.state and brief.state not in ENDED and brief.raised_at is not None:
        yield _("alert for {age}").format(age=age(scene.now - brief.raised_at))
    if found.deaf:
        yield _("deaf: no live feed")


def _chip(feed: FeedView, times: Times) -> Chip:
    look, shape, word = _LIVES[feed.liveness]
    state = _(word)
    if feed.liveness is Liveness.DEAD and feed.since is not None:
        state = _("{state} since {time}").format(state=state, time=times.at(feed.since))
    last = _("last word {span}").format(span=times.span(feed.last_word)) if feed.last_word else _("no word yet")
    return Chip(cut(feed.name, 32), look, shape, state, last, feed.problems)
