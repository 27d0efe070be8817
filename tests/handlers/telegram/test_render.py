"""What a Reply looks like in Telegram, and that Telegram takes whatever comes."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.reply import (
    Button,
    Fields,
    Form,
    Input,
    Para,
    Part,
    Reply,
    Span,
    Style,
    Table,
    Tone,
    say,
)
from handlers.telegram.flatten import clean, visible
from handlers.telegram.render import BUTTONS, LIMIT, ButtonTooLongError, plain, render, size
from tests.standins.telegram_text import keyboard, parse

GOLDEN = Path(__file__).parent / "golden"

CARD = Reply(
    "Load 1234: PCB has not filed, ETA Windsor 16:00",
    (
        Para((Span("ABCD123456", Style.CODE), Span(" no answer from customs, papers sent 09:40"))),
        Fields((("Broker", "PCB <night desk>"), ("Call", "519-555-0142"))),
        Para((Span("Say: "), Span("“Please file & confirm ABCD123456.”", Style.BOLD))),
        Para((Span("rule T2; last word from the feed 3 min ago"),), quiet=True),
        Para((Span("Board"), Span(" "), Span("load page", Style.LINK, "https://holdwatch.example/l?a=1&b=2"))),
    ),
    (
        Button("I've got it", "/load ~k3f9 got it", "primary"),
        Button("Accepted", "/load ~k3f9 accepted"),
        Button("Show everything about this load", "/load ~k3f9 why"),
    ),
    Tone.URGENT,
)
LIST = Reply(
    "3 loads are held",
    (
        Table(
            ("load", "level", "owner"),
            (("1234", "urgent", "Maria"), ("<b>77</b>", "warn", ""), ("9&9", "late", "Otto")),
            "… and 14 more: /hold list",
        ),
    ),
)
FORM = Reply(
    "Which load?",
    form=Form(
        "New load.",
        "Add",
        "load",
        "add",
        (
            Input("subject", "Load number", "1234", optional=False),
            Input("to", "Into", options=(("CA", "Canada"), ("US", "United States")), optional=False),
            Input("eta", "ETA at the border", initial="16:00"),
            Input("note", "Note"),
        ),
    ),
)
DRIVER = Reply("Stop before the border. Dispatch is on it.", tone=Tone.CRITICAL)
SCARY = Reply(
    '<b>&amp;</b> <!channel> *_~`| </code><a href="x">',
    (say("<script>alert(1)</script> &lt; &#60;"), Para((Span("</code>", Style.CODE),))),
    (Button("<b>", "/load ~<b> got it"),),
)
CASES = {"card": CARD, "list": LIST, "form": FORM, "driver": DRIVER, "scary": SCARY}


def drawn(reply: Reply) -> str:
    """A picture in text of everything that is sent."""
    made = render(reply, strict=True)
    rows = made.keyboard.inline_keyboard if made.keyboard else ()
    shown = [
        " | ".join(f"[{b.text}] {b.callback_data}" + (f" ({b.style})" if b.style else "") for b in r) for r in rows
    ]
    return "\n".join([made.html, "--- buttons", *shown, "--- plain", plain(reply), ""])


@pytest.mark.parametrize("name", CASES)
def test_each_case_looks_as_its_golden_file(name: str) -> None:
    assert drawn(CASES[name]) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_every_fact_of_a_case_is_in_both_renderings(name: str) -> None:
    text, entities = parse(render(CASES[name]).html, "HTML")
    for fact in facts(CASES[name]):
        assert fact in [text, *(e.get("url") for e in entities)] or fact in text
        assert fact in plain(CASES[name])


def test_hostile_text_is_only_text() -> None:
    text, entities = parse(render(SCARY).html, "HTML")
    assert text.splitlines()[0] == SCARY.title
    assert text.splitlines()[1] == "<script>alert(1)</script> &lt; &#60;"
    assert [e["type"] for e in entities] == ["bold", "code"]


def test_whole_lines_are_cut_and_counted_and_what_to_type_stays() -> None:
    rows = tuple((f"load {n}", "hold", "x" * 80) for n in range(100))
    long = Reply("Held", (Table(("load", "answer", "why"), rows, "… and 300 more: /hold list"),), tone=Tone.WARN)
    text, _ = parse(render(long).html, "HTML")
    lines = text.splitlines()
    shown = [line for line in lines if line.startswith("load ") and line.endswith("x" * 80)]
    assert lines[-2] == f"… and {100 - len(shown)} more lines that did not fit here:"
    assert lines[-1] == "… and 300 more: /hold list"
    assert len(lines) == len(shown) + 4
    assert size(text) > LIMIT - 300


def test_a_single_line_longer_than_a_message_says_that_it_is_cut() -> None:
    text, _ = parse(render(Reply("t" * 5000, (say("😀" * 5000),))).html, "HTML")
    assert text.count("… (cut)") == 2
    assert size(text) <= LIMIT


def test_a_message_of_exactly_the_limit_is_not_cut() -> None:
    body = tuple(say("x" * 1023) for _ in range(3))
    text, _ = parse(render(Reply("y" * 999, (*body, say("z" * (4095 - 1000 - 3 * 1024))))).html, "HTML")
    assert size(text) == 4095
    assert "more line" not in text


@pytest.mark.parametrize("line", ["/load " + "x" * 59, "/load " + "é" * 30, "", "   ", "a\nb", "\ud800"])
def test_a_button_that_does_not_fit_is_refused_in_tests_and_typed_in_life(line: str) -> None:
    reply = Reply("t", buttons=(Button("Do it", line),))
    with pytest.raises(ButtonTooLongError):
        render(reply, strict=True)
    made = render(reply)
    assert made.keyboard is None
    if visible(line):
        assert f"Do it: {clean(line)}" in parse(made.html, "HTML")[0]


def test_a_button_of_exactly_64_bytes_fits() -> None:
    line = "/load " + "é" * 29
    assert len(line.encode()) == 64
    made = render(Reply("t", buttons=(Button("Do it", line),)), strict=True)
    assert made.keyboard is not None
    assert made.keyboard.inline_keyboard[0][0].callback_data == line


def test_short_buttons_stand_in_pairs_and_long_ones_alone() -> None:
    labels = ["One", "Two", "A label that is rather long", "Three", "Four", "Five"]
    made = render(Reply("t", buttons=tuple(Button(label, "/hold") for label in labels)), strict=True)
    assert made.keyboard is not None
    assert [[b.text for b in row] for row in made.keyboard.inline_keyboard] == [
        ["One", "Two"], ["A label that is rather long"], ["Three", "Four"], ["Five"],
    ]  # fmt: skip


def test_a_link_telegram_would_drop_is_written_out() -> None:
    reply = Reply("t", (Para((Span("call", Style.LINK, "tel:+15195550142"), Span(" x", Style.LINK, "javascript:a"))),))
    assert parse(render(reply).html, "HTML")[0] == "t\ncall (tel:+15195550142) x (javascript:a)"


def test_more_links_than_telegram_marks_are_written_out_and_none_is_lost() -> None:
    links = tuple(Para((Span(f"l{n}", Style.LINK, f"https://x.example/{n}"),)) for n in range(120))
    text, entities = parse(render(Reply("t", links)).html, "HTML")
    urls = {e["url"] for e in entities if e["type"] == "text_link"}
    assert all(f"https://x.example/{n}" in urls or f"https://x.example/{n})" in text for n in range(120))
    assert len(entities) < 100


def test_mentions_are_links_that_notify() -> None:
    text, entities = parse(render(Reply("t", mention=("!here", "501", "@otto"))).html, "HTML")
    assert text.splitlines()[1] == "For you, @otto"
    assert [e.get("url") for e in entities] == ["tg://user?id=501"]


def test_a_reply_of_blanks_is_still_a_message() -> None:
    for title in ("", "  ", "\u200b", "\x00", "\ud800" * 0):
        assert parse(render(Reply(title, (say(" "),))).html, "HTML")[0] == "…"


words = st.text(max_size=60) | st.sampled_from(["<b>", "&amp;", "</a>", "😀" * 30, "\ud800", "x" * 900, '"><', "\n"])
styles = st.sampled_from(list(Style))
links = st.sampled_from(["", "https://x.example/?a=1&b=<2>", "tel:555", 'https://x.example/"', "tg://user?id=5"])
spans = st.builds(Span, words, styles, links)
paras = st.builds(Para, st.lists(spans, max_size=4).map(tuple), st.booleans())
pairs = st.lists(st.tuples(words, words), max_size=5).map(tuple)
cells = st.lists(words, max_size=4).map(tuple)
tables = st.builds(Table, cells, st.lists(cells, max_size=5).map(tuple), words)
parts: st.SearchStrategy[Part] = paras | st.builds(Fields, pairs) | tables
buttons = st.builds(Button, words, words, st.sampled_from(["", "primary", "danger", "odd"]))
inputs = st.builds(Input, words, words, words, st.lists(st.tuples(words, words), max_size=2).map(tuple))
forms = st.builds(Form, words, words, words, words, st.lists(inputs, max_size=4).map(tuple), words)
replies = st.builds(
    Reply,
    words,
    st.lists(parts, max_size=4).map(tuple),
    st.lists(buttons, max_size=4).map(tuple),
    st.sampled_from(list(Tone)),
    form=st.none() | forms,
    mention=st.lists(words, max_size=2).map(tuple),
)


@settings(max_examples=80, deadline=None)
@given(replies)
@example(Reply("t", buttons=tuple(Button("x", "/hold") for _ in range(130))))
@example(Reply("x" * 900, tuple(Table(("h",), (("y" * 900,),) * 9, "… more: /list " + "z" * 200) for _ in range(9))))
def test_any_reply_is_something_telegram_takes_and_no_fact_is_dropped_silently(reply: Reply) -> None:
    made = render(reply)
    text, entities = parse(made.html, "HTML")
    shown = keyboard(made.keyboard.to_dict()) if made.keyboard else None
    assert sum(len(row) for row in shown or []) <= BUTTONS
    plain_text, _ = parse(plain(reply), None)
    told = text + "".join(e.get("url", "") for e in entities)
    if "… (cut)" not in text and "did not fit here" not in text:
        assert [fact for fact in facts(reply) if fact.rstrip() not in told] == []
    if "… (cut)" not in plain_text and "did not fit here" not in plain_text:
        assert [f for f in facts(reply) if f.rstrip() not in plain_text and not f.startswith("tg://")] == []


def facts(reply: Reply) -> list[str]:
    """Every text of a reply that a person must be able to read, as Telegram can show it."""
    found = [reply.title, *(t for part in reply.body for t in _texts(part))]
    return [clean(text) for text in found if visible(clean(text))]


def _texts(part: Part) -> list[str]:
    match part:
        case Para():
            return [t for s in part.spans if s.text for t in (s.text, s.url if s.style is Style.LINK else "")]
        case Fields():
            return [text for pair in part.pairs for text in pair]
        case Table():
            return [*part.header, *(cell for row in part.rows for cell in row), part.more]
