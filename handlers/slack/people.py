"""Who is who in a workspace: flags kept for an hour, members of a place."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.slack.wire import RefusalError, Wire

KEPT = 3600.0
_PAGE, _PAGES = 200, 50


@dataclass(frozen=True, slots=True)
class Team:
    """The workspace that the token belongs to, and the organisation it is part of, '' for none."""

    id: str = ""
    enterprise: str = ""

    def has(self, user: Mapping[str, Any]) -> bool:
        """Whether a user object is a member of this workspace, by itself or through the organisation.

        `is_stranger` does not say so: it is false for people of other companies who share a channel with the bot
        (docs.slack.dev/reference/objects/user-object).
        """
        if not self.id or user.get("is_stranger"):
            return False
        org = user.get("enterprise_user") or {}
        by_org = bool(self.enterprise) and org.get("enterprise_id") == self.enterprise
        return user.get("team_id") == self.id or (by_org and self.id in (org.get("teams") or ()))


@dataclass(frozen=True, slots=True)
class Member:
    """A person as Slack knows them. `guest` also for people of other workspaces, who are nobody's `admin` here;
    `gone` for removed accounts."""

    id: str
    name: str = ""
    workspace: str = ""
    admin: bool = False
    guest: bool = False
    bot: bool = False
    gone: bool = False


class People:
    """Looks people up at Slack, never inside a command: the door asks before it hands a line in."""

    def __init__(
        self,
        wire: Wire,
        team: Callable[[], Team],
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = 1.0,
    ) -> None:
        self._wire = wire
        self._team = team
        self._clock = clock
        self._seconds = seconds
        self._kept: dict[str, tuple[float, Member]] = {}

    async def user(self, id: str) -> Member:
        """What Slack says about a person now; raises RefusalError."""
        body = (await self._wire.ask("users.info", {"user": id})).get("user") or {}
        shown = (body.get("profile") or {}).get("display_name") or body.get("real_name") or body.get("name") or ""
        team = self._team()
        guest = bool(body.get("is_restricted") or body.get("is_ultra_restricted")) or not team.has(body)
        member = Member(
            id,
            str(shown),
            str(body.get("team_id") or ""),
            # Slack says it of their own workspace.
            admin=bool(body.get("is_admin") or body.get("is_owner")) and not guest,
            guest=guest,
            bot=bool(body.get("is_bot")),
            gone=bool(body.get("deleted")),
        )
        if team.id:  # else nobody is known as ours yet: that must not stick
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

    def meant(self, workspace: str, member: Member) -> bool:
        """Whether somebody of whom Slack says that they act from this workspace can be this member: ids are made by
        each workspace for itself, and another one's may be the same."""
        team = self._team()
        return workspace in ("", team.id, team.enterprise, member.workspace)

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
