"""T1: each broker's own time is measured once a day, and holds for papers that go from then on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from bot.domain.load import LoadRow
from bot.domain.promise import Pace
from bot.watch.gather import gather
from bot.watch.look import reassess
from bot.watch.parties import name_key
from bot.watch.promises import Promising, fix
from bot.watch.replay import replay_wanted, setting_of
from bot.watch.world import World
from storage.database import Database
from storage.promises import PromiseRecord
from tests.watch.ground import DAY, FILE, HOUR, MINUTE, NOW, Feeds, add, rns, row, the_load, world

#: The night after the papers of these tests went, a little after midnight in Toronto.
NIGHT = datetime.fromisoformat("2026-11-25T05:20:00+00:00")
MEASURED = 20


def pars(n: int) -> str:
    return f"SMPLPARS2{n:05d}"


def listed(numbers: Iterable[int], papers: datetime = NOW, **cells: str) -> list[LoadRow]:
    """Loads of one broker whose papers went at a moment."""
    shared = {"eta": (papers + 12 * HOUR).isoformat(), "broker": "PCB", "papers_sent": papers.isoformat()} | cells
    return [row(f"P{n}", f"line {n + 2}", pars=pars(n), **shared) for n in numbers]


async def accepted(feeds: Feeds, took: dict[int, int], papers: datetime = NOW) -> None:
    """Customs accepts these so many minutes after their papers went."""
    for n, minutes in sorted(took.items(), key=lambda one: one[1]):
        feeds.now = papers + minutes * MINUTE
        await feeds.hears(rns("9", pars=pars(n), at=feeds.now, transaction=f"12345{n:09d}"))


async def rows(db: Database) -> list[PromiseRecord]:
    async with db.work("home", NIGHT) as work:
        return await work.promises.since("2026-01-01")


async def night(db: Database, the_world: World, now: datetime = NIGHT) -> None:
    await Promising(db, the_world, lambda: now).look()


async def promises(db: Database, the_world: World, number: str) -> timedelta | None:
    """How long after its papers good news of a load is due, by what a look finds now."""
    record = await the_load(db, number)
    async with db.work("home", NIGHT) as work:
        (case,) = await gather(work, the_world, [record.id])
    broker = case.facts.about[case.shipments[0].id].broker
    return broker.measured[-1].promise if broker and broker.measured else None


async def test_t1_twenty_known_times_make_the_p90_the_promise_for_papers_that_go_later(db: Database) -> None:
    the_world = world()
    feeds = Feeds(db, the_world)
    await add(db, the_world, *listed(range(MEASURED)))
    await accepted(feeds, {n: 60 + 5 * n for n in range(MEASURED)})
    await night(db, the_world)
    (fixed,) = await rows(db)
    assert (fixed.pace, fixed.day, fixed.samples) == (Pace.CA, "2026-11-25", MEASURED)
    assert (fixed.minutes, fixed.half, fixed.most) == (145, 105, 145)
    papers = fixed.since + HOUR
    await add(db, the_world, *listed([50], papers), now=papers)
    await add(db, the_world, *listed([51], NOW), now=papers)
    due = {n: (await the_load(db, n)).assessment["shipments"][0]["due"] for n in ("P50", "P51")}
    assert due == {
        "P50": (papers + 145 * MINUTE).isoformat(),
        "P51": (NOW + 3 * HOUR).isoformat(),
    }, "papers that went before the night keep the promise that held then (T5)"


async def test_t1_nineteen_are_counted_and_promise_nothing(sqlite_db: Database) -> None:
    the_world = world()
    await add(sqlite_db, the_world, *listed(range(MEASURED)))
    await accepted(Feeds(sqlite_db, the_world), dict.fromkeys(range(MEASURED - 1), 60))
    await night(sqlite_db, the_world)
    (fixed,) = await rows(sqlite_db)
    assert (fixed.minutes, fixed.samples, fixed.half) == (None, 19, 60)


async def test_t1_a_night_is_fixed_once_and_a_missed_one_is_made_up_for(sqlite_db: Database) -> None:
    the_world = world()
    feeds = Feeds(sqlite_db, the_world)
    await add(sqlite_db, the_world, *listed(range(MEASURED)))
    await accepted(feeds, dict.fromkeys(range(MEASURED), 90))
    await night(sqlite_db, the_world, NIGHT - 21 * MINUTE)
    assert [r.day for r in await rows(sqlite_db)] == ["2026-11-24"]
    job = Promising(sqlite_db, the_world, lambda: NIGHT + 3 * DAY)
    for _ in range(3):
        await job.look()
    await night(sqlite_db, world(), NIGHT + 3 * DAY + 2 * HOUR)
    assert [r.day for r in await rows(sqlite_db)] == ["2026-11-24", "2026-11-28"]


async def test_t1_two_processes_fix_one_row_and_read_the_same(db: Database) -> None:
    one, other = world(), world()
    await add(db, one, *listed(range(MEASURED)))
    await accepted(Feeds(db, one), dict.fromkeys(range(MEASURED), 90))
    day = NIGHT.date()
    await fix(db, one, "home", NIGHT, day)
    await fix(db, other, "home", NIGHT + MINUTE, day)
    assert len(await rows(db)) == 1
    assert one.promises == other.promises
    third = world()
    await Promising(db, third, lambda: NIGHT).refresh()
    assert third.promises == one.promises


async def test_t1_repeats_replays_and_later_filings_add_no_sample(sqlite_db: Database) -> None:
    the_world = world()
    feeds = Feeds(sqlite_db, the_world)
    await add(sqlite_db, the_world, *listed(range(MEASURED)))
    took = dict.fromkeys(range(MEASURED), 90)
    await accepted(feeds, took)
    feeds.now = NOW + 8 * HOUR
    await feeds.hears(*(rns("9", pars=pars(n), at=feeds.now, transaction=f"12345{n:09d}") for n in range(5)))
    await feeds.hears(*(rns("9", pars=pars(n), at=feeds.now, transaction=f"12345{n + 100:09d}") for n in range(5)))
    async with sqlite_db.work("home", feeds.now, write=True) as work:
        await work.settings.save(setting_of("rns"), '{"since": "2026-01-01T00:00:00+00:00", "by": "Sam", "at": ""}')
    await replay_wanted(sqlite_db, feeds.ingest, feeds.ears, lambda: feeds.now)
    await night(sqlite_db, the_world)
    (fixed,) = await rows(sqlite_db)
    assert (fixed.samples, fixed.half, fixed.most) == (MEASURED, 90, 90)


async def test_t1_open_hours_are_counted_and_directions_and_agencies_apart(sqlite_db: Database) -> None:
    the_world = world()
    late = NOW.replace(hour=21)  # 16:00 in Toronto
    await add(sqlite_db, the_world, *listed([1], late), *listed([2], late, agency="CFIA"), now=late)
    async with sqlite_db.work("home", late, write=True) as work:
        (broker,) = (await work.parties.named([name_key("PCB")])).values()
        week = {"zone": "America/Toronto", "spans": [[d, "08:00", "17:00"] for d in range(5)]}
        await work.parties.change(broker.id, hours=week)
    await accepted(Feeds(sqlite_db, the_world), {1: 17 * 60, 2: 30}, late)
    await night(sqlite_db, the_world, late + 18 * HOUR)
    assert {r.pace: (r.samples, r.half) for r in await rows(sqlite_db)} == {Pace.CA: (1, 120), Pace.AGENCY: (1, 30)}


async def test_t5_no_standing_level_falls_because_a_longer_promise_was_measured(sqlite_db: Database) -> None:
    the_world = world()
    feeds = Feeds(sqlite_db, the_world)
    await add(sqlite_db, the_world, *listed(range(MEASURED)))
    await accepted(feeds, dict.fromkeys(range(MEASURED), 350))
    papers = NIGHT - 3 * HOUR
    await add(sqlite_db, the_world, *listed([60], papers, eta=(NIGHT + 3 * HOUR).isoformat()), now=papers)
    due = (await the_load(sqlite_db, "P60")).assessment["shipments"][0]["due"]
    await night(sqlite_db, the_world)
    assert await promises(sqlite_db, the_world, "P60") == 350 * MINUTE
    async with sqlite_db.work("home", NIGHT + 10 * MINUTE, write=True) as work:
        (looked,) = await reassess(work, the_world, [(await the_load(sqlite_db, "P60")).id])
    assert looked.found.shipments[0].due is not None
    assert looked.found.shipments[0].due.isoformat() == due
    assert [h.kind for h in looked.found.standing if h.level and h.level >= 2] == ["not_matched"]


async def test_t1_a_broker_of_whom_nothing_is_known_any_more_promises_the_usual(sqlite_db: Database) -> None:
    the_world = world()
    await add(sqlite_db, the_world, *listed(range(MEASURED)))
    await accepted(Feeds(sqlite_db, the_world), dict.fromkeys(range(MEASURED), 90))
    await night(sqlite_db, the_world)
    for later in (85, 95):
        await night(sqlite_db, the_world, NIGHT + later * DAY)
    assert [(r.minutes, r.samples) for r in await rows(sqlite_db)] == [(90, 20), (90, 20), (None, 0)]


@pytest.mark.parametrize("papers", [NOW + 5 * HOUR])
async def test_t1_papers_noted_after_the_acceptance_measure_nothing(sqlite_db: Database, papers: datetime) -> None:
    the_world = world()
    await add(sqlite_db, the_world, *listed(range(3), papers), by=FILE, now=papers)
    await accepted(Feeds(sqlite_db, the_world), dict.fromkeys(range(3), 60))
    await night(sqlite_db, the_world)
    assert await rows(sqlite_db) == []
