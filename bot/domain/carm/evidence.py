"""What somebody or some message said about an importer's account: one record a fact, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from bot.domain.quick import quick


class Item(StrEnum):
    """What is known or asked of an importer, its account, its broker or one load; `own_…` of the carrier itself."""

    IOR = "ior"
    BN15 = "bn15"
    CCP_ACCOUNT = "ccp_account"
    BAM_COVER = "bam_cover"
    DELEGATION = "delegation"
    RPP = "rpp"
    SECURITY = "security"
    REVIEW_NOTICE = "review_notice"
    ACCOUNT_STANDING = "account_standing"
    RELEASE_PLAN = "release_plan"
    BROKER_HOURS = "broker_hours"
    BROKER_HOLD = "broker_hold"
    LAST_GOOD_RELEASE = "last_good_release"
    LAST_RPP_REJECT = "last_rpp_reject"
    OWN_CODE = "own_code"
    OWN_BONDED = "own_bonded"
    OWN_PORTAL = "own_portal"


class Source(StrEnum):
    """Where a record comes from; `rank` says whose word weighs more."""

    RNS_EVENT = "rns_event"
    BROKER_SAID = "broker_said"
    PORTAL_SCREENSHOT = "portal_screenshot"
    IMPORTER_SAID = "importer_said"
    OWN_STAFF = "own_staff"
    IMPORT_FILE = "import_file"

    @property
    def rank(self) -> int:
        """Higher outweighs lower: feed, broker, portal screenshot, importer, own staff, a file that names nobody.

        A row of a file that names who said it is recorded as that person's word with how = `file`.
        """
        return _RANKS[self]


_RANKS = {source: len(Source) - place for place, source in enumerate(Source)}

UNKNOWN = "unknown"
#: Allowed for every item of a record that supersedes another: it takes that one back and says nothing itself (undo).
WITHDRAWN = "withdrawn"

#: The states that each item may have (carm.md 6); a release or a reject is dated by its record.
STATES: Mapping[Item, tuple[str, ...]] = MappingProxyType(
    {
        Item.IOR: ("confirmed", "assumed", UNKNOWN, "disputed"),
        Item.BN15: ("importer_rm", "exporter_only", "bad_format", "inactive", UNKNOWN),
        Item.CCP_ACCOUNT: ("yes", "no", UNKNOWN),
        Item.BAM_COVER: ("two_plus", "one", "none", UNKNOWN),
        Item.DELEGATION: (
            "approved_all",
            "approved_this_rm",
            "pending",
            "other_rm_only",
            "revoked",
            "none",
            UNKNOWN,
        ),
        Item.RPP: ("active", "enrolled_zero_payable", "enrolled_no_security", "suspended", "not_enrolled", UNKNOWN),
        Item.SECURITY: ("sufficient_bond", "sufficient_cash", "none_required", "short", "lapsed", UNKNOWN),
        Item.REVIEW_NOTICE: ("none", "increase_pending", "increase_met", UNKNOWN),
        Item.ACCOUNT_STANDING: ("clear", "overdue", UNKNOWN),
        Item.RELEASE_PLAN: (
            "rpp_electronic",
            "c_type",
            "in_bond",
            "csa",
            "courier_lvs",
            "casual",
            "contingency",
            UNKNOWN,
        ),
        Item.BROKER_HOURS: ("covered", "not_covered", UNKNOWN),
        Item.BROKER_HOLD: ("none", "hold", UNKNOWN),
        Item.LAST_GOOD_RELEASE: ("accepted", "released", "none"),
        Item.LAST_RPP_REJECT: ("rejected", "none"),
        Item.OWN_CODE: ("active", "inactive", UNKNOWN),
        Item.OWN_BONDED: ("yes", "no", UNKNOWN),
        Item.OWN_PORTAL: ("yes", "no", UNKNOWN),
    }
)

#: The carrier's own checklist: recorded with importer "".
OWN_ITEMS = frozenset({Item.OWN_CODE, Item.OWN_BONDED, Item.OWN_PORTAL})
#: Items that are about the pair of importer and broker, and recorded with the broker; the others belong to the
#: importer's account, and are recorded with broker "" whoever said them.
BROKER_ITEMS = frozenset({Item.DELEGATION, Item.BROKER_HOURS, Item.BROKER_HOLD, Item.LAST_GOOD_RELEASE})
#: Items that may be recorded for one load only.
LOAD_ITEMS = frozenset({Item.IOR, Item.RELEASE_PLAN})


@quick
@dataclass(frozen=True, slots=True)
class Evidence:
    """One record. `importer` and `broker` are party ids ("" of broker: whichever), `rm` the four digits after RM
    ("" = all programs), `load` a load's id; `at` is when it was so or was said, `recorded` when it was written, both
    UTC; `how` is phone, email, chat, portal, feed or file; `supersedes` names the record that this one replaces."""

    id: str
    importer: str
    item: Item
    state: str
    source: Source
    at: datetime
    recorded: datetime
    who: str = ""
    role: str = ""
    org: str = ""
    how: str = ""
    recorded_by: str = ""
    note: str = ""
    attachment: str = ""
    valid_until: date | None = None
    supersedes: str = ""
    rm: str = ""
    broker: str = ""
    load: str = ""

    @property
    def said(self) -> datetime:
        """When it was said, and never later than it was written: a slip into the future makes nothing fresher."""
        return min(self.at, self.recorded)


def allowed(evidence: Evidence) -> bool:
    """Whether the record's item may have its state."""
    if evidence.state == WITHDRAWN:
        return bool(evidence.supersedes)
    return evidence.state in STATES[evidence.item]
