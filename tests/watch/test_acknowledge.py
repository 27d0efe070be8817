"""Long interchanges taken in piece by piece, and the 997 that answers what was kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from x12.core.parser import parse_x12_interchange
from x12.core.tokenizer import tokenize_x12

from bot.app import opened
from bot.clock import Clock
from bot.config import read_config
from bot.feeds.folder import Drop, Folder
from bot.feeds.protocol import Arrived
from bot.feeds.registry import SOURCES
from bot.feeds.sources.ace_truck_350 import SOURCE as ACE
from bot.feeds.x12 import parse
from bot.feeds.x12_reply import acknowledgements
from bot.watch.acknowledge import Acknowledge, Desk
from tests.feeds.x12_made import a_set, group, interchange, many, one, released
from tests.watch.ground import MINUTE, NOW, Feeds, carrier, tables, world

ZONE = carrier().zone


def feeds(db) -> Feeds:
    return Feeds(db, world(), more={"ace": ACE})


def desk(folder: Path) -> Desk:
    return Desk(folder / "out", lambda body, received: acknowledgements(body, received, ZONE))


async def answering(db, tmp_path: Path, clock: Callable[[], float] = lambda: 1000.0) -> Acknowledge:
    found = Acknowledge(db, {"ace": desk(tmp_path)}, lambda: NOW, clock)
    await found.begin()
    return found


def answers(tmp_path: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((tmp_path / "out").glob("*"))} if (tmp_path / "out").exists() else {}


def segments(body: bytes) -> list[str]:
    return [s.raw.decode() for s in tokenize_x12(body).segments]


def test_a_997_says_what_was_read_of_a_group_and_what_was_not() -> None:
    spoilt = many(3, 12).replace(b"SE*6*0002", b"SE*7*0002")
    ((name, body),) = acknowledgements(spoilt, NOW, ZONE)
    assert name == "997-CBP-000000012-45.edi"
    parse_x12_interchange(tokenize_x12(body))
    head, *inner = segments(body)
    assert head == (
        "ISA*00*          *00*          *ZZ*SMPL           *ZZ*CBP            *261124*0900*U*00406*000000012*0*P*:"
    )
    assert inner == [
        "GS*FA*SMPL*CBP*20261124*0900*12*X*004060",
        *("ST*997*0001", "AK1*AU*45", "AK2*350*0001", "AK5*A", "AK2*350*0002", "AK5*R*4", "AK2*350*0003", "AK5*A"),
        *("AK9*P*3*3*2", "SE*10*0001", "GE*1*12", "IEA*1*000000012"),
    ]
    assert parse(body).problems == []


def test_answers_are_not_answered_and_what_is_no_interchange_neither() -> None:
    assert acknowledgements(one("997", "AK1*SM*1", "AK9*A*1*1*1", code="FA"), NOW, ZONE) == []
    assert acknowledgements(b"SAMPLE", NOW, ZONE) == []


@pytest.mark.parametrize("marks", ["|^!", "*>\n", "\x1d\x1f\x1e"])
def test_a_997_has_the_separators_of_what_it_answers_and_every_group(marks: str) -> None:
    made = [group([a_set("350", ["X4*A"], marks=marks)], control=n, marks=marks) for n in (45, 46)]
    ((_, body),) = acknowledgements(interchange(made, marks=marks), NOW, ZONE)
    found = parse(body)
    assert [s.segments[0] for s in found.sets] == [["AK1", "AU", "45"], ["AK1", "AU", "46"]]
    assert found.problems == []


async def test_what_was_kept_is_answered_once(sqlite_db, tmp_path: Path) -> None:
    them, answer = feeds(sqlite_db), await answering(sqlite_db, tmp_path)
    await them.hears(released("02"), feed="ace")
    assert await answer.look() == 1
    before = answers(tmp_path)
    assert list(before) == ["997-CBP-000000007-45.edi"]
    (tmp_path / "out" / "997-CBP-000000007-45.edi").unlink()  # the gateway fetched it
    await them.hears(released("02"), many(1, 9), feed="ace")
    assert await answer.look() == 1
    assert list(answers(tmp_path)) == ["997-CBP-000000009-45.edi"]
    await them.hears(b"SAMPLE", feed="ace")
    assert await answer.look() == 1
    assert len(answers(tmp_path)) == 1


async def test_what_was_kept_before_is_not_answered_and_other_feeds_are_not(sqlite_db, tmp_path: Path) -> None:
    them = feeds(sqlite_db)
    await them.hears(released("02"), feed="ace")
    answer = await answering(sqlite_db, tmp_path)
    await them.hears(many(1, 9), feed="rns")
    assert await answer.look() == 0
    assert answers(tmp_path) == {}


async def test_a_kill_before_the_answer_is_made_good_by_the_next_start(sqlite_db, tmp_path: Path) -> None:
    them = feeds(sqlite_db)
    await answering(sqlite_db, tmp_path)
    await them.hears(released("02"), feed="ace")
    again = await answering(sqlite_db, tmp_path)
    assert await again.look() == 1
    assert list(answers(tmp_path)) == ["997-CBP-000000007-45.edi"]


async def test_a_kill_after_the_answer_may_say_it_twice_and_with_the_same_bytes(sqlite_db, tmp_path: Path) -> None:
    them = feeds(sqlite_db)
    await (first := await answering(sqlite_db, tmp_path)).look()
    await them.hears(released("02"), feed="ace")
    await first.look()
    before = answers(tmp_path)
    assert await (await answering(sqlite_db, tmp_path)).look() == 1
    assert answers(tmp_path) == before


async def test_an_answer_that_can_not_be_written_waits_and_nothing_is_lost(sqlite_db, tmp_path: Path) -> None:
    them, answer = feeds(sqlite_db), await answering(sqlite_db, tmp_path)
    (tmp_path / "out").write_bytes(b"in the way")
    await them.hears(released("02"), feed="ace")
    with pytest.raises(FileExistsError):
        await answer.look()
    (tmp_path / "out").unlink()
    assert await answer.look() == 1
    assert len(answers(tmp_path)) == 1


async def test_a_message_committed_after_one_with_a_later_id_is_answered_too(sqlite_db, tmp_path: Path) -> None:
    moment = [1000.0]
    them, answer = feeds(sqlite_db), await answering(sqlite_db, tmp_path, lambda: moment[0])
    await them.hears(many(1, 5), feed="ace")
    async with sqlite_db.dock(NOW) as dock:
        (late,) = await dock.raws.page("ace")
    await them.hears(many(1, 6), feed="ace")
    await answer.look()
    early = replace(late, id=late.id[:-1] + ("0" if late.id[-1] != "0" else "1"), sha="other", body=many(1, 4))
    async with sqlite_db.dock(NOW, write=True) as dock:
        await dock.raws.keep([early])
    moment[0] += 60
    await answer.look()
    assert "997-CBP-000000004-45.edi" in answers(tmp_path)


async def test_what_was_answered_long_ago_is_looked_at_no_more(sqlite_db, tmp_path: Path) -> None:
    moment = [1000.0]
    them, answer = feeds(sqlite_db), await answering(sqlite_db, tmp_path, lambda: moment[0])
    await them.hears(released("02"), feed="ace")
    await answer.look()
    moment[0] += 700
    await answer.look()
    assert answer._desks["ace"].done == {}
    later = await answering(sqlite_db, tmp_path)
    assert await later.look() == 0


def long_folder(them: Feeds, path: Path) -> Folder:
    return Folder(Drop("ace", path, settle=0.0), them.ingest.keep, lambda: them.now, lambda: 0.0)


async def test_a_long_interchange_is_taken_in_whole_though_a_kill_came_between(sqlite_db, tmp_path: Path) -> None:
    them, path, count = feeds(sqlite_db), tmp_path / "feed", 0
    path.mkdir()
    (path / "long.edi").write_bytes(many(15_000))

    async def killed(arrived: list[Arrived]) -> None:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt
        await them.ingest.keep(arrived)

    folder = long_folder(them, path)
    folder.keep = killed
    with pytest.raises(KeyboardInterrupt):
        await folder.look()
    them.now += MINUTE
    assert await long_folder(them, path).look() == 1
    found = await tables(sqlite_db)
    assert len(found["report"]) == 15_000
    async with sqlite_db.dock(them.now) as dock:
        refs = [(raw.ref, raw.seen, raw.received - NOW) for raw in await dock.raws.page("ace")]
    # As of when the file was taken first, each a moment behind the one before.
    moments = [timedelta(microseconds=n) for n in range(3)]
    assert refs == list(zip((f"000000007/45#{n}" for n in (1, 2, 3)), (2, 1, 1), moments, strict=True))
    assert await them.problems() == []
    answer = Acknowledge(sqlite_db, {"ace": desk(tmp_path)}, lambda: NOW, lambda: 0.0)
    await answer.look()
    assert [name[-8:] for name in answers(tmp_path)] == [f"45-{n}.edi" for n in (1, 2, 3)]


async def test_a_feed_with_acknowledge_answers_what_is_dropped_into_it(sqlite_url, tmp_path: Path) -> None:
    file = tmp_path / "holdwatch.toml"
    file.write_text('[feeds.ace]\nsource = "ace_truck_350"\nacknowledge = true\nsettle = "0s"\nzone = "UTC"\n')
    config = read_config(file, tmp_path / "var", SOURCES)
    async with opened(config, sqlite_url, Clock(), tmp_path / "var") as app:
        place = next(f for f in app.folders() if f.drop.feed == "ace")
        place.drop.path.mkdir(parents=True)
        (place.drop.path / "a.edi").write_bytes(released("02"))
        assert await place.look() == 1
        assert await app.acknowledge.look() == 1
    assert list(answers(tmp_path / "var" / "feeds" / "ace")) == ["997-CBP-000000007-45.edi"]
