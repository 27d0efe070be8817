"""No statement walks through all that a carrier has, however much that is: SQLite's own plans say so."""

from contextlib import suppress
from typing import Any

from sqlalchemy import event

from bot.domain.numbers import NumberKind
from storage.database import Database
from storage.dock import Dock
from storage.errors import NotFound, Stale
from storage.sqlite import SqliteEngine
from tests.storage.calls import ADDS, CHANGES, READS
from tests.storage.world import DESK, MARIA, NOW, build

#: These are asked for all there is, of tables that stay small or of what is open, or stop at the first row;
#: and a place moves once in its life.
LISTS = {
    "alerts.open", "loads.any", "numbers.orphans", "outages.on", "outages.last",
    "outbox.move", "posts.move", "posts.standing", "parties.all",
    "parties.names", "programs.all", "evidence.all", "people.all", "people.on_duty", "routes.all", "routes.on",
    "shipments.in_trouble",
}  # fmt: skip

DOCK = {
    "due_loads": lambda w: Dock(w.unit).due_loads(NOW),
    "outbox_due": lambda w: Dock(w.unit).outbox_due(),
    "carriers_claiming": lambda w: Dock(w.unit).carriers_claiming([(NumberKind.CCN, "A")], ["north", "south"], NOW),
    "carriers_at": lambda w: Dock(w.unit).carriers_at(DESK, "17.1"),
    "carriers_knowing": lambda w: Dock(w.unit).carriers_knowing(MARIA),
    "carriers_inviting": lambda w: Dock(w.unit).carriers_inviting("hash"),
    "claim_outbox": lambda w: Dock(w.unit).claim_outbox(NOW, NOW, "one", ["slack"]),
    "claim_outbox per place": lambda w: Dock(w.unit).claim_outbox(NOW, NOW, "one", ["slack"], per_place=2),
    "counts": lambda w: Dock(w.unit).counts(),
    "unsaid": lambda w: Dock(w.unit).unsaid(["north"], NOW),
    "raws.of": lambda w: Dock(w.unit).raws.of(["a"]),
    "raws.page": lambda w: Dock(w.unit).raws.page("rns"),
    "ahead.of": lambda w: Dock(w.unit).ahead.of("rns", ["north"], NOW, NOW, NOW),
    "questions.unsent": lambda w: Dock(w.unit).questions.unsent("rns", NOW),
    "raws.observed": lambda w: Dock(w.unit).raws.observed("a"),
    "raws.reread": lambda w: Dock(w.unit).raws.reread("a", 2),
    "problems.of_feeds": lambda w: Dock(w.unit).problems.of_feeds(["rns"]),
}


def walks(step: str, tables: set[str]) -> bool:
    """Whether a step of a plan looks at every row of a table, or of a carrier in it."""
    words = step.split()
    # Of the unique indexes one holds open alerts and no others: it is short like those that are made to be walked.
    short = "ix_" in step or "uq_alert_open" in step
    whole = words[0] == "SCAN" and words[1] in tables and not short
    return whole or step.endswith("(carrier=?)")


async def test_no_statement_walks_through_a_table(sqlite_db: Database) -> None:
    world = await build(sqlite_db, "north")
    assert isinstance(sqlite_db.engine, SqliteEngine)
    engine = sqlite_db.engine._writer.sync_engine
    asked: dict[str, str] = {}
    asking = [""]

    def note(statement: str) -> None:
        asked.setdefault(statement, asking[0])

    def traced(connection: Any, *_: Any) -> None:
        connection.run_async(lambda driver: driver.set_trace_callback(note))

    event.listen(engine, "connect", traced)
    await sqlite_db.close()  # the connection that built the world is not listened to
    calls = {key: lambda w, call=call: call(w, world) for key, call in {**READS, **CHANGES, **ADDS}.items()} | DOCK
    for name, call in calls.items():
        asking[0] = name
        async with sqlite_db.work("north", NOW, write=True) as work:
            with suppress(NotFound, Stale):
                await call(work)
            await work.unit.connection.rollback()
    event.remove(engine, "connect", traced)

    walking = []
    async with sqlite_db.work("north", NOW) as work:
        connection = work.unit.connection
        tables = {t for (t,) in await connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for statement, by in asked.items():
            if by in LISTS or not statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                continue
            plan = await connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement)
            walking += [f"{by}: {step[3]}" for step in plan if walks(step[3], tables)]
    assert len(asked) > 100
    assert walking == []
