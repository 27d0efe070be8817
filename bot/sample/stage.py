"""Where the SAMPLE day happens: every step becomes a file in a drop folder, a heartbeat or a typed line."""

import csv
import io
import logging
import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path

from bot.app import LOADS, App
from bot.domain.route import Account, Place
from bot.sample.cast import enter
from bot.sample.freight import DRIVERS, TALES
from bot.sample.messages import broker_json, notice, rns
from bot.sample.phones import PHONE, Phones
from bot.sample.story import Beats, Broker, Listed, Notice, Rns, Silent, Step, Typed
from handlers.console import CONSOLE
from handlers.reply import Line, Para, Reply, Result, Span, Style, Tone, say

log = logging.getLogger(__name__)

_TIMES = ("eta", "pickup", "papers_sent")
_COLUMNS = [
    "number",
    "direction",
    "kind",
    "trip",
    "crossing",
    "eta",
    "driver",
    "truck",
    "broker",
    "papers_sent",
    "pickup",
    "importer",
    "importer_bn15",
    "pars",
    "paps",
]


class Stage:
    """The doors of one app, as the day uses them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._carrier = app.config.carriers[0]
        self._today = app.clock.civil().astimezone(self._carrier.zone).date()
        self._folders = {f.name: f.folder for f in app.config.feeds} | {LOADS: app.var / "loads"}
        self._alive = {f.name for f in app.config.feeds}
        self._dropped: Path | None = None
        self._count = 0

    async def enter(self, worth_typing: Iterable[str] = ()) -> None:
        """Brings in people, brokers and places, starts the gateways, and says what this is."""
        self._app.doors.by_name[PHONE] = Phones(self._app.doors.by_name)
        self._app.world.drivers_door = PHONE
        for folder in self._folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        self.beat()
        await self._app.life.look()
        async with self._app.database.work(self._carrier.id, self._app.clock.civil(), write=True) as work:
            await enter(work)
        self._app.entry.forget()
        lines = (Para((Span("  "), Span(line, Style.CODE))) for line in worth_typing)
        await self._say(Reply(_OPENING[0], (*map(say, _OPENING[1:]), *lines)))

    def moment(self, at: str) -> datetime:
        """A time of this day, UTC."""
        return self._local(at).astimezone(UTC)

    def _local(self, at: str) -> datetime:
        return datetime.combine(self._today, time.fromisoformat(at), self._carrier.zone)

    def beat(self) -> None:
        """Touches the heartbeat file of every gateway that lives."""
        now = self._app.world.machine().timestamp()
        for feed in self._alive:
            file = self._folders[feed] / "heartbeat"
            file.touch()
            os.utime(file, (now, now))

    def waiting(self) -> bool:
        """Whether the file that was dropped last still lies there."""
        return self._dropped is not None and self._dropped.exists()

    async def act(self, step: Step) -> Reply | None:
        """Has a step happen; the answer where it was a typed line."""
        self._count += 1
        ref, at = f"SMPL{self._count:04d}", self._local(step.at)
        match step:
            case Listed():
                self._drop(LOADS, f"{ref}.csv", self._csv(step))
            case Rns():
                body = rns(step.code, step.number, step.office, at, ref, filing=step.filing, error=step.error)
                self._drop("rns", f"{ref}.edi", body)
            case Notice():
                body = notice(step.says, step.number, step.office, at, ref, filing=step.filing)
                self._drop("notices", f"{ref}.edi", body)
            case Broker():
                self._drop("broker", f"{ref}.json", broker_json(step.says, step.number, at, ref))
            case Silent():
                self._alive.discard(step.feed)
            case Beats():
                self._alive.add(step.feed)
                self.beat()
            case Typed():
                return await self._type(step, ref)
        return None

    def _drop(self, feed: str, name: str, body: bytes) -> None:
        """Writes under a name that no folder takes, then renames: what appears is whole."""
        path = self._folders[feed] / name
        unfinished = path.with_name(f"{name}.tmp")
        unfinished.write_bytes(body)
        unfinished.rename(path)
        self._dropped = path

    def _csv(self, listed: Listed) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, _COLUMNS, restval="")
        writer.writeheader()
        for row in listed.rows:
            times = {name: f"{self._local(row[name]):%Y-%m-%d %H:%M}" for name in _TIMES if row.get(name)}
            writer.writerow(row | times)
        return text.getvalue().encode()

    async def _type(self, step: Typed, ref: str) -> Reply:
        driver = step.who in DRIVERS
        who = Account(PHONE if driver else CONSOLE.door, "", step.who, step.who)
        where = Place(PHONE, "", step.who) if driver else CONSOLE
        reply = await self._app.entry(Line(step.line, who, where, f"sample:{ref}", private=driver))
        if reply.result is not Result.OK:
            log.warning("a line of the sample was not taken", extra={"action": "sample.line", "line": step.line})
        shown = Reply(f"{step.who} types: {step.line}", (say(reply.title), *reply.body), tone=reply.tone)
        await self._say(shown, thread="sample")
        return reply

    async def _say(self, reply: Reply, thread: str = "") -> None:
        door = self._app.doors.by_name.get(CONSOLE.door)
        if door is not None:
            await door.post(CONSOLE, reply, thread=thread)

    async def over(self) -> None:
        """Says that the day is over, what it showed, and what to do next."""
        async with self._app.database.work(self._carrier.id, self._app.clock.civil()) as work:
            loads = [r.id for r in await work.finder.listed(life=None, limit=1000)]
            alerts = Counter(a.state for a in (await work.alerts.last_of(loads)).values())
        counted = (
            f"{len(loads)} loads were watched, {alerts.total()} of them were in trouble: "
            f"{alerts['cleared']} cleared by a fact, {alerts['closed']} closed for another reason."
        )
        shown = (say(f"  · {tale.shows}") for tale in TALES)
        await self._say(Reply("The SAMPLE day is over.", (say(counted), *shown, *map(say, _NEXT)), tone=Tone.DONE))


_OPENING = (
    "A SAMPLE day begins at five in the morning: four of its minutes pass in a second.",
    "Invented loads cross the border; their messages come as real files into real folders, and you see what "
    "dispatch would see. Nothing is said of a load that is well. Worth typing meanwhile:",
)
_NEXT = (
    "Everything was invented. The prompt still answers, for instance /load S109 log. What to do next:",
    "  1. Connect what you can hear tonight (README): customs' messages, a broker's JSON, or the telephone.",
    "  2. Connect Slack: holdwatch manifest slack, then two tokens. Connect Telegram: one token from @BotFather.",
    "  3. Stop with Ctrl-C, set the tokens, and start again: with a chat there is no sample any more.",
)
