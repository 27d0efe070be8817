"""Socket Mode of the Slack stand-in: tickets, hello, envelopes, acknowledgements, refresh, redelivery."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.standins.slack_state import APP, Json, State


@dataclass
class Envelope:
    """One thing sent down the socket and what came back."""

    id: str
    kind: str
    payload: Json
    retry: int = 0
    link: web.WebSocketResponse | None = None
    acked: "asyncio.Future[Json]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class SocketMode:
    """Every open connection of the app, and the envelopes under way."""

    def __init__(self, state: State, *, ack_seconds: float) -> None:
        self.state = state
        self.ack_seconds = ack_seconds
        self.tickets: set[str] = set()
        self.used: list[str] = []
        self.links: list[web.WebSocketResponse] = []
        self.envelopes: dict[str, Envelope] = {}
        self.up = asyncio.Event()
        self.hellos = 0

    def ticket(self) -> str:
        """A ticket for one connection."""
        made = secrets.token_hex(8)
        self.tickets.add(made)
        return made

    async def connected(self, request: web.Request) -> web.StreamResponse:
        """Serves one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            self.state.refuse("socket", "invalid_ticket")
            return web.Response(status=403)
        self.tickets.discard(ticket)
        self.used.append(ticket)
        link = web.WebSocketResponse()
        await link.prepare(request)
        self.links.append(link)
        hello = {"type": "hello", "num_connections": len(self.links), "connection_info": {"app_id": APP}}
        await link.send_str(json.dumps(hello | {"debug_info": {"host": "sample", "approximate_connection_time": 1}}))
        self.hellos += 1
        self.up.set()
        try:
            async for message in link:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self.links.remove(link)
            self._cut_off(link)
            if not self.links:
                self.up.clear()
        return link

    def _cut_off(self, link: web.WebSocketResponse) -> None:
        for envelope in self.envelopes.values():
            if envelope.link is link and not envelope.acked.done():
                envelope.acked.set_exception(ConnectionResetError())

    def _acknowledged(self, text: str) -> None:
        body = json.loads(text)
        envelope = self.envelopes.get(str(body.get("envelope_id")))
        if envelope is None:
            self.state.refuse("socket", "unknown_envelope", text[:200])
        elif envelope.acked.done():
            if envelope.acked.cancelled():
                self.state.refuse(envelope.kind, "late_ack")
            elif envelope.acked.exception() is None:
                self.state.refuse(envelope.kind, "acked_twice", envelope.id)
        else:
            envelope.acked.set_result(body.get("payload") or {})

    async def deliver(self, kind: str, payload: Json, *, retries: int = 3) -> Json | None:
        """Sends an envelope; the payload of its acknowledgement, None when none came in time."""
        for attempt in range(retries + 1):
            envelope = Envelope(secrets.token_hex(8), kind, payload, attempt)
            self.envelopes[envelope.id] = envelope
            if await self._sent(envelope):
                try:
                    return await asyncio.wait_for(envelope.acked, self.ack_seconds)
                except (TimeoutError, ConnectionResetError):
                    pass
            if kind != "events_api":
                self.state.refuse(kind, "no_ack_in_time")
                return None
        self.state.refuse(kind, "no_ack_in_time", f"after {retries} retries")
        return None

    async def _sent(self, envelope: Envelope) -> bool:
        body: Json = {"envelope_id": envelope.id, "type": envelope.kind, "payload": envelope.payload}
        body["accepts_response_payload"] = envelope.kind != "events_api"
        if envelope.kind == "events_api":
            body |= {"retry_attempt": envelope.retry, "retry_reason": "timeout" if envelope.retry else ""}
        try:
            await asyncio.wait_for(self.up.wait(), self.ack_seconds)
            envelope.link = self.links[-1]
            await envelope.link.send_str(json.dumps(body))
        except (TimeoutError, ConnectionError, IndexError):
            return False
        return True

    async def refresh(self) -> None:
        """Asks the app to come back on a new connection, then closes the old ones."""
        old = list(self.links)
        before = self.hellos
        for link in old:
            await link.send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
        for _ in range(100):
            if self.hellos > before:
                break
            await asyncio.sleep(0.02)
        for link in old:
            if not link.closed:
                await link.close()

    async def drop(self) -> None:
        """Cuts every connection without a word."""
        for link in list(self.links):
            if link._req is not None and link._req.transport is not None:
                link._req.transport.abort()
        for _ in range(100):
            if not self.links:
                return
            await asyncio.sleep(0.01)
