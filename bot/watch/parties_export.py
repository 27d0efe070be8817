"""The address book and its evidence as rows of a file that the import takes back."""

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.policy import spelled
from bot.watch import parties_cells, parties_evidence
from bot.watch.parties_hours import spelled_week
from storage.parties import PartyRecord
from storage.programs import ProgramRecord
from storage.work import Work

Rows = list[list[str]]


async def parties_out(work: Work) -> Rows:
    """Header and rows of all active parties by name, one for each account; parties that were merged are aliases."""
    parties = await work.parties.all()
    ids = [party.id for party in parties]
    aliases = await work.parties.aliases(ids)
    programs = await work.programs.of_importers(ids)
    names = {p.id: p.name for p in (await work.parties.of({b for b in _brokers(programs.values()) if b})).values()}
    rows: Rows = [list(parties_cells.COLUMNS)]
    for party in parties:
        for n, program in enumerate(programs.get(party.id, []) or [None]):
            rows.append([*_party(party, aliases.get(party.id, []), first=n == 0), *_program(program, names)])
    return [rows[0], *map(_guarded, rows[1:])]


def _brokers(programs: Iterable[list[ProgramRecord]]) -> list[str]:
    return [p.broker_id for own in programs for p in own if p.broker_id]


def _party(party: PartyRecord, aliases: list[str], *, first: bool) -> list[str]:
    if not first:
        return [party.id, party.name, *[""] * 9]
    promise = spelled(timedelta(minutes=party.promise_minutes)) if party.promise_minutes else ""
    return [
        party.id, party.name, " ".join(party.roles), "; ".join(aliases), party.phone_day, party.phone_night,
        party.email, spelled_week(party), promise, " ".join(party.filers), party.note,
    ]  # fmt: skip


def _program(program: ProgramRecord | None, brokers: dict[str, str]) -> list[str]:
    if program is None:
        return [""] * 4
    return [program.bn15, program.kind.value, program.legal_name, brokers.get(program.broker_id or "", "")]


async def evidence_out(work: Work) -> Rows:
    """Header and rows of all records in the order in which they were written, superseded ones too."""
    records = await work.evidence.all()
    parties = await work.parties.of({id_ for e in records for id_ in (e.importer, e.broker) if id_})
    loads = await work.loads.of({e.load for e in records if e.load})
    named = [p.name_key for p in await work.parties.all()]
    names = {id_: p.name if named.count(p.name_key) < 2 else p.id for id_, p in parties.items()}
    keys = {id_: load.key for id_, load in loads.items()}
    rows: Rows = []
    for e in records:
        told = {
            "importer": names.get(e.importer, ""), "broker": names.get(e.broker, ""), "load": keys.get(e.load, ""),
            "at": e.at.isoformat(), "recorded": e.recorded.isoformat(),
            "valid_until": e.valid_until.isoformat() if e.valid_until else "",
        }  # fmt: skip
        rows.append([told[c] if c in told else str(getattr(e, c)) for c in parties_evidence.COLUMNS])
    return [list(parties_evidence.COLUMNS), *map(_guarded, rows)]


def _guarded(row: list[str]) -> list[str]:
    """Cells that a spreadsheet would take for a formula get a quote in front, which the import takes off."""
    return ["'" + cell if cell[:1] in ("=", "+", "-", "@") else cell for cell in row]
