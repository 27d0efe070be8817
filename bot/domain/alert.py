"""The conversation about one load: what is worth saying now, as named reasons (RULES N).

The only part of the pipeline with a life of its own: who owns it and what was said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.assessment import Assessment, Hold
from bot.domain.clock import Tick
from bot.domain.kinds import Level
from bot.domain.policy import Policy
from bot.domain.quick import quick


class State(StrEnum):
    """How an alert stands. `waiting`, `last_known` and `more_time` are open: their hold went and nothing cleared it."""

    OPEN = "open"
    WAITING = "waiting"
    LAST_KNOWN = "last_known"
    MORE_TIME = "more_time"
    CLEARED = "cleared"
    CLOSED = "closed"


ENDED = frozenset({State.CLEARED, State.CLOSED})
#: Whom the steps of an escalation call, one after the other (N4).
ON, ON_CALL = "on", "on call"
_STEPS = (ON, ON_CALL)
#: Why an alert ends with its load (N3).
NEVER_ACCEPTED = "crossed, never seen accepted"
NO_NEWS = "no news long after the ETA: unknown"


class Event(StrEnum):
    """What is said: each becomes a word; those in `ALOUD` are told to the place, the others in the thread (N1)."""

    RAISED = "raised"
    LEVEL = "level"
    SAID = "said"
    OWNED = "owned"
    UNOWNED = "unowned"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    WAITING = "waiting"
    LAST_KNOWN = "last_known"
    MORE_TIME = "more_time"
    CLEARED = "cleared"
    CLOSED = "closed"
    ASKED = "asked"


ALOUD = frozenset({Event.RAISED, Event.LEVEL, Event.ESCALATED, Event.REOPENED, Event.CLEARED, Event.CLOSED})


@quick
@dataclass(frozen=True, slots=True)
class Alert:
    """What is remembered of a conversation. `told` is the level last told per fingerprint (N2);
    0 if it was not; `eta` the ETA last looked at; `unowned_since` starts the escalation, `escalated`
    counts its steps."""

    state: State = State.OPEN
    level: Level = Level.WARN
    told: Mapping[str, int] = field(default_factory=dict)
    raised_at: datetime | None = None
    ended_at: datetime | None = None
    end_why: str = ""
    owner: str = ""
    owner_name: str = ""
    owned_until: datetime | None = None
    unowned_since: datetime | None = None
    escalated: int = 0
    eta: datetime | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One thing to say, and the holds it is about (their fingerprints)."""

    event: Event
    level: Level
    about: tuple[str, ...] = ()
    why: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Notice:
    """The alert as it stands now (None: there is none), what to say, and when to think again with no news."""

    alert: Alert | None
    said: tuple[Said, ...] = ()
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class End:
    """A load that left the road by somebody's act: cancelled, renumbered, number taken off; `why` says by whom."""

    why: str


def notice(
    alert: Alert | None, found: Assessment, now: datetime, policy: Policy, home: ZoneInfo, end: End | None = None
) -> Notice:
    """What to say about a load given what was said before; asking again at once says nothing more."""
    tick = Tick(now)
    if alert is not None and alert.state in ENDED and (found.ended or end):
        return Notice(alert)
    if alert is None or alert.state in ENDED:
        return _first(alert, found, tick, policy, home, end)
    if end is not None or found.ended:
        return _over(alert, found, now, end)
    if settled(found):
        return _went(alert, found, now)
    alert, said = _changes(alert, found, tick, policy, home)
    alert, more = _owner(alert, tick, policy)
    return Notice(alert, (*said, *more), tick.next)


def settled(found: Assessment) -> bool:
    """Whether the answer is go and nothing is left to be told: an alert ends with that, and not before (N3)."""
    return found.is_go and not _loud(found)


def _loud(found: Assessment) -> list[Hold]:
    return [h for h in found.holds if h.level is not None and h.level >= Level.WARN]


def _first(
    alert: Alert | None, found: Assessment, tick: Tick, policy: Policy, home: ZoneInfo, end: End | None
) -> Notice:
    loud = _loud(found)
    if not loud or found.ended or end is not None:
        return Notice(alert)
    level = max(h.level for h in loud if h.level is not None)
    if level is Level.WARN and _quiet(tick, found, policy, home):
        return Notice(alert, look_again_at=tick.next)
    fresh = Alert(
        level=level,
        told=_told({}, found),
        raised_at=tick.now,
        unowned_since=tick.now if level >= Level.URGENT else None,
        eta=found.eta,
    )
    event = Event.RAISED if alert is None else Event.REOPENED
    fresh, more = _owner(fresh, tick, policy)
    about = tuple(h.fingerprint for h in loud)
    return Notice(fresh, (Said(event, level, about), *more), tick.next)


def _quiet(tick: Tick, found: Assessment, policy: Policy, home: ZoneInfo) -> bool:
    """Quiet hours delay `warn` only (N4), and never past ETA - 2 h (A4)."""
    if policy.quiet_hours is None:
        return False
    ends = policy.quiet_hours.end_of(tick.now, home)
    return ends is not None and not tick.passed(min(ends, found.eta - policy.say_before))


def _over(alert: Alert, found: Assessment, now: datetime, end: End | None) -> Notice:
    """The end of a load: *cleared* only if the answer is go (N3)."""
    if end is not None:
        return _ended(alert, State.CLOSED, now, Event.CLOSED, end.why)
    if found.is_go:
        return _went(alert, found, now)
    return _ended(alert, State.CLOSED, now, Event.CLOSED, NEVER_ACCEPTED if found.ended == "crossed" else NO_NEWS)


