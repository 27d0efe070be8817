"""Long interchanges in pieces: the same messages and problems, little memory; a kill between two loses nothing."""

import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.feeds import edifact, x12
from bot.feeds.folder import Drop, Folder
from bot.feeds.pieces import PIECE, Uncut, cuttable, pieces
from bot.feeds.protocol import Arrived
from tests.feeds.test_folder import DAY, NOW, Desk
from tests.feeds.x12_made import a_set, group, interchange, many

USUAL = bytes.maketrans(b":+?'", b"|*!~")


def edi(count: int, control: int = 1, *, grouped: bool = False, others: bool = False) -> bytes:
    """An EDIFACT interchange of so many answers, whose text holds released separators."""
    made = [
        f"UNH+{i}+CUSRES:D:96A:UN'GIS+4'FTX+AAO+++it?'s?+ UNH?'UNH+x??'RFF+XC:SMPLPARS{i}'UNT+5+{i}'\n".encode()
        for i in range(1, count + 1)
    ]
    head, tail = f"UNG+CUSRES+A+B+260115:1031+G{control}+UN+D:96A'", f"UNE+{count}+G{control}'"
    inner = b"".join([head.encode(), *made, tail.encode()] if grouped else made)
    last = f"UNZ+{1 if grouped else count}+R{control}'\n".encode()
    whole = f"UNB+UNOA:3+CBSA+SMPL+260115:1031+R{control}'".encode() + inner + last
    return b"UNA|*.! ~" + whole.translate(USUAL) if others else whole


def two_groups(marks: str = "*:~", end: str = "\n") -> bytes:
    sets = [a_set("350", [f"X4*PAPS{i:05}*10*01", "K1*ST*SE*GE"], f"{i:04}", marks) for i in range(60)]
    return interchange([group(sets, marks=marks), group(sets[:9], control=46, marks=marks)], marks=marks, end=end)


def of_x12(bodies: list[bytes]) -> tuple[list[object], list[str]]:
    parsed = [x12.parse(body) for body in bodies]
    sets = [(s.group.interchange.ref, s.group.ref, s.type, s.ref, s.segments) for p in parsed for s in p.sets]
    return list(sets), [p.why for one in parsed for p in one.problems]


def of_edifact(bodies: list[bytes]) -> tuple[list[object], list[str]]:
    parsed = [edifact.parse(body) for body in bodies]
    found = [(m.interchange.ref, m.type, m.ref, m.segments) for p in parsed for m in p.messages]
    return list(found), [p.why for one in parsed for p in one.problems]


WHOLE: dict[str, tuple[bytes, Callable[[list[bytes]], tuple[list[object], list[str]]]]] = {
    "x12": (many(60), of_x12),
    "x12, groups": (two_groups(), of_x12),
    "x12, newline": (two_groups("*:\n", ""), of_x12),
    "x12, several": (many(20, 1) + two_groups("|^!") + many(20, 3), of_x12),
    "x12, small ones": (b"".join(many(1, i) for i in range(1, 50)), of_x12),
    "x12, wrong counts": (many(30).replace(b"GE*30*", b"GE*31*").replace(b"IEA*1*", b"IEA*2*"), of_x12),
    "x12, a bad set": (many(30).replace(b"SE*6*0017", b"SE*6*0018"), of_x12),
    "x12, no end": (many(30)[:-30], of_x12),
    "x12, unpadded": (many(30).replace(b" " * 10, b"").replace(b"CBP            ", b"CBP"), of_x12),
    "edifact": (edi(40), of_edifact),
    "edifact, groups": (edi(40, grouped=True), of_edifact),
    "edifact, others": (edi(40, others=True) + edi(30, 2, others=True), of_edifact),
    "edifact, mixed": (edi(20) + edi(30, 2, others=True) + b"UNA:+.? '" + edi(5, 3), of_edifact),
    "edifact, bare": (edi(40).split(b"'", 1)[1].rsplit(b"UNZ", 1)[0], of_edifact),
    "edifact, wrong count": (edi(40).replace(b"UNZ+40", b"UNZ+41"), of_edifact),
    "edifact, no end": (edi(40)[:-9], of_edifact),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("size", [300, 1000, 2500])
def test_pieces_say_what_the_whole_says(name: str, size: int) -> None:
    body, read = WHOLE[name]
    cut = list(pieces(io.BytesIO(body), size))
    assert len(cut) > 1
    assert cuttable(body[:4096])
    messages, problems = read([body])
    found, now_problems = read(cut)
    assert found == messages
    assert len(now_problems) == len(problems)
    assert max(map(len, cut)) < size + 900


@pytest.mark.parametrize("name", WHOLE)
def test_the_same_file_always_gives_the_same_pieces(name: str) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(777, size or 777))

    body, _ = WHOLE[name]
    small, slow = list(pieces(io.BytesIO(body), 1000)), list(pieces(Slow(body), 1000))
    assert slow == small


