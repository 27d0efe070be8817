"""The people of a story: each speaks in a chat as people do, and sees what stands there."""

import io
import itertools
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.app import App
from bot.cli.screens import hear_console
from handlers.console import CONSOLE, ConsoleDoor, plain
from handlers.reply import Line, Reply
from tests.patience import until
from tests.standins.slack import BOT_USER, SlackStandIn
from tests.standins.slack import Message as SlackMessage
from tests.standins.telegram import Chat, TelegramStandIn, User
from tests.standins.telegram import Message as TelegramMessage

_KEY = re.compile(r"~[a-z0-9]{4,}")
_CODE = re.compile(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){3}")
SECRET = "SAMPLE-secret-of-the-webhook"


@dataclass(frozen=True)
class Seen:
    """A message of the bot as it reads now; `under` is the message it answers ('' for one that stands alone)."""

    place: str
    ref: str
    text: str
    under: str = ""
    edits: int = 0


class People(Protocol):
    """A dispatcher in a place, by whatever chat."""

    async def types(self, line: str) -> str: ...

    async def taps(self, load: str, label: str) -> str: ...

    async def replies(self, load: str, words: str) -> str: ...

    def seen(self) -> list[Seen]: ...

    def forgives(self) -> int: ...

    def refused(self) -> list[Any]: ...


def readable(text: str) -> str:
    """What people read without what differs from run to run."""
    return _CODE.sub("CODE", _KEY.sub("~key", text))


class SlackPeople:
    """Sam at the desk, in #dispatch."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.sam = slack.user("Sam")
        self.channel = slack.channel("dispatch", self.sam)

    async def types(self, line: str, *, user: str = "", channel: str = "") -> str:
        """A slash command; what came back."""
        command, _, text = line.partition(" ")
        answer = await self.slack.slash(command, text, user=user or self.sam, channel=channel or self.channel)
        return readable(answer.text)

    async def taps(self, load: str, label: str, *, user: str = "") -> str:
        """A tap on the card of a load; what only the tapper saw."""
        who = user or self.sam
        before = len(self.slack.ephemerals(who))
        await self.slack.press(self.card(load), label, user=who, wait=0.0)
        await until(lambda: len(self.slack.ephemerals(who)) > before)
        return readable(self.slack.ephemerals(who)[-1].words)

    async def replies(self, load: str, words: str, *, user: str = "") -> str:
        """Words to the bot in the thread of a load's card; the answer, wherever it came."""
        who, card = user or self.sam, self.card(load)
        before = {id(m) for m in (*self.slack.posts(self.channel), *self.slack.ephemerals(who))}
        typed = len(self.slack.messages(self.channel))
        await self.slack.reply_in_thread(card, words, user=who, wait=0.0)
        found: list[SlackMessage] = []

        def came() -> bool:
            later = self.slack.messages(self.channel)[typed:] + self.slack.ephemerals(who)
            found[:] = [m for m in later if m.user == BOT_USER and id(m) not in before]
            return bool(found)

        await until(came)
        return readable(found[0].words)

    async def looks(self, load: str, *, user: str = "") -> str:
        """Eyes on the card of a load; what only this person saw."""
        who = user or self.sam
        before = len(self.slack.ephemerals(who))
        await self.slack.react(self.card(load), "eyes", user=who, wait=0.0)
        await until(lambda: len(self.slack.ephemerals(who)) > before)
        return readable(self.slack.ephemerals(who)[-1].words)

    def card(self, load: str) -> SlackMessage:
        """The last card that names the load."""
        tops = [m for m in self.slack.posts(self.channel) if not m.thread_ts and re.search(rf"\b{load}\b", m.words)]
        assert tops, f"no card of {load} among {[m.words for m in self.slack.posts(self.channel)]}"
        return tops[-1]

    def seen(self) -> list[Seen]:
        """Every message of the bot, by channel, as it reads now."""
        names = {c.id: c.name or f"with {self.slack.users[c.im_of].name}" for c in self.slack.channels.values()}
        return [
            Seen(f"slack {names[m.channel]}", m.ts, readable(m.words), m.thread_ts, m.edits)
            for m in self.slack.state.log
            if m.user == BOT_USER
        ]

    def forgives(self) -> int:
        """Nothing comes twice of itself."""
        return 0

    def refused(self) -> list[Any]:
        """What Slack would not have taken."""
        return list(self.slack.refused)


