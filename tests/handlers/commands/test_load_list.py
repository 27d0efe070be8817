"""Lists: worst first, cut to what was asked for, and what is left out is counted."""

import pytest

from handlers.reply import Reply, Result, Table
from tests.handlers.commands.desk import HOUR, Desk, held
from tests.handlers.plain import plain


def numbers(reply: Reply) -> list[str]:
    """The loads of a list, in its order."""
    return [row[0] for part in reply.body if isinstance(part, Table) for row in part.rows]


async def three(desk: Desk) -> None:
    """One held, one this afternoon, one tomorrow at another port."""
    await held(desk)
    await desk.add("1300", "SMPLPARS100300", "eta=19:00 papers=10:00")
    line = '/load 1400 add to=CA port=Sarnia pars=SMPLPARS100400 eta="tomorrow 16:00" broker=Northway'
    assert "watched now" in await desk.say(line)


async def test_the_list_is_worst_first(desk_of_each: Desk) -> None:
    await three(desk_of_each)
    reply = await desk_of_each.ask("/load list")
    assert reply.title == "3 open loads, 1 in trouble."
    assert numbers(reply) == ["1234", "1300", "1400"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/load list held", ["1234"]),
        ("/load list today", ["1234", "1300"]),
        ("/load list tomorrow", ["1400"]),
        ("/load list port=Sarnia", ["1400"]),
        ("/load list port=Windsor", ["1234", "1300"]),
        ("/load list broker=Northway", ["1400"]),
        ("/load list to=CA", ["1234", "1300", "1400"]),
        ("/load list to=US", []),
        ("/hold list", ["1234"]),
        ("/hold list port=Sarnia", []),
        ("/hold list broker=PCB", ["1234"]),
        ("mine", []),
    ],
)
async def test_a_list_is_cut_to_what_was_asked_for(desk: Desk, line: str, found: list[str]) -> None:
    await three(desk)
    assert numbers(await desk.ask(line)) == found


async def test_mine_are_those_that_i_own(desk: Desk) -> None:
    await three(desk)
    await desk.say("1234 got it")
    assert numbers(await desk.ask("mine")) == ["1234"]
    assert numbers(await desk.ask("mine", await desk.entry.account_of(""))) == []


async def test_a_drivers_loads(desk: Desk) -> None:
    await three(desk)
    await desk.say("/driver Singh add")
    await desk.say("/load 1300 driver Singh")
    assert numbers(await desk.ask("/load list driver=Singh")) == ["1300"]
    assert "Loads: 1300" in await desk.say("/driver Singh")


async def test_what_is_left_out_is_counted(desk: Desk) -> None:
    for n in range(24):
        await desk.ask(f"/load {2000 + n} add to=CA pars=SMPLPARS{200000 + n} eta=19:00")
    said = await desk.say("/load list")
    assert said.startswith("24 open loads") and "… and 4 more: /load list" in said


@pytest.mark.parametrize(
    "line", ["/load list frozen", "/load list port=Atlantis", "/load list broker=Nobody", "/load list to=MX"]
)
async def test_a_filter_that_means_nothing_is_said(desk: Desk, line: str) -> None:
    await desk.add()
    assert (await desk.ask(line)).result is not Result.OK


async def test_an_owner_and_an_age_stand_in_the_list_of_holds(desk: Desk) -> None:
    await held(desk)
    assert "1 load in trouble, 1 owned by nobody." in await desk.say("/hold list")
    await desk.say("1234 got it")
    await desk.pass_(HOUR / 4)
    said = await desk.say("/hold list")
    assert "0 owned by nobody" in said and "Maria" in said and "15 min ago" in said


async def test_a_number_in_pieces_and_a_part_of_a_drivers_name_offer_their_loads(desk: Desk) -> None:
    record = await desk.add("1234", "SMPLPARS100123")
    await desk.say('1234 driver "Jaspreet Singh"')
    reply = await desk.ask("/load SMPL PARS 100 123")
    assert reply.result is Result.REFUSED
    assert [b.line for b in reply.buttons] == [f"/load {record.key} status"]
    reply = await desk.ask("/load jaspr")
    assert [b.line for b in reply.buttons] == [f"/load {record.key} status"]
    assert "driver Jaspreet Singh" in plain(reply)
    assert not (await desk.ask("/load jaspra")).buttons
