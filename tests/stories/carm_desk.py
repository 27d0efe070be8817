"""The desk of the stories about CARM: a load whose importer nobody was asked about, and who sits there at night."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from bot.domain.carm.evidence import Evidence
from bot.watch.parties import name_key
from tests.standins.slack import Answer
from tests.standins.slack import Message as SlackMessage
from tests.standins.telegram import Message as TelegramMessage
from tests.stories.people import until
from tests.stories.rig import Story

PNG = b"\x89PNG\r\n\x1a\nSAMPLE picture of the portal"
ASKED = "“Will your PARS for the import account of ACME go electronically under its own RPP today?”"


async def falls(it: Story) -> None:
    """A load whose importer nobody was ever asked about; the night shift comes."""
    await it.dispatcher.types(f"/holdwatch {await it.admin()}")
    assert "hears all loads" in await it.dispatcher.types("/route here")
    await it.at("18:00")
    await it.dispatcher.types('/broker PCB set phone=555-0142 hours="mon-fri 8-17"')
    await it.adds(eta="2026-11-25T14:00", papers="17:00", importer="ACME")
    await it.at("+1 02:10")
    assert it.cards() == []


async def told(it: Story, name: str = "ACME") -> list[Evidence]:
    """All that is recorded of an importer, in order."""
    async with it.house.app.database.work("home", it.now) as work:
        (party,) = (await work.parties.named([name_key(name)])).values()
        return (await work.evidence.of_importers([party.id])).get(party.id, [])


async def pictures(it: Story) -> list[bytes]:
    """What was kept with the records, as bytes."""
    ids = [e.attachment for e in await told(it) if e.attachment]
    async with it.house.app.database.work("home", it.now) as work:
        kept = await work.attachments.of(ids)
        return [await work.attachments.body(id_) or b"" for id_ in kept]


def leads(first: str, *, at_night: bool, of: str = "ACME", load: str = "1234", told: bool = False) -> None:
    """The answer says whom to call first, when, the exact question, and what each answer changes; what CARM OK does not
    mean where it was not `told` before."""
    title, *_rest = first.splitlines()
    assert title.startswith(f"CARM NOT KNOWN: {of} with PCB, importer of record as our load says (load {load})."), first
    asked = ASKED.replace("ACME", of)
    if at_night:
        assert "Now, 02:10: nobody can settle this before 08:00, when PCB opens." in first
        assert f"At 08:00 call PCB, 555-0142 (closed, opens 08:00; no night number). Ask: {asked}" in first
    else:
        assert f"Call first: PCB, 555-0142 (open now). Ask: {asked}" in first
    assert "Yes: OK · No, Pending: NOT OK · Don't know: stays NOT KNOWN" in first
    assert ("not customs advice" in first) is not told


def clean(words: list[str]) -> None:
    """Nobody reads a whole business number, an amount of money, or that something was ready."""
    shown = "\n".join(words)
    assert not re.search(r"(?<!\w)\d{9}", shown), re.findall(r".*(?<!\w)\d{9}.*", shown)
    assert not re.search(r"[$€£]\s?\d|\d\s?(?:[$€£]|CAD|USD|dollars)", shown)
    assert not re.search(r"\bready\b", shown, re.IGNORECASE)


def held(it: Story) -> None:
    """The place that hears loads has one card, which holds this one for its importer."""
    (card,) = it.cards("1234", "ispatch")
    assert card.startswith("🟡 WARN 1234 HOLD: the importer of PARS SMPLPARS100123 is CARM NOT OK"), card


# Slack


class Sam:
    """The dispatcher in Slack, who reads only what answers him."""

    def __init__(self, it: Story) -> None:
        assert it.slack is not None
        self.it, self.people, self.slack = it, it.slack, it.slack.slack

    async def _reads(self, act: Callable[[], Awaitable[Answer]]) -> SlackMessage:
        before = len(self.slack.ephemerals(self.people.sam))
        await act()
        await until(lambda: len(self.slack.ephemerals(self.people.sam)) > before)
        await self.it.settled()
        return self.slack.ephemerals(self.people.sam)[-1]

    async def types(self, line: str) -> SlackMessage:
        """A line; what came back to him alone."""
        name, _, text = line.partition(" ")
        sam, channel = self.people.sam, self.people.channel
        return await self._reads(lambda: self.slack.slash(name, escaped(text), user=sam, channel=channel))

    async def taps(self, message: SlackMessage, label: str) -> SlackMessage:
        """A button of what he read; what came back."""
        return await self._reads(lambda: self.slack.press(message, label, user=self.people.sam, wait=0.0))

    async def opens(self, message: SlackMessage, label: str) -> dict[str, Any]:
        """A button that opens a form; the form."""
        view = (await self.slack.press(message, label, user=self.people.sam)).view
        assert view is not None
        return view

    async def submits(self, view: dict[str, Any], **values: str) -> SlackMessage:
        """The form, filled in; what came back."""
        return await self._reads(lambda: self.slack.submit_view(view, values, user=self.people.sam, wait=0.0))

    async def sends(self, name: str, load: str, more: bytes = b"") -> SlackMessage:
        """A picture with a mention and no words, or with `more` of its own and without one, under the card of a load;
        the answer under it."""
        card, file = self.people.card(load), self.slack.upload(name, PNG + more)
        before = len(self.slack.posts(self.people.channel))
        sam, channel = self.people.sam, self.people.channel
        found: list[SlackMessage] = []

        def came() -> bool:
            found[:] = [m for m in self.slack.posts(self.people.channel)[before:] if "kept as evidence" in m.words]
            return bool([m for m in found if m.thread_ts == card.ts])

        write = self.slack.share if more else self.slack.mention
        await write("", user=sam, channel=channel, thread=card.ts, files=(file,), wait=0.0)
        await until(came)
        return found[-1]


def escaped(text: str) -> str:
    """As Slack hands over what somebody types."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def labels(message: SlackMessage) -> list[str]:
    """What can be tapped."""
    return [b["text"]["text"] for b in message.buttons]


