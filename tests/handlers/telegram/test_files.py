"""Pictures that people send along in Telegram: fetched by the Bot API, small ones only."""

from handlers.reply import Upload
from handlers.telegram.files import MOST_BYTES
from tests.handlers.telegram.rig import Rig, card, place
from tests.standins.telegram import TelegramStandIn

PNG = b"\x89PNG\r\n\x1a\nSAMPLE"


async def test_a_picture_or_document_comes_with_the_line_under_it(tg: TelegramStandIn, rig: Rig) -> None:
    maria = tg.user("Maria")
    tg.photo(maria, maria, "/shipper ACME carm security=bond", PNG)
    tg.photo(maria, maria, "carm ACME", b"%PDF-1", document="notice.pdf")
    await tg.answered(maria, 2)
    first, second = rig.ear.lines
    assert first.text == "/shipper ACME carm security=bond" and first.files == (Upload("photo.jpg", PNG),)
    assert second.files == (Upload("notice.pdf", b"%PDF-1"),)
    assert tg.refused == []


async def test_a_picture_alone_is_a_line_as_an_answer_to_our_post_and_else_asks_for_a_name(
    tg: TelegramStandIn, rig: Rig
) -> None:
    maria = tg.user("Maria")
    group = tg.group("Dispatch", maria)
    await rig.door.post(place(group), card())
    tg.photo(maria, group, "", PNG, reply_to=tg.seen(group)[0])
    await tg.answered(group, 2)
    (line,) = rig.ear.lines
    assert (line.text, line.thread, line.files[0].body) == ("", str(tg.seen(group)[0].id), PNG)
    tg.photo(maria, maria, "", PNG)
    assert "as in: carm ACME" in (await tg.answered(maria))[0]
    tg.photo(maria, group, "", PNG)
    assert len(rig.ear.lines) == 1


async def test_what_is_too_large_or_cannot_be_fetched_is_said_and_the_line_is_kept(
    tg: TelegramStandIn, rig: Rig
) -> None:
    maria = tg.user("Maria")
    tg.photo(maria, maria, "carm ACME", PNG, size=MOST_BYTES + 1)
    tg.photo(maria, maria, "carm ACME", bytes(MOST_BYTES + 1), size=10)
    await tg.answered(maria, 2)
    tg.fail("500", method="getfile")
    tg.photo(maria, maria, "carm ACME", PNG)
    await tg.answered(maria, 3)
    faults = [line.files[0].fault for line in rig.ear.lines]
    assert ["larger than 10 MB" in f for f in faults] == [True, True, False] and "could not be fetched" in faults[2]
