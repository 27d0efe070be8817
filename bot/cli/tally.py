"""What a backtest told, summed up for people: per load, per event, and against the truth where that is known."""

import csv
from collections import Counter
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.cli.recording import Recording
from bot.domain.kinds import Level
from bot.watch.backtest import Listed
from bot.watch.eventlines import Event

#: A file of DIR that says which trucks would have been stopped: number, direction, stop (yes, no), known_from.
TRUTH = "truth.csv"
_MOST_LOADS = 40


class Tally:
    """Counts events as they come."""

    def __init__(self, folder: Path) -> None:
        self._truth = folder / TRUTH
        self._events: Counter[tuple[str, bool]] = Counter()
        self._loads: dict[tuple[str, str], list[Event]] = {}
        self.posted = 0

    def add(self, event: Event) -> None:
        """Takes an event."""
        self._events[event.event, event.posted] += 1
        self.posted += event.posted
        if event.load is not None and event.posted:
            self._loads.setdefault((event.load, event.direction or ""), []).append(event)

    def show(self, recording: Recording) -> None:
        """Prints what was told."""
        out = Console(highlight=False)
        loads = sum(
            len({r.cells.get("number") for r in one.rows}) for one in recording.happenings if isinstance(one, Listed)
        )
        out.print(self._table())
        counts = Table(title="Events", title_justify="left")
        for name in ("event", "told", "listed only"):
            counts.add_column(name, justify="left" if name == "event" else "right")
        for name in sorted({name for name, _ in self._events}):
            counts.add_row(name, str(self._events[name, True]), str(self._events[name, False]))
        out.print(counts)
        out.print(f"{loads} loads, {self.posted} messages to people ({self.posted / max(loads, 1):.2f} a load)")
        if self._truth.exists():
            out.print(self._against())

    def _table(self) -> Table:
        """Loads that were told of, the worst first."""
        table = Table(title="Told, the worst first", title_justify="left")
        for name in ("load", "to", "worst", "raised", "ends", "kinds", "messages"):
            table.add_column(name)
        ranked = sorted(self._loads.items(), key=lambda one: (-max(map(_rank, one[1])), one[1][0].at))
        for (number, direction), events in ranked[:_MOST_LOADS]:
            worst = max(events, key=_rank)
            ends = [e.event for e in events if e.event in ("cleared", "closed")]
            kinds = ", ".join(dict.fromkeys(k for e in events for k in e.kinds))
            raised = f"{events[0].at:%d %b %H:%M}Z"
            row = (number, direction, worst.level or "", raised, ends[-1] if ends else "open", kinds, str(len(events)))
            table.add_row(*row)
        if len(ranked) > _MOST_LOADS:
            table.caption = f"and {len(ranked) - _MOST_LOADS} more loads: --json prints everything"
        return table

    def _against(self) -> str:
        stops: dict[tuple[str, str], datetime | None] = {}
        with self._truth.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                known = row.get("known_from") or ""
                if row.get("stop") == "yes":
                    stops[row["number"], row["direction"]] = datetime.fromisoformat(known) if known else None
        told = {key for key, events in self._loads.items() if any(e.event == "raised" for e in events)}
        false = len(told - stops.keys())
        missed = sum(key not in told for key, known in stops.items() if known is not None)
        return (
            f"{missed} of {len(stops)} stops never told (by {TRUTH}); {false} loads were told of and not stopped: "
            "false alarms, and trouble that was over in time"
        )


def _rank(event: Event) -> int:
    return int(Level[event.level.upper()]) if event.level else 0
