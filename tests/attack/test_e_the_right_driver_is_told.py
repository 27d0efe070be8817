"""A load that must stop goes to another driver: the new one is told at once, the old one has nothing to do with it."""

from datetime import timedelta

from bot.domain.route import Account
from handlers.announcer import Announcer
from handlers.console import plain
from storage.database import Database
from tests.attack.ground import Ground
from tests.handlers.commands.desk import OPERATOR

HOUR = timedelta(hours=1)
SINGH = Account("telegram", "", "777", "Singh")
BELL = Account("telegram", "", "778", "Bell")


async def stopped(db: Database) -> Ground:
    """Singh is told to stop with load 1234."""
    ground = Ground(db)
    await ground.opened()
    async with db.work("home", ground.now, write=True) as work:
        await ground.admin(work, SINGH, "Singh", "driver")
        await ground.admin(work, BELL, "Bell", "driver")
    line = '/load 1234 add to=CA port="Ambassador Bridge" pars=SMPLPARS100123 broker=PCB eta=13:00 papers=08:30'
    await ground.ask(line + " driver=Singh", OPERATOR)
    await ground.pass_(3 * HOUR)
    assert set(await cards(ground)) == {"777"}
    return ground


async def cards(ground: Ground) -> dict[str, str]:
    """What drivers' cards show, by chat, if they were sent now; only those that wait to be sent."""
    record = await ground.load()
    async with ground.db.work("home", ground.now) as work:
        waiting = {r.post_id for r in await work.outbox.of_loads([record.id]) if r.kind == "card"}
        posts = [p for p in await work.posts.of_loads([record.id]) if p.topic == "driver" and p.id in waiting]
        announcer = Announcer(ground.world)
        return {p.external: plain(reply) for p in posts if (reply := await announcer.card(work, p)) is not None}


async def test_the_new_driver_is_told_to_stop_at_once(sqlite_db: Database) -> None:
    ground = await stopped(sqlite_db)
    await ground.ask("/load 1234 driver Bell", OPERATOR)
    assert "STOP" in (await cards(ground))["778"]


async def test_the_old_driver_is_stopped_no_more(sqlite_db: Database) -> None:
    ground = await stopped(sqlite_db)
    assert "STOP" in (await cards(ground))["777"]
    await ground.ask("/load 1234 driver Bell", OPERATOR)
    assert "STOP" not in (await cards(ground))["777"]
