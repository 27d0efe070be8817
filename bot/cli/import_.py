"""`holdwatch import`: loads from a CSV file, with a dry run, a progress bar, and every bad row named."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.app import App
from bot.cli.common import app_of, here, settings
from bot.domain.dates import Order
from bot.domain.errors import HoldwatchError
from bot.domain.load import Hand, LoadRow
from bot.domain.rowtext import COLUMNS, settled
from bot.feeds.sources.load_csv import Header, read_rows, text_of
from bot.watch.hands import Hands
from bot.watch.rows import RowResult, add_rows
from storage.errors import Again

_SLICE = 100
_TRIES = 6


class _DryRunError(Exception):
    """Ends a unit that must not be kept."""


def import_(
    file: Annotated[Path, typer.Argument(help="the CSV file; a row is a shipment, rows with one number are one load")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would happen and change nothing")] = False,
    column: Annotated[
        list[str] | None, typer.Option(help="what a header means, as 'Probill=number'; may be given several times")
    ] = None,
    dates: Annotated[
        Order | None, typer.Option(help="what 11/12/2026 is where the file does not show it: dmy 11 Dec, mdy 12 Nov")
    ] = None,
    carrier: Annotated[str, typer.Option(help="whose loads they are, when there are several carriers")] = "",
) -> None:
    """Adds loads and changes them; never removes. An empty cell leaves what stood there, '-' erases it."""
    text = text_of(here(file).read_bytes())
    if text is None:
        raise HoldwatchError(f"{file} is not text: save the list as CSV. Nothing was imported.")
    header, rows, problems = read_rows(text, _given(column or []))
    head = "\n".join(text.splitlines()[:3]).casefold()
    if absent := [one for one in _given(column or []) if one.strip().casefold() not in head]:
        raise HoldwatchError(f"{file} has no column '{absent[0]}'. Nothing was imported.")
    if header.fault:
        raise HoldwatchError(f"{file}: {header.fault}. Nothing was imported.")
    _say_header(header)
    results = asyncio.run(_import(settled(rows, dates), file.name, dry_run, carrier))
    faults = [(p.where, p.why) for p in problems]
    raise typer.Exit(_say(results, faults, dry_run))


def _given(columns: list[str]) -> dict[str, str]:
    given = {}
    for one in columns:
        header, found, name = one.rpartition("=")
        if not found or name not in COLUMNS:
            raise HoldwatchError(f"--column '{one}' is not HEADER=COLUMN; columns are {', '.join(COLUMNS)}")
        given[header] = name
    return given


async def _import(rows: list[LoadRow], name: str, dry_run: bool, carrier: str) -> list[RowResult]:
    environment, config = settings()
    async with app_of(environment, config, own=True) as app:
        known = list(app.world.carriers)
        if (carrier and carrier not in known) or (not carrier and len(known) > 1):
            raise HoldwatchError(f"say whose loads these are: --carrier {' or '.join(known)}. Nothing was imported.")
        return await _in_slices(app, carrier or known[0], rows, Hands(Hand.FILE, name, f"import:{name}"), dry_run)


async def _in_slices(app: App, carrier: str, rows: list[LoadRow], by: Hands, dry_run: bool) -> list[RowResult]:
    """Slices that do not part the rows of one load, so that people who type meanwhile do not wait."""
    results: list[RowResult] = []
    ordered = sorted(rows, key=lambda row: row.cells.get("number", "").strip().upper())
    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("importing", total=len(ordered))
        start = 0
        while start < len(ordered):
            end = min(start + _SLICE, len(ordered))
            while end < len(ordered) and ordered[end].cells.get("number") == ordered[end - 1].cells.get("number"):
                end += 1
            try:
                results += await _patiently(app, carrier, ordered[start:end], by, dry_run)
            except Again:
                raise HoldwatchError(
                    f"the database stayed busy: {len(results)} of {len(ordered)} rows were imported. "
                    "Import the file again: what is in already stays as it is"
                ) from None
            progress.update(bar, completed=end)
            start = end
    return results


async def _patiently(app: App, carrier: str, rows: list[LoadRow], by: Hands, dry_run: bool) -> list[RowResult]:
    """A slice, again while the running bot or somebody else has the database."""
    for attempt in range(_TRIES - 1):
        with suppress(Again):
            return await _slice(app, carrier, rows, by, dry_run)
        await asyncio.sleep(0.05 * 2**attempt)
    return await _slice(app, carrier, rows, by, dry_run)


async def _slice(app: App, carrier: str, rows: list[LoadRow], by: Hands, dry_run: bool) -> list[RowResult]:
    found: list[RowResult] = []
    try:
        async with app.database.work(carrier, app.clock.civil(), write=True) as work:
            found = await add_rows(work, app.world, rows, by)
            if dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return found


def _say_header(header: Header) -> None:
    for said, name in header.guessed.items():
        print(f"column '{said}' is taken as {name}")
    if header.ignored:
        print(f"not used: {', '.join(header.ignored)}")


def _line_of(where: str) -> int:
    """The line of a file in `line 5`; 0 where there is none."""
    digits = "".join(c for c in where if c.isdigit())
    return int(digits) if digits else 0


def _say(results: list[RowResult], faults: list[tuple[str, str]], dry_run: bool) -> int:
    """Prints what became of the rows; the exit code is 1 when one was refused."""
    for one in sorted(results, key=lambda r: _line_of(r.where)):
        for sentence in one.sentences:
            number = f"load {one.number} " if one.number else ""
            print(f"{one.where}: {number}{'REFUSED: ' if one.outcome == 'refused' else ''}{sentence}")
    for where, why in faults:
        print(f"{where}: REFUSED: {why}")
    loads = {outcome: {r.load_id for r in results if r.outcome == outcome} for outcome in ("added", "changed", "same")}
    refused = sum(r.outcome == "refused" for r in results) + len(faults)
    would = "would be " if dry_run else ""
    print(
        f"{len(loads['added'])} loads {would}added, {len(loads['changed'])} {would}changed, "
        f"{len(loads['same'])} the same, {refused} rows {would}refused"
    )
    return 1 if refused else 0
