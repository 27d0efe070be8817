"""A form becomes a modal, what was filled in becomes the line that one would type."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.grammar import Command, parse
from handlers.reply import Form, Input, Line, Reply, refused, say
from handlers.slack.form import Filled, filled, line_of, modal
from tests.handlers.slack.conftest import World, opened
from tests.patience import PATIENCE, until
from tests.standins.slack_blocks import view_error

ADD = Form(
    "Add a load",
    "Add",
    "load",
    "add",
    (
        Input("subject", "Load number", "as dispatch says it", optional=False),
        Input("to", "Direction", options=(("CA", "into Canada"), ("US", "into the US")), initial="CA"),
        Input("shipper", "Shipper"),
        Input("eta", "ETA at the border", "14:30", initial="18:00"),
    ),
)


def ask(line: Line) -> Reply:
    return Reply("Fill this in", form=ADD) if line.text.endswith("load add") else Reply(f"added {line.text}")


async def test_a_form_opens_as_a_modal_and_comes_back_as_a_line(world: World) -> None:
    world.desk.answer = ask
    opened_form = await world.slack.slash("/load", "add", user=world.sam, channel=world.channel)
    assert opened_form.view is not None
    values = {"Load number": "1234", "shipper": 'ACME "North" Ltd'}
    answer = await world.slack.submit_view(opened_form.view, values, user=world.sam)
    line = world.desk.lines[-1]
    assert line.text == r'/load 1234 add to=CA shipper="ACME \"North\" Ltd" eta=18:00'
    assert (line.where.external, line.who.external) == (world.channel, world.sam)
    assert answer.acked == {}
    assert answer.text.startswith("added /load 1234")
    assert answer.private
    assert world.slack.refused == []


async def test_a_refusal_stays_in_the_modal_with_what_was_typed(world: World) -> None:
    world.desk.answer = lambda line: (
        Reply("x", form=ADD) if line.text.endswith("load add") else refused("ETA <18:70> is no time.", "Type 18:10.")
    )
    view = (await world.slack.slash("/load", "add", user=world.sam, channel=world.channel)).view
    assert view is not None
    answer = await world.slack.submit_view(view, {"subject": "1234", "eta": "18:70"}, user=world.sam, wait=0)
    assert answer.errors == {"subject": "ETA <18:70> is no time.\nType 18:10."}
    world.desk.answer = ask
    again = await world.slack.submit_view(view, {"subject": "1234", "eta": "18:10"}, user=world.sam)
    assert again.text.startswith("added")
    first, second = world.desk.lines[1:]
    assert first.delivery != second.delivery
    assert world.slack.refused == []


async def test_the_same_submission_again_has_the_same_id(world: World) -> None:
    world.desk.answer = ask
    view = (await world.slack.slash("/load", "add", user=world.sam, channel=world.channel)).view
    assert view is not None
    await world.slack.submit_view(view, {"subject": "1"}, user=world.sam)
    await world.slack.redeliver()
    first, second = world.desk.lines[1:]
    assert first == second


async def test_where_nothing_can_open_a_modal_a_button_does(world: World) -> None:
    world.desk.answer = ask
    asked = await world.slack.mention("load add", user=world.sam, channel=world.channel)
    assert asked.view is None
    assert asked.private
    pressed = await world.slack.press(asked.messages[0], "Open the form", user=world.sam)
    assert pressed.view is not None
    assert world.slack.refused == []


async def test_a_form_that_comes_too_late_for_its_trigger_is_offered_again(http: World) -> None:
    http.slack.web.trigger_seconds = 0.0
    http.desk.answer = ask
    late = await http.slack.slash("/load", "add", user=http.sam, channel=http.channel)
    assert late.view is None
    assert [r.error for r in http.slack.refused] == ["expired_trigger_id"]
    http.slack.web.trigger_seconds = PATIENCE
    pressed = await http.slack.press(late.messages[0], "Open the form", user=http.sam)
    assert pressed.view is not None


async def test_a_slow_submission_is_acknowledged_and_answered_later() -> None:
    async with opened("http", patience=0.1) as world:
        world.desk.answer = ask
        view = (await world.slack.slash("/load", "add", user=world.sam, channel=world.channel)).view
        assert view is not None
        world.desk.stands = asyncio.Event()
        answer = await world.slack.submit_view(view, {"subject": "1"}, user=world.sam, wait=0)
        assert (answer.acked, answer.text) == ({}, "")
        world.desk.stands.set()
        await until(lambda: world.slack.ephemerals(world.sam))
        assert world.slack.ephemerals(world.sam)[-1].words.startswith("added")
        assert world.slack.refused == []


async def test_a_form_that_is_not_ours_is_refused_in_words(http: World) -> None:
    http.desk.answer = ask
    view = (await http.slack.slash("/load", "add", user=http.sam, channel=http.channel)).view
    assert view is not None
    for metadata in ("", "[]", "{", "7"):
        broken = view | {"private_metadata": metadata}
        answer = await http.slack.submit_view(broken, {"subject": "1"}, user=http.sam, wait=0)
        assert answer.errors == {"subject": "This form is out of date: open it again."}
    assert len(http.desk.lines) == 1


@pytest.mark.parametrize(
    ("given_form", "values", "line"),
    [
        (ADD, {"subject": "1234", "to": "CA"}, "/load 1234 add to=CA"),
        (
            replace(ADD, inputs=ADD.inputs[1:], subject="~k3f9", verb="eta"),
            {"eta": "14:30"},
            "/load ~k3f9 eta eta=14:30",
        ),
        (replace(ADD, inputs=ADD.inputs[2:], subject="shipper"), {"shipper": "add"}, '/load "add" add'),
        (ADD, {"subject": "1234 5", "shipper": "A=B"}, '/load "1234 5" add shipper="A=B"'),
    ],
)
def test_the_subject_is_its_field_or_the_one_the_form_names_or_fixed(
    given_form: Form, values: dict[str, str], line: str
) -> None:
    view = modal(given_form) | {"id": "V1"}
    state = {"values": {name: {"v": {"value": value}} for name, value in values.items()}}
    assert line_of(filled(view | {"state": state})) == line


def test_empty_fields_are_left_out_and_quotes_hold_anything() -> None:
    assert line_of(Filled("shipper", "add", "", (("name", ""), ("note", "a\\b “c” #d\ne")))) == (
        '/shipper add note="a\\\\b “c” #d\ne"'
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=20).map(str.strip), st.text(max_size=30).map(str.strip))
def test_the_grammar_reads_back_what_a_form_built(number: str, shipper: str) -> None:
    values = tuple((k, v) for k, v in (("to", "CA"), ("shipper", shipper)) if v)
    line = line_of(Filled("load", "add", f"1{number}", values))
    assert parse(line) == Command("load", f"1{number}", "add", (), values)


TEXT = st.text(min_size=1, max_size=60).filter(str.strip)
NAMES = st.text("abcdefghij", min_size=1, max_size=8)
INPUTS = st.builds(
    Input,
    NAMES,
    TEXT,
    st.sampled_from(["", "a hint", "x" * 3000]),
    st.lists(st.tuples(NAMES, TEXT), max_size=5, unique_by=lambda o: o[0]).map(tuple),
    st.booleans(),
    st.one_of(st.just(""), NAMES),
)


@settings(max_examples=50, deadline=None)
@given(TEXT, TEXT, st.lists(INPUTS, min_size=1, max_size=4, unique_by=lambda i: i.name))
def test_every_form_is_a_view_that_slack_takes(title: str, submit: str, inputs: list[Input]) -> None:
    assert view_error(modal(Form(title, submit, "load", "add", tuple(inputs)))) == ""


async def test_say_is_used_in_the_body_of_a_form_reply(http: World) -> None:
    http.desk.answer = lambda line: Reply("Fill this in", (say("or type /load 1234 add"),), form=ADD)
    asked = await http.slack.mention("load add", user=http.sam, channel=http.channel)
    assert asked.text == "Fill this in\nor type /load 1234 add\nOpen the form"
