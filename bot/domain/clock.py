"""The clock of RULES T: thresholds that raise a level, and the first one still to come."""

from datetime import datetime, timedelta

from bot.domain.kinds import Level
from bot.domain.policy import Policy


class Tick:
    """A moment that remembers the first threshold after it: asking is what makes `look_again_at` right (T8)."""

    __slots__ = ("next", "now")

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.next: datetime | None = None

    def passed(self, at: datetime) -> bool:
        """Whether `at` has come; if not, it is a moment to look again."""
        if at <= self.now:
            return True
        if self.next is None or at < self.next:
            self.next = at
        return False

    def reached(self, steps: "Steps") -> Level | None:
        """The highest level whose moment has come."""
        best: Level | None = None
        for level, at in steps:
            if self.passed(at) and (best is None or level > best):
                best = level
        return best


Steps = tuple[tuple[Level, datetime], ...]


def by_clock(
    due: datetime,
    eta: datetime,
    policy: Policy,
    *,
    papers_known: bool,
    deciding: bool,
    not_before: datetime,
    slack: timedelta = timedelta(),
) -> Steps:
    """When a kind that goes by the clock reaches each level (T2); nothing before `not_before` (T6).

    `slack` is how long after `due` the warning waits; LATE, the say at ETA - 2 h and what is higher do not wait. It is
    0 by default (2026-11-23): in a season of 1,000 loads 20 min of it left 33 of 39 false alarms, and 11 of 156 stops
    were told 20 min later; a warning from ETA - 3 h left 29, and told 36 stops an hour later. None was told too late
    either way, but the hours in which a broker can still be reached are worth more than one false alarm in 200 loads.
    """
    last = eta - policy.critical_before
    say = eta - policy.say_before
    warn = min(max(due + slack, eta - policy.warn_before), say) if papers_known and not deciding else say
    urgent = min(max(due, eta - policy.urgent_before), last)
    return tuple(
        (level, max(at, not_before))
        for level, at in (
            (Level.LATE, min(due, warn)),
            (Level.WARN, warn),
            (Level.URGENT, urgent),
            (Level.CRITICAL, last),
        )
    )


def by_distance(eta: datetime, policy: Policy, since: datetime) -> Steps:
    """When a kind that goes by distance reaches each level (T4)."""
    return (
        (Level.WARN, since),
        (Level.URGENT, max(since, eta - policy.urgent_before)),
        (Level.CRITICAL, max(since, eta - policy.critical_before)),
    )


def by_manifest(eta: datetime, policy: Policy, not_before: datetime) -> Steps:
    """When a missing manifest of our own reaches each level (K, `our_manifest`)."""
    steps = (
        (Level.LATE, policy.our_manifest_late_before),
        (Level.WARN, policy.our_manifest_warn_before),
        (Level.CRITICAL, policy.our_manifest_before),
    )
    return tuple((level, max(eta - before, not_before)) for level, before in steps)


def word_lapses(given: datetime, eta: datetime, policy: Policy) -> datetime:
    """When a person's good word lapses: after 2 h, but never between ETA - 2 h and ETA + 1 h (F4)."""
    lapse = given + policy.word_lapse
    opens, closes = eta - policy.word_lapse_before, eta + policy.word_hold_after
    if lapse <= opens or lapse >= closes:
        return lapse
    return opens if given < eta - policy.word_ask_before else closes


def settles(heard: datetime, eta: datetime, amended: datetime | None, policy: Policy) -> datetime:
    """Until when a broken link is given time to mend itself, at the longest until ETA - 1 h (F7)."""
    own = amended is not None and timedelta(0) <= heard - amended <= policy.settle_amended
    return max(heard, min(heard + (policy.settle_amended if own else policy.settle), eta - policy.settle_until_before))
