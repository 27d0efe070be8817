"""What is still to be asked about an importer, of whom, in order, and what each one-tap answer would record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.domain.carm.calendar import in_review
from bot.domain.carm.changes import says_dutiable
from bot.domain.carm.evidence import BROKER_ITEMS, LOAD_ITEMS, UNKNOWN, Evidence, Item, Source
from bot.domain.carm.grades import BLOCKING
from bot.domain.carm.reasons import Why
from bot.domain.carm.rules import CarmRules
from bot.domain.carm.scope import Subject, scoped, standing_records
from bot.domain.carm.standing import Standing
from bot.domain.carm.verdict import Readiness, Verdict


class Ask(StrEnum):
    """Whom to ask: our `own` office, the `customer` who ordered the load, the `broker`, the `importer` of record."""

    OWN = "own"
    CUSTOMER = "customer"
    BROKER = "broker"
    IMPORTER = "importer"


class Tap(StrEnum):
    """What can be tapped. `yes`, `no`, `pending` and `dont_know` fit most questions; `bond`, `cash` and `nothing_due`
    say which security, `met` that a higher requirement is met already, `pars`, `c_type`, `in_bond` and `csa` how the
    load is to be released."""

    YES = "yes"
    NO = "no"
    PENDING = "pending"
    BOND = "bond"
    CASH = "cash"
    NOTHING_DUE = "nothing_due"
    MET = "met"
    PARS = "pars"
    C_TYPE = "c_type"
    IN_BOND = "in_bond"
    CSA = "csa"
    DONT_KNOW = "dont_know"


class Asking(StrEnum):
    """The question itself (carm.md 4), by what it asks. `is_importer`: is this party importer of record for this load?
    `import_account`: is this RM account open for imports? `registered`: is the company in the CARM Client Portal?
    `second_manager`: is there a second account manager? `in_client_list`: does the broker see the importer's RM in its
    client list, with access? `request_approved`: is the broker's request approved for all programs, not pending?
    `own_rpp_today`: will this go electronically under the importer's own RPP today? `rpp_listed`: does the program
    account's profile list Release Prior to Payment? `covers`: is the current coverage at least the total required, by
    bond or cash (never amounts)? `notice`: is there a portal notification that the requirement rises on 15 January?
    `past_due`: is anything past due to CBSA on that RM? `release_plan`: PARS under RPP, C-type paid at the port,
    in-bond or CSA? `answers_then`: does somebody answer for this client at the hour of the ETA? `stops_you`: does
    anything on this client's account stop the broker from sending? `code_active`, `bonded`, `own_portal`: is our
    carrier code active, are we bonded, have we a portal account?"""

    IS_IMPORTER = "is_importer"
    IMPORT_ACCOUNT = "import_account"
    REGISTERED = "registered"
    SECOND_MANAGER = "second_manager"
    IN_CLIENT_LIST = "in_client_list"
    REQUEST_APPROVED = "request_approved"
    OWN_RPP_TODAY = "own_rpp_today"
    RPP_LISTED = "rpp_listed"
    COVERS = "covers"
    NOTICE = "notice"
    PAST_DUE = "past_due"
    RELEASE_PLAN = "release_plan"
    ANSWERS_THEN = "answers_then"
    STOPS_YOU = "stops_you"
    CODE_ACTIVE = "code_active"
    BONDED = "bonded"
    OWN_PORTAL = "own_portal"


@dataclass(frozen=True, slots=True)
class Answer:
    """A button, and the state that it records."""

    tap: Tap
    state: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question about an item: whom, what, and the answers; `blocking` where the answer can make or lift NOT OK or
    NOT KNOWN; `standing` is what is known now, and why it is asked again."""

    item: Item
    ask: Ask
    asking: Asking
    answers: tuple[Answer, ...]
    blocking: bool = False
    standing: Standing | None = None

    def answer(self, tap: Tap) -> Answer | None:
        """What a tap records; None when this question has no such button."""
        return next((answer for answer in self.answers if answer.tap is tap), None)


