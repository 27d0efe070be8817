"""The EDIFACT reader, with pydifact as the oracle."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydifact.control import Characters
from pydifact.token import Token
from pydifact.tokenizer import Tokenizer

from bot.feeds.edifact import elements, parse
from tests.patience import costs

USUAL = ":+.? '"
MARKS = st.sampled_from([USUAL, "|*.! ~", ":+,? '", "+:.?*'", ":+.\\ \n"])
# No blank at either end of a value: pydifact and we both drop blanks between segments, at different sides.
VALUES = st.text("ABZ019:+'?*|~!.,-/éÀ ", max_size=12).map(str.strip)
TAGS = st.text("BGLMDTFX", min_size=3, max_size=3)
SEGMENTS = st.lists(
    st.tuples(TAGS, st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=5)), min_size=1, max_size=8
)
NOISE = st.sampled_from(["", "\n", "\r\n", "\n\n"])


def written(value: str, marks: str) -> str:
    return "".join(marks[3] + c if c in (marks[0], marks[1], marks[3], marks[5]) else c for c in value)


def segment(tag: str, parts: list[list[str]], marks: str) -> str:
    body = marks[1].join(marks[0].join(written(value, marks) for value in part) for part in parts)
    return tag + marks[1] + body + marks[5]


def message(segments: list[tuple[str, list[list[str]]]], marks: str, ref: str) -> list[str]:
    inner = [segment(tag, parts, marks) for tag, parts in segments]
    head = segment("UNH", [[ref], ["CUSRES", "D", "96A", "UN"]], marks)
    return [head, *inner, segment("UNT", [[str(len(inner) + 2)], [ref]], marks)]


def by_oracle(text: str, marks: str) -> list[list[list[str]]]:
    """Segments from pydifact's tokens; its segment classes would check meanings that these do not have."""
    found, parts = [], [[""]]
    for token in Tokenizer().get_tokens(text, Characters.from_str(f"UNA{marks}")):
        if token.type is Token.Type.CONTENT:
            parts[-1][-1] = token.value
        elif token.type is Token.Type.COMPONENT_SEPARATOR:
            parts[-1].append("")
        elif token.type is Token.Type.DATA_SEPARATOR:
            parts.append([""])
        else:
            found.append(parts)
            parts = [[""]]
    return found


@settings(max_examples=120, deadline=None)
@given(batch=st.lists(SEGMENTS, min_size=1, max_size=3), marks=MARKS, noise=NOISE, told=st.booleans())
def test_segments_are_those_that_pydifact_finds(batch, marks: str, noise: str, told: bool) -> None:
    marks = marks if told else USUAL
    lines = [line for i, segments in enumerate(batch, 1) for line in message(segments, marks, str(i))]
    text = noise.join(lines) + noise
    ours = parse(((f"UNA{marks}" + noise if told else "") + text).encode("latin-1"))
    assert ours.problems == []
    theirs = [s for s in by_oracle(text, marks) if s[0][0] not in ("UNH", "UNT")]
    assert [elements(s) for m in ours.messages for s in m.segments] == theirs
    assert [m.ref for m in ours.messages] == [str(i) for i in range(1, len(batch) + 1)]


@settings(max_examples=80, deadline=None)
@given(batch=st.lists(SEGMENTS, min_size=3, max_size=3), lost=st.integers(0, 2), data=st.data())
def test_a_message_that_lost_a_segment_is_left_out_and_the_others_are_read(batch, lost: int, data) -> None:
    messages = [message(segments, USUAL, str(i)) for i, segments in enumerate(batch, 1)]
    gone = data.draw(st.integers(1, len(messages[lost]) - 1))
    del messages[lost][gone]
    ours = parse("".join(line for one in messages for line in one).encode("latin-1"))
    assert [m.number for m in ours.messages] == [n for n in (1, 2, 3) if n != lost + 1]
    assert [p.where for p in ours.problems] == [f"message {lost + 1}"]


@settings(max_examples=80, deadline=None)
@given(segments=SEGMENTS, cut=st.integers(1, 400))
def test_a_message_cut_anywhere_is_never_half_read(segments, cut: int) -> None:
    whole = "".join(message(segments, USUAL, "100"))
    ours = parse(whole[:-cut].encode("latin-1"))
    assert ours.messages == [] or whole[:-cut].endswith("+100")
    assert ours.messages or ours.problems


def test_an_unclosed_segment_does_not_swallow_the_next_interchange() -> None:
    good = "UNB+UNOA:3+A+B+260115:1031+R2'UNH+1+CUSRES:D:96A:UN'GIS+9'UNT+3+1'UNZ+1+R2'"
    ours = parse(("UNB+UNOA:3+A+B+260115:1030+R1'UNH+1+CUSRES:D:96A:UN'GIS+4\n" + good).encode())
    assert [(m.interchange.ref, m.segments) for m in ours.messages] == [("R2", ["GIS+9"])]
    assert [p.where for p in ours.problems] == ["message 1", "interchange R1"]


def test_lines_wrapped_in_the_middle_of_a_segment_are_joined() -> None:
    whole = "UNH+1+CUSRES:D:96A:UN'RFF+XC:SMPLPARS100123'GIS+9'UNT+4+1'"
    wrapped = "\r\n".join(whole[i : i + 20] for i in range(0, len(whole), 20))
    assert parse(wrapped.encode()).messages[0].segments == ["RFF+XC:SMPLPARS100123", "GIS+9"]


def test_free_text_that_looks_like_a_service_string_changes_nothing() -> None:
    text = "UNH+1+CUSRES:D:96A:UN'FTX+AAO+++SEE UNA|*.! ~UNB'GIS+9'UNT+4+1'"
    assert parse(text.encode()).messages[0].segments[1] == "GIS+9"


def test_each_interchange_may_bring_its_own_separators() -> None:
    one = "UNH+1+CUSRES:D:96A:UN'GIS+9'UNT+3+1'"
    other = "UNA|*.! ~" + one.replace(":", "|").replace("+", "*").replace("'", "~").replace("UNH*1", "UNH*1")
    ours = parse((one + "\n" + other + "\nUNA:+.? '" + one).encode())
    assert [m.segments for m in ours.messages] == [["GIS+9"]] * 3


@pytest.mark.parametrize("body", [b"UNT'" * 200_000, b"UNH'" * 200_000, b"UNA:+.? 'UNB+" * 60_000, b"?" * 900_000])
def test_a_large_body_of_garbage_takes_bounded_time_and_gives_few_problems(body: bytes) -> None:
    assert costs(lambda: parse(body), 8)
    ours = parse(body)
    assert 0 < len(ours.problems) <= 100
    assert ours.messages == []


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.text("UNHTBZ+:'?\n19AGIS ", max_size=200).map(str.encode))
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    ours = parse(body)
    assert all(a.number < b.number for a, b in pairwise(ours.messages))
