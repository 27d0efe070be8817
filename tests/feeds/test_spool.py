"""The file of messages that nobody can bring again, and what has them kept."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds.protocol import Arrived, Problem
from bot.feeds.safe import Safe
from bot.feeds.spool import Spool, read
from tests.patience import PATIENCE, until

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def arrived(body: bytes, second: int = 0, **more: object) -> Arrived:
    return Arrived("bc", body, "frame", NOW + timedelta(seconds=second), **more)  # type: ignore[arg-type]


def bodies(found: list[Arrived]) -> list[bytes]:
    return [one.body for one in found]


def left(folder: Path) -> list[Arrived]:
    """What the next run would find."""
    spool = Spool(folder, "bc")
    found = spool.open()
    spool.close()
    return found


class Store:
    """Keeps what comes, unless it is away."""

    def __init__(self) -> None:
        self.kept: list[Arrived] = []
        self.away = False
        self.tries = 0

    async def keep(self, arrivals: list[Arrived]) -> None:
        self.tries += 1
        if self.away:
            raise ConnectionError("the database is away")
        self.kept += arrivals


def test_what_was_appended_is_there_after_a_new_start_in_order_and_byte_for_byte(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "bc")
    assert spool.open() == []
    first = [arrived(b"one\ntwo\n", 1), arrived(b"\0\xff{}", 2), arrived(b"", 3, problem=Problem("frame", "too large"))]
    spool.append(first)
    spool.append([arrived(b"", 4)])
    spool.close()
    again = left(tmp_path)
    assert bodies(again) == [b"one\ntwo\n", b"\0\xff{}", b"", b""]
    assert [one.received for one in again] == [NOW + timedelta(seconds=n) for n in (1, 2, 3, 4)]
    assert again[2].problem == Problem("frame", "too large") and all(one.held for one in again)


def test_what_was_stored_is_forgotten(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "bc")
    spool.open()
    spool.append([arrived(b"one"), arrived(b"two"), arrived(b"three")])
    spool.only([arrived(b"three")])
    spool.append([arrived(b"four", 1)])
    assert bodies(read((tmp_path / "0.spool").read_bytes(), "bc", NOW)) == [b"three", b"four"]
    spool.only([])
    assert (tmp_path / "0.spool").stat().st_size == 0
    spool.append([arrived(b"five")])
    spool.close()
    assert bodies(left(tmp_path)) == [b"five"]


def test_two_runs_on_one_folder_have_a_file_each_and_take_up_only_those_of_the_dead(tmp_path: Path) -> None:
    one, two = Spool(tmp_path, "bc"), Spool(tmp_path, "bc")
    one.open()
    one.append([arrived(b"of one", 1)])
    assert two.open() == []
    two.append([arrived(b"of two", 2)])
    one.close()
    three = Spool(tmp_path, "bc")
    assert bodies(three.open()) == [b"of one"]
    two.close()
    three.close()
    assert bodies(left(tmp_path)) == [b"of one", b"of two"]
    assert len(list(tmp_path.glob("*.spool"))) == 1


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.feeds.protocol import Arrived
from bot.feeds.spool import Spool
spool = Spool(Path(sys.argv[1]), "bc")
spool.open()
for n in range(50):
    spool.append([Arrived("bc", b"message %d" % n, "frame", datetime.now(UTC))])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_kill_9_after_an_append_loses_nothing(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], timeout=PATIENCE, check=False)
    assert ended.returncode != 0
    assert bodies(left(tmp_path)) == [b"message %d" % n for n in range(50)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=4), st.data())
def test_a_file_cut_anywhere_keeps_what_is_whole_and_tells_of_the_rest(
    pieces: list[bytes], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        spool = Spool(Path(folder), "bc")
        spool.open()
        ends = []
        for piece in pieces:
            spool.append([arrived(piece)])
            ends.append(spool.size)
        spool.close()
        whole = (Path(folder) / "0.spool").read_bytes()
    cut = data.draw(st.integers(0, len(whole)))
    found = read(whole[:cut], "bc", NOW)
    sound = sum(end <= cut + 1 for end in ends)  # the last line end is no part of a message
    assert bodies(found)[:sound] == pieces[:sound]
    left = found[sound:]
    at_an_end = cut in (0, *ends) or cut + 1 in ends
    assert (not left) if at_an_end else any(one.problem for one in left)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_in_the_file_make_it_raise_and_none_are_dropped_in_silence(data: bytes) -> None:
    found = read(data, "bc", NOW)
    assert found or not data.strip()


async def test_what_the_database_does_not_take_waits_on_disk_and_is_kept_in_order(tmp_path: Path) -> None:
    store = Store()
    store.away = True
    safe = Safe("bc", Spool(tmp_path, "bc"), store.keep)

    async def bring() -> None:
        for n in range(1200):
            safe.put(arrived(b"%d" % n, n))
        await safe.written()
        await until(lambda: store.tries > 0)
        assert len(read((tmp_path / "0.spool").read_bytes(), "bc", NOW)) == 1200
        store.away = False
        await until(lambda: len(store.kept) == 1200)

    await asyncio.wait_for(_to_its_end(safe, bring), PATIENCE)
    assert bodies(store.kept) == [b"%d" % n for n in range(1200)]
    assert bodies(left(tmp_path)) == []


async def _to_its_end(safe: Safe, bring: Callable[[], object]) -> None:
    """Runs it beside what brings messages until that is done."""
    done = asyncio.Event()

    async def work() -> None:
        await bring()  # type: ignore[misc]
        done.set()
        await asyncio.Event().wait()

    running = asyncio.ensure_future(safe.beside(work))
    finished = asyncio.ensure_future(done.wait())
    await asyncio.wait([running, finished], return_when=asyncio.FIRST_COMPLETED)
    finished.cancel()
    await asyncio.sleep(0.05)
    running.cancel()
    try:
        await running
    except asyncio.CancelledError:
        return


async def test_what_an_earlier_run_left_comes_first_and_says_that_it_may_be_there(tmp_path: Path) -> None:
    before = Spool(tmp_path, "bc")
    before.open()
    before.append([arrived(b"left")])
    before.close()
    store = Store()
    safe = Safe("bc", Spool(tmp_path, "bc"), store.keep)

    async def bring() -> None:
        safe.put(arrived(b"new", 1))
        await until(lambda: len(store.kept) == 2)

    await _to_its_end(safe, bring)
    assert [(one.body, one.held) for one in store.kept] == [(b"left", True), (b"new", False)]


async def test_one_that_was_tried_before_says_that_it_may_be_there(tmp_path: Path) -> None:
    store = Store()
    store.away = True
    safe = Safe("bc", Spool(tmp_path, "bc"), store.keep)

    async def bring() -> None:
        safe.put(arrived(b"one"))
        await until(lambda: store.tries > 0)
        store.away = False
        await until(lambda: bool(store.kept))

    await _to_its_end(safe, bring)
    assert [one.held for one in store.kept] == [True]


async def test_no_more_is_held_than_may_be(tmp_path: Path) -> None:
    store = Store()
    store.away = True
    safe = Safe("bc", Spool(tmp_path, "bc"), store.keep, most=1000)

    async def bring() -> None:
        await safe.room()
        safe.put(arrived(b"x" * 1000))
        waiting = asyncio.ensure_future(safe.room())
        assert not (await asyncio.wait([waiting], timeout=0.1))[0]
        store.away = False
        await asyncio.wait_for(waiting, PATIENCE)

    await _to_its_end(safe, bring)
    assert len(store.kept) == 1


_FULL = """
import asyncio, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.feeds.protocol import Arrived
from bot.feeds.safe import Safe
from bot.feeds.spool import Spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
kept, gate = [], asyncio.Event()
async def store(arrivals):
    await gate.wait()
    kept.extend(one.body for one in arrivals)
