"""A tale about CARM: what is typed and read, written down. SAMPLE data."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.route import Account
from bot.watch.carm_words import record
from handlers.console import plain
from storage.ids import new_id
from tests.handlers.commands.desk import MARIA, Desk

TORONTO = ZoneInfo("America/Toronto")
ANA = Account("slack", "T1", "UANA", "Ana")
BN = "123456782RM0001"
_NAMES = re.compile(r"~[a-z0-9]{4}\b|\b(?=[0-9a-z]*[0-9])[0-9a-z]{16}\b")


def at(text: str) -> datetime:
    """A moment on the desk's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO).astimezone(ZoneInfo("UTC"))


class Tale:
    """What is typed and read, written down."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.told: list[str] = []
        self._names: dict[str, str] = {}

    def when(self, text: str) -> None:
        """The clock stands there now."""
        self.desk.now = at(text)
        self.told.append(f"-- {text}")

    async def does(self, *lines: str) -> None:
        """Typed before, and not told."""
        for line in lines:
            reply = await self.desk.ask(line)
            assert reply.result.value == "ok", f"{line}: {plain(reply)}"

    async def types(self, line: str, who: Account = MARIA) -> str:
        """Typed and told."""
        said = plain(await self.desk.ask(line, who))
        self.told += [f"> {line}" if who is MARIA else f"{who.name}> {line}", said.rstrip("\n")]
        return said

    async def hears(self, item: Item, state: str, when: str, note: str = "", broker: str = "PCB", rm: str = "") -> None:
        """What a feed told of ACME that day."""
        async with self.desk.db.work("home", self.desk.now, write=True) as work:
            ids = {p.name: p.id for p in await work.parties.all()}
            of = ids[broker] if item is Item.LAST_GOOD_RELEASE else ""
            word = Evidence(
                new_id(), ids["ACME"], item, state, Source.RNS_EVENT, at(when), at(when), how="feed", note=note,
                broker=of, rm=rm,
            )  # fmt: skip
            await record(work, [word])

    def text(self) -> str:
        """All of it, with the same names for keys and ids in every run."""

        def name(found: re.Match[str]) -> str:
            return self._names.setdefault(found[0], f"~k{len(self._names):03}" if found[0][0] == "~" else "<id>")

        return _NAMES.sub(name, "\n".join(self.told))


async def stocked(tale: Tale, eta: str = "2026-11-25 06:00", more: str = "") -> None:
    """A broker with hours, and a load of ACME that it clears."""
    await tale.does(
        '/broker PCB set phone=555-0142 hours="mon-fri 8-17"',
        f'/load 1234 add to=CA port="Ambassador Bridge" pars=SMPLPARS100123 broker=PCB importer=ACME bn15={BN} '
        f'eta="{eta}" {more}',
        "/shipper ACME carm ior=confirmed by=customer",
    )
