"""The X12 reader, with pyx12 and the tokenizer of ansi-x12 as oracles."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyx12.x12file import X12Reader
from x12.core.parser import parse_x12_interchange
from x12.core.tokenizer import tokenize_x12

from bot.feeds.x12 import digits, parse, sender_ref
from tests.feeds.x12_made import a_set, group, interchange, many, one
from tests.patience import costs

MARKS = st.sampled_from(["*:~", "|^!", "*>\n", "*:\x1c", "+:'", "\x1d\x1f\x1e"])
NOISE = st.sampled_from(["", "\n", "\r\n", "\r\n\r\n", "  "])
VALUES = st.text("ABZ019 .-,/()É", max_size=8).map(str.strip)
TAGS = st.sampled_from(["X4", "V9", "K1", "N9", "VID", "M10", "NM1"])
SEGMENTS = st.lists(st.tuples(TAGS, st.lists(VALUES, max_size=5)), min_size=1, max_size=6)
SETS = st.lists(SEGMENTS, min_size=1, max_size=4)
GROUPS = st.lists(SETS, min_size=1, max_size=3)


def lines(segments: list[tuple[str, list[str]]]) -> list[str]:
    return ["*".join([tag, *values]) for tag, values in segments]


def written(groups: list[list[list[tuple[str, list[str]]]]], marks: str, noise: str, version: str) -> bytes:
    made = []
    for number, sets in enumerate(groups, 1):
        own = [a_set("350", lines(segments), f"{i:04}", marks) for i, segments in enumerate(sets, 1)]
        made.append(group(own, control=number, marks=marks))
    return interchange(made, marks=marks, end=noise, version=version)


def by_pyx12(text: str) -> list[list[list[str]]]:
    """Segments of each set, as pyx12 reads them."""
    found: list[list[list[str]]] = []
    for segment in X12Reader(io.StringIO(text)):
        parts = [segment.get_seg_id(), *(e.format(":") for e in segment.elements)]
        if parts[0] == "ST":
            found.append([])
        elif parts[0] not in ("ISA", "GS", "SE", "GE", "IEA"):
            found[-1].append(parts)
    return found


def trimmed(parts: list[str]) -> list[str]:
    while parts and not parts[-1]:
        parts = parts[:-1]
    return parts


@settings(max_examples=100, deadline=None)
@given(groups=GROUPS, noise=st.sampled_from(["", "\n"]), version=st.sampled_from(["00401", "00501"]))
def test_segments_are_those_that_pyx12_finds(groups, noise: str, version: str) -> None:
    body = written(groups, "*:~", noise, version)
    ours = parse(body)
    assert ours.problems == []
    theirs = by_pyx12(body.decode("latin-1"))
    assert [[trimmed(s) for s in one.segments] for one in ours.sets] == [[trimmed(s) for s in one] for one in theirs]


@settings(max_examples=100, deadline=None)
@given(groups=GROUPS, marks=MARKS, noise=NOISE)
def test_sets_are_those_that_the_library_finds_whatever_the_separators(groups, marks: str, noise: str) -> None:
    body = written(groups, marks, noise if marks[2] != "\n" else "", "00406")
    ours = parse(body)
    assert ours.problems == []
    theirs = parse_x12_interchange(tokenize_x12(body))
    assert [(s.group.ref, s.ref, s.segments) for s in ours.sets] == [
        (str(g.control_number, "ascii"), str(t.control_number, "ascii"), segments)
        for g in theirs.groups
        for t in g.transactions
        for segments in [[[s.tag, *(e.decode("latin-1") for e in s.elements)] for s in t.segments]]
    ]


@settings(max_examples=60, deadline=None)
@given(sets=st.lists(SEGMENTS, min_size=3, max_size=3), lost=st.integers(0, 2), data=st.data())
def test_a_set_that_lost_a_segment_is_left_out_and_the_others_are_read(sets, lost: int, data) -> None:
    made = [a_set("350", lines(segments), f"{i:04}") for i, segments in enumerate(sets, 1)]
    del made[lost][data.draw(st.integers(1, len(made[lost]) - 1))]
    ours = parse(interchange([group(made)]))
    assert [s.number for s in ours.sets] == [n for n in (1, 2, 3) if n != lost + 1]
    assert f"set {lost + 1}" in [p.where for p in ours.problems]


@settings(max_examples=80, deadline=None)
@given(segments=SEGMENTS, cut=st.integers(1, 300))
def test_an_interchange_cut_anywhere_is_never_half_read(segments, cut: int) -> None:
    whole = interchange([group([a_set("350", lines(segments))])])
    ours = parse(whole[:-cut])
    assert ours.sets == [] or b"SE*" in whole[:-cut]
    assert ours.problems or cut <= 2


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        (["ST*350*0002~", "X4*A~", "SE*3*0003~"], "it begins as '0002' and ends as '0003'"),
        (["ST*350*0002~", "X4*A~", "SE*4*0002~"], "it says it has 4 segments and has 3"),
        (["ST*350*0002~", "X4*A~"], "it has no end (SE) before the next ST"),
        (["ST*350*0002~", "?*A~", "SE*3*0002~"], "'?' is not the name of a segment"),
        (["ST*350*~", "X4*A~", "SE*3*~"], "it begins as '' and ends as ''"),
    ],
)
def test_one_bad_set_among_good_costs_only_itself(spoilt: list[str], why: str) -> None:
    good = [a_set("350", ["X4*A"], ref) for ref in ("0001", "0004")]
    ours = parse(interchange([group([good[0], spoilt, good[1]])]))
    assert [s.ref for s in ours.sets] == ["0001", "0004"]
    assert ours.problems[0].where == "set 2"
    assert ours.problems[0].why == f"{why}: not read"


def test_an_interchange_among_others_may_be_broken_and_each_has_its_own_separators() -> None:
    first, last = many(1, 1), interchange([group([a_set("350", ["X4*B"], marks="|^!")], marks="|^!")], 3, marks="|^!")
    ours = parse(first + many(1, 2)[:-26] + b"\n" + last + b"\x1a\x00trailing")
    assert [s.group.interchange.ref for s in ours.sets] == ["000000001", "000000002", "000000003"]
    assert [p.where for p in ours.problems] == ["group 45", "interchange 000000002", "file"]
    assert sender_ref(ours) == "000000001/45..000000003/45"


def test_an_unclosed_segment_does_not_swallow_the_envelope_on_the_next_line() -> None:
    body = interchange([group([a_set("350", ["X4*A"], "0001"), a_set("350", ["X4*B"], "0002")])])
    ours = parse(body.replace(b"SE*3*0001~", b"SE*3*0001"))
    assert [s.segments for s in ours.sets] == [[["X4", "A"]], [["X4", "B"]]]


def test_a_lost_terminator_is_not_told_from_a_letter() -> None:
    assert parse(one("350", "X4*A").replace(b":~\n", b":", 1)).sets == []


def test_lines_wrapped_in_the_middle_of_a_segment_are_joined() -> None:
    whole = interchange([group([a_set("350", ["X4*PAPS100123*10*01*9AB12345678*20260115*1020*02**SMPL"])])], end="")
    wrapped = b"\r\n".join(whole[i : i + 80] for i in range(0, len(whole), 80))
    assert parse(wrapped).sets[0].segments == parse(whole).sets[0].segments


def test_a_wrong_count_of_groups_or_sets_is_said_and_the_sets_are_read() -> None:
    ours = parse(many(2).replace(b"GE*2*45", b"GE*3*45").replace(b"IEA*1*000000007", b"IEA*2*000000008"))
    assert len(ours.sets) == 2
    assert [p.why for p in ours.problems] == [
        "it says it has 3 sets, and 2 came",
        "it ends as '000000008': sets may be lost",
    ]


def test_what_is_wrong_with_every_set_is_kept_for_the_answer() -> None:
    spoilt = many(3).replace(b"SE*6*0002", b"SE*7*0002").replace(b"SE*6*0003", b"SE*6*0009")
    (only,) = parse(spoilt).interchanges[0].groups
    assert only.sets == [("350", "0001", ""), ("350", "0002", "4"), ("350", "0003", "3")]


@pytest.mark.parametrize(
    ("date", "time_", "found"),
    [
        ("20260115", "1031", "202601151031"),
        ("260115", "103159", "20260115103159"),
        ("20260115", "10315999", "20260115103159"),
        ("20260115", "", ""),
        ("2026011", "1031", ""),
        ("20260115", "10:31", ""),
    ],
)
def test_dates_and_times_are_put_together(date: str, time_: str, found: str) -> None:
    assert digits(date, time_) == found


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda b: many(2)[:150] + b + many(1)))
def test_no_bytes_make_it_raise(body: bytes) -> None:
    ours = parse(body)
    assert all((p.where + p.why).isprintable() for p in ours.problems)
    assert sender_ref(ours).isprintable()


@pytest.mark.parametrize(
    "body",
    [b"ISA*" * 50_000, many(1)[:107] + b"~" * 1_000_000, many(1)[:107] + b"ST*350*1~" * 100_000, b"\0" * 1_000_000],
    ids=["heads", "terminators", "beginnings", "zeros"],
)
def test_a_monstrous_body_is_read_in_bounded_time_and_with_few_problems(body: bytes) -> None:
    assert costs(lambda: parse(body), 10)
    ours = parse(body)
    assert ours.sets == []
    assert len(ours.problems) <= 100