safe = Safe("bc", Spool(Path(sys.argv[1]), "bc"), store)
def one(body):
    return Arrived("bc", body, "frame", datetime.now(UTC))
async def bring():
    safe.put(one(b"small"))
    await safe.written()
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    safe.put(one(b"x" * 5000))
    safe.put(one(b"y"))
    writing = asyncio.ensure_future(safe.written())
    assert not (await asyncio.wait([writing], timeout=0.2))[0], "safe where nothing is"
    gate.set()
    await asyncio.wait_for(writing, 60)
    print(*(body[:5].decode() for body in kept), Path(sys.argv[1], "0.spool").stat().st_size)
    raise SystemExit
asyncio.run(safe.beside(bring))
"""


def test_where_the_disk_takes_nothing_a_message_is_safe_once_the_database_has_it(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path)], timeout=PATIENCE, check=False, capture_output=True, text=True
    )
    assert ended.stdout == "small xxxxx y 0\n", ended.stderr


async def test_nothing_is_brought_while_the_folder_cannot_be_used(tmp_path: Path) -> None:
    store, begun = Store(), asyncio.Event()
    (tmp_path / "spool").write_text("a file where a folder should be")
    safe = Safe("bc", Spool(tmp_path / "spool", "bc"), store.keep)

    async def bring() -> None:
        begun.set()
        safe.put(arrived(b"one"))
        await until(lambda: bool(store.kept))

    running = asyncio.ensure_future(_to_its_end(safe, bring))
    await asyncio.sleep(0.1)
    assert not begun.is_set()
    (tmp_path / "spool").unlink()
    await asyncio.wait_for(running, PATIENCE)
    assert bodies(store.kept) == [b"one"]
