"""Rows of a file of evidence become records: added, known already, or refused by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.carm.evidence import BROKER_ITEMS, OWN_ITEMS, STATES, WITHDRAWN, Evidence, Item, Source
from bot.domain.dates import spreadsheet_time
from bot.domain.load import LoadRow
from bot.domain.rowtext import moment
from bot.watch.carm_words import record
from bot.watch.hands import Hands
from bot.watch.parties import name_key
from bot.watch.parties_cells import CellFault, clean, noting
from bot.watch.parties_rows import BookResult
from storage.ids import new_id
from storage.work import Work

#: The columns of the file; importer, item, state and at are needed, but for the carrier's own items no importer.
COLUMNS = (
    "id", "importer", "item", "state", "source", "at", "who", "role", "org", "how", "recorded", "recorded_by", "note",
    "attachment", "valid_until", "supersedes", "rm", "broker", "load",
)  # fmt: skip
_TEXTS = ("who", "role", "org", "how", "recorded_by", "note", "attachment", "supersedes")
_Word = TypeVar("_Word", Item, Source)
_ID = re.compile(r"[0-9a-z]{1,32}")
#: A clock of somebody else's may be this much ahead of ours.
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Known:
    """What rows may speak of: parties and loads by how they are written, and records that are there."""

    parties: Mapping[str, list[str]]
    ids: Mapping[str, str]
    loads: Mapping[str, list[str]]
    records: dict[str, Evidence] = field(default_factory=dict)
    same: set[tuple[Any, ...]] = field(default_factory=set)


async def take_evidence(work: Work, rows: Sequence[LoadRow], zone: ZoneInfo, by: Hands) -> list[BookResult]:
    """Takes rows in, each a record; one that is there already is the same, none is ever changed.

    A row that cannot be taken is refused by name with all its faults; the others are taken.
    """
    known = await _known(work, rows)
    results: list[BookResult] = []
    fresh: list[Evidence] = []
    for row in rows:
        faults: list[str] = []
        made = _record(row, known, zone, work.now, by, faults)
        name = row.cells.get("importer") or ""
        if made is None or faults:
            results.append(BookResult(row.where, "refused", name, tuple(faults)))
            continue
        there = known.records.get(made.id)
        if there is not None and _said(there) != _said(made):
            why = (
                f"the record {made.id} is there and says something else: leave its id empty, evidence is never changed"
            )
            results.append(BookResult(row.where, "refused", name, (why,)))
        elif there is not None or (not (row.cells.get("id") or "").strip() and _said(made) in known.same):
            results.append(BookResult(row.where, "same", name))
        else:
            known.records[made.id] = made
            known.same.add(_said(made))
            fresh.append(made)
            results.append(BookResult(row.where, "added", name, _dropped(row, made)))
    await record(work, fresh)
    return results


def _dropped(row: LoadRow, made: Evidence) -> tuple[str, ...]:
    if (row.cells.get("broker") or "").strip() and not made.broker:
        return (f"broker is not kept of {made.item}: it is the importer's own, whoever clears",)
    return ()


def _said(record: Evidence) -> tuple[Any, ...]:
    """What a record says, whenever and by whom it was written down."""
    plain = replace(record, id="", recorded=record.at, recorded_by="")
    return tuple(getattr(plain, name) for name in COLUMNS)


async def _known(work: Work, rows: Sequence[LoadRow]) -> _Known:
    texts = {(row.cells.get(c) or "").strip() for row in rows for c in ("importer", "broker")} - {""}
    called = await work.parties.called({name_key(t) for t in texts})
    ids = {id_: party.id for id_, party in (await work.parties.of(texts)).items()}
    parties = {t: [p.id for p in called.get(name_key(t), [])] for t in texts}
    loads: dict[str, list[str]] = {}
    for text in {(row.cells.get("load") or "").strip() for row in rows} - {""}:
        hits = await work.finder.search(text)
        loads[text] = [hit.load.id for hit in hits if hit.what in ("number", "key")]
    known = _Known(parties, ids, loads)
    of = {one for found in parties.values() for one in found} | set(ids.values()) | {""}
    for records in (await work.evidence.of_importers(of)).values():
        known.records.update((r.id, r) for r in records)
    named = {(row.cells.get(c) or "").strip() for row in rows for c in ("id", "supersedes")} - {""}
    known.records.update(await work.evidence.of(named))
    known.same.update(map(_said, known.records.values()))
    return known


def _record(
    row: LoadRow, known: _Known, zone: ZoneInfo, now: datetime, by: Hands, faults: list[str]
) -> Evidence | None:
    """The record that a row makes; every fault of the row is noted."""
    cells: dict[str, str] = {}
    for column in COLUMNS:
        with noting(faults):
            cells[column] = clean(column, row.cells.get(column) or "")
    if len(cells) < len(COLUMNS):
        return None
    values: dict[str, Any] = {name: cells[name] for name in _TEXTS}
    for name, read in (
        ("id", lambda: _id(cells["id"])),
        ("item", lambda: _one_of(Item, "item", cells["item"])),
        ("at", lambda: _past("at", cells["at"], zone, now)),
        ("recorded", lambda: _past("recorded", cells["recorded"], zone, now) if cells["recorded"] else now),
        ("valid_until", lambda: _day(cells["valid_until"])),
        ("source", lambda: _source(cells)),
        ("rm", lambda: _rm(cells["rm"])),
        ("importer", lambda: _party(known, "importer", cells["importer"])),
        ("broker", lambda: _party(known, "broker", cells["broker"])),
        ("load", lambda: _load(known, cells["load"])),
    ):
        with noting(faults):
            values[name] = read()
    values["state"] = cells["state"].casefold().replace(" ", "_").replace("-", "_")
    if "item" in values:
        _fitting(values, faults, known)
    if faults:
        return None
    values["how"] = values["how"] or "file"
    values["recorded_by"] = values["recorded_by"] or by.who
    if values["item"] not in BROKER_ITEMS:
        values["broker"] = ""
    return Evidence(**values)


def _fitting(values: dict[str, Any], faults: list[str], known: _Known) -> None:
    """Notes what does not go together."""
    item, state, before = values["item"], values["state"], values["supersedes"]
    if not state:
        faults.append(f"the state of {item} is missing: one of {', '.join(STATES[item])}")
    elif state not in STATES[item] and not (state == WITHDRAWN and before):
        faults.append(f"state '{state}' is none of {item}: {', '.join(STATES[item])}")
    if "importer" in values and bool(values["importer"]) == (item in OWN_ITEMS):
        own = f"{item} is our own: leave importer empty" if values["importer"] else "the importer is missing"
        faults.append(own)
    if before and (before not in known.records or known.records[before].item is not item):
        faults.append(f"supersedes '{before}' is no record of {item} that is there")


def _id(text: str) -> str:
    if text and not _ID.fullmatch(text):
        raise CellFault(f"id '{text}' is none: leave it empty for a new record")
    return text or new_id()


def _one_of(kind: type[_Word], column: str, text: str) -> _Word:
    words = [one.value for one in kind]
    word = text.casefold().replace(" ", "_").replace("-", "_")
    if word not in words:
        raise CellFault(f"{column} '{text}' is none of {', '.join(words)}" if text else f"the {column} is missing")
    return kind(word)


def _source(cells: Mapping[str, str]) -> Source:
    """A row that names who said it is that person's word."""
    if cells["source"]:
        return _one_of(Source, "source", cells["source"])
    if not cells["who"]:
        return Source.IMPORT_FILE
    return {"broker": Source.BROKER_SAID, "importer": Source.IMPORTER_SAID}.get(
        cells["role"].casefold(), Source.OWN_STAFF
    )


