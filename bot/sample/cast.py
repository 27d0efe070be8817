"""Who is in the SAMPLE day before it begins: a dispatcher, drivers, brokers, and the place that hears alerts."""

from bot.domain.numbers import key_of
from bot.domain.route import Account
from bot.sample.freight import BIRCH, BIRCH_PHONES, BROKERS, DRIVERS, ROBIN
from bot.sample.phones import PHONE
from bot.watch.parties import name_key
from handlers.console import CONSOLE
from storage.ids import new_id
from storage.parties import PartyRecord
from storage.people import PersonRecord
from storage.routes import RouteRecord
from storage.work import Work

_EVERY_DAY = range(7)


async def enter(work: Work) -> None:
    """Fills the address book of a database that is new."""
    await _people(work)
    await _brokers(work)
    birch = PartyRecord(new_id(), BIRCH, name_key(BIRCH), ("importer",), *BIRCH_PHONES)
    await work.parties.add([birch])
    route = RouteRecord(new_id(), CONSOLE.door, CONSOLE.workspace, CONSOLE.external, "SAMPLE dispatch", ROBIN, work.now)
    await work.routes.save(route)


async def _people(work: Work) -> None:
    await work.people.add([PersonRecord(new_id(), ROBIN, key_of(ROBIN), "dispatcher", work.now)])
    for name, phone in DRIVERS.items():
        person = PersonRecord(new_id(), name, key_of(name), "driver", work.now, phone)
        await work.people.add([person])
        await work.people.link(Account(PHONE, "", name, name), person.id)


async def _brokers(work: Work) -> None:
    for short, name, day, night, hours in BROKERS:
        spans = [[weekday, *hours] for weekday in _EVERY_DAY] if hours else []
        week = {"zone": "America/Toronto", "spans": spans}
        party = PartyRecord(new_id(), name, name_key(name), ("broker",), day, night, week)
        await work.parties.add([party])
        await work.parties.alias(party.id, [short])