# Telegram


class Maria:
    """The dispatcher in a Telegram group, who has opened the bot herself."""

    def __init__(self, it: Story) -> None:
        assert it.telegram is not None
        self.it, self.people, self.telegram = it, it.telegram, it.telegram.telegram

    async def _reads(self, act: Callable[[], object], words: str) -> TelegramMessage:
        before = self._read()
        act()
        found: list[TelegramMessage] = []

        def came() -> bool:
            found[:] = [m for key, m in self._read().items() if key not in before and words in m.text]
            return bool(found)

        await until(came)
        await self.it.settled()
        return found[0]

    def _read(self) -> dict[tuple[int, int], TelegramMessage]:
        places = (self.people.group, self.telegram.chat(self.people.maria))
        return {(place.id, m.id): m for place in places for m in self.telegram.seen(place)}

    async def types(self, line: str, words: str) -> TelegramMessage:
        """A line in the group; the answer, there or in private, that holds the words."""
        return await self._reads(lambda: self.telegram.message(self.people.maria, self.people.group, line), words)

    async def taps(self, message: TelegramMessage, label: str, words: str) -> TelegramMessage:
        """A button of what she read; the answer that holds the words."""
        return await self._reads(lambda: self.telegram.press(message, label, self.people.maria), words)

    async def undoes(self, message: TelegramMessage) -> str:
        """The button that takes back; what stands above the chat for a moment."""
        tap = self.telegram.press(message, "Undo", self.people.maria)
        await until(lambda: tap.answered)
        await self.it.settled()
        return tap.text

    async def sends(self, caption: str, words: str, under: TelegramMessage | None = None) -> TelegramMessage:
        """A picture under a card of the group, or in private; the answer that holds the words."""
        where = self.people.group if under is not None else self.people.maria
        photo = self.telegram.photo
        return await self._reads(lambda: photo(self.people.maria, where, caption, PNG, reply_to=under), words)
