"""The Slack door: posts and edits for the outbox, lines for the entry, over Socket Mode or HTTP."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.delivery import Gone, Malformed, Outcome, Retry, Sent
from bot.domain.route import Place
from handlers.reply import Reply
from handlers.slack import form
from handlers.slack.answers import Answers, rendered
from handlers.slack.errors import LOST
from handlers.slack.http import Events
from handlers.slack.listeners import Entry, Listeners, OnMoved, Overheard
from handlers.slack.people import Member, People, Team
from handlers.slack.render import Rendered
from handlers.slack.wire import RefusalError, Wire, quiet_logger

LOG = logging.getLogger(__name__)
_NO_THREAD = frozenset({"thread_not_found", "cannot_reply_to_message", "restricted_action_non_threadable_channel"})
_UNFURL = {"unfurl_links": False, "unfurl_media": False}


class SlackDoor:
    """One Slack app in one workspace. `app_token` opens Socket Mode, `signing_secret` the HTTP route."""

    def __init__(
        self,
        entry: Entry,
        *,
        bot_token: str,
        app_token: str | None = None,
        signing_secret: str | None = None,
        api_url: str | None = None,
        moved: OnMoved | None = None,
        overheard: Overheard | None = None,
        teams: frozenset[str] = frozenset(),
        line_of: form.LineOf = form.line_of,
        patience: float = 2.0,
        seconds: float = 10.0,
        ping: float = 5.0,
        machine: Callable[[], float] = time.time,
    ) -> None:
        self._wire = Wire(bot_token, api_url, seconds=seconds)
        self._app_token = app_token
        self._ping = ping
        self._identity: dict[str, str] = {}
        self._direct: dict[str, str] = {}
        self._socket: AsyncSocketModeHandler | None = None
        self._trouble = "Slack has not answered yet"
        self._people = People(self._wire, self._team)
        self._answers = Answers(self._wire)
        self._listeners = Listeners(
            entry,
            self._answers,
            self._people,
            bot=lambda: self._identity.get("user_id", ""),
            moved=moved,
            overheard=overheard,
            teams=teams,
            line_of=line_of,
            patience=patience,
        )
        self._app = self._bolt()
        self._events = Events(self._app, signing_secret, now=machine) if signing_secret else None

    def _bolt(self) -> AsyncApp:
        # ERROR: bolt's warnings print whole request bodies, with what people typed.
        logger = quiet_logger("holdwatch.slack.bolt", logging.ERROR)
        client = AsyncWebClient(base_url=self._wire.api_url, logger=logger)
        client.proxy = self._wire.client.proxy

        async def authorize() -> AuthorizeResult:
            # The token is not handed to bolt: whatever it logs cannot hold it.
            known = self._identity
            return AuthorizeResult(
                enterprise_id=None,
                team_id=known.get("team_id"),
                bot_user_id=known.get("user_id"),
                bot_id=known.get("bot_id"),
            )

        app = AsyncApp(
            name="holdwatch.slack.app",
            logger=logger,
            client=client,
            authorize=authorize,
            # The listener ends before the answer leaves, so bolt does not poll for it every 10 ms.
            process_before_response=True,
            # Verified in http.py before bolt reads anything.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
        )
        self._listeners.register(app)
        return app

    # Life

    @property
    def workspace(self) -> str:
        """The team id that the token belongs to, '' until `check` has learned it."""
        return self._identity.get("team_id", "")

    def _team(self) -> Team:
        return Team(self.workspace, self._identity.get("enterprise_id", ""))

    async def check(self) -> Outcome:
        """Asks Slack who we are; `Sent` with the bot's user id."""
        try:
            body = await self._wire.send("auth.test", {})
        except RefusalError as refused:
            return refused.outcome
        self._identity = {key: str(body.get(key) or "") for key in ("user_id", "team_id", "bot_id", "enterprise_id")}
        return Sent(self._identity["user_id"])

    async def connect(self) -> Outcome:
        """Learns who we are and, with an app token, opens the socket; `Sent` when the door is open."""
        known = await self.check()
        if not isinstance(known, Sent) or self._app_token is None or self._socket is not None:
            return known
        try:
            url = await self._wire.socket_url(self._app_token)
        except RefusalError as refused:
            return refused.outcome
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, self._wire.logger, self._wire.client, ping_interval=self._ping
        )
        handler.client.proxy = self._wire.client.proxy
        handler.client.wss_uri = url
        try:
            # The library repeats for ever; whoever runs the door decides how long to try.
            async with asyncio.timeout(self._wire.seconds):
                await handler.connect_async()  # type: ignore[no-untyped-call]
        except TimeoutError:
            await handler.close_async()  # type: ignore[no-untyped-call]
            return Retry(None, "the socket to Slack did not open")
        self._socket = handler
        return known

    @property
    def trouble(self) -> str:
        """What is wrong with the connection, '' when nothing is (for /readyz and doctor)."""
        return self._trouble

    async def run(self, *, beat: float = 30.0) -> None:
        """Keeps the door open until cancelled: tries again with growing pauses, and looks every `beat` seconds."""
        pause = first = min(1.0, beat)
        try:
            while True:
                self._note(await self.connect())
                if not self._trouble and not await self.connected():
                    self._trouble = "the socket to Slack is down; it is being opened again"
                pause = min(pause * 2, 2 * beat) if self._trouble else beat
                await asyncio.sleep(pause)
                pause = pause if self._trouble else first
        finally:
            await self.close()

    def _note(self, outcome: Outcome) -> None:
        before, self._trouble = self._trouble, "" if isinstance(outcome, Sent) else outcome.why
        if before != self._trouble:
            # The first failure and the recovery, not every try.
            level = logging.ERROR if self._trouble else logging.INFO
            LOG.log(level, "the door to Slack", extra={"action": "slack.door", "trouble": self._trouble})

    async def connected(self) -> bool:
        """Whether Slack can reach us: the socket is up, or there is only the HTTP route and a known identity."""
        if self._app_token is None:
            return bool(self._identity)
        return self._socket is not None and await self._socket.client.is_connected()

    def routes(self) -> list[web.RouteDef]:
        """The HTTP route, when there is a signing secret."""
        return self._events.routes() if self._events else []

    async def close(self) -> None:
        """Stops hearing, lets answers under way finish (five seconds), closes connections."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
            self._socket = None
        await self._listeners.drain(5.0)
        await self._wire.close()

    # What the outbox sends

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        """Posts in a place, under `thread` when given; a thread that is gone does not lose the words."""
        args: dict[str, Any] = {"channel": place.external} | _UNFURL
        if thread:
            args |= {"thread_ts": thread, "reply_broadcast": broadcast}

        async def attempt(shown: Rendered) -> Outcome:
            body = {"text": shown.text} | ({"blocks": list(shown.blocks)} if shown.blocks else {})
            try:
                return await self._sent("chat.postMessage", args | body)
            except RefusalError as refused:
                if thread and refused.word in _NO_THREAD:
                    return await self._answers.call("chat.postMessage", {"channel": place.external} | _UNFURL | body)
                return refused.outcome

        return await rendered(reply, attempt)

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        """Edits in place; `Malformed` means that this message can't be edited any more, so post anew."""
        channel = await self._conversation(place.external)
        if not isinstance(channel, str):
            return channel
        lost = ""

        async def attempt(shown: Rendered) -> Outcome:
            nonlocal lost
            try:
                return await self._sent("chat.update", {"channel": channel, "ts": ref} | shown.args())
            except RefusalError as refused:
                lost = refused.word if refused.word in LOST else ""
                # Not Malformed here: text alone would be refused just the same.
                return Gone(lost) if lost else refused.outcome

        done = await rendered(reply, attempt)
        return Malformed(f"the message can't be edited any more ({lost})") if lost else done

    def pace(self, place: Place) -> timedelta:
        """Slack's limit: about a message a second in a channel (docs.slack.dev/apis/web-api/rate-limits)."""
        return timedelta(seconds=1)

    async def _sent(self, method: str, args: dict[str, Any]) -> Outcome:
        body = await self._wire.send(method, args)
        return Sent(str(body.get("ts") or ""))

    async def _conversation(self, external: str) -> str | Outcome:
        # chat.postMessage takes a person's id, chat.update only the id of the conversation with them.
        if not external.startswith(("U", "W")):
            return external
        if external not in self._direct:
            try:
                body = await self._wire.send("conversations.open", {"users": external})
            except RefusalError as refused:
                return refused.outcome
            self._direct[external] = str((body.get("channel") or {}).get("id") or external)
        return self._direct[external]

    # The hourly look

    async def members(self, channel: str) -> list[str] | Outcome:
        """The ids of everybody in a channel, or why they cannot be known."""
        try:
            return await self._people.members(channel)
        except RefusalError as refused:
            return refused.outcome

    async def user(self, id: str) -> Member | Outcome:
        """A person with admin and guest flags, or why they cannot be known."""
        try:
            return await self._people.user(id)
        except RefusalError as refused:
            return refused.outcome
