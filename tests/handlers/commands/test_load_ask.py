"""/load 1234 ask: a question by hand, what is shown of it, and whom to call where nobody can be asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.carrier import Way
from bot.domain.coverage import Liveness
from bot.domain.status import Status
from handlers.grammar import Command, parse
from handlers.reply import Result
from storage.questions import QuestionRecord
from tests.handlers.commands.desk import HOUR, Desk, cover

MINUTE = timedelta(minutes=1)


def can_ask(desk: Desk, way: Way | None = Way.FILE) -> Desk:
    """Has the feed of every carrier take questions."""
    for id_, one in desk.world.carriers.items():
        desk.world.carriers[id_] = replace(one, feeds=(replace(cover(), asks=way),))  # type: ignore[index]
    return desk


async def questions(desk: Desk) -> list[QuestionRecord]:
    load = await desk.load()
    async with desk.db.work("home", desk.now) as work:
        return (await work.questions.of_loads([load.id])).get(load.id, [])


async def test_customs_is_asked_by_hand_and_the_question_is_shown_until_it_is_answered(desk_of_each: Desk) -> None:
    desk = can_ask(desk_of_each)
    await desk.add()
    said = await desk.say("/load 1234 ask")
    assert said.startswith("1234: customs (rns) is asked about SMPLPARS100123; answer by 09:15.")
    (question,) = await questions(desk)
    assert (question.why, question.by_name, question.feed, question.sent_at) == ("hand", "Maria", "rns", None)
    assert "asked customs 09:00 (now), answer by 09:15" in await desk.say("/load 1234 status")
    assert "asked customs 09:00 (now), answer by 09:15" in await desk.say("/load 1234 why")
    assert "asked rns about SMPLPARS100123: by hand, not sent yet" in await desk.say("/load 1234 log")
    await desk.pass_(16 * MINUTE)
    assert "asked customs 09:00 (16 min ago), no answer" in await desk.say("/load 1234 status")


async def test_what_is_asked_already_is_not_asked_again_while_the_answer_may_come(desk: Desk) -> None:
    can_ask(desk)
    await desk.add()
    await desk.ask("/load 1234 ask")
    reply = await desk.ask("/load 1234 ask")
    assert reply.result is Result.REFUSED
    assert "asked customs 09:00 (now), answer by 09:15" in await desk.say("/load 1234 ask")
    assert len(await questions(desk)) == 1
    await desk.pass_(16 * MINUTE)
    await desk.ask("/load 1234 ask")
    assert [q.why for q in await questions(desk)] == ["hand", "hand"]


async def test_where_nobody_can_be_asked_it_is_said_why_and_whom_to_call(desk: Desk) -> None:
    await desk.ask("/broker PCB set phone=555-0101 night=555-0102")
    await desk.add()
    said = await desk.say("/load 1234 ask")
    assert "Nobody was asked about 1234." in said
    assert "no feed that hears of it can ask customs. Call PCB, day 555-0101, night 555-0102" in said
    can_ask(desk).world.ears["rns"] = replace(desk.world.ears["rns"], liveness=Liveness.DEAD)
    assert "rns could ask, but it is dead now. Call PCB" in await desk.say("/load 1234 ask")
    assert await questions(desk) == []


@pytest.mark.parametrize(
    ("status", "says"), [(Status.RELEASED, "it is released, there is nothing to ask"), (Status.READY, "is asked about")]
)
async def test_only_what_is_not_released_is_asked_about(desk: Desk, status: Status, says: str) -> None:
    can_ask(desk)
    await desk.add()
    await desk.hears("SMPLPARS100123", status)
    assert says in await desk.say("/load 1234 ask")


async def test_one_shipment_of_several_is_asked_about_by_its_last_digits(desk: Desk) -> None:
    can_ask(desk)
    await desk.add(pars="SMPLPARS100123,SMPLPARS100124")
    await desk.ask("/load 1234 …124 ask")
    assert [q.key for q in await questions(desk)] == ["SMPLPARS100124"]
    said = await desk.say("/load 1234 ask")
    assert "…" not in said.splitlines()[0]
    assert [q.key for q in await questions(desk)] == ["SMPLPARS100124", "SMPLPARS100123"]


async def test_k_stale_the_card_offers_to_ask_again(desk: Desk) -> None:
    can_ask(desk)
    await desk.add(more="eta=13:00 papers=06:00")
    await desk.hears("SMPLPARS100123", Status.READY)
    await desk.ask("/load 1234 manifest accepted 09:00")
    await desk.pass_(2 * HOUR)
    await desk.pass_(75 * MINUTE)
    said = await desk.say("/load 1234 status")
    assert "GO, BUT asked customs about PARS SMPLPARS100123 11:00, no answer" in said.splitlines()[0]
    line = next(b.line for b in desk.last.buttons if b.label.startswith("Ask customs again"))
    made = parse(line)
    assert isinstance(made, Command)
    assert (made.noun, made.verb) == ("load", "ask")


async def test_a_load_that_is_over_is_not_asked_about(desk: Desk) -> None:
    can_ask(desk)
    await desk.add()
    await desk.ask("/load 1234 cancel")
    reply = await desk.ask("/load 1234 ask")
    assert reply.result is Result.REFUSED
    assert await questions(desk) == []
