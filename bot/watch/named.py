"""Rows that name a load by the number of a shipment only: a mail knows the PARS, and no load."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.load import Life, LoadRow
from bot.domain.numbers import NumberKind, key_of
from bot.watch.early import keep
from bot.watch.hands import Hands
from storage.adoption import Adoption
from storage.loads import LoadRecord
from storage.work import Work

_KINDS = {"pars": NumberKind.CCN, "paps": NumberKind.SCN}


async def named(
    work: Work, rows: Sequence[LoadRow], by: Hands, received: datetime
) -> tuple[list[LoadRow], list[tuple[LoadRow, str]]]:
    """The rows with the load that claims their number, and those that can't be given to one, with a sentence.

    What no load claims yet is kept for the one that will. Papers that went before are not said to have gone again: who
    asks a broker how it stands sends no papers.
    """
    lost = [row for row in rows if not row.cells.get("number")]
    if not lost:
        return list(rows), []
    await Adoption(work.unit, work.carrier).hearing()  # nobody claims meanwhile what is looked up here
    keys = {key_of(row.cells.get("pars", "") or row.cells.get("paps", "")) for row in lost} - {""}
    numbers = await work.numbers.find([(kind, key) for key in keys for kind in _KINDS.values()])
    claims = await work.claims.loads_of(numbers.values()) if numbers else []
    loads = await work.loads.of({c.load_id for c in claims if c.until is None}) if claims else {}
    papers = await work.shipments.of_loads(loads) if loads else {}
    sent = {s.id: s.papers_sent for own in papers.values() for s in own}
    found, refused = [row for row in rows if row.cells.get("number")], []
    for row in lost:
        key = key_of(row.cells.get("pars", "") or row.cells.get("paps", ""))
        column = next((c for c, kind in _KINDS.items() if (kind, key) in numbers), "pars")
        ids = {numbers[kind, key] for kind in _KINDS.values() if (kind, key) in numbers}
        own = [c for c in claims if c.number_id in ids and c.load_id in loads and loads[c.load_id].life is Life.OPEN]
        if len({c.load_id for c in own}) != 1:
            if own:
                why = f"several open loads have the number {key}, so nothing was noted"
            else:
                await keep(work, row, key, by, received)
                why = f"no open load has the number {key} yet, so it waits for the one that gets it"
            refused.append((row, f"{why}; or type it: /load NUMBER papers sent"))
            continue
        if "papers_sent" in row.cells and any(sent.get(c.shipment_id or "") for c in own):
            continue
        found.append(_of(row, loads[own[0].load_id], column, key))
    return found, refused


def _of(row: LoadRow, load: LoadRecord, column: str, key: str) -> LoadRow:
    cells = {name: text for name, text in row.cells.items() if name not in _KINDS}
    return replace(row, cells=cells | {"number": load.number, "direction": load.direction.value, column: key})
