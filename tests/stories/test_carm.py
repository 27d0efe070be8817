"""CARM as a dispatcher meets it who knows nothing of it, at 02:10 and at 10:00, through the running program."""

import json
from pathlib import Path

import pytest

from bot.domain.carm.evidence import Item, Source
from tests.standins.slack import Message as SlackMessage
from tests.stories.carm_desk import ASKED, PNG, Maria, Sam, clean, falls, held, labels, leads, pictures, told
from tests.stories.people import SlackPeople, TelegramPeople
from tests.stories.rig import Story, story

BN = "123456782RM0001"
NEXT = "“Does the program account's profile list Release Prior to Payment, under Sub-programs?”"
#: Names that would call everybody, open a tag, end a quote or fill the card.
HOSTILE = ("<!channel>", "<b>Zoë & Çà</b> @here", '*_`"Société"`_* <@U1>', "É" * 40 + " " + "x" * 150)
WHO = "Léa <!here> </b>"
DAY = 'to=CA port="Ambassador Bridge" eta=15:00 papers=09:00 broker=PCB'


# Slack


async def test_the_night_shift_is_led_through_carm_in_slack(sqlite_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, sqlite_url, "slack", "http") as it:
        sam = Sam(it)
        await falls(it)
        await slack_asks(it, sam)
        await slack_shows_a_picture(it, sam)
        await slack_fills_the_form(it, sam)
        await slack_names(it, sam)
        slack_clean(sam.people)
        await it.checked()


async def slack_asks(it: Story, sam: Sam) -> None:
    """From NOT KNOWN by taps to NOT OK, with who said so; the load is held."""
    first = await sam.types("/shipper ACME carm")
    leads(first.words, at_night=True)
    asked = await sam.taps(first, "All questions")
    assert asked.words == (await sam.types("/shipper ACME carm ask")).words
    assert asked.words.startswith("12 questions about ACME with PCB. Ask first: PCB, 555-0142 (closed, opens 08:00")
    assert labels(asked) == ["Yes", "No", "Pending", "Don't know", "Several answers, with a name"]
    await it.at("+1 02:11")
    unsure = await sam.taps(asked, "Don't know")
    assert "CARM NOT KNOWN" in unsure.words and NEXT in unsure.words and ASKED not in unsure.words
    assert it.cards() == []
    await it.at("+1 02:12")
    bad = await sam.taps(unsure, "No")
    assert bad.words.startswith("✅ Kept: not enrolled in RPP (ACME). CARM NOT OK since 02:12, now: ACME with PCB")
    assert "do not send the truck to the border" in bad.words and "Park before the border." in bad.words
    assert "Say: “Please enrol the import account in Release Prior to Payment" in bad.words
    held(it)
    await it.at("+1 02:13")
    typed = next(line for line in bad.words.splitlines() if line.startswith("Who was it? Type: "))
    named = await sam.types(typed.removeprefix("Who was it? Type: "))
    assert "Not enrolled in RPP (Maria, ACME 02:12, 1 min ago)" in named.words


async def slack_shows_a_picture(it: Story, sam: Sam) -> None:
    """A picture under the load's card and one sent alone are kept; what one was said to show is taken back."""
    await it.at("+1 02:14")
    kept = await sam.sends("portal.png", "1234")
    assert kept.words.startswith("✅ 1 picture is kept as evidence for ACME. What does it show?")
    await it.at("+1 02:15")
    shown = await sam.taps(kept, "RPP is listed")
    assert shown.words.startswith("✅ Kept: RPP active (a picture of the portal, from Sam). CARM AT RISK since 02:15")
    assert "Who was it" not in shown.words and "At 08:00 call PCB" in shown.words
    assert (await told(it))[-1].source is Source.PORTAL_SCREENSHOT and await pictures(it) == [PNG]
    await it.at("+1 02:16")
    undone = await sam.taps(shown, "Undo")
    assert undone.words.startswith("✅ Taken back: RPP active. CARM NOT OK since 02:12, 4 min ago: ACME")
    assert "Not enrolled in RPP (Maria, ACME 02:12, 4 min ago)" in undone.words
    alone = await sam.slack.dm("carm ACME", user=sam.people.sam, files=(sam.slack.upload("b.png", PNG + b"b"),))
    assert "1 picture is kept as evidence for ACME" in alone.text
    assert await pictures(it) == [PNG, PNG + b"b"]
    await it.at("+1 02:17")
    overheard = await sam.sends("c.png", "1234", b"c")
    assert overheard.words.startswith("✅ 1 picture is kept as evidence for ACME. What does it show?")
    assert await pictures(it) == [PNG, PNG + b"b", PNG + b"c"]
    stands = await sam.types("/load 1234 status")
    assert "CARM NOT OK since 02:12, 5 min ago: ACME with PCB; not enrolled in RPP (Maria, ACME" in stands.words