def _went(alert: Alert, found: Assessment, now: datetime) -> Notice:
    """The answer is go: *cleared*, unless what stood was only taken off the load (N3)."""
    if _taken_off(alert, found):
        return _ended(alert, State.CLOSED, now, Event.CLOSED, "number taken off")
    return _ended(alert, State.CLEARED, now, Event.CLEARED, "")


def _ended(alert: Alert, state: State, now: datetime, event: Event, why: str) -> Notice:
    ended = replace(alert, state=state, ended_at=now, end_why=why, told={}, owned_until=None)
    return Notice(ended, (Said(event, alert.level, tuple(f for f, level in alert.told.items() if level), why),))


def _taken_off(alert: Alert, found: Assessment) -> bool:
    """Whether a shipment that something stood against is no longer of the load: no fact cleared it (N3)."""
    present = {s.shipment for s in found.shipments}
    return any((shipment := known.partition("|")[0]) and shipment not in present for known in alert.told)


def _told(before: Mapping[str, int], found: Assessment) -> dict[str, int]:
    """Levels told once what stands now has been said: per fingerprint, no higher than it stands (N2).

    What is waited for, or hidden by an outage, is kept as 0: known, and not told.
    """
    told: dict[str, int] = {}
    for hold in found.holds:
        level = int(hold.level or 0) if hold.telling or before.get(hold.fingerprint) else 0
        told[hold.fingerprint] = max(told.get(hold.fingerprint, 0), level)
    return told


def _changes(
    alert: Alert, found: Assessment, tick: Tick, policy: Policy, home: ZoneInfo
) -> tuple[Alert, tuple[Said, ...]]:
    before = alert.told
    new = [h for h in found.holds if h.telling and not before.get(h.fingerprint)]
    up = [h for h in found.holds if before.get(h.fingerprint) and (h.level or 0) > before[h.fingerprint]]
    about = tuple(dict.fromkeys(h.fingerprint for h in (*new, *up)))
    loud = _loud(found)
    if not loud and not found.hidden:
        return _quieter(alert, found, about)
    level = max((h.level for h in loud if h.level is not None), default=alert.level)
    if found.hidden:
        level = max(level, alert.level)
    state = State.OPEN if loud else alert.state
    base = replace(alert, told=_told(before, found), level=level, state=state, eta=found.eta)
    if level > alert.level or (up and level == max(h.level or Level.LATE for h in up)):
        if level is Level.WARN and _quiet(tick, found, policy, home):
            return alert, ()
        return _risen(base, level, about, tick.now)
    if about:
        return base, (Said(Event.SAID, level, about),)
    if level < alert.level and alert.eta is not None and found.eta > alert.eta:
        return base, (Said(Event.MORE_TIME, level, why=found.eta.isoformat()),)
    return base, ()


def _risen(base: Alert, level: Level, about: tuple[str, ...], now: datetime) -> tuple[Alert, tuple[Said, ...]]:
    """A level up ends ownership (N4) and is told to the place."""
    risen = replace(
        base,
        owner="",
        owner_name="",
        owned_until=None,
        unowned_since=now if level >= Level.URGENT else None,
        escalated=0,
    )
    return risen, (Said(Event.LEVEL, level, about, base.owner_name),)


def _quieter(alert: Alert, found: Assessment, about: tuple[str, ...]) -> tuple[Alert, tuple[Said, ...]]:
    """The hold went but nothing cleared the load: the alert stays open as what it now is (N3)."""
    later = alert.state is State.OPEN and alert.eta is not None and found.eta > alert.eta
    if later:
        state, event = State.MORE_TIME, Event.MORE_TIME
    elif found.deaf:
        state, event = State.LAST_KNOWN, Event.LAST_KNOWN
    elif alert.state is State.MORE_TIME:
        state, event = State.MORE_TIME, Event.SAID
    else:
        state, event = State.WAITING, Event.WAITING
    told = _told(alert.told, found)
    base = replace(alert, told=told, state=state, level=Level.LATE, eta=found.eta, unowned_since=None, escalated=0)
    if state is not alert.state:
        return base, (Said(event, Level.LATE, about, why=found.eta.isoformat() if later else ""),)
    return base, (Said(Event.SAID, Level.LATE, about),) if about else ()


def _owner(alert: Alert, tick: Tick, policy: Policy) -> tuple[Alert, tuple[Said, ...]]:
    """Ownership runs out; an urgent alert that nobody owns goes to who is on, then to who is on call (N4)."""
    said: tuple[Said, ...] = ()
    if alert.owned_until is not None and tick.passed(alert.owned_until):
        name = alert.owner_name
        since = tick.now if alert.level >= Level.URGENT else None
        alert = replace(alert, owner="", owner_name="", owned_until=None, unowned_since=since, escalated=0)
        said = (Said(Event.UNOWNED, alert.level, why=name),)
    unowned, step = alert.unowned_since if alert.level >= Level.URGENT else None, alert.escalated
    while unowned is not None and step < len(_STEPS) and tick.passed(unowned + (step + 1) * policy.escalate_after):
        said = (*said, Said(Event.ESCALATED, alert.level, why=_STEPS[step]))
        step += 1
    alert = alert if step == alert.escalated else replace(alert, escalated=step)
    return alert, said


def own(alert: Alert, person: str, name: str, until: datetime) -> Notice:
    """Somebody has it, until then."""
    owned = replace(alert, owner=person, owner_name=name, owned_until=until, unowned_since=None, escalated=0)
    return Notice(owned, (Said(Event.OWNED, alert.level, why=name),), until)


def own_until(asked: datetime | None, found: Assessment, now: datetime, policy: Policy) -> datetime:
    """Until when "I've got it" lasts: 30 min, 15 under ETA - 1 h, or the time named (N4)."""
    if asked is not None:
        return asked
    near = found.eta - now < policy.ack_near
    return now + (policy.ack_expiry_near if near else policy.ack_expiry)
