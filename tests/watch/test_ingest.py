"""What arrives is kept once, read once, and given to whom it concerns (house rules 1, 4, 8; F9)."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import pytest

from bot.domain.load import Direction, LoadRow
from bot.domain.numbers import NumberKind
from bot.domain.report import Report
from bot.domain.status import Authority, Status, Track
from bot.feeds.protocol import Problem, Reader, Reading
from bot.watch import intake
from bot.watch.replay import replay_feed
from storage.errors import Again
from tests.patience import PATIENCE
from tests.watch.ground import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    PARS,
    Feeds,
    add,
    carrier,
    held,
    notice,
    person,
    rns,
    row,
    tables,
    the_load,
    world,
)

ETA = "2026-11-24 14:30"


@dataclass
class Lines:
    """A source of our own: a line is a number and a status; `poison` yields a report that no database takes."""

    name: str = "lines"
    version: int = 1
    authority: Authority = Authority.CUSTOMS
    covers: frozenset[Track] = frozenset({Track.RELEASE})
    directions: frozenset[Direction] = frozenset(Direction)
    content_types: tuple[str, ...] = ()
    sick: bool = True

    def read(self, body: bytes, reader: Reader, received: datetime) -> Reading:
        found = []
        for at, line in enumerate(body.decode().split("\n")):
            if line.startswith("load "):
                return Reading(loads=(LoadRow("item 1", {"number": line[5:], "direction": "CA"}),))
            raw = {"poison": None} if self.sick and line == "poison" else "9"
            found.append(
                Report(NumberKind.CCN, line, Status.READY, Track.RELEASE, raw, prepared=received, position=at)  # type: ignore[arg-type]
            )
        return Reading(tuple(found))


def lines(feeds: Feeds) -> Lines:
    return feeds.ears["lines"].source  # type: ignore[return-value]


async def counts(db, name: str = "report") -> int:
    return len((await tables(db))[name])


async def test_a_message_is_kept_once_and_counted(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    await add(sqlite_db, feeds.world, row(pars=PARS, eta=ETA))
    assert await feeds.hears(rns()) == (1, 0)
    before = await tables(sqlite_db, "raw", "feed_state")
    feeds.now += MINUTE
    assert await feeds.hears(rns(), rns()) == (0, 2)
    assert await tables(sqlite_db, "raw", "feed_state") == before
    async with sqlite_db.dock(NOW) as dock:
        (raw,) = await dock.raws.page("rns")
    assert (raw.seen, raw.seen_last, raw.received, raw.body) == (3, feeds.now, NOW, rns())


async def test_a_reference_that_comes_again_with_another_body_is_kept_read_and_said(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    head, tail = b"UNB+UNOA:3+CBSA+SMPL+261124:0900+R100'", b"UNZ+1+R100'"
    await feeds.hears(head + rns("9") + tail)
    await feeds.hears(head + rns("14+01") + tail)
    assert await counts(sqlite_db) == 2 and await counts(sqlite_db, "raw") == 2
    assert [p for p in await feeds.problems() if "R100 came before with another content" in p]


async def test_the_culprit_of_a_batch_stands_alone_and_is_read_after_the_fix(sqlite_db):
    feeds = Feeds(sqlite_db, world(), more={"lines": Lines()})
    bodies = [b"AAAA001", b"AAAA002", b"poison", b"AAAA003", b"load 77", b"AAAA004"]
    assert await feeds.hears(*bodies, feed="lines") == (6, 0)
    assert await counts(sqlite_db) == 4 and (await the_load(sqlite_db, "77")).life == "open"
    (told,) = [p for p in await feeds.problems() if "kept, and not taken in" in p]
    assert "Error" in told
    lines(feeds).sick = False
    ear = feeds.ears["lines"]
    assert await replay_feed(sqlite_db, feeds.ingest, ear, NOW) == 1
    assert await counts(sqlite_db) == 5 and not [p for p in await feeds.problems() if "not taken in" in p]
    assert await replay_feed(sqlite_db, feeds.ingest, ear, NOW) == 0


async def test_what_was_kept_unread_is_read_once_when_it_comes_again_twice(sqlite_db):
    feeds = Feeds(sqlite_db, world(), more={"lines": Lines()})
    await feeds.hears(b"poison", feed="lines")
    lines(feeds).sick = False
    feeds.now += HOUR
    assert await feeds.hears(b"poison", b"poison", feed="lines") == (1, 1)
    async with sqlite_db.work("home", NOW) as work:
        ids = await work.numbers.find([(NumberKind.CCN, "poison")])
        ((report,),) = (await work.reports.of_numbers(ids.values())).values()
    assert report.received == NOW  # as of the time it first came


async def test_a_long_message_is_written_in_parts_and_a_kill_between_them_repeats_it_whole(sqlite_db):
    feeds = Feeds(sqlite_db, world(), more={"lines": Lines(sick=False)})
    await add(sqlite_db, feeds.world, row(pars="AAAA0001", eta=ETA), row("1235", "line 3", pars="AAAA1199", eta=ETA))
    body = "\n".join(f"AAAA{n:04}" for n in range(1200)).encode()
    parts = []

    def kill() -> None:
        parts.append(1)
        if len(parts) == 2:
            raise KeyboardInterrupt

    feeds.wake = kill
    with pytest.raises(KeyboardInterrupt):
        await feeds.hears(body, feed="lines")
    assert await counts(sqlite_db) == 1000
    again = Feeds(sqlite_db, feeds.world, now=NOW + MINUTE, more={"lines": Lines(sick=False)})
    assert await again.hears(body, feed="lines") == (1, 0)
    assert await counts(sqlite_db) == 1200
    assert "not_matched" not in await held(sqlite_db, "1235", waiting=True)
    assert await again.hears(body, feed="lines") == (0, 1)
    assert await counts(sqlite_db) == 1200 and await counts(sqlite_db, "raw") == 1


@pytest.mark.parametrize("first", ["release", "transaction"])
async def test_a_message_that_names_only_a_transaction_reaches_the_load_in_either_order(sqlite_db, first):
    feeds = Feeds(sqlite_db, world())
    await add(sqlite_db, feeds.world, row(pars=PARS, eta=ETA))
    bodies = [rns("9"), rns("5", pars="", at=NOW + MINUTE)]
    for body in bodies if first == "release" else reversed(bodies):
        feeds.now += MINUTE
        await feeds.hears(body)
    assert "exam" in await held(sqlite_db)


async def test_orphans_count_for_a_load_that_is_added_within_their_window(sqlite_db):
    feeds = Feeds(sqlite_db, world(), now=NOW - 44 * DAY)
    await feeds.hears(rns(at=feeds.now))
    feeds.now = NOW - 46 * DAY
    await feeds.hears(rns(pars="SMPLPARS100124", at=feeds.now))
    await add(sqlite_db, feeds.world, row(pars=PARS, eta=ETA), row("1235", "line 3", pars="SMPLPARS100124", eta=ETA))
    assert "not_matched" not in await held(sqlite_db, waiting=True)
    assert "not_matched" in await held(sqlite_db, "1235", waiting=True)


async def test_reports_behind_the_window_do_not_reach_a_load_that_is_over(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    await add(sqlite_db, feeds.world, row(pars=PARS, eta=ETA))
    load = await the_load(sqlite_db)
    async with sqlite_db.work("home", NOW, write=True) as work:
        await intake.cancel(work, feeds.world, load.id, "", person())
    feeds.now = NOW + 8 * DAY
    await add(sqlite_db, feeds.world, row("1300", pars=PARS, eta="2026-12-02 14:30"), now=NOW + 7 * DAY)
    before = await the_load(sqlite_db)
    await feeds.hears(rns(at=feeds.now))
    assert await the_load(sqlite_db) == before
    assert "not_matched" not in await held(sqlite_db, "1300", waiting=True)


async def test_what_came_but_could_not_be_taken_is_a_problem_each_time(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    for name in ("a.edi", "b.edi"):
        fault = Problem("file", f"{name} is larger than 16 MB")
        await feeds.ingest.keep([feeds.arrived(b"", name=name, problem=fault)])
    assert await feeds.problems() == ["a.edi is larger than 16 MB", "b.edi is larger than 16 MB"]
    await replay_feed(sqlite_db, feeds.ingest, feeds.ears["rns"], NOW, everything=True)
    assert len(await feeds.problems()) == 2


async def test_a_database_that_is_away_is_told_to_whoever_brought_it_and_nothing_is_kept(sqlite_db):
    class Away:
        def dock(self, *_args, **_more):
            raise Again("the database was busy")

    before = await tables(sqlite_db)
    with pytest.raises(Again):
        await Feeds(Away(), world()).hears(rns())  # type: ignore[arg-type]
    assert await tables(sqlite_db) == before
    assert await Feeds(sqlite_db, world()).hears(rns()) == (1, 0)


async def test_a_sender_who_goes_away_while_others_wait_takes_nothing_of_theirs_along(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    async with sqlite_db.dock(NOW, write=True):  # everybody waits for the database
        first = asyncio.create_task(feeds.hears(rns()))
        second = asyncio.create_task(feeds.hears(rns("14+01")))
        third = asyncio.create_task(feeds.hears(rns("4")))
        await asyncio.sleep(0.02)
        first.cancel()
        third.cancel()
        await asyncio.sleep(0)
    assert await asyncio.wait_for(second, PATIENCE) == (1, 0)
    assert first.cancelled() and third.cancelled()
    assert await counts(sqlite_db, "raw") <= 2  # what the first one brought may be kept with the second's


async def test_a_list_and_a_heartbeat_wake_delivery_only_once_committed(sqlite_db):
    feeds = Feeds(sqlite_db, world())
    await feeds.hears(f"number,pars,eta\n1234,{PARS},{ETA}\n".encode(), feed="loads")
    assert feeds.woken == 1


# Feeds of several carriers (house rule 8)


async def two(db) -> Feeds:
    both = world(carrier("east", "EAST"), carrier("west", "WEST"))
    return Feeds(db, both, carriers=("east", "west"))


async def reports_of(db, whose: str) -> int:
    async with db.work(whose, NOW) as work:
        found = await work.unit.connection.exec_driver_sql(f"SELECT count(*) FROM report WHERE carrier = '{whose}'")
        return found.scalar_one()


async def test_a_report_goes_to_who_claimed_the_number_else_to_whose_code_it_has_and_never_to_both(db):
    feeds = await two(db)
    await add(db, feeds.world, row(pars="EASTPARS1", eta=ETA), whose="west")
    await feeds.hears(rns(pars="EASTPARS1"), rns(pars="EASTPARS2"), rns(pars="WESTPARS3"), rns(pars="NOONEPARS4"))
    assert (await reports_of(db, "west"), await reports_of(db, "east")) == (2, 2)
    await add(db, feeds.world, row(pars="EASTPARS1", eta=ETA), whose="east")
    await feeds.hears(rns("14+01", pars="EASTPARS1", at=NOW + MINUTE))
    assert (await reports_of(db, "west"), await reports_of(db, "east")) == (3, 4)


@pytest.mark.parametrize("first", ["release", "transaction"])
async def test_a_transaction_alone_reaches_the_carrier_whose_load_names_it(sqlite_db, first):
    feeds = await two(sqlite_db)
    await add(sqlite_db, feeds.world, row(pars="WESTPARS1", eta=ETA), whose="west")
    bodies = [rns("9", pars="WESTPARS1"), rns("5", pars="", at=NOW + MINUTE)]
    for body in bodies if first == "release" else reversed(bodies):
        await feeds.hears(body)
    assert "exam" in await held(sqlite_db, whose="west")
    if first == "release":
        assert await reports_of(sqlite_db, "east") == 0


async def test_loads_in_a_feed_of_several_carriers_are_not_guessed_at(sqlite_db):
    feeds = await two(sqlite_db)
    await feeds.hears(f"number,pars\n1,{PARS}\n".encode(), feed="loads")
    assert "this feed speaks for several carriers" in (await feeds.problems())[0]
    assert await counts(sqlite_db, "load") == 0


async def test_notices_and_releases_of_two_feeds_meet_at_one_load(db):
    feeds = Feeds(db, world())
    await add(db, feeds.world, row(pars=PARS, eta=ETA))
    await asyncio.gather(feeds.hears(rns()), feeds.hears(notice("HELD", at=NOW + MINUTE), feed="d4"))
    assert (await the_load(db)).answer == "hold"


async def test_a_report_and_a_load_that_come_at_once_find_each_other(db, db_url, open_db):
    """report ∥ load add, from two processes."""
    other = open_db(db_url)
    feeds = Feeds(db, world())
    for n in range(5):
        pars = f"SMPLPARS20000{n}"
        listed = row(str(n), pars=pars, eta=ETA)
        await asyncio.gather(feeds.hears(rns(pars=pars)), add(other, feeds.world, listed))
        assert "not_matched" not in await held(db, str(n), waiting=True), n


async def test_two_processes_that_hear_the_same_message_keep_it_once(db, db_url, open_db):
    one, two_ = Feeds(db, world()), Feeds(open_db(db_url), world())
    bodies = [rns(pars=f"SMPLPARS30000{n}") for n in range(5)]
    kept = await asyncio.gather(one.hears(*bodies), two_.hears(*bodies))
    assert sum(new for new, _ in kept) == 5 and await counts(db) == 5
