"""What a manifest that customs has needs when the ETA or the port of its trip changes (dispatch-desk E4)."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.load import Direction


class Needs(StrEnum):
    """What to do with the manifest."""

    NOTHING = "nothing"
    AMEND = "amend"
    RESUBMIT = "cancel and resubmit"


def needs(
    direction: Direction,
    eta: tuple[datetime | None, datetime | None],
    port: tuple[str, str],
    zone: ZoneInfo,
) -> Needs:
    """What a change of ETA or port (before, now) needs: an ACI manifest is amended; an ACE manifest is amended on the
    same date, and cancelled and sent again for another one. The date is that of the clock at the crossing."""
    moved = eta[0] != eta[1] and eta[1] is not None
    if not moved and (port[0] == port[1] or not port[1]):
        return Needs.NOTHING
    if direction is Direction.US and moved and eta[0] is not None and eta[1] is not None:
        same = eta[0].astimezone(zone).date() == eta[1].astimezone(zone).date()
        return Needs.AMEND if same else Needs.RESUBMIT
    return Needs.AMEND
