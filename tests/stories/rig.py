"""Sets a story up: a database of an engine, a chat by a transport, a folder that customs' messages fall into."""

import asyncio
import itertools
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.domain.assess import assess
from bot.domain.written import to_text
from bot.watch.gather import gather
from handlers.entry import first_code
from storage.errors import GONE
from tests.handlers.telegram.rig import free_port
from tests.patience import PATIENCE
from tests.standins import customs
from tests.standins.slack import slack_stand_in
from tests.standins.telegram import telegram_stand_in
from tests.stories.house import HOME, House, local
from tests.stories.people import SECRET, ConsolePeople, People, Seen, SlackPeople, TelegramPeople
from tests.stories.program import Program, TerminalPeople

#: After a crash nobody knows how a card reads or whether a tap was answered, and the dead one's question may still
#: wait for its answer.
_OF_A_CRASH = ("message is not modified", "query is too old", "terminated by other getUpdates request")
#: Texts by where they stand, how often each.
Shown = Counter[tuple[str, str]]
PARS = "SMPLPARS100123"
TRANSACTION = "12345000067897"


@dataclass
class Story:
    """A desk, its people and customs. `told` is what people saw, step by step."""

    house: House
    var: Path
    slack: SlackPeople | None = None
    telegram: TelegramPeople | None = None
    console: ConsolePeople | None = None
    transport: str = ""
    told: list[str] = field(default_factory=list)
    _before: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def dispatcher(self) -> People:
        """Who sits at the desk."""
        found = self.slack or self.telegram or self.console
        assert found is not None
        return found

    @property
    def chats(self) -> list[People]:
        """Everybody's chats."""
        return [c for c in (self.slack, self.telegram, self.console) if c is not None]

    async def takes(self, load: str) -> str:
        """Somebody takes a load the way of this transport: a button, eyes on the card, or words under it."""
        if self.slack is not None and self.transport == "socket":
            return await self.slack.looks(load)
        if self.telegram is not None and self.transport == "webhook":
            return await self.telegram.replies(load, "got it")
        return await self.dispatcher.taps(load, "Got it")

    async def opens(self) -> None:
        """The first admin comes in, and the dispatcher's place hears."""
        if self.console is None:
            await self.dispatcher.types(f"/holdwatch {await self.admin()}")
            answer = await self.dispatcher.types("/route here")
            assert "hears all loads from now on" in answer, answer
        await self.at("08:40")

    async def adds(self, number: str = "1234", pars: str = PARS, *, papers: str = "08:30", **more: str) -> str:
        """The dispatcher adds a load into Canada; the answer."""
        values = {
            "to": "CA",
            "port": '"Ambassador Bridge"',
            "eta": "14:00",
            "broker": "PCB",
            "trip": f"SMPLTRIP{number}",
        }
        values |= {"pars": pars, "papers": papers} | more
        answer = await self.dispatcher.types(
            f"/load {number} add " + " ".join(f"{k}={v}" for k, v in values.items() if v)
        )
        assert "is watched now" in answer, answer
        await self.settled()
        return answer

    # Time and customs

    async def at(self, clock: str) -> None:
        """Moves civil time on, has the sweep look, and waits until all is said."""
        await self.passes(clock)
        await self.settled()

    def moment(self, clock: str) -> datetime:
        """A wall time of the story's day."""
        return local(clock)

    async def passes(self, clock: str) -> None:
        """Moves civil time on and waits until the sweep has looked; what can't be said waits."""
        self.house.clock.moves(local(clock))
        async with asyncio.timeout(PATIENCE):
            while await self._due():
                self.house.lives()
                self.house.app.wake()
                await asyncio.sleep(0.01)
        self.house.app.wake()

    async def _due(self) -> bool:
        try:
            async with self.house.app.database.dock(self.now) as dock:
                return bool(await dock.due_loads(self.now, 1))
        except GONE:
            return True

    @property
    def now(self) -> datetime:
        """Civil time."""
        return self.house.clock.civil()

    def rns(self, code: str = "9", *, pars: str = PARS, at: str = "", transaction: str = TRANSACTION) -> bytes:
        """A release message: `9`, `4`, `14+01` (an error and its code)."""
        made = local(at) if at else self.now
        return customs.rns(code, pars, transaction, f"{made.astimezone(HOME):%Y%m%d%H%M}")

    def drops(self, body: bytes, feed: str = "rns") -> Path:
        """A file falls into a feed's folder, whole."""
        folder = self.var / "feeds" / feed
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{next(self._numbers):04}.edi"
        path.with_suffix(".tmp").write_bytes(body)
        return path.with_suffix(".tmp").rename(path)

    async def hears(self, code: str = "9", **more: Any) -> None:
        """Customs says something by the folder, and all that follows is said."""
        self.drops(self.rns(code, **more))
        await self.settled()

    async def lists(self, rows: str) -> None:
        """A list of loads falls into the folder for lists."""
        folder = self.var / "loads"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{next(self._numbers):04}.csv"
        path.with_suffix(".tmp").write_text(rows, "utf-8")
        path.with_suffix(".tmp").rename(path)
        await self.settled()

    async def admin(self) -> str:
        """The one-time code that `run` prints."""
        code = await first_code(self.house.app.database, self.now)
        assert code is not None
        return code

    async def lives(self, alive: bool) -> None:
        """The gateway's heartbeat goes on, or is a day old; and the pulse is looked at."""
        self.house.beat()
        if not alive:
            old = time.time() - 24 * 3600
            os.utime(self.house.alive, (old, old))
        await self.house.app.life.look()
        self.house.app.wake()
        await self.settled()

    # What stands

    async def settled(self) -> None:
        """Waits until every file is taken, every due load looked at, and everything said that can be."""
        async with asyncio.timeout(PATIENCE):
            while not await self.quiet():
                self.house.lives()
                self.house.app.wake()
                await asyncio.sleep(0.02)

    async def quiet(self) -> bool:
        """Whether every file is taken, every due load looked at, and everything said that can be."""
        folders = [self.var / "loads", *(self.var / "feeds").glob("*")]
        if any(p.is_file() and p.name != "heartbeat" for f in folders if f.exists() for p in f.iterdir()):
            return False
        if await self._due():
            return False
        try:
            async with self.house.app.database.dock(self.now) as dock:
                return (await dock.counts())["outbox_waiting"] == 0
        except GONE:
            return False

    def sees(self) -> list[Seen]:
        """Every message of the bot as it reads now."""
        return [one for chat in self.chats for one in chat.seen()]

    def cards(self, name: str = "1234", place: str = "") -> list[str]:
        """Cards that name a load, a feed …, as they read now."""
        return [s.text for s in self.sees() if not s.under and name in s.text and place in s.place]

    def words(self, place: str = "") -> list[str]:
        """The first lines of all words, in order."""
        return [s.text.splitlines()[0] for s in self.sees() if s.under and place in s.place]

    def step(self, title: str, answer: str = "") -> None:
        """Writes down what people saw since the last step; messages are numbered in the order they came."""
        self.told.append(f"== {title}")
        if answer:
            self.told += [f"   > {line}" for line in answer.splitlines()]
        for one in self.sees():
            number, text = self._before.get((one.place, one.ref), (0, ""))
            if text != one.text:
                mark = "now" if number else "new"
                number = number or len(self._before) + 1
                self.told.append(f"-- {number} {mark} in {one.place}{', under' if one.under else ''}")
                self.told += [f"   {line}" for line in one.text.splitlines()]
            self._before[one.place, one.ref] = (number, one.text)

    def final(self) -> Shown:
        """The last text of every card and every word."""
        return Counter((f"{s.place}{', under' if s.under else ''}", s.text) for s in self.sees())

    async def checked(self) -> None:
        """What must hold at the end of every story."""
        await self.settled()
        refused = [r for chat in self.chats for r in chat.refused()]
        if self.house.kills:
            refused = [r for r in refused if not any(why in str(r) for why in _OF_A_CRASH)]
        assert not refused, refused
        stale = await self.stale()
        assert not stale, stale

    async def stale(self) -> list[tuple[str, str]]:
        """Open loads whose stored answer is not what a look from nothing finds now."""
        found = []
        app = self.house.app
        await app.life.refresh()
        for carrier in app.world.carriers.values():
            async with app.database.work(carrier.id, self.now) as work:
                for case in await gather(work, app.world, await work.loads.open_ids()):
                    fresh = json.loads(to_text(assess(case.load, case.facts, carrier.policy, self.now)))
                    stored = dict(case.record.assessment)
                    for moments in (fresh, stored):
                        moments.pop("look_again_at", None)
                    if fresh != stored:
                        wrong = [k for k in fresh if fresh[k] != stored.get(k)]
                        found.append((case.record.number, f"{wrong}: {[(fresh[k], stored.get(k)) for k in wrong]}"))
        return found