def _asks(item: Item, ask: Ask, asking: Asking, **states: str) -> Question:
    taps = tuple(Answer(Tap(tap), state) for tap, state in states.items())
    blocking = item in (Item.IOR, Item.RELEASE_PLAN, *BLOCKING)
    return Question(item, ask, asking, (*taps, Answer(Tap.DONT_KNOW, UNKNOWN)), blocking)


#: Every question, the cheapest first for each one that is asked: what one call to a broker settles comes together.
QUESTIONS = (
    _asks(Item.IOR, Ask.CUSTOMER, Asking.IS_IMPORTER, yes="confirmed", no="disputed"),
    _asks(
        Item.RPP,
        Ask.BROKER,
        Asking.OWN_RPP_TODAY,
        yes="active",
        no="not_enrolled",
        pending="enrolled_no_security",
    ),
    _asks(Item.DELEGATION, Ask.BROKER, Asking.IN_CLIENT_LIST, yes="approved_this_rm", no="none", pending="pending"),
    _asks(Item.BROKER_HOLD, Ask.BROKER, Asking.STOPS_YOU, yes="hold", no="none"),
    _asks(Item.BN15, Ask.BROKER, Asking.IMPORT_ACCOUNT, yes="importer_rm", no="exporter_only", pending="inactive"),
    _asks(
        Item.RELEASE_PLAN,
        Ask.BROKER,
        Asking.RELEASE_PLAN,
        pars="rpp_electronic",
        c_type="c_type",
        in_bond="in_bond",
        csa="csa",
    ),
    _asks(Item.ACCOUNT_STANDING, Ask.BROKER, Asking.PAST_DUE, yes="overdue", no="clear"),
    _asks(Item.BROKER_HOURS, Ask.BROKER, Asking.ANSWERS_THEN, yes="covered", no="not_covered"),
    _asks(Item.CCP_ACCOUNT, Ask.IMPORTER, Asking.REGISTERED, yes="yes", no="no"),
    _asks(
        Item.SECURITY,
        Ask.IMPORTER,
        Asking.COVERS,
        bond="sufficient_bond",
        cash="sufficient_cash",
        nothing_due="none_required",
        no="short",
        pending="short",
    ),
    _asks(Item.RPP, Ask.IMPORTER, Asking.RPP_LISTED, yes="active", no="not_enrolled", pending="enrolled_no_security"),
    _asks(Item.DELEGATION, Ask.IMPORTER, Asking.REQUEST_APPROVED, yes="approved_all", no="none", pending="pending"),
    _asks(Item.BN15, Ask.IMPORTER, Asking.IMPORT_ACCOUNT, yes="importer_rm", no="exporter_only", pending="inactive"),
    _asks(
        Item.REVIEW_NOTICE,
        Ask.IMPORTER,
        Asking.NOTICE,
        yes="increase_pending",
        no="none",
        met="increase_met",
    ),
    _asks(Item.ACCOUNT_STANDING, Ask.IMPORTER, Asking.PAST_DUE, yes="overdue", no="clear"),
    _asks(Item.BAM_COVER, Ask.IMPORTER, Asking.SECOND_MANAGER, yes="two_plus", no="one"),
)
_OWN = (
    _asks(Item.OWN_CODE, Ask.OWN, Asking.CODE_ACTIVE, yes="active", no="inactive"),
    _asks(Item.OWN_BONDED, Ask.OWN, Asking.BONDED, yes="yes", no="no"),
    _asks(Item.OWN_PORTAL, Ask.OWN, Asking.OWN_PORTAL, yes="yes", no="no"),
)
#: Reasons that only a broker's own word ends, whatever an importer said.
_VOUCH = frozenset({Why.REJECT_OPEN, Why.UNCONFIRMED, Why.AGEING})
_SAID_BY = {
    Ask.OWN: Source.OWN_STAFF,
    Ask.CUSTOMER: Source.IMPORTER_SAID,
    Ask.BROKER: Source.BROKER_SAID,
    Ask.IMPORTER: Source.IMPORTER_SAID,
}


