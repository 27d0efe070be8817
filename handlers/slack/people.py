"""Who is who in a workspace: flags kept for an hour, members of a place."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from handlers.slack.wire import RefusalError, Wire

KEPT = 3600.0
_PAGE, _PAGES = 200, 50


@dataclass(frozen=True, slots=True)
class Member:
    """A person as Slack knows them. `guest` also for people of other workspaces; `gone` for removed accounts."""

    id: str
    name: str = ""
    workspace: str = ""
    admin: bool = False
    guest: bool = False
    bot: bool = False
    gone: bool = False


class People:
    """Looks people up at Slack, never inside a command: the door asks before it hands a line in."""

    def __init__(self, wire: Wire, *, clock: Callable[[], float] = time.monotonic, seconds: float = 1.0) -> None:
        self._wire = wire
        self._clock = clock
        self._seconds = seconds
        self._kept: dict[str, tuple[float, Member]] = {}

    async def user(self, id: str) -> Member:
        """What Slack says about a person now; raises RefusalError."""
        body = (await self._wire.ask("users.info", {"user": id})).get("user") or {}
        shown = (body.get("profile") or {}).get("display_name") or body.get("real_name") or body.get("name") or ""
        member = Member(
            id,
            str(shown),
            str(body.get("team_id") or ""),
            admin=bool(body.get("is_admin") or body.get("is_owner")),
            guest=bool(body.get("is_restricted") or body.get("is_ultra_restricted") or body.get("is_stranger")),
            bot=bool(body.get("is_bot")),
            gone=bool(body.get("deleted")),
        )
        self._kept[id] = (self._clock(), member)
        return member

    async def known(self, id: str) -> Member:
        """The same, at most an hour old, within a second; somebody who cannot be looked up counts as a guest."""
        at, member = self._kept.get(id, (0.0, None))
        if member is not None and self._clock() - at < KEPT:
            return member
        try:
            async with asyncio.timeout(self._seconds):
                return await self.user(id)
        except (RefusalError, TimeoutError):
            return member or Member(id, guest=True)

    def forget(self, id: str) -> None:
        """Drops what is kept about a person whose flags have changed."""
        self._kept.pop(id, None)

    async def members(self, channel: str) -> list[str]:
        """The ids of everybody in a channel; raises RefusalError."""
        found: list[str] = []
        cursor = ""
        for _page in range(_PAGES):
            args = {"channel": channel, "limit": _PAGE} | ({"cursor": cursor} if cursor else {})
            page = await self._wire.ask("conversations.members", args)
            found += [str(member) for member in page.get("members") or []]
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found
