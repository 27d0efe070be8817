"""What screens ask: worst first, constant cost, and each carrier for itself."""

from collections import Counter

import pytest
from sqlalchemy import event

from bot.domain.status import Status
from handlers.nouns import Role
from handlers.views import NotYours, Seer, Views, desk, load_page, suggestions
from storage.database import Database
from tests.handlers.commands.desk import BOSS, DESK, HOUR, OTHER_DESK, PARS, Desk, held

VIEWER = Seer(Role.VIEWER, frozenset({"home"}))


@pytest.fixture
async def rig(sqlite_db: Database) -> Desk:
    return await Desk(sqlite_db).opened()


@pytest.fixture
async def two(sqlite_db: Database) -> Desk:
    made = Desk(sqlite_db, ("home", "north"))
    for carrier, place, number in (("home", DESK, "1234"), ("north", OTHER_DESK, "5678")):
        async with sqlite_db.work(carrier, made.now, write=True) as work:
            await made.admin(work, BOSS, f"Bo of {carrier}")
        await made.ask(f"/route here carrier={carrier}", BOSS, place)
        await made.ask(f"/load {number} add to=CA pars={PARS} eta=15:00", BOSS, place)
        assert "watched now" in made.last.title
    return made


async def test_the_desk_is_worst_first_with_owner_and_feeds(rig: Desk) -> None:
    await held(rig)
    await rig.add("1300", "SMPLPARS100300", "eta=19:00 papers=10:00")
    await rig.say("1234 got it")
    seen = await desk(rig.db, rig.world, "home", rig.now)
    assert [b.number for b in seen.loads] == ["1234", "1300"]
    assert seen.loads[0].owner == "Maria" and seen.alerts == 1 and seen.more == 0
    assert [f.name for f in seen.feeds] == ["rns"] and sum(seen.counts.values()) == 2
    short = await desk(rig.db, rig.world, "home", rig.now, limit=1)
    assert [b.number for b in short.loads] == ["1234"] and short.more == 1


async def test_the_head_counts_what_the_list_shows_also_before_what_is_due_was_looked_at(rig: Desk) -> None:
    for n in range(6):
        await rig.add(f"13{n:02}", f"SMPLPARS1003{n:02}", f"eta=1{4 + n}:00 papers=08:30")
    before = await desk(rig.db, rig.world, "home", rig.now)
    later = await desk(rig.db, rig.world, "home", rig.now + 4 * HOUR)
    shown = Counter(b.found.answer.value for b in later.loads)
    assert shown["hold"] > before.counts["hold"]
    assert +Counter(later.counts) == shown
    short = await desk(rig.db, rig.world, "home", rig.now + 4 * HOUR, limit=2)
    assert sum(short.counts.values()) == 6 and short.counts["hold"] >= 2 and short.more == 4


async def test_a_desk_costs_the_same_whatever_its_length(rig: Desk) -> None:
    asked: list[str] = []
    engine = rig.db.engine._readers.sync_engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_: asked.append(statement))
    counts = []
    for some in (2, 12):
        for n in range(some):
            await rig.ask(f"/load {some}{n:02} add to=CA pars=SMPLPARS{some}{n:04} eta=19:00")
        asked.clear()
        await desk(rig.db, rig.world, "home", rig.now)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


async def test_a_loads_page_says_its_status_why_and_log(rig: Desk) -> None:
    record = await rig.add()
    await rig.hears(PARS, Status.READY)
    page = await load_page(rig.db, rig.world, "home", record.key.removeprefix("~"), rig.now)
    assert page is not None and page.number == "1234"
    assert [title for title, _reply in page.parts] == ["", "Why", "Log"]
    assert page.parts[0][1].title.startswith("1234 ")
    assert await load_page(rig.db, rig.world, "home", "zzzz", rig.now) is None


async def test_a_half_typed_number_suggests_open_loads(rig: Desk) -> None:
    await rig.add()
    await rig.add("1235", "SMPLPARS100124")
    await rig.say("1235 cancel")
    found = await suggestions(rig.db, rig.world, "home", "123", rig.now)
    assert [s.subject for s in found] == [(await rig.load()).key]
    assert "1234 → CA" in found[0].label


async def test_every_view_shows_one_carrier_and_refuses_the_others(two: Desk) -> None:
    views = Views(two.db, two.world, lambda: two.now)
    (seen,) = await views.desks(VIEWER)
    assert [b.number for b in seen.loads] == ["1234"] and seen.carrier == "home"
    theirs = (await two.load("5678", "north")).key
    assert await views.load_page(VIEWER, "home", theirs) is None
    assert [s.label[:4] for s in await views.suggestions(VIEWER, "home", "")] == ["1234"]
    assert await views.suggestions(VIEWER, "home", "5678") == []
    for carrier in ("north", "nowhere"):
        with pytest.raises(NotYours, match="nothing of that here for you"):
            await views.desk(VIEWER, carrier)
        with pytest.raises(NotYours, match="nothing of that here for you"):
            await views.load_page(VIEWER, carrier, theirs)
        with pytest.raises(NotYours, match="nothing of that here for you"):
            await views.suggestions(VIEWER, carrier, "5")


@pytest.mark.parametrize("role", [Role.DRIVER, Role.ANYONE])
async def test_screens_are_not_for_drivers_and_strangers(two: Desk, role: Role) -> None:
    views = Views(two.db, two.world, lambda: two.now)
    with pytest.raises(NotYours):
        await views.desk(Seer(role, frozenset({"home"})), "home")
