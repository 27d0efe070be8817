"""Replies as Slack shows them: golden blocks, limits, hostile markup, and no fact lost in silence."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reply import Button, Fields, Para, Reply, Span, Style, Table, Tone, say
from handlers.slack.render import BUDGET, plain, render, weight
from handlers.slack.text import clip, escape, typed, unescape
from tests.standins.slack_blocks import MAX_UPDATE, blocks_error
from tests.standins.slack_state import Message, pings
from tests.standins.slack_web import content

GOLDEN = Path(__file__).parent / "golden"

CASES = {
    "card": Reply(
        "1234 to CA by Windsor: no release request",
        (
            Para((Span("Call PCB first: "), Span("555-0142", Style.LINK, "tel:+15550142"))),
            Para((Span("Say: "), Span("PARS SAMP 1 & 2", Style.CODE), Span(" is not on file", Style.BOLD))),
            Fields((("ETA", "18:00 (in 1 h 50)"), ("Driver", "Singh <unit 7>"), ("Owner", ""))),
            Para((Span("RNS heard 14 min ago"),), quiet=True),
        ),
        (Button("I've got it", "/load ~k3f9 got it", "primary"), Button("Why?", "/load ~k3f9 why")),
        Tone.URGENT,
        mention=("U0SAMPLE001",),
    ),
    "table": Reply(
        "3 open",
        (
            Table(
                ("load", "level", "owner"),
                (("1234", "urgent", "Sam"), ("1235", "warn", "")),
                "… and 1 more: /hold list",
            ),
        ),
        tone=Tone.WARN,
    ),
    "hostile": Reply(
        "<!channel> *is* <b>a</b> load & more",
        (say("<!here> &amp; <@U0SAMPLE001> `code` _x_"), Fields((("<b>", "<!everyone>"),))),
        (Button("<!channel>", "/load <!channel> status"),),
        mention=("<!channel>", "!here", "S0SAMPLE001"),
    ),
    "bare": Reply(""),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_the_rendering_of_each_case_is_golden(case: str) -> None:
    reply = CASES[case]
    got = {"blocks": render(reply).args(), "plain": plain(reply).args()}
    assert got == json.loads((GOLDEN / f"{case}.json").read_text())


def shown(reply: Reply) -> Message:
    args = render(reply).args()
    assert content(args) == (args["text"], args["blocks"])
    return Message("C", "1.1", "U", args["text"], args["blocks"])


def test_a_load_called_channel_calls_nobody() -> None:
    message = shown(CASES["hostile"])
    assert message.pings == ("!here", "!subteam^S0SAMPLE001")
    assert "<!channel> is <b>a</b> load & more" in message.words
    assert "<!everyone>" in message.words
    text = plain(CASES["hostile"]).text
    assert pings(text) == ("!here", "!subteam^S0SAMPLE001")


def test_a_title_without_markup_is_a_header_and_a_long_one_is_not() -> None:
    assert render(Reply("x" * 148)).blocks[0]["type"] == "header"
    assert render(Reply("x" * 149)).blocks[0]["type"] == "section"
    assert render(Reply("a & b")).blocks[0]["type"] == "section"


def test_whole_parts_are_cut_and_counted() -> None:
    rows = tuple((str(n), "x" * 90) for n in range(400))
    message = shown(Reply("many", (Table(("load", "note"), rows, "/hold list shows all"), say("last"))))
    kept = len(re.findall(r"^\d+ · x{90}$", message.words, re.MULTILINE))
    assert 100 < kept < 400
    assert f"… and {400 - kept + 2} more · /hold list shows all" in message.words
    lines = tuple(Para((Span(f"p{n}"),), quiet=bool(n % 2)) for n in range(100))
    message = shown(Reply("alternating", lines))
    assert len(message.blocks) == 50
    assert "… and 52 more" in message.words
    text = plain(Reply("many", tuple(say(f"{n} " + "y" * 500) for n in range(100)))).text
    assert text.splitlines()[-1] == f"… and {100 - (len(text.splitlines()) - 2)} more"


def test_a_button_that_slack_would_not_take_is_told_in_words() -> None:
    message = shown(
        Reply("x", buttons=(Button("Long", "/load " + "1" * 2000), Button("", "/load 1"), Button("No", "")))
    )
    assert [b["value"] for b in message.buttons] == ["/load 1"]
    assert "Long: type /load 111" in message.words
    many = shown(Reply("x", buttons=tuple(Button(f"b{n}", f"/load {n}") for n in range(60))))
    assert [b["value"] for b in many.buttons] == [f"/load {n}" for n in range(25)]
    assert "b25: type /load 25" in many.words
    assert "b59: type /load 59" in many.words


def test_links_go_only_where_links_may_go() -> None:
    def link(url: str) -> str:
        return json.dumps(render(Reply("t", (Para((Span("here", Style.LINK, url),)),))).blocks[1])

    assert "<https://x.test/a|here>" in link("https://x.test/a")
    assert "<https://x.test/a%7Cb%20c|here>" in link("https://x.test/a|b c")
    assert "javascript" not in link("javascript:alert(1)")
    assert "x.test" not in link("!channel> https://x.test")


@given(st.text(max_size=400), st.integers(0, 120))
def test_a_cut_never_falls_into_an_entity_or_over_the_limit(text: str, most: int) -> None:
    cut = clip(text, most)
    assert len(cut) <= max(most, 1)
    assert re.search(r"&(?!amp;|lt;|gt;)|[<>]", cut) is None
    if len(escape(text)) <= most:
        assert unescape(cut) == text


@given(st.text(max_size=200))
def test_what_is_typed_comes_back_as_it_was_before_slack_escaped_it(text: str) -> None:
    assert typed(escape(text)) == text.strip()


CHARS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)
HOSTILE = st.sampled_from(
    ["<!channel>", "<@U0SAMPLE001>", "&lt;", "*", "`", "</b>", "|", "> quote", "x" * 4000, " ", "\n"]
)
WORDS = st.one_of(CHARS, HOSTILE, st.lists(st.one_of(CHARS, HOSTILE), max_size=4).map("".join))
SPANS = st.builds(
    Span, WORDS, st.sampled_from(Style), st.sampled_from(["", "https://x.test/?a=1&b=2", "tel:+15550100"])
)
PARTS = st.one_of(
    st.builds(Para, st.lists(SPANS, max_size=6).map(tuple), st.booleans()),
    st.builds(Fields, st.lists(st.tuples(WORDS, WORDS), max_size=12).map(tuple)),
    st.builds(
        Table,
        st.lists(WORDS, max_size=4).map(tuple),
        st.lists(st.lists(WORDS, max_size=3).map(tuple), max_size=8).map(tuple),
        WORDS,
    ),
)
REPLIES = st.builds(
    Reply,
    WORDS,
    st.lists(PARTS, max_size=5).map(tuple),
    st.lists(st.builds(Button, WORDS, WORDS, st.sampled_from(["", "primary", "danger", "odd"])), max_size=6).map(tuple),
    st.sampled_from(Tone),
    mention=st.lists(st.one_of(WORDS, st.just("U0SAMPLE001")), max_size=4).map(tuple),
)


@settings(max_examples=80, deadline=None)
@given(REPLIES)
def test_any_reply_renders_to_blocks_that_slack_takes(reply: Reply) -> None:
    message = shown(reply)
    assert blocks_error(message.blocks) == ""
    assert weight(message.blocks) <= BUDGET
    assert len(message.text.encode()) <= MAX_UPDATE
    allowed = set(re.findall(r"\bU0SAMPLE001\b", " ".join(reply.mention)))
    assert {p.lstrip("@") for p in message.pings} <= allowed | {"!here", "!channel"}
    text = plain(reply).args()
    assert content(text) == (text["text"], [])
    assert len(text["text"].encode()) <= MAX_UPDATE


PLAIN = st.text("abcdefghijklmnopqrstuvwxyz0123456789 <>&!@#", min_size=1, max_size=40).filter(str.strip)
SMALL = st.builds(
    Reply,
    PLAIN,
    st.lists(
        st.one_of(
            st.builds(lambda t, s: Para((Span(t, s),)), PLAIN, st.sampled_from([Style.PLAIN, Style.BOLD, Style.CODE])),
            st.builds(Fields, st.lists(st.tuples(PLAIN, PLAIN), max_size=12).map(tuple)),
            st.builds(
                lambda rows: Table((), tuple(rows)),
                st.lists(st.tuples(PLAIN, PLAIN), max_size=12),
            ),
        ),
        max_size=12,
    ).map(tuple),
    st.lists(st.builds(Button, PLAIN, PLAIN), max_size=5).map(tuple),
)


def facts(reply: Reply) -> list[str]:
    found = [reply.title]
    for part in reply.body:
        if isinstance(part, Para):
            found += [span.text for span in part.spans]
        elif isinstance(part, Fields):
            found += [text for pair in part.pairs for text in pair]
        else:
            found += [cell for row in part.rows for cell in row]
    return [fact.strip() for fact in found]


@settings(max_examples=60, deadline=None)
@given(SMALL)
def test_every_fact_is_in_the_blocks_and_in_the_plain_text(reply: Reply) -> None:
    message = shown(reply)
    assert [fact for fact in facts(reply) if fact not in message.words and "… and" not in message.words] == []
    assert [b["value"] for b in message.buttons] == [b.line for b in reply.buttons]
    bare = unescape(plain(reply).text)
    assert [
        fact
        for fact in (*facts(reply), *(b.line for b in reply.buttons))
        if fact.strip() not in bare and "… and" not in bare
    ] == []
