"""The verdict on an importer's account with a broker: what it rests on, and the first moment at which it changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.carm.calendar import last_day
from bot.domain.carm.evidence import Evidence, Item
from bot.domain.carm.plan import NO_PLAN, Need, Plan
from bot.domain.carm.reasons import Case, Reason, Rule, Verdict, Why
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import Subject, accounts, own_records, scoped, standing_records
from bot.domain.carm.standing import Standing, standings
from bot.domain.carm.voices import Heard, hear
from bot.domain.clock import Tick

__all__ = ["Readiness", "Verdict", "holds_from", "own_checklist", "readiness", "worst"]

_PROOF = (Item.RPP, Item.LAST_GOOD_RELEASE)
_BASIS = (Item.RPP, Item.LAST_GOOD_RELEASE, Item.SECURITY, Item.DELEGATION)
#: No importer has more ends ahead than items have voices; a longer walk would be a mistake in the rules.
_MOST_ENDS = 64


@dataclass(frozen=True, slots=True)
class Readiness:
    """The verdict and why. `since` is when what decides it began; `basis` the good words that count, `reasons` all
    that stand against CARM OK in order, `failing` those of the rule that fired first; `plan` is the load's release
    plan and `unmet` what it still needs; `recheck` the last day on which the verdict holds with no news, None when
    time does not worsen it; `look_again_at` the first moment at which anything here changes with no news."""

    subject: Subject
    verdict: Verdict
    since: datetime | None
    basis: tuple[Evidence, ...]
    reasons: tuple[Reason, ...]
    standings: Mapping[Item, Standing]
    plan: str = ""
    unmet: tuple[Need, ...] = ()
    recheck: date | None = None
    look_again_at: datetime | None = None

    @property
    def rule(self) -> Rule:
        """The rule that fired first."""
        return self.reasons[0].rule if self.reasons else Rule.FINE

    @property
    def failing(self) -> tuple[Reason, ...]:
        """The reasons of that rule."""
        return tuple(reason for reason in self.reasons if reason.rule is self.rule)

    @property
    def excused(self) -> bool:
        """Whether the load's plan stands in for the importer's own account."""
        return any(reason.why is Why.PLAN for reason in self.reasons)


def readiness(
    evidence: Sequence[Evidence], subject: Subject, now: datetime, rules: CarmRules, plan: Plan | None = None
) -> Readiness:
    """How an importer's account stands with a broker, by this evidence, which may hold more than speaks of it.

    Where the account's RM is not known and records name several, it is the worst of them, with its RM in the subject.
    """
    records = standing_records(evidence)
    return worst(_of_account(records, account, now, rules, plan or NO_PLAN) for account in accounts(records, subject))


def worst(several: Iterable[Readiness]) -> Readiness:
    """The worst of several importers or accounts; of equals the first. It looks again when any of them would."""
    given = list(several)
    found = max(given, key=lambda r: r.verdict.badness)
    looks = [r.look_again_at for r in given if r.look_again_at is not None]
    return replace(found, look_again_at=min(looks, default=None))


def own_checklist(evidence: Sequence[Evidence], now: datetime, rules: CarmRules) -> tuple[Standing, ...]:
    """How the carrier's own items stand: carrier code, bond, portal account."""
    records = own_records(standing_records(evidence))
    found = standings(hear(records, Subject(""), rules), Tick(now))
    return tuple(found[item] for item in (Item.OWN_CODE, Item.OWN_BONDED, Item.OWN_PORTAL))


def holds_from(of: Readiness, pickup: datetime | None, eta: datetime | None, rules: CarmRules) -> datetime | None:
    """From when on the load is told of its importer: NOT OK a day before pickup, a delegation still pending four hours
    before the ETA; None when it is not told at all (NOT KNOWN is a question, never a hold)."""
    starts = pickup or eta
    if of.verdict is Verdict.NOT_OK and starts is not None:
        return starts - rules.hold_before
    pending = any(reason.why is Why.PENDING for reason in of.reasons) and not of.excused
    if of.verdict is Verdict.AT_RISK and pending and eta is not None:
        return eta - rules.pending_before
    return None


def _of_account(records: list[Evidence], subject: Subject, now: datetime, rules: CarmRules, plan: Plan) -> Readiness:
    heard = hear(scoped(records, subject), subject, rules)
    found, end = _at(heard, subject, now, rules, plan)
    look: datetime | None = None
    for _ in range(_MOST_ENDS):
        if end is None:
            break
        later, following = _at(heard, subject, end, rules, plan)
        if look is None and later != found:
            look = end
        if later.verdict.badness > found.verdict.badness:
            return replace(found, look_again_at=look, recheck=last_day(end, rules))
        end = following
    return replace(found, look_again_at=look)


def _at(
    heard: Heard, subject: Subject, now: datetime, rules: CarmRules, plan: Plan
) -> tuple[Readiness, datetime | None]:
    """The verdict at a moment, and the next end of anything it rests on."""
    tick = Tick(now)
    stands = standings(heard, tick)
    case = Case(stands, heard, plan, rules, tick)
    reasons = tuple(sorted(case.reasons(), key=lambda reason: reason.rule))
    verdict = reasons[0].rule.verdict if reasons else Verdict.OK
    basis = tuple(s.evidence for s in map(stands.__getitem__, _BASIS) if s.good and s.evidence)
    unmet = plan.unmet(case.planned)
    found = Readiness(subject, verdict, _since(reasons, stands), basis, reasons, stands, case.planned, unmet)
    return found, tick.next


def _since(reasons: tuple[Reason, ...], stands: Mapping[Item, Standing]) -> datetime | None:
    """When what decides the verdict began: of the first rule's reasons the earliest, for OK the latest of the words
    that it cannot do without."""
    first = [r.since for r in reasons if r.rule is reasons[0].rule and r.since is not None]
    if reasons:
        return min(first, default=None)
    proofs = [s.evidence.said for s in map(stands.__getitem__, _PROOF) if s.good and s.evidence]
    return min(proofs, default=None)
