"""Tales about CARM as people type them, told through `ask`: `python -m tests.handlers.commands.carm_tales` writes the
golden file anew for reading the difference. SAMPLE data."""

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.carm.evidence import Evidence, Item, Source
from bot.domain.route import Account
from bot.watch.carm_words import record
from handlers.console import plain
from storage.database import Database
from storage.ids import new_id
from tests.handlers.commands.desk import MARIA, Desk

GOLDEN = Path(__file__).parents[2] / "fixtures" / "carm" / "answers.txt"
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
            await record(work, self.desk.world, [word])

    def text(self) -> str:
        """All of it, with the same names for keys and ids in every run."""

        def name(found: re.Match[str]) -> str:
            return self._names.setdefault(found[0], f"~k{len(self._names):03}" if found[0][0] == "~" else "<id>")

        return _NAMES.sub(name, "\n".join(self.told))


LOAD = 'eta="2026-11-25 06:00"'


async def _stocked(tale: Tale, eta: str = "2026-11-25 06:00", more: str = "") -> None:
    """A broker with hours, and a load of ACME that it clears."""
    await tale.does(
        '/broker PCB set phone=555-0142 hours="mon-fri 8-17"',
        f'/load 1234 add to=CA port="Ambassador Bridge" pars=SMPLPARS100123 broker=PCB importer=ACME bn15={BN} '
        f'eta="{eta}" {more}',
        "/shipper ACME carm ior=confirmed by=customer",
    )


