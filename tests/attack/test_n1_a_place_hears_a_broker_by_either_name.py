"""N1: a place that asked for a broker hears it also when that broker turns out to be another (SAMPLE data)."""

from datetime import timedelta

from bot.domain.route import Place
from storage.database import Database
from tests.attack.ground import PARS, Ground
from tests.handlers.commands.desk import BOSS, DESK

NIGHT = Place("slack", "T1", "CNIGHT", "night")


async def heard(ground: Ground) -> set[str]:
    """Places that have a post about a load."""
    async with ground.db.work("home", ground.now) as work:
        alerts = [a.id for a in await work.alerts.open()]
        return {p.external for p in await work.posts.of_alerts(alerts)}


async def test_n1_a_place_hears_a_broker_that_was_made_one_with_another(db: Database) -> None:
    ground = Ground(db)
    for name in ("PCB", "Pacific SAMPLE"):
        await ground.types(f'/broker "{name}" add')
    await ground.opened(NIGHT)
    await ground.ask("/route here broker=PCB", BOSS, NIGHT, workspace_admin=True)
    await ground.ask('/route here port="Ambassador Bridge"', BOSS, DESK, workspace_admin=True)
    await ground.types('/broker "Pacific SAMPLE" same as PCB')
    port = 'port="Ambassador Bridge"'
    await ground.ask(f"/load 1234 add to=CA {port} pars={PARS} broker=PCB eta=13:00 papers=06:00")
    await ground.pass_(timedelta(hours=2))
    assert await heard(ground) == {DESK.external, NIGHT.external}
    await ground.types('/broker "Pacific SAMPLE" not same as PCB')
    async with db.work("home", ground.now) as work:
        assert sorted(list(r.matchers.get("broker", ())) for r in await work.routes.on()) == [[], ["PCB"]]
