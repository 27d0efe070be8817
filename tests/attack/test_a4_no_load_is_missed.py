"""A4: loads and words that were once lost in silence."""

from datetime import timedelta

from bot.domain.load import Life
from storage.database import Database
from tests.attack.ground import PARS, Ground
from tests.handlers.commands.desk import OPERATOR

HOUR = timedelta(hours=1)
NEXT = "SMPLPARS900001"


async def over(ground: Ground) -> None:
    """Load 1234 is over the border."""
    await ground.types(f'/load 1234 add to=CA port="Ambassador Bridge" pars={PARS} broker=PCB eta=13:00 papers=08:30')
    ground.now += 5 * HOUR
    await ground.types("/load 1234 crossed")
    assert (await ground.load()).life is Life.CROSSED


async def test_a_load_number_used_again_with_another_pars_is_a_new_load_though_nobody_said_an_eta(
    sqlite_db: Database,
) -> None:
    ground = Ground(sqlite_db)
    await over(ground)
    reply = await ground.ask(f"/load 1234 add to=CA pars={NEXT} broker=PCB", OPERATOR)
    assert "is watched now" in reply.title
    assert ((await ground.load()).life, (await ground.load()).occurrence) == (Life.OPEN, 2)


async def test_a_second_truck_of_one_day_is_a_new_load_when_it_has_another_pars(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await over(ground)
    reply = await ground.ask(f"/load 1234 add to=CA pars={NEXT} broker=PCB eta=20:00", OPERATOR)
    assert "is watched now" in reply.title


async def test_a_list_that_repeats_a_number_the_load_once_had_makes_no_new_load(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types(f'/load 1234 add to=CA port="Ambassador Bridge" pars={NEXT} broker=PCB eta=13:00')
    await ground.types(f"/load 1234 pars {NEXT}=>{PARS}")
    await ground.types("/load 1234 crossed")
    await ground.bytes("pcb", b'{"loads": [{"number": "1234", "direction": "CA", "pars": "%s"}]}' % NEXT.encode())
    assert (await ground.load()).life is Life.CROSSED
