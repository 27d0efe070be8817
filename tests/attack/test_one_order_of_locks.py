"""Units that look at several loads lock them in one order, so that none is told to try again (PostgreSQL; SAMPLE)."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.delivery import Gone, Outcome
from bot.domain.route import Place
from bot.watch.deliver import Deliver
from handlers.announcer import Announcer
from handlers.reply import Reply
from storage.database import Database
from tests.attack.ground import Ground
from tests.storage.waiting import until_one_waits

ONE, TWO = "SMPLPARS100123", "SMPLPARS1OO123"


async def two_alike(ground: Ground) -> tuple[str, str]:
    """Two loads with numbers that look alike, in the order of their ids."""
    for number, pars in (("1", ONE), ("2", TWO)):
        said = await ground.types(f'/load {number} add to=CA port="Ambassador Bridge" pars={pars} broker=PCB eta=13:00')
        assert "is watched now" in said
    loads = [(await ground.load(number)).id for number in ("1", "2")]
    assert loads == sorted(loads)
    return loads[0], loads[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [("cancel", "is cancelled"), ("pars SMPLPARS1O0123", "has SMPLPARS1OO123, SMPLPARS1O0123 now"), ("undo", "taken")],
)
async def test_a_load_that_lets_a_number_go_waits_for_a_look_at_both_and_does_not_block_it(
    postgres_db: Database, line: str, said: str
) -> None:
    ground = Ground(postgres_db)
    first, second = await two_alike(ground)
    await ground.pass_(timedelta(minutes=5))
    async with postgres_db.work("home", ground.now, write=True) as work:
        await work.loads.lock([first])
        typed = asyncio.ensure_future(ground.types(f"/load 2 {line}"))
        await until_one_waits(postgres_db)
        await work.loads.lock([second])
    assert said in await typed


async def test_loads_are_made_due_in_the_order_in_which_a_look_locks_them(postgres_db: Database) -> None:
    ground = Ground(postgres_db)
    first, second = await two_alike(ground)
    await ground.pass_(timedelta(minutes=5))
    async with postgres_db.work("home", ground.now, write=True) as work:
        await work.loads.change(first, truck="SAMPLE 1")  # a row that was written anew lies behind the others

    async def touch() -> None:
        async with postgres_db.work("home", ground.now, write=True) as work:
            await work.loads.touch([first, second], ground.now)

    async with postgres_db.work("home", ground.now, write=True) as work:
        await work.loads.lock([first])
        touching = asyncio.ensure_future(touch())
        await until_one_waits(postgres_db)
        await work.loads.lock([second])
    await touching


class Shut:
    """A place that is no more."""

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        return Gone("SAMPLE: archived")

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        return Gone("SAMPLE: archived")

    def pace(self, place: Place) -> timedelta:
        return timedelta()


async def test_a_place_that_is_gone_waits_for_a_look_at_its_loads_and_does_not_block_it(postgres_db: Database) -> None:
    ground = Ground(postgres_db)
    await ground.opened()
    load = await ground.add(more="eta=13:00 papers=06:00")
    await ground.pass_(timedelta(hours=2))
    alert = await ground.alert()
    assert alert is not None
    deliver = Deliver(postgres_db, ground.world, {"slack": Shut()}, Announcer(ground.world), lambda: ground.now)
    async with postgres_db.work("home", ground.now, write=True) as work:
        await work.loads.lock([load.id])
        sending = asyncio.ensure_future(deliver.drain())
        await until_one_waits(postgres_db)
        await work.outbox.cards(await work.posts.of_alerts([alert.id]), ground.now, 2)
    await sending
    async with postgres_db.work("home", ground.now) as work:
        assert await work.routes.on() == []
