"""Questions to customs: decided with a look, handed over at least once, answered by what comes (RULES K `stale`)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.carrier import FeedCover, Way
from bot.domain.coverage import Ear as Hears
from bot.domain.coverage import Liveness
from bot.domain.kinds import Level
from bot.domain.load import Direction
from bot.domain.status import Track
from bot.feeds.cusrep import status_query
from bot.feeds.protocol import Envelope
from bot.watch.ahead import NumbersAhead
from bot.watch.asker import Asker, Tray
from bot.watch.jobs import sweep
from bot.watch.world import World
from storage.database import Database
from storage.questions import QuestionRecord
from tests.watch.ground import HOUR, MINUTE, NOW, PARS, Feeds, add, carrier, person, rns, row, the_load, world
from tests.watch.test_observations import Page

#: 09:00 in Toronto is NOW; accepted at 10:00, at the bridge at 14:00.
TEN, ETA = NOW + HOUR, NOW + 5 * HOUR
TWELVE, LAST = ETA - 2 * HOUR, ETA - 45 * MINUTE


def asking(way: Way | None = Way.FILE, feed: str = "rns") -> World:
    """A carrier whose one feed takes questions, and sees no manifest."""
    made = world(replace(carrier(), feeds=(FeedCover(feed, frozenset({Track.RELEASE}), asks=way),)))
    made.ears = {feed: Hears(feed, Liveness.ALIVE, NOW, NOW)}
    return made


@dataclass
class Night(Feeds):
    """A load on its way, and the folder that the gateway fetches questions from."""

    out: Path = Path()
    feed: str = "rns"

    async def begin(self, **cells: str) -> "Night":
        known = {"direction": "CA", "pars": PARS, "eta": "2026-11-24 14:00", "crossing": "Windsor", "kind": "loaded"}
        sent = {"papers_sent": "2026-11-24 07:30", "broker": "PCB"}
        await add(self.db, self.world, row(**known, **sent, **cells), by=person())
        return self

    def asker(self) -> Asker:
        def written(asked: QuestionRecord) -> bytes:
            said = (asked.id, asked.key, asked.transaction, asked.eta, asked.asked_at)
            return status_query(Envelope("SMPL", "VAN"), *said, carrier().zone)

        return Asker(self.db, {self.feed: Tray(self.out, written)}, lambda: self.now)

    async def until(self, moment: datetime, hand: bool = True) -> None:
        """Lets minutes pass: what is due is looked at, and handed to the gateway."""
        while self.now < moment:
            self.now += MINUTE
            while await sweep(self.db, self.world, self.now):
                pass
            if hand:
                await self.asker().look()

    async def questions(self) -> list[QuestionRecord]:
        load = await the_load(self.db)
        async with self.db.work("home", self.now) as work:
            return (await work.questions.of_loads([load.id])).get(load.id, [])

    async def asked(self) -> list[tuple[str, datetime]]:
        return [(q.why, q.asked_at) for q in await self.questions()]

    async def stands(self) -> tuple[str, list[str], dict[str, int]]:
        """The answer, its conditions, and the kinds that stand with their levels."""
        found = (await the_load(self.db)).assessment
        holds = {h["kind"]: h["level"] for h in found.get("holds", ()) if h.get("level")}
        return found["answer"], [b["kind"] for b in found.get("buts", ()) if b["kind"] != "manifest_unseen"], holds

    def files(self) -> list[str]:
        return sorted(p.read_text() for p in self.out.glob("*.edi"))


Made = Callable[..., Night]


@pytest.fixture
def made(db: Database, tmp_path: Path) -> Made:
    def make(the_world: World | None = None, **more: object) -> Night:
        return Night(db, the_world or asking(), out=tmp_path / "out", **more)

    return make


async def accepted(night: Night) -> None:
    await night.until(TEN)
    await night.hears(rns(at=TEN))


async def test_k_stale_an_acceptance_that_is_not_confirmed_is_a_condition_and_then_warn(made: Made) -> None:
    night = await made().begin()
    await accepted(night)
    await night.until(TWELVE)
    assert await night.asked() == [("near", TWELVE)]
    (file,) = night.files()
    assert f"RFF+ABT:{PARS}'" in file
    assert "DTM+132:202611241400:203'" in file
    assert (await night.stands())[1:] == ([], {})
    (judged,) = (await the_load(night.db)).assessment["shipments"]
    assert judged["asked"]["at"] == TWELVE.isoformat()
    assert not judged["asked"].get("silent")

    await night.until(TWELVE + 15 * MINUTE)
    answer, buts, holds = await night.stands()
    assert (answer, buts, holds) == ("go, but", ["stale"], {})

    await night.until(LAST)
    assert await night.asked() == [("near", TWELVE), ("last", LAST)]
    assert (await night.stands())[2] == {"stale": int(Level.WARN)}
    async with night.db.work("home", night.now) as work:
        assert [a.level for a in await work.alerts.open()] == [int(Level.WARN)]

    await night.until(LAST + 5 * MINUTE)
    await night.hears(rns(at=night.now))
    assert (await night.stands())[1:] == ([], {})
    assert {q.answer for q in await night.questions()} == {"READY"}
    async with night.db.work("home", night.now) as work:
        assert await work.alerts.open() == []


async def test_an_answer_of_the_same_old_word_confirms_it_too(made: Made) -> None:
    night = await made().begin()
    await accepted(night)
    await night.until(TWELVE + 16 * MINUTE)
    assert (await night.stands())[1] == ["stale"]
    await night.hears(b"UNB+UNOA:3+CBSA+SMPL+261124:1216+77'" + rns(at=TEN) + b"UNZ+1+77'")
    assert (await night.stands())[1] == []


async def test_a_negative_answer_is_a_hold(made: Made) -> None:
    night = await made().begin()
    await accepted(night)
    await night.until(TWELVE + 4 * MINUTE)
    await night.hears(rns("14+01", at=night.now))
    (question,) = await night.questions()
    assert (question.answered_at, question.answer) == (night.now, "NO_RELEASE")
    await night.until(night.now + 10 * MINUTE)
    answer, buts, holds = await night.stands()
    assert (answer, buts) == ("hold", [])
    assert "link_broken" in holds


async def test_what_came_before_a_question_was_handed_over_is_no_answer(made: Made) -> None:
    night = await made().begin()
    await accepted(night)
    await night.until(TWELVE, hand=False)
    await night.hears(rns("24", at=TWELVE))
    assert [q.answered_at for q in await night.questions()] == [None]
    await night.asker().look()
    night.now += MINUTE
    await night.hears(rns("34", at=night.now))
    assert [q.answered_at for q in await night.questions()] == [night.now]


async def test_a_feed_that_can_not_ask_never_makes_an_acceptance_stale(made: Made) -> None:
    night = await made(asking(None)).begin()
    await accepted(night)
    await night.until(ETA)
    assert await night.asked() == []
    assert (await night.stands())[1:] == ([], {})


async def test_a_dead_feed_is_asked_nothing_and_what_was_missed_is_asked_when_it_lives(made: Made) -> None:
    night = await made().begin()
    await accepted(night)
    night.world.ears["rns"] = replace(night.world.ears["rns"], liveness=Liveness.DEAD)
    await night.until(TWELVE + 20 * MINUTE)
    assert await night.asked() == []
    night.world.ears["rns"] = replace(night.world.ears["rns"], liveness=Liveness.ALIVE)
    async with night.db.work("home", night.now, write=True) as work:
        await work.loads.touch([(await the_load(night.db)).id], night.now)
    await night.until(night.now + MINUTE)
    assert await night.asked() == [("near", night.now)]


async def test_a_restart_asks_nothing_twice_and_loses_nothing(made: Made, db: Database) -> None:
    night = await made().begin()
    await accepted(night)
    await night.until(TWELVE, hand=False)  # decided and committed, and killed before it was handed over
    assert night.files() == []
    again = made(asking(), now=night.now)
    await again.until(TWELVE + 5 * MINUTE)
    assert await again.asked() == [("near", TWELVE)]
    assert len(again.files()) == 1


async def test_a_kill_after_the_file_was_written_writes_the_same_file(made: Made) -> None:
    night = await made().begin()
    await accepted(night)
    await night.until(TWELVE, hand=False)
    (question,) = await night.questions()
    asker = night.asker()
    tray = asker._trays["rns"]
    (night.out).mkdir()
    (night.out / f"cusrep-{question.id}.edi").write_bytes(tray.written(question))
    (night.out / f".cusrep-{question.id}.edi.tmp").write_bytes(b"half")
    assert await asker.look() == 1
    assert len(night.files()) == 1
    assert (await night.questions())[0].sent_at == TWELVE
    assert await asker.look() == 0


async def test_two_processes_hand_a_question_over_once(
    made: Made, db_url: str, open_db: Callable[..., Database]
) -> None:
    night = await made().begin()
    await accepted(night)
    await night.until(TWELVE, hand=False)
    other = replace(night, db=open_db(db_url))
    counts = [await night.asker().look(), await other.asker().look()]
    assert counts == [1, 0]
    assert len(night.files()) == 1


async def test_a_feed_that_is_polled_is_asked_first_and_once_and_the_same_answer_again_counts(made: Made) -> None:
    night = await made(asking(Way.POLL, "page"), more={"page": Page()}, feed="page").begin()
    async with night.db.dock(NOW, write=True) as dock:
        await dock.feeds.ensure("page", "alive", NOW)
    (cover,) = [c for c in night.world.carriers["home"].feeds if c.asks]
    desk = NumbersAhead(night.db, night.world, cover, ["home"], "https://x.example/{number}", lambda: night.now)

    async def sees(body: str = f"READY {TEN.isoformat()} x") -> None:
        await night.ingest.keep([night.arrived(body.encode(), "page", observation=True)])

    await night.until(TEN)
    for request in await desk.due():
        desk.asked(request, answered=True)
    await sees()
    await add(night.db, night.world, row("77", pars="SMPLPARS77", eta="2026-11-24 11:05", direction="CA"), by=person())
    await night.until(TWELVE - MINUTE)
    for request in await desk.due():
        desk.asked(request, answered=True)
    await night.until(TWELVE)
    assert await night.asked() == [("near", TWELVE)]
    first, *_rest = await desk.due()
    assert first.about == f"ccn {PARS}"  # one that is nearer to the border waits
    desk.asked(first, answered=True)
    assert f"ccn {PARS}" not in [r.about for r in await desk.due()]
    night.now += MINUTE
    await sees()
    (question,) = await night.questions()
    assert (question.sent_at, question.answered_at, question.answer) == (TWELVE, night.now, "same")
    await night.until(TWELVE + 20 * MINUTE)
    assert (await night.stands())[1] == []


async def test_a_question_to_a_polled_feed_outlives_a_restart_until_it_is_answered(made: Made) -> None:
    night = await made(asking(Way.POLL, "page"), more={"page": Page()}, feed="page").begin()
    (cover,) = [c for c in night.world.carriers["home"].feeds if c.asks]

    async def asks(at: datetime) -> list[str]:
        desk = NumbersAhead(night.db, night.world, cover, ["home"], "https://x.example/{number}", lambda: at)
        return [r.about for r in await desk.due()]

    await night.until(TEN)
    await night.ingest.keep([night.arrived(f"READY {TEN.isoformat()} x".encode(), "page", observation=True)])
    await night.until(TWELVE)
    assert await asks(TWELVE + MINUTE) == [f"ccn {PARS}"]
    assert await asks(TWELVE + MINUTE) == [f"ccn {PARS}"]


async def test_a_load_into_the_us_is_asked_about_only_where_a_feed_hears_of_it(made: Made) -> None:
    only_ca = asking()
    covers = [replace(c, directions=frozenset({Direction.CA})) for c in only_ca.carriers["home"].feeds]
    night = made(world(replace(carrier(), feeds=tuple(covers))))
    cells = {"direction": "US", "paps": "SMPL7777", "eta": "2026-11-24 14:00", "kind": "loaded"}
    await add(night.db, night.world, row(**cells), by=person())
    await night.until(ETA)
    assert await night.asked() == []
