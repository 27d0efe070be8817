"""Tales about CARM as people type them, told through `ask`: `python -m tests.handlers.commands.carm_tales` writes the
golden file anew for reading the difference. SAMPLE data."""

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from storage.database import Database
from tests.handlers.commands import carm_cases
from tests.handlers.commands.carm_tale import ANA, BN, Tale, stocked
from tests.handlers.commands.desk import Desk

GOLDEN = Path(__file__).parents[2] / "fixtures" / "carm" / "answers.txt"


async def at_night(tale: Tale) -> None:
    tale.when("2026-11-25 02:10")
    await stocked(tale, "2026-11-25 06:00")
    await tale.types("/shipper ACME carm")
    await tale.types("/shipper us carm")
    await tale.types("/shipper us carm bonded=yes")
    tale.when("2026-11-25 02:13")
    await tale.types("/shipper ACME carm rpp=no by=broker")
    await tale.types("/load 1234 status")
    await tale.types("/load 1234 why")


async def by_day(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
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
    await tale.types("/shipper Beta carm")
    await tale.types("/shipper Nobody carm")


async def not_the_importer(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
    await tale.types("/shipper ACME carm ior=no by=customer")
    await tale.types("/load 1234 importer =Beta")
    await tale.types("/load 1234 carm")
    await tale.types("/load 1234 undo")
    await tale.types("/load 1234 carm")


async def terms_of_sale(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00", 'terms="DAP Windsor" shipper=Dock')
    await tale.does('/shipper ACME carm rpp=active delegation=all by="Maria, PCB" via=phone')
    await tale.types("/shipper ACME carm")
    tale.when("2026-11-24 11:00")
    await tale.types("/load 1234 terms EXW")
    await tale.types("/shipper ACME carm")
    await tale.types("/load 1234 undo")
    await tale.types("/load 1234 carm")
    await tale.does("/load 1234 add terms=EXW")
    await tale.types("/load 1234 status")
    await tale.types("/load 1234 carm ior=confirmed by=customer")
    await tale.types("/load 1234 log")
    await tale.types("/load 1234 terms")
    await tale.types(f"/load 1234 terms {'x' * 41}")
    await tale.types("/load 1234 terms -")
    await tale.does('/load 1235 add to=CA pars=SMPLPARS100124 terms="<b>DDP</b> & more" eta=18:00')
    await tale.types("/load 1235 carm")


async def all_importers(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await tale.types("/shipper carm")
    await stocked(tale, "2026-11-24 15:00")
    await tale.does(
        '/broker Willow set phone=555-0148 hours="24/7"',
        "/load 1235 add to=CA pars=SMPLPARS100124 broker=Willow importer=Beta eta=18:00",
        "/load 1236 add to=CA pars=SMPLPARS100125 broker=PCB importer=ACME eta=12:00",
        "/load 1237 add to=CA pars=SMPLPARS100126 broker=PCB importer=Gamma",
        "/load 77 add to=US paps=ABCD10001 importer=Southern eta=15:00",
        '/shipper ACME carm rpp=active delegation=all by="Maria, PCB" via=phone',
        '/shipper Beta carm rpp=suspended by="Will, Willow" via=phone',
        f"/shipper Idle add bn15={BN} broker=PCB",
        '/shipper Idle carm rpp=active by="Maria, PCB"',
    )
    await tale.types("/shipper carm")
    for n in range(16):
        await tale.does(f"/shipper =Other{n:02} add")
    assert "… and 5 more" in await tale.types("/shipper carm")
    tale.when("2026-11-25 02:10")
    await tale.types("carm")


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
    await stocked(tale, "2026-11-24 15:00")
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
    await tale.does("/load 78 add to=US paps=ABCD10002 importer=Southern eta=15:00")
    await tale.types("/shipper Southern carm")
    await tale.types("/shipper Southern carm ask")


async def two_people(tale: Tale) -> None:
    tale.when("2026-11-24 10:00")
    await stocked(tale, "2026-11-24 15:00")
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
    **{name.replace("_", " "): tale for name, tale in sorted(vars(carm_cases).items()) if name.startswith("case_")},
    "at 02:10": at_night,
    "at 10:00": by_day,
    "nobody knows who imports": nobody_imports,
    "somebody else imports": not_the_importer,
    "terms of sale": terms_of_sale,
    "all importers": all_importers,
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
