"""`holdwatch parties` and `holdwatch evidence`: the address book from and into CSV files."""

import asyncio
import csv
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo

import typer

from bot.app import App
from bot.cli.common import app_of, here, settings
from bot.domain.errors import HoldwatchError
from bot.domain.load import Hand, LoadRow
from bot.feeds.sources.load_csv import table_rows, text_of
from bot.watch import parties_cells, parties_evidence
from bot.watch.hands import Hands
from bot.watch.parties_evidence import take_evidence
from bot.watch.parties_export import Rows, evidence_out, parties_out
from bot.watch.parties_rows import BookResult, take_parties
from storage.errors import Again
from storage.work import Work

Take = Callable[[Work, Sequence[LoadRow], ZoneInfo, Hands], Awaitable[list[BookResult]]]
Give = Callable[[Work], Awaitable[Rows]]

parties = typer.Typer(no_args_is_help=True, help="the address book from and into CSV files")
evidence = typer.Typer(no_args_is_help=True, help="evidence about importers from and into CSV files")
_TRIES = 6

File = Annotated[Path, typer.Argument(help="the CSV file")]
Out = Annotated[Path | None, typer.Argument(help="a new file; without it the rows are printed")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would happen and change nothing")]
Carrier = Annotated[str, typer.Option(help="whose they are, when there are several carriers")]


class _DryRunError(Exception):
    """Ends a unit that must not be kept."""


@parties.command("import")
def import_parties(file: File, dry_run: DryRun = False, carrier: Carrier = "") -> None:
    """Adds parties and changes them; never removes. An empty cell leaves what stood there, '-' erases it."""
    _import(file, parties_cells.COLUMNS, ("name", "id"), _take_parties, "parties", dry_run, carrier)


@parties.command("export")
def export_parties(file: Out = None, carrier: Carrier = "") -> None:
    """Writes all parties with their accounts, in the columns that import takes."""
    _export(file, parties_out, carrier)


@evidence.command("import")
def import_evidence(file: File, dry_run: DryRun = False, carrier: Carrier = "") -> None:
    """Adds records of evidence; never changes or removes one."""
    _import(file, parties_evidence.COLUMNS, ("item",), take_evidence, "records", dry_run, carrier)


@evidence.command("export")
def export_evidence(file: Out = None, carrier: Carrier = "") -> None:
    """Writes all evidence, superseded records too, in the columns that import takes."""
    _export(file, evidence_out, carrier)


async def _take_parties(work: Work, rows: Sequence[LoadRow], zone: ZoneInfo, by: Hands) -> list[BookResult]:
    return await take_parties(work, rows, zone.key, by)


def _import(
    file: Path, columns: Sequence[str], needed: Sequence[str], take: Take, what: str, dry_run: bool, carrier: str
) -> None:
    text = text_of(here(file).read_bytes())
    if text is None:
        raise HoldwatchError(f"{file} is not text: save the list as CSV. Nothing was imported.")
    header, rows, problems = table_rows(text, columns)
    if not any(name in header.columns.values() for name in needed):
        seen = ", ".join(columns)
        raise HoldwatchError(f"{file}: no column is '{needed[0]}'; columns are {seen}. Nothing was imported.")
    if header.ignored:
        print(f"not used: {', '.join(header.ignored)}")
    results = asyncio.run(_imported(rows, file.name, take, dry_run, carrier))
    raise typer.Exit(_say(results, [(p.where, p.why) for p in problems], what, dry_run))


async def _imported(rows: Sequence[LoadRow], name: str, take: Take, dry_run: bool, carrier: str) -> list[BookResult]:
    async with app_of(*settings(), own=True) as app:
        whose = _whose(app, carrier)
        by = Hands(Hand.FILE, name, f"import:{name}")
        for attempt in range(_TRIES):
            # All of the file in one unit: a list of parties is short, and what refers to what is seen whole.
            with suppress(Again):
                return await _taken(app, whose, rows, by, take, dry_run)
            await asyncio.sleep(0.05 * 2**attempt)
        raise HoldwatchError("the database stayed busy. Nothing was imported: try again in a minute")


async def _taken(
    app: App, carrier: str, rows: Sequence[LoadRow], by: Hands, take: Take, dry_run: bool
) -> list[BookResult]:
    found: list[BookResult] = []
    with suppress(_DryRunError):
        async with app.database.work(carrier, app.clock.civil(), write=True) as work:
            found = await take(work, rows, app.world.carriers[carrier].zone, by)
            if dry_run:
                raise _DryRunError
    return found


def _whose(app: App, carrier: str) -> str:
    known = list(app.world.carriers)
    if (carrier and carrier not in known) or (not carrier and len(known) > 1):
        raise HoldwatchError(f"say whose these are: --carrier {' or '.join(known)}. Nothing was done.")
    return carrier or known[0]


def _say(results: Sequence[BookResult], faults: Sequence[tuple[str, str]], what: str, dry_run: bool) -> int:
    """Prints what became of the rows; the exit code is 1 when one was refused."""
    for one in results:
        for sentence in one.sentences:
            name = f"{one.name}: " if one.name else ""
            print(f"{one.where}: {name}{'REFUSED: ' if one.outcome == 'refused' else ''}{sentence}")
    for where, why in faults:
        print(f"{where}: REFUSED: {why}")
    counts = {o: _count(results, o, what) for o in ("added", "changed", "same")}
    refused = sum(r.outcome == "refused" for r in results) + len(faults)
    would = "would be " if dry_run else ""
    print(
        f"{counts['added']} {what} {would}added, {counts['changed']} {would}changed, {counts['same']} the same, "
        f"{refused} rows {would}refused"
    )
    return 1 if refused else 0


def _count(results: Sequence[BookResult], outcome: str, what: str) -> int:
    """Rows of one party are one party; a record is a row."""
    found = [r for r in results if r.outcome == outcome]
    return len({r.name for r in found}) if what == "parties" else len(found)


def _export(file: Path | None, give: Give, carrier: str) -> None:
    if file is not None and file.exists():
        raise HoldwatchError(f"{file} is there already; nothing was written. Name a new file.")
    rows = asyncio.run(_exported(give, carrier))
    if file is None:
        _write(sys.stdout, rows)
        return
    with file.open("x", encoding="utf-8", newline="") as text:
        _write(text, rows)
    print(f"{len(rows) - 1} rows were written to {file}.")


def _write(text: TextIO, rows: Rows) -> None:
    csv.writer(text, lineterminator="\n").writerows(rows)


async def _exported(give: Give, carrier: str) -> Rows:
    async with app_of(*settings(), own=True) as app, app.database.work(_whose(app, carrier), app.clock.civil()) as work:
        return await give(work)
