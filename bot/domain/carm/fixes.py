"""Who mends what stands against an importer, how long that takes, and which sentence asks for it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.carm.evidence import Item
from bot.domain.carm.reasons import Reason, Why


class Fixer(StrEnum):
    """Who can mend it: the `customer` who decides who imports, the `importer`'s account manager, the importer with its
    surety (`surety`), the `broker`, or our own office (`own`)."""

    CUSTOMER = "customer"
    IMPORTER = "importer"
    SURETY = "surety"
    BROKER = "broker"
    OWN = "own"


class Takes(StrEnum):
    """How long it takes: `minutes`; `minutes_in_portal` once the manager is logged in; `same_day` by card or online;
    `hours_to_days` with a bond sent electronically, about 25 business days on paper; `office_hours` of the broker's
    release desk; `days`; `days_to_weeks` for a new account number, longer for importers from abroad."""

    MINUTES = "minutes"
    MINUTES_IN_PORTAL = "minutes_in_portal"
    SAME_DAY = "same_day"
    HOURS_TO_DAYS = "hours_to_days"
    OFFICE_HOURS = "office_hours"
    DAYS = "days"
    DAYS_TO_WEEKS = "days_to_weeks"


class Say(StrEnum):
    """The sentence to say, by what it asks for (carm.md 4): `name_importer` one party must say that it imports;
    `get_number` get an import account, an export-only one is refused; `register` register in the portal and name a
    manager; `second_manager` if that person is away nobody can approve or pay; `approve_request` approve the broker's
    pending request for this account; `request_access` the broker asks for access and the importer approves;
    `enrol` enrol in Release Prior to Payment, then give security; `give_security` until it shows in the portal the
    broker's release is refused; `meet_increase` meet the higher requirement; `pay_debt` pay what is past due; a debt
    at a requirement of $0 ends release before payment; `settle_broker` settle what stops the broker from sending;
    `after_hours` agree on who answers at that hour; `ask_broker_why` ask which words the reject had, and whether it is
    mended; `confirm` ask the broker to confirm; `who_is_right` two sources contradict each other; `keep_plan`
    keep to the load's plan, and to whom and what it needs."""

    NAME_IMPORTER = "name_importer"
    GET_NUMBER = "get_number"
    REGISTER = "register"
    SECOND_MANAGER = "second_manager"
    APPROVE_REQUEST = "approve_request"
    REQUEST_ACCESS = "request_access"
    ENROL = "enrol"
    GIVE_SECURITY = "give_security"
    MEET_INCREASE = "meet_increase"
    PAY_DEBT = "pay_debt"
    SETTLE_BROKER = "settle_broker"
    AFTER_HOURS = "after_hours"
    ASK_BROKER_WHY = "ask_broker_why"
    CONFIRM = "confirm"
    WHO_IS_RIGHT = "who_is_right"
    KEEP_PLAN = "keep_plan"


@dataclass(frozen=True, slots=True)
class Fix:
    """Who mends it, how long it takes, what to say."""

    fixer: Fixer
    takes: Takes
    say: Say


_CONFIRM = Fix(Fixer.BROKER, Takes.MINUTES, Say.CONFIRM)
_PAY = Fix(Fixer.IMPORTER, Takes.SAME_DAY, Say.PAY_DEBT)
_INCREASE = Fix(Fixer.SURETY, Takes.HOURS_TO_DAYS, Say.MEET_INCREASE)

_BY_ITEM = {
    Item.BN15: Fix(Fixer.IMPORTER, Takes.DAYS_TO_WEEKS, Say.GET_NUMBER),
    Item.CCP_ACCOUNT: Fix(Fixer.IMPORTER, Takes.DAYS, Say.REGISTER),
    Item.DELEGATION: Fix(Fixer.IMPORTER, Takes.MINUTES_IN_PORTAL, Say.REQUEST_ACCESS),
    Item.RPP: Fix(Fixer.IMPORTER, Takes.MINUTES_IN_PORTAL, Say.ENROL),
    Item.SECURITY: Fix(Fixer.SURETY, Takes.HOURS_TO_DAYS, Say.GIVE_SECURITY),
    Item.BROKER_HOLD: Fix(Fixer.BROKER, Takes.OFFICE_HOURS, Say.SETTLE_BROKER),
}
_BY_STATE = {
    (Item.RPP, "suspended"): Fix(Fixer.SURETY, Takes.HOURS_TO_DAYS, Say.GIVE_SECURITY),
    (Item.RPP, "enrolled_no_security"): Fix(Fixer.IMPORTER, Takes.SAME_DAY, Say.GIVE_SECURITY),
    (Item.DELEGATION, "pending"): Fix(Fixer.IMPORTER, Takes.MINUTES_IN_PORTAL, Say.APPROVE_REQUEST),
}
_BY_WHY = {
    Why.IOR_UNKNOWN: Fix(Fixer.CUSTOMER, Takes.MINUTES, Say.NAME_IMPORTER),
    Why.IOR_DISPUTED: Fix(Fixer.CUSTOMER, Takes.MINUTES, Say.NAME_IMPORTER),
    Why.PROOF_UNKNOWN: _CONFIRM,
    Why.UNCONFIRMED: _CONFIRM,
    Why.AGEING: _CONFIRM,
    Why.DISPUTED: Fix(Fixer.BROKER, Takes.MINUTES, Say.WHO_IS_RIGHT),
    Why.REJECT_OPEN: Fix(Fixer.BROKER, Takes.MINUTES, Say.ASK_BROKER_WHY),
    Why.INCREASE_UNMET: _INCREASE,
    Why.INCREASE_PENDING: _INCREASE,
    Why.OVERDUE: _PAY,
    Why.OVERDUE_AT_ZERO: _PAY,
    Why.ONE_MANAGER: Fix(Fixer.IMPORTER, Takes.DAYS, Say.SECOND_MANAGER),
    Why.NOT_COVERED: Fix(Fixer.BROKER, Takes.OFFICE_HOURS, Say.AFTER_HOURS),
    Why.PLAN: Fix(Fixer.OWN, Takes.MINUTES, Say.KEEP_PLAN),
}


def fix_of(reason: Reason) -> Fix:
    """Who mends what a reason names, how long it takes, and what to say."""
    if reason.why in _BY_WHY:
        return _BY_WHY[reason.why]
    return _BY_STATE.get((reason.item, reason.state)) or _BY_ITEM[reason.item]