async def case_01(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.types('/shipper ACME carm rpp=active by="Joe, ACME" via=phone')
    await tale.types("/shipper ACME carm")


async def case_02(tale: Tale) -> None:
    await case_01(tale)
    await tale.hears(Item.LAST_GOOD_RELEASE, "released", "2026-11-19 09:12", rm="0001")
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper ACME carm ask")


async def case_03(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 16:30", 'papers="2026-11-24 09:50"')
    await tale.types('/shipper ACME carm rpp=active delegation=pending by="Maria K., PCB" via=phone')
    await tale.types("/load 1234 status")
    tale.when("2026-11-24 12:30")
    await tale.types("/load 1234 status")


async def case_04(tale: Tale) -> None:
    tale.when("2026-09-03 10:00")
    await _stocked(tale, "2026-09-04 12:00")
    await tale.types('/shipper ACME carm rpp=active by="Maria, PCB" via=phone')
    tale.when("2027-01-16 10:00")
    await tale.types("/shipper ACME carm")


async def case_05(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.types('/shipper ACME carm rpp=zero by="Maria, PCB" via=phone')
    tale.when("2026-11-24 10:30")
    await tale.types("/shipper ACME carm goods=dutiable")


async def case_06(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=suspended by="Maria, PCB" via=phone')
    await tale.types('/load 1234 carm plan=c_type attendee="J. Roe 555-0155" by="Maria, PCB"')


async def case_07(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=suspended by="Maria, PCB" via=phone')
    await tale.types('/load 1234 carm plan=c_type by="Maria, PCB"')
    await tale.types("/load 1234 carm")


async def case_08(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=active delegation=approved_this_rm rm=0001 by="Maria, PCB" via=phone')
    await tale.does("/shipper ACME add bn15=123456782RM0002")
    tale.when("2026-11-24 10:05")
    await tale.types("/shipper ACME carm rm=0002")
    await tale.types("/shipper ACME carm")


async def case_09(tale: Tale) -> None:
    tale.when("2026-11-13 10:00")
    await _stocked(tale, "2026-11-25 15:00")
    await tale.does('/shipper ACME carm rpp=active delegation=all by="Maria, PCB" via=phone')
    await tale.hears(Item.LAST_RPP_REJECT, "rejected", "2026-11-16 10:00", "no financial security on file")
    tale.when("2026-11-17 10:00")
    await tale.types("/shipper ACME carm")
    await tale.types('/shipper ACME carm rpp=active by="Joe, ACME" via=email note="fixed"')
    tale.when("2026-11-18 10:00")
    await tale.types('/shipper ACME carm rpp=active by="Maria, PCB" via=phone')


async def case_10(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=suspended by="Maria, PCB" via=phone')
    await tale.types("/load 1234 carm")
    tale.desk.world.outages = frozenset({"home"})
    await tale.types("/load 1234 carm")


async def case_11(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.does(
        '/broker Willow set phone=555-0148 hours="24/7"',
        f"/load 1235 add to=CA pars=SMPLPARS100124 broker=Willow importer=ACME bn15={BN} eta=18:00",
        '/shipper ACME carm rpp=active delegation=all by="Maria, PCB" via=phone',
        '/load 1235 carm delegation=revoked by="Will, Willow" via=phone',
    )
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper ACME carm broker=Willow")


async def case_12(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await tale.does(
        '/broker PCB set phone=555-0142 hours="mon-fri 8-17"',
        "/shipper ACME add",
        "/load 1234 add to=CA pars=SMPLPARS100123 broker=PCB shipper=ACME consignee=Beta importer=Beta eta=15:00",
    )
    await tale.types("/shipper ACME carm")
    await tale.types('/shipper ACME carm rpp=active by="Maria, PCB" via=phone')


async def case_13(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.does('/shipper ACME carm rpp=no by="Maria, PCB" via=phone')
    await tale.types('/load 1234 carm plan=csa agreed="csa_carrier, csa_importer" by="Maria, PCB"')
    tale.when("2026-11-24 10:10")
    await tale.types('/load 1234 carm plan=csa agreed="csa_carrier, csa_importer, csa_driver" by="Maria, PCB"')


async def case_14(tale: Tale) -> None:
    tale.when("2026-11-20 10:00")
    await _stocked(tale, "2026-12-03 15:00")
    await tale.does('/shipper ACME carm rpp=active standing=clear delegation=all by="Maria, PCB" via=phone')
    tale.when("2026-12-01 10:00")
    await tale.types("/shipper ACME carm")
    tale.when("2026-12-02 10:00")
    await tale.types("/shipper ACME carm rpp=suspended by=PCB")
    await tale.types("/shipper ACME carm ask")


async def at_night(tale: Tale) -> None:
    tale.when("2026-11-25 02:10")
    await _stocked(tale, "2026-11-25 06:00")
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper us carm")
    await tale.types("/shipper us carm bonded=yes")
    tale.when("2026-11-25 02:13")
    await tale.types("/shipper ACME carm rpp=no by=broker")
    await tale.types("/load 1234 status")
    await tale.types("/load 1234 why")


async def by_day(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper ACME carm ask")
    tale.when("2026-11-24 10:04")
    await tale.types("/load 1234 carm rpp=yes by=broker")
    tale.when("2026-11-24 10:05")
    await tale.types('/load 1234 carm by="Maria, PCB"')
    await tale.types("/load 1234 carm access=unknown by=broker")
    await tale.types("/shipper ACME carm")
    tale.when("2026-11-24 10:06")
    await tale.types("/shipper ACME carm undo")
    await tale.types("/shipper ACME carm log")
    tale.when("2026-11-24 10:20")
    await tale.types("/shipper ACME carm undo")


async def nobody_imports(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await tale.does(
        "/shipper ACME add", "/load 1234 add to=CA pars=SMPLPARS100123 shipper=ACME consignee=Beta eta=15:00"
    )
    await tale.types("/shipper ACME carm")
    await tale.types("/load 1234 carm")
    await tale.types("/load 1234 status")
    await tale.types("/shipper Nobody carm")


async def three_importers(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await tale.does(
        '/broker PCB set phone=555-0142 hours="mon-fri 8-17"',
        "/load 1234 add to=CA pars=SMPLPARS100123,SMPLPARS100124,SMPLPARS100125 broker=PCB shipper=Dock eta=15:00",
        "/shipper Dock add",
        "/load 1234 …123 importer Ada", "/load 1234 …124 importer Bea", "/load 1234 …125 importer Cay",
        '/shipper Ada carm rpp=active by="Maria, PCB"',
        '/shipper Bea carm rpp=suspended by="Maria, PCB"',
    )  # fmt: skip
    await tale.types("/shipper Dock carm")
    await tale.types("/load 1234 carm")
    await tale.types('/load 1234 carm rpp=active by="Maria, PCB"')


async def bad_input(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    for line in (
        "/shipper ACME carm rpp=active",
        "/shipper ACME carm rpp=maybe by=PCB",
        '/shipper ACME carm rpp=active by="Zed, Nowhere"',
        "/shipper ACME carm rpp=active by=PCB via=pigeon",
        "/shipper ACME carm rpp=active by=PCB at=2027-01-02",
        "/shipper ACME carm rpp=active by=PCB at=23:00",
        "/shipper ACME carm security=bond by=PCB until=2025-01-01",
        "/shipper ACME carm security=yes by=PCB",
        "/shipper ACME carm standing=yes by=PCB",
        "/shipper ACME carm rpp=active rpp=suspended by=PCB",
        "/shipper ACME carm bonded=yes",
        "/shipper us carm rpp=active",
        "/shipper ACME carm rpp=active by=CBSA",
        "/shipper ACME carm bn=123456728RM0001",
        "/shipper ACME carm bn=123456782RT0001",
        "/shipper ACME carm rpp=active by=PCB rm=x",
        "/shipper ACME carm rpp active by Maria",
        "/shipper ACME rpp=active by=PCB",
        "/shipper ACME carm bn=exporter_only by=PCB",
        "/shipper ACME carm",
    ):
        await tale.types(line)
    await tale.does("/load 77 add to=US paps=ABCD10001 importer=ACME eta=15:00")
    await tale.types("/load 77 carm")


async def two_people(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await _stocked(tale, "2026-11-24 15:00")
    await tale.does("/shipper ACME carm delegation=all by=PCB")
    async with tale.desk.db.work("home", tale.desk.now, write=True) as work:
        await tale.desk.admin(work, ANA, "Ana", "dispatcher")
    tale.when("2026-11-24 10:10")
    await tale.types("/shipper ACME carm rpp=active by=PCB")
    tale.desk.now += timedelta(seconds=20)
    await tale.types("/shipper ACME carm rpp=suspended by=PCB", ANA)
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper ACME carm undo", ANA)


async def odd_names(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    name = '<b>Épicerie & Fils</b> *"Été"*'
    quoted = name.replace('"', '\\"')
    await tale.does(f'/load 1234 add to=CA pars=SMPLPARS100123 importer="{quoted}" broker=PCB eta=15:00')
    await tale.types(f'/shipper "{quoted}" carm')
    await tale.types(f'/shipper "{quoted}" carm rpp=active by="Zoë, PCB"')
    await tale.types(f'/shipper "{"x" * 500}" carm')
    await tale.types(f'/shipper "{quoted}" carm rpp=active by="{"y" * 500}, PCB"')


TALES: dict[str, Callable[[Tale], Awaitable[None]]] = {
    **{name.replace("_", " "): tale for name, tale in sorted(globals().items()) if name.startswith("case_")},
    "at 02:10": at_night,
    "at 10:00": by_day,
    "nobody knows who imports": nobody_imports,
    "three importers on a load": three_importers,
    "bad input": bad_input,
    "two people hear different things": two_people,
    "odd names": odd_names,
}


async def told(name: str, desk: Desk) -> str:
    """One tale as it reads."""
    tale = Tale(desk)
    await TALES[name](tale)
    return f"===== {name}\n{tale.text()}\n"


def golden() -> dict[str, str]:
    """What each tale should read like."""
    parts = re.split(r"^(?====== )", GOLDEN.read_text("utf-8"), flags=re.MULTILINE)
    return {p.splitlines()[0].removeprefix("===== "): p for p in parts if p.strip()}


async def _write() -> None:
    parts = []
    for name in TALES:
        with tempfile.TemporaryDirectory() as folder:
            db = Database(f"sqlite+aiosqlite:///{folder}/holdwatch.db")
            await db.migrate()
            parts.append(await told(name, await Desk(db).opened()))
            await db.close()
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text("".join(parts), "utf-8")


if __name__ == "__main__":
    asyncio.run(_write())
