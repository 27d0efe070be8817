"""What whoever changed a load should know at once (T3, T6; dispatch-desk E4)."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.domain.amend import Needs, needs
from bot.domain.kinds import Kind
from bot.domain.load import Direction
from bot.watch.look import Looked
from storage.loads import LoadRecord


def after(looked: Iterable[Looked], was: LoadRecord | None = None, home: ZoneInfo | None = None) -> tuple[str, ...]:
    """Sentences about a load as it stands after the change, shortest form; the words of the reply say more.

    With the load as it `was` and the carrier's own zone, also what its manifest needs now.
    """
    told: list[str] = []
    for one in looked:
        labels = {s.id: s.text or s.ccn for s in one.case.shipments}
        for hold in one.found.holds:
            if hold.kind is Kind.TIGHT:
                label = labels.get(hold.shipment) or "the shipment"
                told.append(f"tight: {label} is promised too near the ETA; move the ETA or park the truck")
        if was is not None and home is not None and one.case.record.trips:
            told += _manifest(one, was, home)
        if one.found.eta_assumed:
            told.append("no ETA was given: one is assumed, say when the truck is at the border (eta 14:30)")
    return tuple(told)


def _manifest(one: Looked, was: LoadRecord, home: ZoneInfo) -> list[str]:
    now, facts = one.case.record, one.case.facts
    zone = facts.crossing.clock if facts.crossing else home
    wanted = needs(now.direction, (was.eta, now.eta), (was.crossing, now.crossing), zone)
    if wanted is Needs.NOTHING or facts.manifest.rejected is not None:
        return []
    changed = {"ETA": was.eta != now.eta, "port": was.crossing != now.crossing}
    what = " and ".join(name for name, other in changed.items() if other)
    name = f"{'ACI' if now.direction is Direction.CA else 'ACE'} manifest of trip {', '.join(now.trips)}"
    when = "it is accepted as it was" if facts.manifest.accepted is not None else "if it is with customs already"
    if wanted is Needs.RESUBMIT:
        return [f"cancel and resubmit the {name}: another date, {when}"]
    return [f"amend the {name} ({what}): {when}"]
