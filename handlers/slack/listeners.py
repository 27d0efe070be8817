"""Bolt listeners: heard → entry → acknowledgement within three seconds → answer."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest

from handlers.reply import Line, Reply, Result, refused
from handlers.slack import form, inbound
from handlers.slack.answers import Answers
from handlers.slack.files import fetched
from handlers.slack.inbound import Body, Heard, Moved
from handlers.slack.people import Member, People
from handlers.slack.render import render, words
from handlers.slack.text import clip
from handlers.words import _

LOG = logging.getLogger(__name__)
_REMEMBERED = 2_000
ANY = re.compile(".*", re.DOTALL)

Entry = Callable[[Line], Awaitable[Reply]]
Answer = Callable[[Heard, Reply], Awaitable[None]]
OnMoved = Callable[[Moved], Awaitable[None]]
Overheard = Callable[[Line], Awaitable[bool]]


def broke() -> Reply:
    """What people read when a line failed on our side."""
    return refused(
        _("That broke on our side: this line was not carried out and nothing was changed by it."),
        _("Type it once more. If it breaks again, tell an admin: the log has the details."),
    )


class Listeners:
    """What the door does with each thing it hears."""

    def __init__(
        self,
        entry: Entry,
        answers: Answers,
        people: People,
        *,
        bot: Callable[[], str],
        moved: OnMoved | None = None,
        overheard: Overheard | None = None,
        teams: frozenset[str] = frozenset(),
        line_of: form.LineOf = form.line_of,
        patience: float = 2.0,
    ) -> None:
        self._entry = entry
        self._answers = answers
        self._people = people
        self._bot = bot
        self._moved = moved
        self._overheard = overheard
        self._teams = teams
        self._line_of = line_of
        self._patience = patience
        self._under_way: set[asyncio.Task[Any]] = set()
        self._answered: dict[str, None] = {}

    def register(self, app: AsyncApp) -> None:
        """Hangs the listeners into bolt: one of a kind, which sort by themselves."""
        app.command(ANY)(self.command)
        app.action(ANY)(self.action)
        app.view(form.CALLBACK)(self.view)
        app.event(ANY)(self.event)

    async def drain(self, seconds: float) -> None:
        """Lets answers under way finish, then cancels what is left."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=seconds)
        for task in list(self._under_way):
            task.cancel()

    # Bolt calls these with arguments by name.

    async def command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A slash command is acknowledged with its answer."""
        heard = inbound.slash(body)
        task = self._start(self._answer(heard))
        reply = await self._soon(task)
        if reply is None:
            await ack()
            self._start(self._then(task, heard, self._answers.by_url))
        elif reply.form is not None:
            await ack()
            self._start(self._answers.open_form(heard, reply))
        else:
            shown = render(reply)
            await ack(text=shown.text, blocks=shown.blocks, response_type="ephemeral")

    async def action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A tap on a button is a line; its answer comes by the response URL."""
        heard = inbound.press(body)
        if heard is not None:
            task = self._start(self._answer(heard))
            await self._soon(task)
            self._start(self._then(task, heard, self._answers.by_url))
        await ack()

    async def view(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """A modal is a line; a refusal stays in the modal with what was filled in."""
        view = body.get("view") or {}
        try:
            filled = form.filled(view)
            line = self._line_of(filled)
        except ValueError as error:
            LOG.error("a form made no line", extra={"action": "slack.form_broken", "why": str(error)})
            await ack(
                response_action="errors", errors=_under_first(view, _("This form is out of date: open it again."))
            )
            return
        heard = inbound.submitted(body, line, filled.channel, filled.thread)
        task = self._start(self._answer(heard))
        reply = await self._soon(task)
        if reply is not None and reply.form is not None:
            await ack(response_action="update", view=form.modal(reply.form, channel=filled.channel))
        elif reply is not None and reply.result is not Result.OK:
            await ack(response_action="errors", errors=_under_first(view, "\n".join(words(reply))))
        else:
            await ack()
            self._start(self._then(task, heard, self._answers.to_person))

    async def event(self, body: dict[str, Any], request: AsyncBoltRequest) -> None:
        """Mentions, direct messages, reactions and comings and goings; bolt acknowledges when this returns."""
        kind = (body.get("event") or {}).get("type")
        bot = inbound.bot_of(body) or self._bot()
        if kind in ("member_joined_channel", "member_left_channel"):
            if self._moved is not None:
                await self._moved(inbound.moved(body, bot))
        elif kind in ("app_mention", "message"):
            heard = inbound.written(body, bot) or await self._evidence(inbound.pictured(body, bot))
            await self._typed(heard, request, self._answers.in_place)
        elif kind == "reaction_added":
            await self._typed(inbound.reacted(body, bot), request, self._answers.to_person)
        elif kind == "user_change":
            self._people.forget(str(((body.get("event") or {}).get("user") or {}).get("id") or ""))

    async def _evidence(self, heard: Heard | None) -> Heard | None:
        """The same where the thread asks about an importer; of all else said in a channel nothing is looked at."""
        if heard is None or self._overheard is None or not self._served(heard):
            return None
        return heard if await self._overheard(await self._line(heard)) else None

    def _served(self, heard: Heard) -> bool:
        return not self._teams or heard.where.workspace in self._teams

    async def _typed(self, heard: Heard | None, request: AsyncBoltRequest, answer: Answer) -> None:
        if heard is None:
            return
        # A first failure is left unacknowledged, so that Slack brings the event once more; a repeat is answered.
        again = _repeated(request)
        task = self._start(self._answer(heard, mend=again))
        done, _pending = await asyncio.wait({task}, timeout=self._patience)
        if done:
            task.result()
        if self._first(heard.delivery):
            self._start(self._then(task, heard, answer))

    def _first(self, delivery: str) -> bool:
        # Slack brings an event again when an acknowledgement got lost; people need not read the answer twice.
        known = delivery in self._answered
        self._answered[delivery] = None
        if len(self._answered) > _REMEMBERED:
            del self._answered[next(iter(self._answered))]
        return not known

    async def _answer(self, heard: Heard, *, mend: bool = True) -> Reply:
        if not self._served(heard):
            return refused(_("This workspace is not one that this bot serves. Nothing was changed."))
        line = await self._line(heard)
        files = await fetched(self._answers.wire, heard.files) if heard.files else ()
        try:
            return await self._entry(replace(line, files=files))
        except Exception:  # whatever it was, people get words and never a stack trace
            LOG.exception("a line failed", extra={"action": "slack.line_failed", "delivery": heard.delivery})
            if not mend:
                raise
            return broke()

    async def _line(self, heard: Heard) -> Line:
        """What was heard, by whom as Slack knows them, without what came along."""
        who = await self._people.known(heard.who.external)
        if not self._people.meant(heard.who.workspace, who):
            who = Member(heard.who.external, guest=True)
        return Line(
            heard.text,
            replace(heard.who, name=who.name or heard.who.name),
            heard.where,
            heard.delivery,
            thread=heard.thread,
            private=heard.private,
            workspace_admin=who.admin and not who.guest,
            guest=who.guest,
            root=heard.root,
        )

    async def _soon(self, task: "asyncio.Task[Reply]") -> Reply | None:
        done, _pending = await asyncio.wait({task}, timeout=self._patience)
        return task.result() if done else None

    async def _then(self, task: "asyncio.Task[Reply]", heard: Heard, answer: Answer) -> None:
        try:
            reply = await task
        except Exception:  # logged where it was raised
            reply = broke()
        if reply.form is not None:
            await self._answers.open_form(heard, reply)
        else:
            await answer(heard, reply)

    def _start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._under_way.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.error(
                "an answer failed", extra={"action": "slack.answer_failed", "why": type(task.exception()).__name__}
            )


def _repeated(request: AsyncBoltRequest) -> bool:
    # Over Socket Mode a first delivery says 0, over HTTP it has no such header.
    count = str((request.headers.get("x-slack-retry-num") or ["0"])[0])
    return count.isdigit() and int(count) > 0


def _under_first(view: Body, text: str) -> dict[str, str]:
    blocks = [b["block_id"] for b in view.get("blocks") or [] if b.get("type") == "input"]
    return {blocks[0]: clip(text, 1500, escaped=False)}