async def slack_fills_the_form(it: Story, sam: Sam) -> None:
    """The form refuses who works nowhere, and takes two answers at once; the load is not held any more."""
    await it.at("+1 02:20")
    view = await sam.opens(await sam.types("/shipper ACME carm"), "Several answers, with a name")
    answers = {"by": "Zed", "rpp": "yes", "security": "bond"}
    wrong = await sam.slack.submit_view(view, answers, user=sam.people.sam, wait=0.0)
    assert "Where does “Zed” work?" in wrong.errors["by"]
    mended = await sam.submits(view, **(answers | {"by": "Maria/PCB"}))
    assert "CARM OK as of 02:20, now: ACME with PCB" in mended.words, mended.words
    assert "RPP active (Maria, PCB, by phone); security is enough, by bond (Maria, PCB, by phone)" in mended.words
    await it.at("+1 02:25")
    status = await sam.types("/load 1234 status")
    assert "CARM OK as of 02:20, 5 min ago: ACME with PCB; RPP active (Maria, PCB, by phone" in status.words
    assert "CARM NOT OK" not in status.words
    assert it.cards()[0].startswith("1234 UNKNOWN: waits for PARS SMPLPARS100123 to be accepted"), it.cards()
    log = await sam.types("/shipper ACME carm log")
    assert "with portal.png" in log.words and log.words.count("recorded by Sam") == len(await told(it))
    assert "(…782 RM0001)" in (await sam.types(f"/shipper ACME carm bn={BN}")).words
    again = await sam.slack.slash("/shipper", f"ACME carm bn={BN} rpp=active", user=sam.people.sam,
                                  channel=sam.people.channel)  # fmt: skip
    assert again.view is not None and "bn" in [b["block_id"] for b in again.view["blocks"]]
    assert "Where does “Kim” work?" in (await sam.types(f"/shipper ACME carm bn={BN} rpp=active by=Kim")).words


async def slack_names(it: Story, sam: Sam) -> None:
    """In the morning somebody new is asked about, and names that would break a card break none."""
    await it.at("+1 10:00")
    await sam.types(f"/load 1700 add {DAY} pars=SMPLPARS209700 importer=Newco")
    leads((await sam.types("/shipper Newco carm")).words, at_night=False, of="Newco", load="1700", told=True)
    told_bad: list[SlackMessage] = []
    for number, name in enumerate(HOSTILE, 1500):
        typed = name.replace('"', '\\"')
        where = f"{DAY} pars=SMPLPARS20{number}"
        added = await sam.types(f'/load {number} add {where} importer="{typed}"')
        assert "is watched now" in added.words, added.words
        asked = await sam.types(f"/load {number} carm ask")
        assert name[:30] in asked.words and "Ask first: PCB, 555-0142" in asked.words.splitlines()[0]
        bad = await sam.taps(asked, "Pending")
        first = await sam.types(f'/shipper "{typed}" carm')
        assert first.words.startswith("🟠 CARM NOT OK since 10:00") and name[:30] in first.words
        view = await sam.opens(first, "Several answers, with a name")
        said = await sam.submits(view, by=f"{WHO}, PCB", rpp="no")
        assert f"not enrolled in RPP ({WHO}, PCB, by phone)" in said.words, said.words
        told_bad.append(bad)
    await it.at("+1 10:05")
    assert all(it.cards(str(1500 + n))[0].startswith("🟡 WARN") for n in range(len(HOSTILE))), it.cards()
    kept = await sam.sends("<!channel>.png", "1500")
    assert "kept as evidence for <!channel>" in kept.words
    for bad, name in zip(told_bad, HOSTILE, strict=True):
        undone = (await sam.taps(bad, "Undo")).words
        assert undone.startswith("✅ Taken back: ") and name[:30] in undone, undone
    long = await sam.types(f'/shipper "{"É" * 500}" carm')
    assert "A name has at most 200 characters" in long.words


def slack_clean(people: SlackPeople) -> None:
    """Nobody was called, every button is a line of 64 bytes, and nothing shows what should not be shown."""
    state = people.slack.state
    mine = [m for m in (*state.log, *state.ephemerals) if m.user != people.sam]
    assert not [m.words for m in mine if m.pings]
    assert max(len(b["value"].encode()) for m in mine for b in m.buttons) <= 64
    views = [json.dumps(v["blocks"], ensure_ascii=False) for v in state.views.values()]
    assert len(views) >= 2 + len(HOSTILE)
    clean([*(m.words for m in mine), *views])


# Telegram


async def test_the_night_shift_is_led_through_carm_in_telegram(sqlite_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, sqlite_url, "telegram", "polling") as it:
        maria = Maria(it)
        await falls(it)
        await telegram_asks(it, maria)
        await telegram_shows_a_picture(it, maria)
        await telegram_names(it, maria)
        telegram_clean(maria.people)
        await it.checked()


