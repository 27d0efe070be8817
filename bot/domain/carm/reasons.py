"""The rules of the verdict, in their order: every reason for which an importer is not CARM OK."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.domain.carm.calendar import notice_deadline
from bot.domain.carm.evidence import Evidence, Item
from bot.domain.carm.grades import BLOCKING
from bot.domain.carm.plan import NEEDS, Plan
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.standing import Age, Standing, confirmed
from bot.domain.carm.voices import Heard
from bot.domain.clock import Tick


class Verdict(StrEnum):
    """What is printed: CARM OK, AT RISK, NOT OK, NOT KNOWN."""

    OK = "ok"
    AT_RISK = "at_risk"
    NOT_KNOWN = "not_known"
    NOT_OK = "not_ok"

    @property
    def badness(self) -> int:
        """Higher is worse: NOT OK, NOT KNOWN, AT RISK, OK."""
        return tuple(Verdict).index(self)


class Rule(IntEnum):
    """The rules of carm.md section 6; the first that fires is the verdict."""

    BLOCKED = 1
    UNKNOWN = 2
    RISK = 3
    FINE = 4

    @property
    def verdict(self) -> Verdict:
        """What it means when it fires first."""
        return (Verdict.NOT_OK, Verdict.NOT_KNOWN, Verdict.AT_RISK, Verdict.OK)[self - 1]


class Why(StrEnum):
    """`negative`: the item's state stands in the way. `increase_unmet`: a higher requirement was not met by its
    deadline. `overdue_at_zero`: a debt to CBSA where nothing has to be secured ends release before payment.
    `ior_unknown`, `ior_disputed`: nobody or more than one is known as importer of record. `proof_unknown`: neither an
    enrolment nor a release is known, or both are stale or void. `plan`: the account is not good or not known, and the
    load's own plan stands in. `pending`: the delegation is asked for, not approved. `one_manager`: one or no account
    manager. `overdue`: a debt to CBSA. `increase_pending`: a higher requirement is to be met. `not_covered`: the
    broker does not answer at that hour. `ageing`: the only proof is a release of some weeks ago. `unconfirmed`: no
    broker and no feed vouches for it. `disputed`: two sources contradict each other. `reject_open`: a reject for lack
    of security, and neither broker nor feed has said better since."""

    NEGATIVE = "negative"
    INCREASE_UNMET = "increase_unmet"
    OVERDUE_AT_ZERO = "overdue_at_zero"
    IOR_UNKNOWN = "ior_unknown"
    IOR_DISPUTED = "ior_disputed"
    PROOF_UNKNOWN = "proof_unknown"
    PLAN = "plan"
    REJECT_OPEN = "reject_open"
    PENDING = "pending"
    DISPUTED = "disputed"
    UNCONFIRMED = "unconfirmed"
    AGEING = "ageing"
    OVERDUE = "overdue"
    INCREASE_PENDING = "increase_pending"
    ONE_MANAGER = "one_manager"
    NOT_COVERED = "not_covered"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: the rule it belongs to, the item with its last known state, since when, and the word it rests on."""

    rule: Rule
    why: Why
    item: Item
    state: str = ""
    since: datetime | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at."""

    stands: Mapping[Item, Standing]
    heard: Heard
    plan: Plan
    rules: CarmRules
    tick: Tick

    @property
    def planned(self) -> str:
        """The load's release plan, as given with it or as its evidence says; "" when not known or disputed."""
        if self.plan.state:
            return self.plan.state
        said = self.stands[Item.RELEASE_PLAN]
        return said.state if said.known and not said.disputed else ""

    @property
    def excused(self) -> bool:
        """Whether the plan can stand in for the importer's own account, and all it needs is there."""
        return self.planned in NEEDS and not self.plan.unmet(self.planned)

    def reasons(self) -> Iterator[Reason]:
        """All reasons, of the first rule first, the most telling of each rule first."""
        blocked = list(self._blocked())
        proof = [] if blocked else list(self._proof_unknown())
        if not self.excused:
            yield from blocked
        yield from self._ior()
        if not self.excused:
            yield from proof
        elif blocked or proof:
            yield _of(Rule.RISK, Why.PLAN, (blocked or proof)[0].item, self.stands, self.planned)
        yield from self._risks(blocked)

    def _blocked(self) -> Iterator[Reason]:
        for item in BLOCKING:
            if self.stands[item].bad:
                yield _of(Rule.BLOCKED, Why.NEGATIVE, item, self.stands)
        notice = self.stands[Item.REVIEW_NOTICE]
        if notice.weak and notice.evidence:
            deadline = notice_deadline(notice.evidence.said, self.rules)
            if self.tick.passed(deadline):
                since = max(deadline, notice.evidence.said)
                yield Reason(Rule.BLOCKED, Why.INCREASE_UNMET, notice.item, notice.state, since, notice.evidence)
        if self.stands[Item.ACCOUNT_STANDING].weak and self.heard.zero is not None:
            yield _of(Rule.BLOCKED, Why.OVERDUE_AT_ZERO, Item.ACCOUNT_STANDING, self.stands)

    def _ior(self) -> Iterator[Reason]:
        ior = self.stands[Item.IOR]
        if ior.disputed or ior.bad:
            yield _of(Rule.UNKNOWN, Why.IOR_DISPUTED, Item.IOR, self.stands)
        elif not ior.known:
            yield _of(Rule.UNKNOWN, Why.IOR_UNKNOWN, Item.IOR, self.stands)

    def _proof_unknown(self) -> Iterator[Reason]:
        if self.stands[Item.RPP].known or self.stands[Item.LAST_GOOD_RELEASE].known:
            return
        yield Reason(Rule.UNKNOWN, Why.PROOF_UNKNOWN, Item.RPP, self.stands[Item.RPP].state, *_lost(self.stands))

    def _risks(self, blocked: list[Reason]) -> Iterator[Reason]:
        stands, told = self.stands, {reason.item for reason in blocked}
        if self.heard.open_reject is not None:
            yield _of(Rule.RISK, Why.REJECT_OPEN, Item.LAST_RPP_REJECT, stands)
        if stands[Item.DELEGATION].weak:
            yield _of(Rule.RISK, Why.PENDING, Item.DELEGATION, stands)
        for item, stand in stands.items():
            if stand.disputed and item is not Item.IOR:
                yield _of(Rule.RISK, Why.DISPUTED, item, stands)
        if not confirmed(stands):
            yield _of(Rule.RISK, Why.UNCONFIRMED, Item.RPP, stands)
        if stands[Item.LAST_GOOD_RELEASE].age is Age.AGEING and not stands[Item.RPP].good:
            yield _of(Rule.RISK, Why.AGEING, Item.LAST_GOOD_RELEASE, stands)
        for why, item in _WEAK:
            if stands[item].weak and item not in told:
                yield _of(Rule.RISK, why, item, stands)
        if self.plan.broker_covered is False and not stands[Item.BROKER_HOURS].weak:
            yield Reason(Rule.RISK, Why.NOT_COVERED, Item.BROKER_HOURS, "not_covered")


_WEAK = (
    (Why.OVERDUE, Item.ACCOUNT_STANDING),
    (Why.INCREASE_PENDING, Item.REVIEW_NOTICE),
    (Why.ONE_MANAGER, Item.BAM_COVER),
    (Why.NOT_COVERED, Item.BROKER_HOURS),
)


def _of(rule: Rule, why: Why, item: Item, stands: Mapping[Item, Standing], state: str = "") -> Reason:
    stand = stands[item]
    return Reason(rule, why, item, state or stand.state, stand.since, stand.evidence)


def _lost(stands: Mapping[Item, Standing]) -> tuple[datetime | None, Evidence | None]:
    """Since when nothing proves the account, and the last word that did."""
    both = (stands[Item.RPP], stands[Item.LAST_GOOD_RELEASE])
    gone = [(s.since, s.evidence) for s in both if s.since is not None]
    return max(gone, key=lambda lost: lost[0], default=(None, None))
