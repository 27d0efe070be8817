"""Briefs: a load as the words of cards and events need it."""

from datetime import datetime, timedelta

from bot.domain.alert import Alert
from bot.domain.assessment import Assessment
from bot.domain.brief import Brief, Contact, Paper
from bot.domain.load import Life
from bot.domain.promise import OpenHours
from bot.domain.waits import Queue
from bot.watch.brokers import open_hours
from bot.watch.gather import Case
from bot.watch.waits import queue_of
from bot.watch.world import World
from storage.parties import PartyRecord


def brief_of(carrier: str, world: World, case: Case, found: Assessment, alert: Alert | None, now: datetime) -> Brief:
    """What people are shown of a load."""
    record = case.record
    crossing = case.facts.crossing
    return Brief(
        number=record.number,
        key=record.key,
        direction=record.direction.value,
        kind=record.kind.value,
        zone=crossing.zone if crossing else world.carriers[carrier].home,
        found=found,
        papers=tuple(
            Paper(
                s.id,
                s.text or s.ccn,
                s.type.value,
                contact(case.parties.get(s.broker_id or ""), now),
                contact(case.parties.get(s.importer_id or ""), now),
                s.papers_sent,
            )
            for s in case.shipments
        ),
        crossing=record.crossing,
        trips=tuple(record.trips),
        truck=record.truck,
        trailer=record.trailer,
        driver=Contact(record.driver_name, record.phone),
        carried_by=record.carried_by,
        owner=alert.owner_name if alert else "",
        owned_until=alert.owned_until if alert else None,
        state=alert.state.value if alert else "",
        raised_at=alert.raised_at if alert else None,
        ended_at=alert.ended_at if alert else None,
        end_why=alert.end_why if alert else "",
        sample=carrier in world.sample,
        queue=_queue(carrier, world, case, found, now),
    )


def _queue(carrier: str, world: World, case: Case, found: Assessment, now: datetime) -> Queue | None:
    """Wait times concern a truck that is still to come."""
    record = case.record
    if record.life is not Life.OPEN or found.ended or found.at_border:
        return None
    policy = world.carriers[carrier].policy
    return queue_of(world, policy, case.facts.crossing, record.direction, found.eta, now, fast=record.fast)


def contact(party: PartyRecord | None, now: datetime) -> Contact:
    """Whom to call at a party, and whether somebody answers now."""
    if party is None:
        return Contact()
    hours = open_hours(party)
    if hours is None:
        return Contact(party.name, party.phone_day, party.phone_night)
    open_now = hours.open_at(now)
    return Contact(party.name, party.phone_day, party.phone_night, open_now, None if open_now else _opens(hours, now))


def _opens(hours: OpenHours, now: datetime) -> datetime | None:
    starts = (a for day in range(8) for a, _ in hours.windows(now + timedelta(days=day)) if a > now)
    return next(starts, None)
