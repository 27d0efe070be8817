"""Gets a Reply to the person who asked: response URL, thread, ephemeral, modal, and the next way when one fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.delivery import Barred, Gone, Malformed, Outcome, Retry, Sent
from handlers.reply import Button, Reply
from handlers.slack.form import modal
from handlers.slack.inbound import Heard
from handlers.slack.render import Rendered, plain, render
from handlers.slack.wire import RefusalError, Wire
from handlers.words import _

LOG = logging.getLogger(__name__)
_TRIES, _LONGEST = 3, 5.0

Attempt = Callable[[Rendered], Awaitable[Outcome]]


async def rendered(reply: Reply, attempt: Attempt) -> Outcome:
    """Tries the blocks; what Slack calls malformed goes at once as text alone, with the same facts."""
    first = await attempt(render(reply))
    if not isinstance(first, Malformed):
        return first
    LOG.error("slack refuses a rendering", extra={"action": "slack.malformed", "why": first.why})
    return await attempt(plain(reply))


class Answers:
    """Answers to what somebody typed. The line is committed already, so nothing here may undo or repeat it."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    async def call(self, method: str, args: Mapping[str, Any]) -> Outcome:
        """One Web API call; `Sent` with the message's ts."""
        try:
            body = await self.wire.send(method, args)
        except RefusalError as refused:
            return refused.outcome
        return Sent(str(body.get("ts") or body.get("message_ts") or ""))

    async def by_url(self, heard: Heard, reply: Reply) -> None:
        """Answers a command or a tap: only the person sees it, and nothing that stands there is replaced."""
        extra = {"response_type": "ephemeral", "replace_original": False}
        if heard.reply_in:
            extra["thread_ts"] = heard.reply_in

        async def attempt(shown: Rendered) -> Outcome:
            try:
                await self.wire.respond(heard.response_url, _body(shown) | extra)
            except RefusalError as refused:
                return refused.outcome
            return Sent("")

        if not heard.response_url or isinstance(await self._patiently(reply, attempt), (Gone, Malformed)):
            await self.to_person(heard, reply)

    async def in_place(self, heard: Heard, reply: Reply) -> None:
        """Answers where it was asked: in the thread, or only to the person when the reply is private."""
        if reply.private and not heard.where.external.startswith("D"):
            await self.to_person(heard, reply)
            return
        args = {"channel": heard.where.external, "unfurl_links": False, "unfurl_media": False}
        if heard.reply_in:
            args["thread_ts"] = heard.reply_in
        done = await self._patiently(reply, lambda shown: self.call("chat.postMessage", _body(shown) | args))
        if isinstance(done, (Gone, Malformed)):
            await self.to_person(heard, reply)

    async def to_person(self, heard: Heard, reply: Reply) -> None:
        """Only this person sees it: in the place when they and the bot are in it, else as a direct message."""
        if heard.where.external and not heard.where.external.startswith("D"):
            args = {"channel": heard.where.external, "user": heard.who.external}
            if heard.thread and heard.thread == heard.reply_in:
                args["thread_ts"] = heard.reply_in
            done = await self._patiently(reply, lambda shown: self.call("chat.postEphemeral", _body(shown) | args))
            if not isinstance(done, (Gone, Malformed)):
                return
        direct = {"channel": heard.who.external}
        done = await self._patiently(reply, lambda shown: self.call("chat.postMessage", _body(shown) | direct))
        if not isinstance(done, Sent):
            LOG.warning("an answer did not arrive", extra={"action": "slack.answer_lost", "why": done.why})

    async def open_form(self, heard: Heard, reply: Reply) -> None:
        """Opens the reply's modal; too late for the trigger, a button that opens it is sent instead."""
        if reply.form is None:
            return
        if heard.trigger:
            view = modal(reply.form, channel=heard.where.external, thread=heard.reply_in)
            try:
                await self.wire.send("views.open", {"trigger_id": heard.trigger, "view": view})
            except RefusalError as refused:
                LOG.info("a form was not opened", extra={"action": "slack.form_refused", "why": refused.word})
            else:
                return
        asked = replace(
            reply, form=None, private=True, buttons=(*reply.buttons, Button(_("Open the form"), heard.text))
        )
        await (self.by_url if heard.response_url else self.in_place)(heard, asked)

    async def _patiently(self, reply: Reply, attempt: Attempt) -> Sent | Gone | Malformed | Barred | Retry:
        done = await rendered(reply, attempt)
        for _again in range(_TRIES - 1):
            if not isinstance(done, Retry):
                return done
            wait = done.after.total_seconds() if done.after else 0.5
            await asyncio.sleep(min(wait, _LONGEST))
            done = await rendered(reply, attempt)
        if isinstance(done, (Retry, Barred)):
            LOG.warning("an answer did not arrive", extra={"action": "slack.answer_lost", "why": done.why})
        return done


def _body(shown: Rendered) -> dict[str, Any]:
    return {"text": shown.text} | ({"blocks": list(shown.blocks)} if shown.blocks else {})
