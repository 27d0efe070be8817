"""Answer, holds, level and the moment to look again, for one load at one moment (RULES A, T)."""

from datetime import datetime

from bot.domain.assessment import WORSE, Answer, Assessment, But, Condition, Hold, Judged, evidence
from bot.domain.bench import Bench
from bot.domain.clock import Tick
from bot.domain.eta import Eta, eta_of
from bot.domain.facts import Facts
from bot.domain.judge import judge, number_missing
from bot.domain.kinds import Cause, Kind, Level
from bot.domain.load import Direction, Load, LoadKind
from bot.domain.order import said_at
from bot.domain.policy import Policy
from bot.domain.trip import against, held, manifest


def assess(load: Load, facts: Facts, policy: Policy, now: datetime) -> Assessment:
    """What the rules say of a load now; pure, and exactly valid until `look_again_at` (T8)."""
    tick = Tick(now)
    eta = eta_of(load, policy)
    arrived = [a for a in facts.about.values() if a.clearance.arrived is not None]
    at_border = bool(arrived) or facts.journey.arrived is not None
    bench = Bench(load, facts, policy, tick, eta, at_border)
    judged = tuple([judge(bench, shipment) for shipment in load.shipments])
    if load.kind is LoadKind.LOADED and not load.shipments:
        number_missing(bench)
    if not (load.kind is LoadKind.BOBTAIL and load.direction is Direction.CA):
        manifest(bench)
    held(bench)
    against(bench)
    answer = _answer(bench, judged)
    ended = _ended(bench, answer)
    overdue = _overdue(bench, answer)
    if eta.assumed and not ended:
        bench.asks.append("eta")
    holds = tuple(sorted(bench.holds, key=_worst_first))
    levels = [h.level for h in holds if h.level is not None]
    return Assessment(
        answer,
        max(levels) if levels else None,
        holds,
        _nearest_first(bench.buts),
        judged,
        eta.at,
        eta.assumed,
        at_border,
        overdue,
        _deaf(holds),
        evidence(facts.manifest.accepted or facts.manifest.rejected),
        tuple(bench.asks),
        ended,
        bench.hidden,
        tuple(bench.questions),
        tick.next,
    )


def _deaf(holds: tuple[Hold, ...]) -> bool:
    """Whether a shipment is unwatched because who would tell of it is dead."""
    return bool([h for h in holds if h.kind is Kind.UNWATCHED and (h.detail or {}).get("life")])


def _worst_first(hold: Hold) -> tuple[int, bool, str, str]:
    return (-(hold.level or 0), not hold.stops, hold.kind, hold.shipment)


def _nearest_first(buts: list[Condition]) -> tuple[Condition, ...]:
    """A warning of customs first, for it may turn the truck away; then what ends soonest."""
    if len(buts) < 2:
        return tuple(buts)
    return tuple(sorted(buts, key=lambda b: (b.kind is not But.TOO_EARLY, b.until is None, b.kind, b.shipment)))


def _answer(bench: Bench, judged: tuple[Judged, ...]) -> Answer:
    """The worst of the shipments, the trip and the conditions (A1)."""
    worst = max([j.answer for j in judged], key=WORSE.__getitem__, default=Answer.GO)
    trip = [h for h in bench.holds if not h.shipment]
    if [h for h in trip if h.stops and h.level is not None]:
        return Answer.HOLD
    if trip and WORSE[worst] < WORSE[Answer.UNKNOWN]:
        return Answer.UNKNOWN
    if bench.buts and worst is Answer.GO:
        return Answer.GO_BUT
    return worst


def _ended(bench: Bench, answer: Answer) -> str:
    """Whether the load's life is over by facts or time (DESIGN, Life of a load): crossed, unknown or ''."""
    load, policy, tick = bench.load, bench.policy, bench.tick
    if load.crossed_word is not None and tick.passed(load.crossed_word):
        return "crossed"
    let_go = bench.facts.journey.released
    if let_go is not None and said_at(let_go) < load.known_at:
        let_go = None  # the truck that went under this number then was another one's, or nobody knows
    if let_go is not None and tick.passed(said_at(let_go) + policy.crossed_after_release):
        return "crossed"
    if _acquitted(bench) or (WORSE[answer] < WORSE[Answer.UNKNOWN] and _over(bench)):
        return "crossed"
    if bench.at_border and WORSE[answer] >= WORSE[Answer.UNKNOWN]:
        return ""  # a truck that is held at the border never drops off a list (T7)
    return "unknown" if tick.passed(bench.eta.at + policy.close_after) else ""


def _acquitted(bench: Bench) -> bool:
    """Whether customs controls none of its shipments any more, since the load is known (border-formats 2.1).

    Where an arrived fact stops the truck all the same, that word was not about these goods, or came too early.
    """
    words = [a.clearance.acquitted for s in bench.load.shipments if (a := bench.facts.about.get(s.id)) is not None]
    known = [w for w in words if w is not None and said_at(w) >= bench.load.known_at]
    if not known or len(known) < len(bench.load.shipments):
        return False
    return not any(h.fact and h.stops and h.level is not None for h in bench.holds)


def _over(bench: Bench) -> bool:
    """Whether facts say that a load whose answer is go has crossed: all released or arrived 2 h ago."""
    told = [bench.facts.about[s.id].clearance for s in bench.load.shipments if s.id in bench.facts.about]
    facts = [r for c in told if (r := c.good if c.released else c.arrived) is not None]
    if not facts or len(facts) < len(bench.load.shipments):
        return False
    return bench.tick.passed(max(map(said_at, facts)) + bench.policy.crossed_after_release)


def _overdue(bench: Bench, answer: Answer) -> bool:
    """ETA passed without proof of arrival: the driver is asked, dispatch after 15 min unless the answer is go (T7)."""
    eta: Eta = bench.eta
    if eta.assumed or not bench.tick.passed(eta.at):
        return False
    if bench.tick.passed(eta.at + bench.policy.ask_after):
        bench.asks.append("crossed")
    if bench.at_border:
        return False
    if WORSE[answer] >= WORSE[Answer.UNKNOWN]:
        bench.asks.append("arrived")
        if bench.tick.passed(eta.at + bench.policy.overdue_dispatch):
            bench.holds.append(Hold(Kind.OVERDUE, "", Cause.UNKNOWN, Level.WARN, fact=False, stops=False))
    return True
