"""Lists of parties and evidence on both engines, and of parties that were made one (SAMPLE data)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.load import Hand
from bot.feeds.sources.load_csv import table_rows
from bot.watch import parties_cells, parties_evidence
from bot.watch.hands import Hands
from bot.watch.look import reassess
from bot.watch.parties_evidence import take_evidence
from bot.watch.parties_export import evidence_out, parties_out
from bot.watch.parties_merge import merge, merges_of, part
from bot.watch.parties_rows import take_parties
from storage.database import Database
from storage.work import Work
from tests.watch.ground import PARS, add, row, the_load, world

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
BY = Hands(Hand.FILE, "list.csv", "import:list.csv")
ZONE = ZoneInfo("America/Toronto")
PARTIES = "name,aliases,bn15,broker\nACME,ACME Foods,123456782RM0001,PCB\nACME Ltd,,123456782RM0001,PCB Inc\n"
EVIDENCE = """importer,item,state,at,broker
ACME Ltd,delegation,approved_all,2026-11-03,PCB Inc
acme foods,rpp,active,2026-11-03,
"""


async def parties(work: Work, text: str) -> list[str]:
    """Takes a list of parties in; what became of each row."""
    _header, rows, _problems = table_rows(text, parties_cells.COLUMNS)
    return [r.outcome for r in await take_parties(work, rows, ZONE.key, BY)]


async def evidence(work: Work, text: str) -> list[str]:
    """Takes a list of evidence in; what became of each row."""
    _header, rows, _problems = table_rows(text, parties_evidence.COLUMNS)
    return [r.outcome for r in await take_evidence(work, rows, ZONE, BY)]


async def test_lists_of_parties_that_were_made_one_are_of_the_kept_one_until_they_are_two_again(db: Database) -> None:
    async with db.work("north", NOW, write=True) as work:
        assert await parties(work, PARTIES) == ["added", "added"]
        assert await evidence(work, EVIDENCE) == ["added", "added"]
        before = await parties_out(work), await evidence_out(work)
        found = await work.parties.named(["ACME", "ACME LTD", "PCB", "PCB INC"])
        kept = await merge(work, found["ACME LTD"], found["ACME"], BY)
        assert kept is not None and await merge(work, found["PCB INC"], found["PCB"], BY)
        assert [row[1] for row in (await parties_out(work))[1:]] == ["ACME", "PCB"]
        assert {row[1] for row in (await evidence_out(work))[1:]} == {"ACME"}
        assert await parties(work, PARTIES) == ["same", "same"]
        assert await evidence(work, EVIDENCE) == ["same", "same"]
        for name in ("ACME", "PCB"):
            (one,) = await merges_of(work, found[name])
            assert await part(work, one, BY)
            assert await part(work, one, BY) is None
        assert (await parties_out(work), await evidence_out(work)) == before


async def test_a_list_of_another_carrier_s_ids_is_refused(db: Database) -> None:
    async with db.work("south", NOW, write=True) as work:
        await parties(work, PARTIES)
        rows = await parties_out(work)
    async with db.work("north", NOW, write=True) as work:
        text = "\n".join(",".join(row) for row in rows)
        assert set(await parties(work, text)) == {"refused"}
        assert await work.parties.all() == []


async def test_a_list_that_says_something_of_an_importer_has_its_loads_looked_at_at_once(db: Database) -> None:
    await add(
        db, world(), row("1234", pars=PARS, eta="2026-11-24 20:00", direction="CA", importer="ACME", broker="PCB")
    )
    for text, take in ((PARTIES, parties), (EVIDENCE.replace("ACME Ltd", "ACME"), evidence)):
        assert (await the_load(db)).look_at > NOW
        async with db.work("home", NOW, write=True) as work:
            await take(work, text)
        assert (await the_load(db)).look_at == NOW
        async with db.work("home", NOW, write=True) as work:
            await reassess(work, world(), [(await the_load(db)).id])
