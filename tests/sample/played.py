"""One SAMPLE day played to its end, and all that it left: on the terminal, in the answers, in the database."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.app import App, opened
from bot.domain.status import GOOD
from bot.sample.day import CARRIER, prepare, sample_config, tour
from bot.sample.freight import ENDS, STORY
from bot.sample.stage import Stage
from bot.sample.story import Typed
from handlers.console import CONSOLE, plain
from handlers.reply import Line, Reply
from storage.alerts import AlertRecord
from storage.journal import JournalRecord
from storage.loads import LoadRecord
from storage.parties import PartyRecord
from storage.people import PersonRecord
from tests.sample.stepper import Recorder, Shown, Stepper, stepped


@dataclass(slots=True)
class Played:
    """What stood on the terminal, what was answered, and what the database holds in the end."""

    shown: list[Shown] = field(default_factory=list)
    answers: list[tuple[Typed, Reply]] = field(default_factory=list)
    toured: list[tuple[str, Reply]] = field(default_factory=list)
    loads: dict[str, LoadRecord] = field(default_factory=dict)
    alerts: dict[str, AlertRecord] = field(default_factory=dict)
    journal: dict[str, list[JournalRecord]] = field(default_factory=dict)
    good: dict[str, list[tuple[str, list[object]]]] = field(default_factory=dict)
    people: list[PersonRecord] = field(default_factory=list)
    parties: list[PartyRecord] = field(default_factory=list)
    problems: int = 0
    left: list[str] = field(default_factory=list)

    def events(self, number: str) -> list[str]:
        return [e.what for e in self.journal.get(self.loads[number].id, []) if e.who == "holdwatch"]

    def answer(self, line: str) -> str:
        (found,) = (plain(reply) for typed, reply in self.answers if typed.line == line)
        return found


async def played(var: Path) -> Played:
    clock = stepped(prepare(var))
    assert clock.hands is not None
    async with opened(sample_config(var), url(var), clock, var, sample=True) as app:
        app.world.machine = clock.hands.machine
        recorder = Recorder(clock)
        app.doors.by_name[CONSOLE.door] = recorder
        folders = app.folders()
        for folder in folders:
            folder.machine = clock.hands.seconds
        stage = Stage(app)
        await stage.enter(tour())
        stepper = Stepper(app, stage, clock.hands, folders)
        found = Played(recorder.shown)
        for step in STORY:
            await stepper.to(stage.moment(step.at))
            reply = await stage.act(step)
            await stepper.settle()
            if isinstance(step, Typed) and reply is not None:
                found.answers.append((step, reply))
        await stepper.to(stage.moment(ENDS))
        await stage.over()
        await _remember(app, found)
        found.left = [str(p) for p in var.rglob("*") if p.is_file() and p.parent.name in ("rns", "notices", "broker")]
        found.left += [str(p) for p in var.rglob("bad/**/*") if p.is_file()]
    return found


async def _remember(app: App, played: Played) -> None:
    operator = await app.entry.account_of("")
    for n, line in enumerate(tour()):
        played.toured.append((line, await app.entry(Line(line, operator, CONSOLE, f"tour:{n}"))))
    async with app.database.dock(app.clock.civil()) as dock:
        work = dock.work(CARRIER)
        loads = await work.finder.listed(life=None, limit=100)
        ids = [load.id for load in loads]
        played.loads = {load.number: load for load in loads}
        played.alerts = await work.alerts.last_of(ids)
        for entry in await work.log.of_loads(ids):
            played.journal.setdefault(entry.load_id or "", []).append(entry)
        shipments = await work.shipments.of_loads(ids)
        said = await work.said.of_loads(ids)
        claims = await work.claims.of_loads(ids)
        reports = await work.reports.of_numbers({c.number_id for c in claims})
        for load, rows in shipments.items():
            for row in rows:
                told: list[object] = [
                    r.received
                    for c in claims
                    if c.shipment_id == row.id
                    for r in reports.get(c.number_id, ())
                    if r.status in GOOD
                ]
                told += [s.at for s in said.get(load, ()) if s.shipment == row.id and '"READY"' in (s.value or "")]
                played.good.setdefault(load, []).append((row.ccn, told))
        played.people, played.parties = await work.people.all(), await work.parties.all()
        played.problems = len(await dock.problems.of_feeds(["rns", "notices", "broker", "loads"]))


def url(var: Path) -> str:
    return f"sqlite+aiosqlite:///{var / 'holdwatch.db'}"
