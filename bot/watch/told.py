"""What whoever changed a load should know at once (T3, T6; dispatch-desk E4)."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.domain.amend import Needs, needs
from bot.domain.kinds import Kind
from bot.domain.load import Direction
from bot.domain.remarks import Remark, Say
from bot.watch.look import Looked
from storage.loads import LoadRecord


def after(looked: Iterable[Looked], was: LoadRecord | None = None, home: ZoneInfo | None = None) -> tuple[Remark, ...]:
    """Remarks about a load as it stands after the change, shortest form; the words of the reply say more.

    With the load as it `was` and the carrier's own zone, also what its manifest needs now.
    """
    told: list[Remark] = []
    for one in looked:
        labels = {s.id: s.text or s.ccn for s in one.case.shipments}
        tight = [h for h in one.found.holds if h.kind is Kind.TIGHT]
        told += [Say.TIGHT.of(what=labels.get(h.shipment) or Say.THE_SHIPMENT) for h in tight]
        if was is not None and home is not None and one.case.record.trips:
            told += _manifest(one, was, home)
        if one.found.eta_assumed:
            told.append(Say.NO_ETA.of())
    return tuple(told)


def _manifest(one: Looked, was: LoadRecord, home: ZoneInfo) -> list[Remark]:
    now, facts = one.case.record, one.case.facts
    zone = facts.crossing.clock if facts.crossing else home
    wanted = needs(now.direction, (was.eta, now.eta), (was.crossing, now.crossing), zone)
    if wanted is Needs.NOTHING or facts.manifest.rejected is not None:
        return []
    into_canada = now.direction is Direction.CA
    when = Say.ACCEPTED_BEFORE if facts.manifest.accepted is not None else Say.FILED_BEFORE
    trips = ", ".join(now.trips)
    if wanted is Needs.RESUBMIT:
        return [(Say.RESUBMIT_ACI if into_canada else Say.RESUBMIT_ACE).of(trips=trips, when=when)]
    what = Say.PORT if was.eta == now.eta else Say.ETA if was.crossing == now.crossing else Say.ETA_AND_PORT
    return [(Say.AMEND_ACI if into_canada else Say.AMEND_ACE).of(trips=trips, what=what, when=when)]