@settings(max_examples=100, deadline=None)
@given(name=st.sampled_from(sorted(WHOLE)), data=st.data())
def test_no_blow_costs_more_in_pieces_than_as_a_whole(name: str, data: st.DataObject) -> None:
    body, read = WHOLE[name]
    at = data.draw(st.integers(200, len(body)))
    spoilt = body[:at] + data.draw(st.binary(max_size=6)) + body[at + data.draw(st.integers(0, 40)) :]
    messages, problems = read([spoilt])
    found, now_problems = read(list(pieces(io.BytesIO(spoilt), 1000)))
    assert [m for m in found if m not in messages] == []
    assert len(found) >= len(messages) - 2
    assert bool(now_problems) >= bool(problems) or not problems


def test_a_message_without_end_is_not_read_into_memory() -> None:
    endless = many(3)[:-40] + b"K1*SAMPLE~\n" * 100_000
    with pytest.raises(Uncut, match="no message begins"):
        list(pieces(io.BytesIO(endless), 10_000, 100_000))


@pytest.mark.parametrize("start", [b"", b"{}", b"ISA", b"ISABEL,1", b"a,b\n", b"UNB", b"<xml/>", b"\xff\xfeI\0"])
def test_other_files_are_not_cut(start: bytes) -> None:
    assert not cuttable(start)


def test_memory_does_not_grow_with_the_file() -> None:
    class Endless(io.RawIOBase):
        """So many sets, made as they are read."""

        def __init__(self, chunks: int) -> None:
            self.left = [interchange([])[:107], *[b"".join(many(400).splitlines(True)[1:-2])] * chunks]

        def read(self, size: int = -1) -> bytes:
            return self.left.pop(0) if self.left else b""

    peaks = []
    for chunks in (30, 120):
        tracemalloc.start()
        count = sum(1 for _ in pieces(Endless(chunks), 200_000))  # type: ignore[arg-type]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert count >= chunks // 5
    assert peaks[1] < 1.2 * peaks[0] + 300_000


LONG = many(18_000)


def long_desk(tmp_path: Path, **settings: int) -> Desk:
    desk = Desk(tmp_path, **settings)
    desk.put("long.edi", LONG)
    desk.put("short.edi", many(1))
    return desk


async def test_a_long_interchange_is_kept_piece_by_piece_and_moved_after_the_last(tmp_path: Path) -> None:
    desk = long_desk(tmp_path, largest=1_000_000)
    desk.kept.before = lambda: desk.kept.batches and desk.files()[-2:] == ["long.edi", "short.edi"]
    assert await desk.settled() == 2
    *parts, short = [one for batch in desk.kept.batches for one in batch]
    assert [one.part for one in parts] == [1, 2, 3]
    assert [one.name for one in parts] == ["long.edi#1", "long.edi#2", "long.edi#3"]
    assert all(len(one.body) < PIECE + 1000 for one in parts)
    assert sum(len(x12.parse(one.body).sets) for one in parts) == 18_000
    assert (short.name, short.part) == ("short.edi", 0)
    assert desk.files() == [f"done/{DAY}/long.edi", f"done/{DAY}/short.edi"]


async def test_a_kill_in_the_middle_brings_the_same_pieces_again(tmp_path: Path) -> None:
    desk = long_desk(tmp_path)
    kept: list[Arrived] = []

    async def die_at_the_third(arrived: list[Arrived]) -> None:
        if len(kept) == 2:
            raise OSError("disk full")
        kept.extend(arrived)

    desk.folder.keep = die_at_the_third
    with pytest.raises(OSError, match="disk full"):
        await desk.settled()
    assert desk.files() == ["long.edi", "short.edi"]
    again = Desk(tmp_path)
    assert await again.settled() == 2
    first = [batch[0] for batch in again.kept.batches[:2]]
    assert all(one.held for one in first), "these may have been taken before the kill"
    same = [replace(one, held=False) for one in first] == kept
    assert same


async def test_a_long_file_that_can_not_be_cut_goes_to_bad_and_what_was_read_is_said(tmp_path: Path) -> None:
    desk = Desk(tmp_path, largest=1_000_000)
    desk.put("long.edi", LONG[:-40] + b"K1*SAMPLE~\n" * 300_000)
    await desk.settled()
    *parts, bad = [one for batch in desk.kept.batches for one in batch]
    assert len(parts) == 2
    assert bad.body == b""
    assert bad.problem is not None
    assert "no message begins" in bad.problem.why
    assert "in 2 pieces" in bad.problem.why
    assert desk.files() == [f"bad/{DAY}/long.edi"]


async def test_a_long_file_that_is_no_interchange_has_the_limit_of_a_message(tmp_path: Path) -> None:
    desk = Desk(tmp_path, largest=2_500_000)
    desk.put("a.csv", b"number,pars\n" * 200_000)
    desk.put("b.csv", b"number,pars\n" * 300_000)
    await desk.settled()
    assert desk.files() == [f"bad/{DAY}/b.csv", f"done/{DAY}/a.csv"]


def test_the_watch_reads_interchanges_a_hundred_times_as_long_as_messages(tmp_path: Path) -> None:
    folder = Folder(Drop("x", tmp_path, largest=20_000), desk_keep, lambda: NOW, lambda: 0.0)
    (tmp_path / "long.edi").write_bytes(LONG)
    folder._settled()
    assert not folder._is_long("long.edi")


async def desk_keep(_: list[Arrived]) -> None:
    raise AssertionError("nothing is kept here")