async def telegram_asks(it: Story, maria: Maria) -> None:
    """From NOT KNOWN by taps to NOT OK, with who said so; a name that would open a tag does not."""
    first = await maria.types("/shipper ACME carm", "CARM NOT KNOWN")
    assert first.chat.kind == "private"
    leads(first.text, at_night=True)
    asked = await maria.taps(first, "All questions", "12 questions about ACME with PCB")
    await it.at("+1 02:11")
    unsure = await maria.taps(asked, "Don't know", "stays NOT KNOWN")
    assert NEXT in unsure.text and ASKED not in unsure.text
    await it.at("+1 02:12")
    bad = await maria.taps(unsure, "No", "Kept:")
    assert "not enrolled in RPP (ACME). CARM NOT OK since 02:12, now: ACME" in bad.text
    held(it)
    await it.at("+1 02:13")
    named = await maria.types(f'/shipper ACME carm by="{WHO}, ACME"', "Kept:")
    assert f"Not enrolled in RPP ({WHO}, ACME 02:12, 1 min ago)" in named.text
    form = await maria.types("/shipper ACME carm set", "What was said? Nothing was recorded yet.")
    assert "/shipper ACME carm set by=" in form.text and "needed" in form.text


async def telegram_shows_a_picture(it: Story, maria: Maria) -> None:
    """A photo under the load's card and one sent alone are kept; what one was said to show is taken back."""
    await it.at("+1 02:14")
    kept = await maria.sends("carm", "kept as evidence", maria.people.card("1234"))
    assert kept.text.startswith("⚪ 1 picture is kept as evidence for ACME. What does it show?")
    await it.at("+1 02:15")
    shown = await maria.taps(kept, "RPP is listed", "(a picture of the portal, from Maria)")
    assert "CARM AT RISK since 02:15" in shown.text and await pictures(it) == [PNG]
    await it.at("+1 02:16")
    above = await maria.undoes(shown)
    assert above.startswith("⚪ Taken back: RPP active. CARM NOT OK since 02:12, 4 min ago"), above
    assert (await maria.sends("carm ACME", "kept as evidence")).chat.kind == "private"
    assert [e.item for e in await told(it)][-1] is Item.RPP and (await told(it))[-1].attachment
    stands = await maria.types("/load 1234 status", "CARM NOT OK since 02:12, 4 min ago: ACME with PCB")
    assert "not enrolled in RPP" in stands.text
    await maria.types(f"/shipper ACME carm bn={BN} rpp=active", "Who said rpp=active?")
    await it.at("+1 10:00")
    mended = await maria.types('/shipper ACME carm rpp=yes delegation=yes by="Maria, PCB" via=phone', "Kept:")
    assert "CARM OK as of 10:00, now: ACME with PCB" in mended.text, mended.text
    await it.at("+1 10:05")
    await maria.types("/load 1234 status", "CARM OK as of 10:00, 5 min ago: ACME with PCB")


async def telegram_names(it: Story, maria: Maria) -> None:
    """In the morning somebody new is asked about, and names that would open a tag are read as they were typed."""
    await maria.types(f"/load 1700 add {DAY} pars=SMPLPARS209700 importer=Newco", "is watched now")
    first = await maria.types("/shipper Newco carm", "CARM NOT KNOWN: Newco")
    leads(first.text, at_night=False, of="Newco", load="1700", told=True)
    for number, name in enumerate(HOSTILE, 1500):
        typed = name.replace('"', '\\"')
        where = f"{DAY} pars=SMPLPARS20{number}"
        await maria.types(f'/load {number} add {where} importer="{typed}"', "is watched now")
        asked = await maria.types(f"/load {number} carm ask", "Ask first: PCB, 555-0142 (open now)")
        assert name[:30] in asked.text
        bad = await maria.taps(asked, "Pending", "CARM NOT OK since 10:05")
        assert name[:30] in bad.text and "Undo" in bad.labels
    await it.at("+1 10:10")
    cards = [it.cards(str(1500 + n), "Dispatch") for n in range(len(HOSTILE))]
    assert all(c[0].startswith("🟡 WARN") and name[:30] in c[0] for c, name in zip(cards, HOSTILE, strict=True)), cards


def telegram_clean(people: TelegramPeople) -> None:
    """Every button is a line of 64 bytes, and nothing shows what should not be shown."""
    mine = [m for chat in people.telegram.chats.values() for m in people.telegram.seen(chat)]
    buttons = [b for m in mine for row in m.keyboard or [] for b in row]
    assert len(buttons) > 20 and max(len(b["callback_data"].encode()) for b in buttons) <= 64
    clean([text for m in mine for text in m.history])


@pytest.mark.parametrize(("clock", "at_night"), [("+1 02:10", True), ("+1 10:00", False)])
async def test_the_first_answer_at_the_terminal_says_whom_to_call_and_what_each_answer_changes(
    sqlite_url: str, tmp_path: Path, clock: str, at_night: bool
) -> None:
    async with story(tmp_path, sqlite_url, "console") as it:
        await it.at("18:00")
        await it.dispatcher.types('/broker PCB set phone=555-0142 hours="mon-fri 8-17"')
        await it.adds(eta="2026-11-25T14:00", papers="17:00", importer="ACME")
        await it.at(clock)
        leads(" ".join((await it.dispatcher.types("/shipper ACME carm")).split()), at_night=at_night)
