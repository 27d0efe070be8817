"""Rows one file at a time or all at once end in equal loads: the batch path and the slow path are one rule."""

import asyncio
import itertools
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.domain.load import LoadRow
from bot.watch.intake import add_rows
from bot.watch.jobs import sweep
from storage.database import Database
from tests.watch.ground import FILE, NOW, carrier, world

NUMBERS = ("SMPLPARS100001", "SMPLPARS100002", "smplpars 100001", "SMPLPARS100003")
PAPERS = st.one_of(
    st.sampled_from(NUMBERS),
    st.lists(st.sampled_from(NUMBERS), min_size=2, max_size=3).map(", ".join),
    st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)).map("=>".join),
    st.sampled_from(NUMBERS).map(lambda n: f"-{n}"),
)
CELLS: dict[str, st.SearchStrategy[str]] = {
    "pars": PAPERS,
    "inbond": st.just("SMPLINB500001"),
    "release_plan": st.sampled_from(["csa", "inbond", "pars"]),
    "broker": st.sampled_from(["PCB", "WIL"]),
    "importer": st.just("ACME"),
    "papers_sent": st.sampled_from(["2026-11-24T13:00Z", "-"]),
    "eta": st.just("2026-11-24T19:30Z"),
    "trip": st.just("SMPLTRIP1, SMPLTRIP2"),
    "driver": st.just("A. Singh"),
    "truck": st.just("t 7"),
    "crossing": st.just("North Portal"),
}
ROW = st.dictionaries(st.sampled_from(list(CELLS)), st.just(""), max_size=5).flatmap(
    lambda chosen: st.fixed_dictionaries({name: CELLS[name] for name in chosen})
)
LISTS = st.lists(st.tuples(st.sampled_from(["1234", "1235"]), ROW), min_size=1, max_size=6)
#: Ids are made anew each time; of two loads of one number the later inherits nothing, whichever was first.
_COLUMNS = {
    "load": ("number", "direction", "kind", "life", "trips", "crossing", "eta", "truck", "driver_name", "occurrence"),
    "shipment": ("type", "ccn", "importer_bn15", "papers_sent", "release_plan", "entry"),
}


async def _stands(db: Database, whose: str) -> dict[str, list[Any]]:
    """What stands in the end: loads, their shipments in order, the numbers they claim, by load number."""
    async with db.work(whose, NOW) as work:
        records = await work.loads.of(await work.loads.open_ids())
        shipments = await work.shipments.of_loads(records)
        claims = await work.claims.of_loads(records)
        numbers = await work.numbers.of({c.number_id for c in claims})
        parties = await work.parties.of({s.broker_id for own in shipments.values() for s in own if s.broker_id})
    found: dict[str, list[Any]] = {}
    for record in records.values():
        own = shipments.get(record.id, [])
        held = [(numbers[c.number_id].kind, numbers[c.number_id].key) for c in claims if c.load_id == record.id]
        brokers = [parties[s.broker_id].name if s.broker_id else "" for s in own]
        found[record.number] = [
            [getattr(record, name) for name in _COLUMNS["load"]],
            [[getattr(s, n) for n in _COLUMNS["shipment"]] for s in own],
            brokers,
            sorted(held),
            [h["kind"] for h in record.assessment["holds"] if h["kind"] != "number_reused"],
        ]
    return found


async def _taken(db: Database, whose: str, batches: list[list[LoadRow]]) -> tuple[dict[str, list[Any]], set[str]]:
    watching = world(carrier(whose))
    refused: set[str] = set()
    for batch in batches:
        async with db.work(whose, NOW, write=True) as work:
            found = await add_rows(work, watching, batch, FILE)
        refused |= {r.where for r in found if r.outcome == "refused"}
    await sweep(db, watching, NOW)
    return await _stands(db, whose), refused


@pytest.mark.hypothesis
def test_rows_one_at_a_time_and_all_at_once_end_in_equal_loads(sqlite_url: str):
    db = Database(sqlite_url)
    carriers = itertools.count()
    with asyncio.Runner() as runner:

        @settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
        @given(LISTS)
        def equal(made: list[tuple[str, dict[str, str]]]) -> None:
            rows = [
                LoadRow(f"line {i}", {"number": n, "direction": "CA", **cells}) for i, (n, cells) in enumerate(made)
            ]
            together, refused = runner.run(_taken(db, f"c{next(carriers)}", [rows]))
            # A row that disagrees with another of its own list is refused; in a list of its own it is a change.
            single = [[row] for row in rows if row.where not in refused]
            apart, _ = runner.run(_taken(db, f"c{next(carriers)}", single))
            assert together == apart

        try:
            equal()
        finally:
            runner.run(db.close())
