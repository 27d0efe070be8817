"""Whose move it is and how sure that is, in words, and whom to call in which order (RULES K; dispatch-desk E2)."""

from bot.domain.assessment import Hold
from bot.domain.cause import EXPLAINED, Line, Sure, calls_of
from bot.domain.kinds import KINDS, Call, Cause, Kind
from handlers.announce.holdtable import Words
from handlers.announce.mismatch import CALLS
from handlers.words import _, mark

_WHOSE = {
    Cause.OURS: mark("our own"),
    Cause.BROKER: mark("the broker"),
    Cause.IMPORTER: mark("the importer"),
    Cause.CUSTOMS: mark("customs"),
}
_HOW_SURE = {
    Sure.CERTAIN: mark("Cause: {whose}."),
    Sure.LIKELY: mark("Cause: probably {whose}."),
    Sure.POSSIBLE: mark("Cause: perhaps {whose}."),
}
#: What no line of the desk's table explains.
ODD = Words(
    mark("{what} not accepted, and what came last explains nothing"),
    mark("The last word of customs or the broker is none that we can put down to anybody."),
    mark("{what}, ETA {port} {eta}: what happened to it? Is it cancelled, filed anew, or in somebody's hands?"),
)


def is_odd(hold: Hold) -> bool:
    """Whether no line of the desk's table explains it."""
    return hold.kind in EXPLAINED and _line(hold) == Line.UNEXPLAINED


def whose(hold: Hold) -> str:
    """Whose move it is and how sure that is; '' where nothing stops the truck."""
    if not hold.stops:
        return ""
    if hold.cause is Cause.UNKNOWN:
        return _("Cause: not known.")
    plain = Sure.CERTAIN if hold.fact else Sure.LIKELY
    said = (hold.detail or {}).get("sure", "")
    sure = Sure(said) if said in _HOW_SURE else plain
    return _(_HOW_SURE[sure]).format(whose=_(_WHOSE[hold.cause]))


def calls(hold: Hold) -> tuple[Call, ...]:
    """Whom to call, in order: ours first where our own part is what is wrong (K)."""
    said = hold.detail or {}
    if hold.kind is Kind.UNWATCHED and hold.replaces in (Kind.OUR_MANIFEST, Kind.CSA_PLAN):
        return KINDS[hold.replaces].calls
    if hold.kind is Kind.NUMBER_MISMATCH:
        return CALLS[said.get("answer", "")]
    if said.get("refiled"):
        return (Call.BROKER,)
    if hold.kind in EXPLAINED:
        return calls_of(_line(hold), hold.kind)
    if hold.kind is Kind.UNWATCHED and said.get("guess"):
        return (Call.BROKER, Call.DRIVER)
    return KINDS[hold.kind].calls


def _line(hold: Hold) -> str:
    return (hold.detail or {}).get("line", "")