def questions(of: Readiness, evidence: Sequence[Evidence], now: datetime, rules: CarmRules) -> tuple[Question, ...]:
    """What to ask about an importer that is not CARM OK: blocking items first, of these the broker before the
    importer, then the cheapest; an item once, of the next one where the first did not know. A "don't know" is not
    asked of the same again within the hour."""
    if of.verdict is Verdict.OK:
        return ()
    lately = _asked(scoped(standing_records(evidence), of.subject), now, rules)
    chosen: dict[Item, Question] = {}
    for question in sorted(QUESTIONS, key=lambda q: (q.item is not Item.IOR, not q.blocking)):
        stand = of.standings[question.item]
        if question.item in chosen or not _open(question, of, now, rules) or (question.item, question.ask) in lately:
            continue
        chosen[question.item] = replace(question, standing=stand)
    return tuple(sorted(chosen.values(), key=lambda q: (q.item is not Item.IOR, not q.blocking, q.ask is Ask.IMPORTER)))


def own_questions(checklist: Iterable[Standing]) -> tuple[Question, ...]:
    """What our own office should answer of its checklist."""
    open_ = {stand.item: stand for stand in checklist if not stand.known}
    return tuple(replace(q, standing=open_[q.item]) for q in _OWN if q.item in open_)


def next_asking(evidence: Sequence[Evidence], subject: Subject, now: datetime, rules: CarmRules) -> datetime | None:
    """When a question that was answered with "don't know" may be asked again; None when none waits."""
    lately = _asked(scoped(standing_records(evidence), subject), now, rules)
    return min(lately.values(), default=None)


def answered(
    question: Question, tap: Tap, subject: Subject, id_: str, now: datetime, *,
    who: str = "", org: str = "", how: str = "", recorded_by: str = "", valid_until: date | None = None,
) -> Evidence | None:  # fmt: skip
    """The record that an answer makes, in the scope that its item has; None when the question has no such button.

    "Don't know" is kept as our own note that we asked: it takes nothing back that a broker or an importer said.
    """
    answer = question.answer(tap)
    if answer is None:
        return None
    item, own = question.item, question.ask is Ask.OWN
    unknown = tap is Tap.DONT_KNOW
    return Evidence(
        id_,
        "" if own else subject.importer,
        item,
        answer.state,
        Source.OWN_STAFF if unknown else _SAID_BY[question.ask],
        now,
        now,
        who=who,
        role=question.ask.value,
        org=org,
        how=how,
        recorded_by=recorded_by,
        valid_until=valid_until,
        rm="" if own or answer.state == "approved_all" or item in LOAD_ITEMS else subject.rm,
        broker=subject.broker if item in BROKER_ITEMS else "",
        load=subject.load if item in LOAD_ITEMS else "",
    )


def _asked(records: Iterable[Evidence], now: datetime, rules: CarmRules) -> dict[tuple[Item, Ask], datetime]:
    """Until when whom is not to be asked what, because they did not know."""
    found: dict[tuple[Item, Ask], datetime] = {}
    for record in records:
        until = record.said + rules.ask_again
        if record.state == UNKNOWN and until > now and record.role in tuple(Ask) and not says_dutiable(record):
            key = record.item, Ask(record.role)
            found[key] = max(until, found.get(key, until))
    return found


def _open(question: Question, of: Readiness, now: datetime, rules: CarmRules) -> bool:
    item, stand = question.item, of.standings[question.item]
    if item is Item.REVIEW_NOTICE and not stand.weak and not in_review(now, rules):
        return False
    if item is Item.RELEASE_PLAN and (of.plan or not of.subject.load):
        return False
    if question.ask is Ask.BROKER and not of.subject.broker:
        return False
    if stand.disputed or not stand.good or (item is Item.IOR and stand.says("assumed")):
        return True
    return item is Item.RPP and question.ask is Ask.BROKER and any(r.why in _VOUCH for r in of.reasons)
