"""Who is on and who is on call, and whom an urgent load that nobody takes calls (N4; SAMPLE data)."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.brief import told_from_json
from bot.domain.delivery import Gone, Outcome, Sent
from bot.domain.route import Account, Place
from bot.watch.deliver import Deliver
from handlers.announce import word, words_as_one
from handlers.announcer import Announcer
from handlers.reply import Reply, Result
from tests.handlers.commands.desk import DESK, MARIA, Desk

LEE = Account("telegram", "", "7100", "Lee")
DANA = Account("slack", "T1", "UDANA", "Dana")
MINUTE = timedelta(minutes=1)


async def known(desk: Desk) -> None:
    async with desk.db.work("home", desk.now, write=True) as work:
        await desk.admin(work, DANA, "Dana", "dispatcher")
        await desk.admin(work, LEE, "Lee", "dispatcher")


async def called(desk: Desk) -> list[tuple[str, str, tuple[str, ...]]]:
    """Escalations: where each was told, in which words, and whom it calls there."""
    record = await desk.load()
    async with desk.db.work("home", desk.now) as work:
        rows = [r for r in await work.outbox.of_loads([record.id]) if r.content.get("event") == "escalated"]
    found = []
    for row in sorted(rows, key=lambda r: (r.made_at, r.door)):
        reply = word(told_from_json(row.content), desk.now)
        found.append((row.external, reply.title, reply.mention))
    return found


async def urgent(desk: Desk) -> None:
    """A load that is urgent since now, which nobody owns."""
    await desk.opened()
    await desk.add(more="eta=11:00 papers=05:00")
    await desk.pass_(3 * MINUTE)


async def test_on_off_and_on_call_are_said_and_shown(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await known(desk)
    said = await desk.say("/person on until 18:00", DANA)
    assert said.startswith("Dana, you are on until 18:00") and "On now: Dana until 18:00. On call: nobody." in said
    assert "Lee is on call now." in await desk.say("/person oncall Lee", DANA)
    assert "Lee is on call already." in await desk.say("/person @Lee oncall", DANA)
    listed = await desk.say("/person list", DANA)
    assert "dispatcher, on until 18:00" in listed and "dispatcher, on call" in listed
    assert "you are off now" in await desk.say("/person off", DANA)
    assert "you were not on; nothing was changed" in await desk.say("/person off", DANA)
    assert "Lee is not on call any more." in await desk.say("/person oncall Lee off", DANA)
    assert "told to the place once more" in await desk.say("/person oncall", DANA)


async def test_a_shift_ends_by_itself_and_never_in_the_past(desk: Desk) -> None:
    await known(desk)
    assert "until 21:00" in await desk.say("/person on", DANA)
    desk.now += timedelta(hours=13)
    assert "On now: nobody." in await desk.say("/person oncall", DANA)
    assert (await desk.ask("/person on until 99:00", DANA)).result is Result.REFUSED


async def test_n4_an_urgent_load_calls_who_is_on_and_then_who_is_on_call(desk_of_each: Desk) -> None:
    desk = desk_of_each
    await known(desk)
    await desk.say("/person on", DANA)
    await desk.say("/person oncall Lee", DANA)
    await urgent(desk)
    await desk.pass_(11 * MINUTE)
    ((place, said, who),) = await called(desk)
    assert (place, who) == (DESK.external, ("UDANA",)) and "Dana, it is yours to take" in said
    await desk.pass_(10 * MINUTE)
    (_first, (channel, in_channel, nobody), (chat, alone, lee)) = await called(desk)
    assert (channel, nobody) == (DESK.external, ()) and "On call, Lee:" in in_channel
    assert (chat, lee) == ("7100", ("7100",)) and "On call, Lee:" in alone


async def test_n4_with_nobody_on_whoever_is_on_call_is_called_at_once(desk: Desk) -> None:
    await known(desk)
    await desk.say("/person oncall Dana", DANA)
    await urgent(desk)
    await desk.pass_(11 * MINUTE)
    ((_place, _said, who),) = await called(desk)
    assert who == ("UDANA",)


async def test_n4_with_nobody_on_or_on_call_the_place_is_told_once(desk: Desk) -> None:
    await urgent(desk)
    await desk.pass_(11 * MINUTE)
    await desk.pass_(11 * MINUTE)
    ((place, said, who),) = await called(desk)
    assert (place, who) == (DESK.external, ()) and "nobody has it:" in said


async def test_a_dispatcher_by_place_who_says_on_becomes_known(desk: Desk) -> None:
    await desk.opened()
    assert (await desk.say("/person on", MARIA)).startswith("Maria, you are on until")
    assert "on until" in await desk.say("/person list")


class Chats:
    """Chats that take everything, but for the one of somebody who shut us out."""

    def __init__(self, shut: str) -> None:
        self.shut, self.said = shut, list[tuple[str, Reply]]()

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        self.said.append((place.external, reply))
        return Gone("SAMPLE: blocked") if place.external == self.shut else Sent(str(len(self.said)))

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        return Sent(ref)

    def pace(self, place: Place) -> timedelta:
        return timedelta()


async def test_n4_that_the_chat_of_who_is_called_takes_nothing_is_said_of_that_person_and_of_no_driver(
    desk: Desk,
) -> None:
    await known(desk)
    await desk.say("/person oncall Lee", DANA)
    await urgent(desk)
    await desk.say("/load 1234 driver Singh")
    await desk.pass_(11 * MINUTE)
    chats = Chats(LEE.external)
    doors = {"slack": chats, "telegram": chats}
    await Deliver(desk.db, desk.world, doors, Announcer(desk.world), lambda: desk.now).drain()
    told = [reply.title for place, reply in chats.said if place == DESK.external]
    assert any("Lee" in said and "takes no messages" in said for said in told)
    assert not any("Singh was not told" in said for said in told)


async def test_n4_a_call_that_waited_with_later_news_still_calls(desk: Desk) -> None:
    await known(desk)
    await desk.say("/person on", DANA)
    await urgent(desk)
    await desk.pass_(11 * MINUTE)
    record = await desk.load()
    async with desk.db.work("home", desk.now) as work:
        rows = [told_from_json(r.content) for r in await work.outbox.of_loads([record.id]) if r.content]
    call = next(t for t in rows if t.event == "escalated")
    for later, who in (("said", ("UDANA",)), ("owned", ()), ("cleared", ())):
        assert words_as_one([call, replace(call, event=later, more={})], desk.now).mention == who
