"""Loads as people read them: from the stored assessment while it holds, else looked at afresh."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.alert import ENDED, State
from bot.domain.assess import assess
from bot.domain.assessment import Assessment, from_json
from bot.domain.brief import Brief
from bot.domain.facts import Facts
from bot.domain.load import Life
from bot.domain.numbers import key_of
from bot.watch.briefs import brief_of
from bot.watch.gather import Case, alert_from, gather, load_of
from bot.watch.world import World
from storage.alerts import AlertRecord
from storage.glance import Glance
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.shipments import ShipmentRecord
from storage.work import Work


def holds_still(record: LoadRecord, now: datetime) -> bool:
    """Whether the stored assessment is exactly what a look now would find (RULES T8)."""
    if not record.assessment:
        return False
    return record.life is not Life.OPEN or record.look_at is None or now < record.look_at


async def briefs(work: Work, world: World, records: Sequence[LoadRecord]) -> list[Brief]:
    """These loads for people, in the same order; at most three statements while the stored answers hold."""
    looked = await _looked(work, world, [r.id for r in records if not holds_still(r, work.now)])
    ids = [r.id for r in records if r.id not in looked]
    shipments = await work.shipments.of_loads(ids) if ids else {}
    wanted = {p for own in shipments.values() for s in own for p in (s.broker_id, s.importer_id) if p}
    parties = await work.parties.of(wanted) if wanted else {}
    alerts = await work.alerts.last_of(ids) if ids else {}
    found = []
    for record in records:
        if record.id in looked:
            case, assessment = looked[record.id]
        else:
            case = _case(world, record, shipments.get(record.id, []), parties, alerts.get(record.id))
            assessment = from_json(record.assessment)
        found.append(_brief(work, world, case, assessment))
    return found


async def at_a_glance(work: Work, world: World, number: str) -> tuple[LoadRecord, Brief] | None:
    """The load of exactly this number, in one statement; None when it is not one, or must be looked at afresh."""
    key = key_of(number.lstrip("#"))
    seen = await Glance(work.unit, work.carrier).of_number(key) if key and not key.startswith("~") else []
    seen = [s for s in seen if s.load.life is Life.OPEN] or seen
    if len(seen) != 1 or not holds_still(seen[0].load, work.now):
        return None
    (one,) = seen
    case = _case(world, one.load, one.shipments, one.parties, one.alert)
    return one.load, _brief(work, world, case, from_json(one.load.assessment))


def _case(
    world: World,
    record: LoadRecord,
    shipments: Sequence[ShipmentRecord],
    parties: Mapping[str, PartyRecord],
    alert: AlertRecord | None,
) -> Case:
    facts = Facts(crossing=world.crossings.get(record.crossing))
    load = load_of(record, shipments, parties)
    return Case(record, load, facts, shipments, parties, alert, record.coverage)


async def brief(work: Work, world: World, record: LoadRecord) -> Brief:
    """One load for people."""
    (found,) = await briefs(work, world, [record])
    return found


async def brief_of_alert(work: Work, world: World, record: LoadRecord, alert: AlertRecord | None) -> Brief:
    """A load as the card of this alert shows it, which may have ended while the load went on."""
    found = await brief(work, world, record)
    told = alert_from(alert)
    if told is None:
        return found
    return replace(
        found,
        owner=told.owner_name,
        owned_until=told.owned_until,
        state=told.state.value,
        raised_at=told.raised_at,
        ended_at=told.ended_at,
        end_why=told.end_why,
    )


async def _looked(work: Work, world: World, ids: Sequence[str]) -> dict[str, tuple[Case, Assessment]]:
    if not ids:
        return {}
    policy = world.carriers[work.carrier].policy
    cases = await gather(work, world, ids)
    return {c.record.id: (c, assess(c.load, c.facts, policy, work.now)) for c in cases}


def _brief(work: Work, world: World, case: Case, found: Assessment) -> Brief:
    alert, record = alert_from(case.alert), case.record
    if alert is not None and alert.state in ENDED and record.life is Life.OPEN:
        alert = None
    made = brief_of(work.carrier, world, case, found, alert, work.now)
    if record.life is not Life.OPEN and not found.ended:
        why = record.end_why or record.life.value
        return replace(made, state=State.CLOSED.value, end_why=why, ended_at=record.ended_at)
    return made
