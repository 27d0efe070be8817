"""`holdwatch read`: what a message says, storing nothing."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.common import here
from bot.domain.crossings import zone as zone_named
from bot.domain.errors import HoldwatchError
from bot.feeds.protocol import Reader, Reading
from bot.feeds.registry import SOURCES
from bot.feeds.show import as_json


def read(
    source: Annotated[str, typer.Argument(help="whose message it is: " + ", ".join(SOURCES))],
    file: Annotated[Path, typer.Argument(help="the file, - for standard input")],
    as_data: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
    zone: Annotated[str, typer.Option(help="zone of times that carry none")] = "America/Toronto",
) -> None:
    """Shows what a message says; exit code 1 when something in it could not be understood."""
    if source not in SOURCES:
        raise HoldwatchError(f"'{source}' is not a source, there are: {', '.join(SOURCES)}")
    body = sys.stdin.buffer.read() if str(file) == "-" else here(file).read_bytes()
    reading = SOURCES[source].read(body, Reader(_zone(zone)), datetime.now(UTC))
    print(json.dumps(as_json(reading), indent=2, ensure_ascii=False) if as_data else _shown(reading))
    raise typer.Exit(1 if reading.problems else 0)


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_named(name, "--zone")
    except ValueError as why:
        raise HoldwatchError(str(why)) from None


def _shown(reading: Reading) -> str:
    lines = []
    for one in as_json(reading)["reports"]:
        more = "  ".join(f"{key} {one[key]}" for key in ("at", "office", "transaction") if one[key])
        lines.append(f"{one['kind']} {one['number']}: {one['status']} ({one['track']}, {one['raw']})  {more}".rstrip())
    for row in reading.loads:
        cells = ", ".join(f"{k}={v}" for k, v in row.cells.items() if v)
        lines.append(f"load at {row.where}: {cells}")
    lines += [f"PROBLEM at {problem.where}: {problem.why}" for problem in reading.problems]
    return "\n".join(lines) or "This says nothing about any number."
