"""The registry: every line of the nouns has a command, and no command shows or changes another carrier's things."""

import pytest

from handlers.commands.table import TABLE
from handlers.console import plain
from handlers.nouns import lines
from handlers.reply import Result
from tests.handlers.commands.desk import BOSS, DESK, OTHER_DESK, Desk

#: Words that only `home` has.
OURS = ("SMPLPARS100123", "Secretbroker", "Kowalczyk", "ACMEHOME", "SMPLTRIP0001", "TRUCK77", "~", "Bo of home")


def test_every_line_of_the_nouns_has_its_command() -> None:
    assert set(TABLE) == {(noun.name, verb.name) for noun, verb in lines()}


async def stocked(two: Desk) -> Desk:
    """`home` has one of everything, `north` has a load of its own."""
    for line in (
        'load 1234 add to=CA port="Ambassador Bridge" pars=SMPLPARS100123 broker=Secretbroker importer=ACMEHOME '
        "eta=13:00 papers=06:00 trip=SMPLTRIP0001 truck=TRUCK77",
        "driver Kowalczyk add phone=555-0117",
        "load 1234 driver Kowalczyk",
        "broker Secretbroker set phone=555-0142",
        "load 1234 note only for home",
        "shipper ACMEHOME carm rpp=suspended by=us note=Kowalczyk",
    ):
        reply = await two.ask(f"/{line}", BOSS, DESK)
        assert reply.result is Result.OK, plain(reply)
    reply = await two.ask("/load 5678 add to=CA pars=SMPLPARS555678 eta=15:00", BOSS, OTHER_DESK)
    assert reply.result is Result.OK
    return two


def tries() -> list[str]:
    """Each example of the nouns, on things of `home`."""
    names = {"Singh": "Kowalczyk", "PCB": "Secretbroker", "ACME": "ACMEHOME", "@maria": '"Bo of home"'}
    found = []
    for noun, verb in lines():
        line = verb.example
        for ours, theirs in names.items():
            line = line.replace(f"/{noun.name} {ours}", f"/{noun.name} {theirs}")
        found.append(line)
    return [*found, "/load SMPLPARS100123", "/load TRUCK77", "/load …123", "/broker", "/shipper", "/driver", "mine"]


async def everything(two: Desk, carrier: str) -> list[object]:
    """What a carrier has, to compare."""
    async with two.db.work(carrier, two.now) as work:
        loads = await work.finder.listed(life=None)
        ids = [r.id for r in loads]
        return [
            [(r.number, r.eta, r.crossing, r.truck, r.driver_name, r.life) for r in loads],
            await work.said.of_loads(ids),
            await work.shipments.of_loads(ids),
            await work.parties.all(),
            await work.people.all(),
            await work.routes.all(),
            await work.outages.on(),
            await work.evidence.all(),
            await work.programs.all(),
        ]


@pytest.mark.parametrize("line", tries())
async def test_no_command_shows_or_changes_another_carriers_things(two: Desk, line: str) -> None:
    await stocked(two)
    before = await everything(two, "home")
    reply = await two.ask(line, BOSS, OTHER_DESK)
    said = plain(reply)
    shown = [w for w in OURS if w not in line and w in said.replace("~k3f9", "")]
    assert shown == [] or (shown == ["~"] and "5678" in said), said
    assert await everything(two, "home") == before


async def test_the_same_number_of_two_carriers_is_two_loads(two: Desk) -> None:
    await stocked(two)
    line = "/load 1234 add to=CA pars=SMPLPARS900000 eta=18:00"
    assert (await two.ask(line, BOSS, OTHER_DESK)).title == "Load 1234 is watched now."
    assert "SMPLPARS100123" in await two.say("1234", BOSS, DESK)
    theirs = await two.say("1234", BOSS, OTHER_DESK)
    assert "SMPLPARS900000" in theirs and "SMPLPARS100123" not in theirs