class TelegramPeople:
    """Maria in the group Dispatch, and Singh, who drives, in a chat of his own."""

    def __init__(self, telegram: TelegramStandIn) -> None:
        self.telegram = telegram
        self.maria = telegram.user("Maria")
        self.singh = telegram.user("Singh", started=False)
        self.group = telegram.group("Dispatch", self.maria)
        self._answers: set[int] = set()

    async def types(self, line: str, *, user: User | None = None, chat: Chat | User | None = None) -> str:
        """A line in the group; the answer, in the group or in private."""
        who, where = user or self.maria, chat or self.group
        before = self._ids(self.telegram.chat(who))
        typed = self.telegram.message(who, where, line)
        found: list[TelegramMessage] = []

        def came() -> bool:
            here = [m for m in self.telegram.seen(where) if m.reply_to is typed]
            found[:] = here or [m for m in self.telegram.seen(who) if m.id not in before]
            return bool(found)

        await until(came)
        return readable(found[0].text)

    async def says(self, line: str, *, user: User | None = None) -> str:
        """A line in the private chat; the answer, with the link that private answers hold."""
        who = user or self.singh
        before = self._ids(self.telegram.chat(who))
        self.telegram.message(who, who, line)
        await until(lambda: self._ids(self.telegram.chat(who)) - before)
        return next(m.text for m in self.telegram.seen(who) if m.id not in before)

    async def taps(self, load: str, label: str, *, user: User | None = None) -> str:
        """A tap on the card of a load; what the tapper saw, above the chat or in it where that is too long."""
        before = self._ids(self.group)
        tap = self.telegram.press(self.card(load), label, user or self.maria)
        await until(lambda: tap.answered and not self.telegram.updates.pending)
        if tap.text:
            return readable(tap.text)
        found = [m for m in self.telegram.seen(self.group) if m.id not in before and load in m.text.splitlines()[0]]
        mine = [m for m in found if m.text.removeprefix("⚪ ").startswith("You ")]
        self._answers |= {m.id for m in mine}
        return readable("\n".join(m.text for m in mine))

    async def replies(self, load: str, words: str, *, user: User | None = None) -> str:
        """A reply to the card of a load; the answer."""
        typed = self.telegram.message(user or self.maria, self.group, words, reply_to=self.card(load))
        await until(lambda: any(m.reply_to is typed for m in self.telegram.seen(self.group)))
        return readable(next(m.text for m in self.telegram.seen(self.group) if m.reply_to is typed))

    def _ids(self, chat: Chat) -> set[int]:
        return {m.id for m in self.telegram.seen(chat)}

    def card(self, load: str) -> TelegramMessage:
        """The last card that names the load."""
        tops = [m for m in self.telegram.seen(self.group) if m.reply_to is None and re.search(rf"\b{load}\b", m.text)]
        assert tops, f"no card of {load} among {self.telegram.texts(self.group)}"
        return tops[-1]

    def seen(self) -> list[Seen]:
        """Every message of the bot, by chat, as it reads now; answers to what people typed are no news."""
        return [
            Seen(
                f"telegram {chat.title}", str(m.id), readable(m.text),
                str(m.reply_to.id) if m.reply_to else "", len(m.history) - 1,
            )
            for chat in self.telegram.chats.values()
            for m in self.telegram.seen(chat)
            if m.id not in self._answers and (m.reply_to is None or m.reply_to.sender is self.telegram.bot)
        ]  # fmt: skip

    def forgives(self) -> int:
        """Leaves out from now on what is an answer once more, to a message that Telegram brought again after a crash;
        how many there were."""
        found = []
        for chat in self.telegram.chats.values():
            mine = [m for m in self.telegram.seen(chat) if m.reply_to is None and m.id not in self._answers]
            found += [b.id for a, b in itertools.pairwise(mine) if chat.kind == "private" and a.text == b.text]
        self._answers |= set(found)
        return len(found)

    def refused(self) -> list[Any]:
        """What Telegram would not have taken."""
        return list(self.telegram.refused)


class ConsolePeople:
    """The operator at the terminal, where cards are printed again instead of edited."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.door: ConsoleDoor
        self._entry: Callable[[Line], Awaitable[Reply]]
        self._typed = 0
        self._repeated: set[int] = set()

    async def sit(self, app: App) -> None:
        """Sits down at the terminal of a program that just started."""
        self._entry = app.entry
        self._who = await app.entry.account_of("")
        self.door = ConsoleDoor(app.entry, self._who, self.out)
        await hear_console(app, self.door)

    async def types(self, line: str) -> str:
        """A line at the prompt; the answer as it is printed."""
        self._typed += 1
        return readable(plain(await self._entry(Line(line, self._who, CONSOLE, f"console:story:{self._typed}"))))

    async def taps(self, load: str, label: str) -> str:
        """There is nothing to tap at a terminal: the line is typed."""
        return await self.types(f"/load {load} {label.lower()}")

    async def replies(self, load: str, words: str) -> str:
        """There are no threads at a terminal: the load is named."""
        return await self.types(f"/load {load} {words}")

    def printed(self) -> str:
        """What stands on the terminal."""
        return self.out.getvalue()

    def seen(self) -> list[Seen]:
        """Everything printed so far, one block after the other."""
        blocks = [(n, b) for n, b in enumerate(self._blocks()) if n not in self._repeated]
        return [Seen("console", str(n), readable(_unboxed(b)), "card" if "↳" in b else "") for n, b in blocks]

    def _blocks(self) -> list[str]:
        return re.findall(r"╭.*?╰[^\n]*\n|    ↳.*?\n(?!      )", self.printed(), re.DOTALL)

    def forgives(self) -> int:
        """A terminal prints what stands once more when it is opened again, with ages of that moment: that is left out
        from now on."""
        before = len(self._repeated)
        cards: list[str] = []
        for n, block in enumerate(self._blocks()):
            if "↳" not in block:
                text = re.sub(r"\(.*?\)", "", _unboxed(block).removeprefix("(updated)"), flags=re.DOTALL).strip()
                if cards and cards[-1] == text:
                    self._repeated.add(n)
                cards.append(text)
        return len(self._repeated) - before

    def refused(self) -> list[Any]:
        """A terminal takes everything."""
        return []


def _unboxed(block: str) -> str:
    lines = [line.strip(" │").rstrip() for line in block.splitlines() if not line.startswith(("╭", "╰"))]
    mark = ["(updated)"] if "updated" in block.splitlines()[-1] else []
    return "\n".join([*mark, *lines])
