"""Who is on and who is on call, and whom an urgent load that nobody takes calls (N4; SAMPLE data)."""

from datetime import timedelta

from bot.domain.brief import told_from_json
from bot.domain.route import Account
from handlers.announce import word
from handlers.reply import Result
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
