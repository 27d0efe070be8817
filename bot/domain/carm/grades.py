"""How good each state is for the importer's next release."""

from enum import StrEnum

from bot.domain.carm.evidence import UNKNOWN, Item


class Grade(StrEnum):
    """`good` ages; `weak` is a risk and `bad` is in the way, and neither ages; `nothing` says nothing."""

    GOOD = "good"
    WEAK = "weak"
    BAD = "bad"
    NOTHING = "nothing"

    @property
    def worse(self) -> int:
        """Higher is worse, among words that say something."""
        return _WORSE.index(self)


_WORSE = (Grade.NOTHING, Grade.GOOD, Grade.WEAK, Grade.BAD)

_BAD = {
    Item.IOR: {"disputed"},
    Item.BN15: {"exporter_only", "bad_format", "inactive"},
    Item.CCP_ACCOUNT: {"no"},
    Item.DELEGATION: {"revoked", "none", "other_rm_only"},
    Item.RPP: {"enrolled_no_security", "suspended", "not_enrolled"},
    Item.SECURITY: {"short", "lapsed"},
    Item.BROKER_HOLD: {"hold"},
    Item.LAST_RPP_REJECT: {"rejected"},
    Item.OWN_CODE: {"inactive"},
    Item.OWN_BONDED: {"no"},
    Item.OWN_PORTAL: {"no"},
}
_WEAK = {
    Item.DELEGATION: {"pending"},
    Item.BAM_COVER: {"one", "none"},
    Item.REVIEW_NOTICE: {"increase_pending"},
    Item.ACCOUNT_STANDING: {"overdue"},
    Item.BROKER_HOURS: {"not_covered"},
}

#: Items whose bad state alone makes the verdict NOT OK, in the order in which they are told.
BLOCKING = (
    Item.BN15,
    Item.CCP_ACCOUNT,
    Item.RPP,
    Item.SECURITY,
    Item.DELEGATION,
    Item.BROKER_HOLD,
)
#: States with which nothing has to be secured; they end when the importer starts to bring in dutiable goods.
ZERO = frozenset({(Item.RPP, "enrolled_zero_payable"), (Item.SECURITY, "none_required")})


def grade(item: Item, state: str) -> Grade:
    """How good a state is; a release that never was says nothing."""
    if state == UNKNOWN or (item is Item.LAST_GOOD_RELEASE and state == "none"):
        return Grade.NOTHING
    if state in _BAD.get(item, ()):
        return Grade.BAD
    return Grade.WEAK if state in _WEAK.get(item, ()) else Grade.GOOD
