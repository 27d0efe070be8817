"""Items and states of CARM as people type them."""

from bot.domain.carm.evidence import STATES, UNKNOWN, Item

#: The item behind each key; of the carrier's own checklist where the line is about us.
OF_KEY = {
    "ior": Item.IOR,
    "bn": Item.BN15,
    "portal": Item.CCP_ACCOUNT,
    "managers": Item.BAM_COVER,
    "delegation": Item.DELEGATION,
    "rpp": Item.RPP,
    "security": Item.SECURITY,
    "review": Item.REVIEW_NOTICE,
    "debt": Item.ACCOUNT_STANDING,
    "standing": Item.ACCOUNT_STANDING,
    "plan": Item.RELEASE_PLAN,
    "hours": Item.BROKER_HOURS,
    "hold": Item.BROKER_HOLD,
    "release": Item.LAST_GOOD_RELEASE,
    "reject": Item.LAST_RPP_REJECT,
}
OWN_KEYS = {"code": Item.OWN_CODE, "bonded": Item.OWN_BONDED, "portal": Item.OWN_PORTAL}

_UNKNOWN = ("unknown", "dontknow", "notknown", "notsure", "idk", "?")
_ALSO: dict[Item, dict[str, str]] = {
    Item.IOR: {"yes": "confirmed", "no": "disputed", "probably": "assumed"},
    Item.BN15: {
        "yes": "importer_rm", "importer": "importer_rm", "open": "importer_rm", "active": "importer_rm",
        "no": "exporter_only", "exporter": "exporter_only", "export": "exporter_only", "exportonly": "exporter_only",
        "closed": "inactive", "pending": "inactive", "bad": "bad_format",
    },
    Item.CCP_ACCOUNT: {"registered": "yes", "notregistered": "no", "none": "no"},
    Item.BAM_COVER: {"yes": "two_plus", "2": "two_plus", "two": "two_plus", "3": "two_plus", "several": "two_plus",
                     "no": "one", "1": "one", "0": "none"},
    Item.DELEGATION: {
        "yes": "approved_this_rm", "approved": "approved_this_rm", "ok": "approved_this_rm", "this": "approved_this_rm",
        "all": "approved_all", "approvedforall": "approved_all", "no": "none", "requested": "pending",
        "other": "other_rm_only", "otherrm": "other_rm_only", "removed": "revoked", "rejected": "revoked",
    },
    Item.RPP: {
        "yes": "active", "ok": "active", "on": "active", "no": "not_enrolled",
        "none": "not_enrolled", "notenrolled": "not_enrolled", "pending": "enrolled_no_security",
        "nosecurity": "enrolled_no_security", "zero": "enrolled_zero_payable", "zeropayable": "enrolled_zero_payable",
        "off": "suspended", "revoked": "suspended",
    },
    Item.SECURITY: {
        "bond": "sufficient_bond", "cash": "sufficient_cash", "deposit": "sufficient_cash", "zero": "none_required",
        "notrequired": "none_required", "nothingdue": "none_required", "no": "short", "low": "short",
        "toolow": "short", "pending": "short", "expired": "lapsed", "ended": "lapsed",
    },
    Item.REVIEW_NOTICE: {"yes": "increase_pending", "no": "none", "met": "increase_met", "pending": "increase_pending",
                         "increase": "increase_pending"},
    Item.ACCOUNT_STANDING: {"yes": "overdue", "pastdue": "overdue", "owes": "overdue", "no": "clear", "none": "clear",
                            "ok": "clear", "good": "clear", "paid": "clear"},
    Item.RELEASE_PLAN: {
        "pars": "rpp_electronic", "rpp": "rpp_electronic", "electronic": "rpp_electronic", "ctype": "c_type",
        "c": "c_type", "cash": "c_type", "inbond": "in_bond", "bond": "in_bond", "lvs": "courier_lvs",
        "courier": "courier_lvs",
    },
    Item.BROKER_HOURS: {"yes": "covered", "ok": "covered", "no": "not_covered"},
    Item.BROKER_HOLD: {"yes": "hold", "no": "none", "ok": "none"},
    Item.LAST_GOOD_RELEASE: {"yes": "released", "no": "none"},
    Item.LAST_RPP_REJECT: {"yes": "rejected", "no": "none"},
    Item.OWN_CODE: {"yes": "active", "no": "inactive"},
    Item.OWN_BONDED: {"bonded": "yes", "notbonded": "no"},
    Item.OWN_PORTAL: {"registered": "yes", "none": "no"},
}  # fmt: skip


def _norm(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum() or c == "?")


def state_of(item: Item, typed: str) -> str | None:
    """The state that is meant; None when it is none of that item."""
    word = _norm(typed)
    for state in STATES[item]:
        if word == _norm(state):
            return state
    if word in _UNKNOWN and UNKNOWN in STATES[item]:
        return UNKNOWN
    return _ALSO[item].get(word)


def allowed(item: Item) -> str:
    """What can be typed for an item, in a line."""
    return ", ".join(STATES[item])
