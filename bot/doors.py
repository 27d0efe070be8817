"""Which chats there are: makes their doors from the environment and keeps the tables that they bring news of."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.app import App
from bot.domain.delivery import Gone, Outcome
from bot.domain.errors import HoldwatchError
from bot.domain.route import Account, Place
from bot.settings import Environment
from bot.watch.gone import turn_off
from handlers.grammar import Command
from handlers.nouns import NOUNS
from storage.errors import GONE
from storage.work import Work

if TYPE_CHECKING:  # a chat's library is loaded when its token is set: a start without it is quicker
    from handlers.slack.door import SlackDoor
    from handlers.slack.form import Filled
    from handlers.slack.inbound import Moved
    from handlers.telegram.door import TelegramDoor
    from handlers.telegram.happenings import Happening

log = logging.getLogger(__name__)

SLACK, TELEGRAM = "slack", "telegram"
#: How old what is known of a place's members may be, and how often it is seen whether some are unknown.
_OLD = timedelta(hours=1)
_EVERY = 15.0
_PER_CALL = 0.6
#: How soon another process reads Telegram when the one that did is gone.
_TURN = 2.0


def line_of(filled: "Filled") -> str:
    """The line that a filled form stands for, made from the command and never by gluing text; else ValueError."""
    pairs = tuple((name, value) for name, value in filled.values if value)
    try:
        return Command(filled.noun, filled.subject, filled.verb, pairs=pairs).line()
    except KeyError:
        raise ValueError(f"there is no line {filled.noun} {filled.verb}") from None


def kept(name: str, run: Callable[[], Awaitable[None]], pause: float = 1.0) -> Callable[[], Awaitable[None]]:
    """A loop that begins again after a fault of its own, with growing pauses: one chat must not end the bot."""

    async def again() -> None:
        wait = pause
        while True:
            try:
                await run()
                return
            except Exception:  # its own loop meets what is known; this is what nobody thought of
                log.exception("a chat's loop broke and begins again", extra={"action": "door.broke", "door": name})
            await asyncio.sleep(wait)
            wait = min(2 * wait, 60.0)

    return again


class Chats:
    """The chats of an app: made once, registered in `app.doors`."""

    def __init__(self, app: App, environment: Environment) -> None:
        self._app = app
        self._looked: dict[tuple[str, Place], datetime] = {}
        self.slack = self._slack(environment)
        self.telegram = self._telegram(environment)

    def register(self) -> None:
        """Hands doors, routes and loops to the app."""
        doors = self._app.doors
        if self.slack is not None:
            doors.by_name[SLACK] = self.slack
            doors.routes += self.slack.routes()
            doors.run.append(kept(SLACK, self.slack.run))
        if self.telegram is not None:
            doors.by_name[TELEGRAM] = self.telegram
            doors.routes += self.telegram.routes()
            doors.run.append(kept(TELEGRAM, self._hear_telegram))
            doors.telegram_name = lambda: self.telegram.name if self.telegram else ""
        if self.slack is not None or self.telegram is not None:
            doors.run.append(kept("members", self._watch_members))
            doors.hourly.append(self.look_at_members)

    def faults(self) -> list[str]:
        """What is wrong with the doors, a sentence each."""
        named: list[tuple[str, str]] = []
        if self.slack is not None:
            named.append(("Slack", self.slack.trouble))
        if self.telegram is not None:
            named.append(("Telegram", self.telegram.trouble))
        return [f"{name}: {why}" for name, why in named if why]

    def _slack(self, environment: Environment) -> "SlackDoor | None":
        if environment.slack_bot_token is None:
            return None
        from handlers.slack.door import SlackDoor

        app_token, secret = environment.slack_app_token, environment.slack_signing_secret
        if app_token is None and secret is None:
            raise HoldwatchError(
                "SLACK_BOT_TOKEN is set, but nothing by which Slack reaches us; nothing was started. "
                "Set SLACK_APP_TOKEN (Socket Mode), or SLACK_SIGNING_SECRET and have Slack post to /slack/events"
            )
        return SlackDoor(
            self._app.entry,
            bot_token=environment.slack_bot_token.get_secret_value(),
            app_token=app_token.get_secret_value() if app_token else None,
            # With both, the socket is used: one event by two ways would be two deliveries.
            signing_secret=secret.get_secret_value() if secret and not app_token else None,
            api_url=environment.slack_api_url,
            moved=self.moved,
            overheard=self._app.entry.overheard,
            line_of=line_of,
        )

    def _telegram(self, environment: Environment) -> "TelegramDoor | None":
        if environment.telegram_bot_token is None:
            return None
        from handlers.telegram.door import TelegramDoor, Webhook

        secret = environment.telegram_webhook_secret
        try:
            webhook = Webhook(secret.get_secret_value()) if secret else None
        except ValueError as why:
            raise HoldwatchError(f"{why}; nothing was started") from None
        return TelegramDoor(
            environment.telegram_bot_token.get_secret_value(),
            self._app.entry,
            api_url=environment.telegram_api_url,
            webhook=webhook,
            happened=self.happened,
            menu=[(noun.name, noun.help) for noun in NOUNS],
        )

    async def _hear_telegram(self) -> None:
        """Telegram gives its messages to one reader at a time; with several processes one of them reads."""
        assert self.telegram is not None
        while True:
            try:
                async with self._app.database.duty("telegram") as duty:
                    if duty.mine:
                        await self.telegram.run()
                        return
            except GONE as why:
                log.warning("Telegram waits for the database", extra={"action": "telegram.database", "why": str(why)})
            await asyncio.sleep(_TURN)

    # What doors tell that nobody typed

    async def moved(self, move: "Moved") -> None:
        """Somebody came into a Slack channel or left it; or the bot was taken out of it."""
        if move.bot and not move.joined:
            await self._gone(move.place, "the bot was taken out of the channel")
        elif not move.bot:
            await self._present(move.place, move.who, move.joined)

    async def happened(self, what: "Happening") -> None:
        """What happens to the bot in Telegram."""
        from handlers.telegram.happenings import Member, Migrated, Removed

        match what:
            case Removed(place, by):
                await self._gone(place, f"the bot was removed by {by.name or by.external}")
            case Migrated(old, new):
                await self._migrated(old, new)
            case Member(place, who, present):
                await self._present(place, who, present)

    async def _present(self, place: Place, who: Account, present: bool) -> None:
        async def note(work: Work) -> None:
            if present and await work.routes.find(place) is not None:
                await work.members.add(place, [who.external])
            elif not present:
                await work.members.remove(place, who.external)

        await self._everywhere(note)
        self._app.entry.forget()

    async def _gone(self, place: Place, why: str) -> None:
        async def off(work: Work) -> None:
            if await turn_off(work, self._app.world, place, why):
                await work.members.replace(place, [])

        await self._everywhere(off)
        self._app.entry.forget()
        self._app.wake()

    async def _migrated(self, old: Place, new: Place) -> None:
        """The group has another id; its old messages can't be edited, so standing cards are posted anew."""

        async def move(work: Work) -> None:
            if not await work.routes.move(old, new.external):
                return
            members = await work.members.of(old)
            await work.members.replace(old, [])
            await work.members.add(new, members)
            posts = await work.posts.move(old, new.external)
            await work.outbox.move(old, new.external)
            await work.outbox.cards(posts, self._app.world.machine())

        await self._everywhere(move)
        self._app.entry.forget()
        self._app.wake()

    async def _everywhere(self, change: Callable[[Work], Awaitable[None]]) -> None:
        for carrier in self._app.world.carriers:
            async with self._app.database.work(carrier, self._app.clock.civil(), write=True) as work:
                await change(work)

    # Who is in the places

    async def _watch_members(self) -> None:
        """A place that began to hear a moment ago is looked at soon, not in an hour."""
        while True:
            try:
                await self.look_at_members()
            except GONE as why:
                log.warning("members wait for the database", extra={"action": "members.database", "why": str(why)})
            await asyncio.sleep(_EVERY)

    async def look_at_members(self) -> None:
        """Looks at the members of places that were not looked at for an hour."""
        now = self._app.world.machine()
        for carrier in self._app.world.carriers:
            async with self._app.database.work(carrier, self._app.clock.civil()) as work:
                places = {route.place for route in await work.routes.on()}
            for place in places:
                if now - self._looked.get((carrier, place), now - 2 * _OLD) < _OLD:
                    continue
                if await self._look_at(carrier, place):
                    self._looked[carrier, place] = now

    async def _look_at(self, carrier: str, place: Place) -> bool:
        """Whether the place's members are known now."""
        async with self._app.database.work(carrier, self._app.clock.civil()) as work:
            before = await work.members.of(place)
        if place.door == SLACK and self.slack is not None and not self.slack.trouble:
            found = await self._in_slack(self.slack, place, before)
        elif place.door == TELEGRAM and self.telegram is not None and not self.telegram.trouble:
            found = await self._in_telegram(self.telegram, place, before)
        else:
            return False
        if isinstance(found, Gone):
            await self._gone(place, found.why)
        elif isinstance(found, list):
            async with self._app.database.work(carrier, self._app.clock.civil(), write=True) as work:
                await work.members.replace(place, found)
            self._app.entry.forget()
        return isinstance(found, list | Gone)

    async def _in_slack(self, door: "SlackDoor", place: Place, before: Sequence[str]) -> list[str] | Outcome:
        """Members who are people of the workspace; those known before are not asked about again."""
        there = await door.members(place.external)
        if not isinstance(there, list):
            return there
        known = set(before) & set(there)
        for one in there:
            if one in known:
                continue
            who = await door.user(one)
            if not isinstance(who, Outcome) and not (who.bot or who.guest or who.gone):
                known.add(one)
            await asyncio.sleep(_PER_CALL)
        return sorted(known)

    async def _in_telegram(self, door: "TelegramDoor", place: Place, before: Sequence[str]) -> list[str]:
        """Telegram lists nobody: of those who were there, those of whom it does not say that they left."""
        stay = []
        for one in before:
            if await door.member(place, Account(TELEGRAM, place.workspace, one)) is not False:
                stay.append(one)
            await asyncio.sleep(_PER_CALL)
        return stay
