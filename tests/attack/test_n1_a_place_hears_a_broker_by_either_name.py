"""N1: a place that asked for a broker hears it also when that broker turns out to be another (SAMPLE data)."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.load import Hand, LoadRow
from bot.domain.route import Place
from bot.watch.hands import Hands
from bot.watch.parties_rows import take_parties
from handlers.reply import Result
from storage.database import Database
from tests.attack.ground import HOME, PARS, Ground
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


async def _asked(ground: Ground, broker: str) -> str:
    """A place asks for a broker, and the desk for another crossing; what the place is told that it hears."""
    await ground.opened(NIGHT)
    told = await ground.ask(f'/route here broker="{broker}"', BOSS, NIGHT, workspace_admin=True)
    await ground.ask('/route here port="Ambassador Bridge"', BOSS, DESK, workspace_admin=True)
    return told.title


async def _late(ground: Ground, broker: str, number: str = "1234", pars: str = PARS) -> set[str]:
    """Who hears of a load that this broker is late with."""
    eta = f"{(ground.now + timedelta(hours=4)).astimezone(HOME):%H:%M}"
    line = f'/load {number} add to=CA port="Ambassador Bridge" pars={pars} broker="{broker}" eta={eta} papers=06:00'
    assert (await ground.ask(line)).result is Result.OK
    await ground.pass_(timedelta(hours=2))
    return await heard(ground)


async def test_n1_a_place_hears_a_broker_that_got_another_name(db: Database) -> None:
    ground = Ground(db)
    await ground.types("/broker PCB add")
    assert "broker: PCB" in await _asked(ground, "PCB")
    await ground.types('/broker PCB set name="Pacific SAMPLE"')
    assert await _late(ground, "Pacific SAMPLE") == {DESK.external, NIGHT.external}
    listed = str(await ground.ask("/route list"))
    assert "Pacific SAMPLE" in listed and "PCB" not in listed


async def test_n1_a_place_hears_a_broker_that_a_file_gave_another_name(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    await ground.types("/broker PCB add")
    await _asked(ground, "PCB")
    async with sqlite_db.work("home", ground.now, write=True) as work:
        party = (await work.parties.named(["PCB"]))["PCB"]
        row = LoadRow("line 2", {"id": party.id, "name": "Pacific SAMPLE"})
        (taken,) = await take_parties(work, [row], HOME.key, Hands(Hand.FILE, "book.csv"))
        assert taken.outcome == "changed"
    assert await _late(ground, "PCB") == {DESK.external, NIGHT.external}


async def test_n1_a_place_that_asked_by_name_before_ids_were_kept_hears_the_renamed_broker(db: Database) -> None:
    ground = Ground(db)
    await ground.types("/broker PCB add")
    await _asked(ground, "PCB")
    async with db.work("home", ground.now, write=True) as work:
        route = await work.routes.find(NIGHT)
        assert route is not None
        await work.routes.save(replace(route, matchers={"broker": ["PCB"]}))
    await ground.types('/broker PCB set name="Pacific SAMPLE"')
    await ground.types('/broker "Pacific SAMPLE" set name="Third SAMPLE"')
    assert await _late(ground, "Third SAMPLE") == {DESK.external, NIGHT.external}
    async with db.work("home", ground.now) as work:
        found = await work.routes.find(NIGHT)
        assert found is not None and found.matchers == {"broker": ["Third SAMPLE"]}


async def test_n1_renaming_merging_and_parting_in_any_order_narrows_no_place(sqlite_db: Database) -> None:
    ground = Ground(sqlite_db)
    for name in ("PCB", "Other SAMPLE"):
        await ground.types(f'/broker "{name}" add')
    await _asked(ground, "PCB")
    await ground.types('/broker "Other SAMPLE" same as PCB')
    await ground.types('/broker "Other SAMPLE" set name="Both SAMPLE"')
    assert await _late(ground, "Both SAMPLE") == {DESK.external, NIGHT.external}
    await ground.types('/broker "Both SAMPLE" not same as PCB')
    await ground.types('/broker PCB set name="Alone SAMPLE"')
    await ground.types("/load 1234 cancel")
    assert await _late(ground, "Alone SAMPLE", "1235", "SMPLPARS100124") == {DESK.external, NIGHT.external}
    await ground.types("/load 1235 cancel")
    assert await _late(ground, "Both SAMPLE", "1236", "SMPLPARS100125") == {DESK.external}
