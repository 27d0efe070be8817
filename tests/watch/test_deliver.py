"""The outbox to the chats: every outcome, order, pacing, and two who deliver at once (SAMPLE data)."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.delivery import Barred, Gone, Malformed, Retry
from bot.domain.route import Place
from bot.watch.deliver import Deliver, pace
from storage.outbox import CARD
from storage.posts import PostRecord
from storage.work import Work
from tests.watch.ground import NOW, route
from tests.watch.office import DESK, NORTH, SECOND, Chat, Office, Voice


@pytest.fixture
def office(sqlite_db) -> Office:
    return Office(sqlite_db)


async def test_the_card_is_first_and_the_words_that_waited_are_one_line_under_it(office):
    post = await office.posted()
    await office.says(post, "owned", "level")
    assert await office.drain() == [("post", "card", ""), ("post", "owned + level", "m1")]
    assert await office.states() == {"sent": 2, "dropped": 1}


async def test_words_are_loud_if_one_of_them_is(office):
    post = await office.posted()
    await office.says(post, "owned")
    await office.says(post, "level", broadcast=True)
    assert (await office.drain())[1] == ("post", "owned + level", "m1 loud")


async def test_a_card_is_edited_where_it_stands_and_left_alone_when_it_reads_the_same(office):
    post = await office.posted()
    await office.drain()
    await office.carded(post)
    assert await office.drain() == [("post", "card", "")]
    office.voice.text = "card now"
    await office.carded(post)
    assert (await office.drain())[1:] == [("edit", "card now", "m1")]


async def test_a_card_that_is_wanted_anew_while_it_is_sent_is_sent_again(office):
    post = await office.posted()

    async def meanwhile() -> None:
        office.chat.on_post = None
        office.voice.text = "newer"
        await office.carded(post)

    office.chat.on_post = meanwhile
    assert await office.drain() == [("post", "card", ""), ("edit", "newer", "m1")]


async def test_a_card_that_cannot_be_edited_any_more_is_posted_anew(office):
    post = await office.posted()
    await office.drain()
    office.voice.text = "card now"
    office.chat.outcomes = [Malformed("message to edit not found")]
    await office.carded(post)
    assert (await office.drain())[1:] == [("post", "card now", "")]


async def test_a_card_with_nothing_to_show_is_dropped(office):
    office.voice.text = None
    await office.posted()
    assert await office.drain() == [] and await office.states() == {"dropped": 1}


@pytest.mark.parametrize("kind", ["card", "word"])
@pytest.mark.parametrize(
    ("outcome", "wait"), [(Retry(7 * SECOND, "429"), 7), (Retry(None, "reset"), 2), (Malformed("text too"), 2)]
)
async def test_what_was_not_taken_now_is_tried_again_after_its_time_and_not_before(office, kind, outcome, wait):
    post = await office.posted()
    if kind == "word":
        await office.drain()
        await office.says(post, "owned")
    office.chat.outcomes = [outcome]
    before = len(await office.drain())
    assert len(await office.drain(0.5 * SECOND)) == before
    (row,) = await office.rows(post)
    assert row.error and row.lease_until is None
    assert len(await office.drain(wait * SECOND)) == before + 1


async def test_a_later_word_of_a_lane_waits_for_the_earlier_one(office):
    post = await office.posted()
    await office.drain()
    await office.says(post, "first")
    office.chat.outcomes = [Retry(10 * SECOND, "429")]
    await office.drain()
    await office.says(post, "second")
    assert len(await office.drain(SECOND)) == 1
    assert (await office.drain(10 * SECOND))[1:] == [("post", "first + second", "m1")]


@pytest.mark.parametrize("kind", ["card", "word"])
async def test_a_door_that_bars_us_pauses_keeps_its_rows_and_goes_on_when_it_opens(office, kind):
    post = await office.posted()
    if kind == "word":
        await office.drain()
        await office.says(post, "owned")
    other = await office.posted(NORTH)
    office.chat.outcomes = [Barred("token revoked"), Barred("token revoked")]
    before = len(await office.drain())
    assert office.deliver.barred == {"chat": "token revoked"}
    assert len(await office.drain(30 * SECOND)) == before and len(await office.rows(post)) == 1
    shown = await office.drain(90 * SECOND)
    assert office.deliver.barred == {} and len(shown) == 2 + (kind == "word")
    assert await office.rows(other) == []


async def test_a_place_that_is_gone_is_off_and_the_words_of_a_card_that_never_stood_do_not_wait_for_ever(office):
    await route(office.db, "C1", "chat")
    post = await office.posted()
    await office.says(post, "owned", "level")
    office.chat.outcomes = [Gone("channel archived")]
    assert await office.drain() == []
    assert await office.states() == {"dead": 1, "dropped": 2}
    async with office.db.work("home", NOW) as work:
        assert await work.routes.on() == []
        (entry,) = [e for e in await work.log.since(NOW - SECOND) if e.what == "place_gone"]
    assert entry.words["why"] == "channel archived"


async def test_a_card_that_stood_and_is_gone_leaves_its_words_to_be_tried(office):
    post = await office.posted()
    await office.drain()
    office.voice.text = "card now"
    office.chat.outcomes = [Gone("channel archived"), Gone("channel archived")]
    await office.carded(post)
    await office.says(post, "owned")
    await office.drain()
    assert await office.rows(post) == [] and (await office.states())["dead"] == 2


async def test_a_fault_in_the_wording_of_one_card_holds_up_no_other(office, caplog):
    class Sick(Voice):
        async def card(self, work: Work, post: PostRecord) -> str | None:
            if post.topic == "sick":
                raise ValueError("a card that cannot be worded")
            return "card"

    office.voice = Sick()
    office.deliver = office.another()
    await office.posted(topic="sick")
    await office.posted(NORTH)
    assert await office.drain() == [("post", "card", "")]
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == ["a message was not sent"]
    assert await office.states() == {"sent": 1, "waiting": 1}


async def test_two_who_deliver_at_once_never_say_anything_twice(db, db_url, open_db):
    office = Office(db)
    for n in range(12):
        post = await office.posted(Place("chat", "T1", f"C{n % 4}"))
        await office.says(post, f"w{n}")
    other = office.another(open_db(db_url))
    await asyncio.wait_for(asyncio.gather(*(one.drain() for one in (office.deliver, other) * 2)), 20)
    await asyncio.gather(office.deliver.drain(), other.drain())
    words = [text for _, text, _ in office.chat.shown if text != "card"]
    assert sorted(words) == sorted(f"w{n}" for n in range(12))
    assert len(office.chat.shown) == 24 and (await office.states()) == {"sent": 24}


async def test_a_lease_that_was_lost_is_noticed_and_what_the_other_recorded_stands(db, db_url, open_db):
    """At most one duplicate a kill: the one who was too slow writes over nothing."""
    office, second = Office(db), Chat()
    post = await office.posted()
    other = office.another(open_db(db_url), second)

    async def too_slow() -> None:
        office.chat.on_post = None
        office.now += timedelta(minutes=3)
        await other.drain()

    office.chat.on_post = too_slow
    await office.drain()
    assert len(office.chat.shown) == len(second.shown) == 1
    async with db.work("home", NOW) as work:
        (row,) = [r for r in (await work.outbox.of(await ids_of(work))).values() if r.kind == CARD]
    assert (row.state, row.ref, await office.rows(post)) == ("sent", "m1", [])


async def ids_of(work: Work) -> list[str]:
    found = await work.unit.connection.exec_driver_sql("SELECT id FROM outbox")
    return [row[0] for row in found.fetchall()]


async def test_places_are_paced_each_for_itself(sqlite_db):
    office = Office(sqlite_db)
    office.world.machine = lambda: datetime.now(UTC)
    office.now = datetime.now(UTC) - SECOND
    beat = timedelta(milliseconds=120)
    office.deliver = Deliver(sqlite_db, office.world, {"chat": office.chat}, office.voice, lambda: NOW, lambda _p: beat)
    for place in (DESK, DESK, DESK, NORTH):
        await office.posted(place)
    start = datetime.now(UTC)
    await office.drain()
    assert datetime.now(UTC) - start >= 2 * beat and len(office.chat.shown) == 4


def test_the_pace_of_a_place_is_its_platforms():
    assert pace(Place("slack", "T1", "C1")) == pace(Place("telegram", "", "55")) == SECOND
    assert pace(Place("telegram", "", "-100")) == 3 * SECOND
    assert pace(Place("console", "", "x")) == timedelta()


async def test_a_clean_stop_lets_what_flies_land(office):
    await office.posted()
    landed = asyncio.Event()

    async def slowly() -> None:
        await asyncio.sleep(0.05)
        landed.set()

    office.chat.on_post = slowly
    assert await office.deliver.round()
    await office.deliver.land(2 * SECOND)
    assert landed.is_set() and (await office.states()) == {"sent": 1}