def _past(column: str, text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A moment that is over; a day alone is its beginning, so that what it proves is never fresher than it was."""
    if not text:
        raise CellFault(f"{column} is missing: when was it so, or said? Write 2026-11-24 or 2026-11-24 14:30")
    day = _only_day(text)
    found = datetime.combine(day, time(), zone).astimezone(UTC) if day else moment(text, zone, column)
    if found > now + _AHEAD:
        raise CellFault(f"{column} '{text}' is in the future: evidence is of what was")
    return found


def _only_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    if ":" in text:
        return None
    found = spreadsheet_time(text)
    return found.date() if found is not None and found.time() == time() else None


def _day(text: str) -> date | None:
    if not text:
        return None
    day = _only_day(text)
    if day is None:
        raise CellFault(f"valid_until '{text}' is not a day: write 2027-01-15")
    return day


def _rm(text: str) -> str:
    digits = text.upper().removeprefix("RM")
    if digits and not re.fullmatch(r"\d{1,4}", digits):
        raise CellFault(f"rm '{text}' is not the 4 digits behind RM, as in 0001")
    return digits.zfill(4) if digits else ""


def _party(known: _Known, column: str, text: str) -> str:
    if not text:
        return ""
    found = known.parties.get(text, [])
    if len(found) > 1:
        raise CellFault(f"{column}: there are {len(found)} of the name {text}: write the id of the one that is meant")
    if found or text in known.ids:
        return found[0] if found else known.ids[text]
    raise CellFault(f"{column} '{text}' is not in the address book: import parties first")


def _load(known: _Known, text: str) -> str:
    found = known.loads.get(text, [])
    if text and len(found) != 1:
        why = f"can be {len(found)} loads: write its key" if found else "is not there"
        raise CellFault(f"load '{text}' {why}")
    return found[0] if found else ""
