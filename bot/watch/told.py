"""What whoever changed a load should know at once (T3, T6; dispatch-desk E4)."""

from collections.abc import Iterable

from bot.domain.kinds import Kind
from bot.domain.load import Direction
from bot.watch.look import Looked


def after(looked: Iterable[Looked], field: str = "") -> tuple[str, ...]:
    """Sentences about a load as it stands after the change, shortest form; the words of the reply say more."""
    told: list[str] = []
    for one in looked:
        labels = {s.id: s.text or s.ccn for s in one.case.shipments}
        for hold in one.found.holds:
            if hold.kind is Kind.TIGHT:
                label = labels.get(hold.shipment) or "the shipment"
                told.append(f"tight: {label} is promised too near the ETA; move the ETA or park the truck")
        if field in ("eta", "crossing") and one.case.record.trips:
            side = (
                "amend"
                if one.case.record.direction is Direction.CA
                else "amend, or for another date cancel and resubmit,"
            )
            told.append(f"remember to {side} the manifest of trip {', '.join(one.case.record.trips)}")
        if one.found.eta_assumed:
            told.append("no ETA was given: one is assumed, say when the truck is at the border (eta 14:30)")
    return tuple(told)