@asynccontextmanager
async def story(
    var: Path, url: str, chat: str = "slack", transport: str = "http", *, process: bool = False
) -> AsyncIterator[Story]:
    """An installation with its chats and people: `slack` by http or socket, `telegram` by polling or webhook,
    `both`: Slack by http and Telegram by polling. `process`: in a process of its own, which can be killed with -9."""
    async with AsyncExitStack() as stack:
        port = free_port()
        settings: dict[str, str] = {"HOLDWATCH_VAR": str(var)}
        slack = telegram = None
        if chat in ("slack", "both"):
            stand_in = await stack.enter_async_context(slack_stand_in())
            slack = SlackPeople(stand_in)
            settings |= {"SLACK_BOT_TOKEN": stand_in.bot_token, "SLACK_API_URL": stand_in.api_url}
            if transport == "socket":
                settings["SLACK_APP_TOKEN"] = stand_in.app_token
            else:
                settings["SLACK_SIGNING_SECRET"] = stand_in.signing_secret
                stand_in.http.url = f"http://127.0.0.1:{port}/slack/events"
        if chat in ("telegram", "both"):
            bot = await stack.enter_async_context(telegram_stand_in())
            telegram = TelegramPeople(bot)
            settings |= {"TELEGRAM_BOT_TOKEN": bot.token, "TELEGRAM_API_URL": bot.url}
            if transport == "webhook":
                settings["TELEGRAM_WEBHOOK_SECRET"] = SECRET
        house = Program(var, url, lambda: settings, port) if process else House(var, url, lambda: settings, port)
        console = None
        if chat == "console":
            console = TerminalPeople(house) if isinstance(house, Program) else ConsolePeople()
            house.wired = console.sit
        told = Story(house, var, slack, telegram, console, transport)
        stack.push_async_callback(house.close)
        await house.open()
        if telegram is not None and transport == "webhook":
            telegram.telegram.updates.set_webhook(f"http://127.0.0.1:{port}/telegram/webhook", SECRET)
        yield told
