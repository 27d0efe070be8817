"""Drivers' phones of the SAMPLE day: what they would be shown stands in the terminal, with whose phone it is."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain.delivery import Outcome, Sent
from bot.domain.route import Place
from bot.watch.deliver import Door
from handlers.console import CONSOLE, plain
from handlers.reply import Reply

PHONE = "phone"


class Phones:
    """A door for drivers that shows itself through the console; silent where there is none."""

    def __init__(self, doors: Mapping[str, Door[Reply]]) -> None:
        self._doors = doors
        self._last: dict[str, str] = {}

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        """Shows a message as this driver's."""
        return await self._show(place, reply)

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        """Shows how a message of this driver's reads now, unless that was the last thing shown."""
        if self._last.get(place.external) == plain(reply):
            return Sent(ref)
        return await self._show(place, reply)

    def pace(self, place: Place) -> timedelta:
        """No platform stands behind them."""
        return timedelta()

    async def _show(self, place: Place, reply: Reply) -> Outcome:
        console = self._doors.get(CONSOLE.door)
        if console is None:
            return Sent("")
        self._last[place.external] = plain(reply)
        shown = replace(reply, title=f"{place.external}'s phone: {reply.title}", buttons=())
        return await console.post(CONSOLE, shown, thread=PHONE)
