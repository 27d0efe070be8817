"""Rows of a load file, a form or a TMS message become loads: added, changed, or refused by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alert import End
from bot.domain.errors import Remarked
from bot.domain.load import Direction, Life, LoadRow, Said, ShipmentType
from bot.domain.numbers import NumberKind, doubts, key_of
from bot.domain.remarks import Remark, Say
from bot.domain.rowtext import Row, RowFault
from bot.domain.times import age
from bot.watch.adopt import adopt, claiming
from bot.watch.fresh import add_fresh
from bot.watch.groups import Group, Key, Known, join, number_key, understood
from bot.watch.hands import OTHERS, SAME_TRUCK, TAKEN_BACK, Hands
from bot.watch.look import close_claims, reassess
from bot.watch.more import say_more
from bot.watch.told import after
from bot.watch.trips import Sharing, by_trip, doubles, one_of, only_missing, sharing, take_names
from bot.watch.world import World
from storage.loads import LoadRecord
from storage.work import Work

#: A row whose ETA is this near to that of a load that is over speaks of that load, not of a new one.
_SAME_TRIP = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `remarks` are warnings, or why it was refused."""

    where: str
    outcome: str
    number: str
    load_id: str | None = None
    remarks: tuple[Remark, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The remarks in English, for the operator's log and tools."""
        return tuple(map(str, self.remarks))


async def add_rows(
    work: Work, world: World, rows: Sequence[LoadRow], by: Hands, known_at: Mapping[str, datetime] | None = None
) -> list[RowResult]:
    """Takes rows in: a row is a shipment, rows with one number and direction are one load.

    A row that cannot be taken is refused by name and changes nothing; the others are taken. A load is looked at once.
    `known_at` is when each row of loads that are all new was known, by its place, where that is not now: they are not
    looked at here, but are due then.
    """
    await claiming(work)
    known = await work.loads.of_numbers({number_key(row) for row in rows})
    results: dict[str, RowResult] = {}
    groups: dict[Key, Group] = {}
    for row, read in understood(rows, world.crossings, world.carriers[work.carrier].zone, known):
        try:
            if isinstance(read, Remarked):
                raise read
            join(groups, read)
        except Remarked as why:
            results[row.where] = RowResult(row.where, "refused", row.cells.get("number", ""), None, why.remarks)
    for one in await _taken(work, world, groups, known, results, by, known_at):
        results[one.where] = one
    return [results[row.where] for row in rows if row.where in results]


async def _taken(
    work: Work,
    world: World,
    groups: dict[Key, Group],
    known: Known,
    results: dict[str, RowResult],
    by: Hands,
    known_at: Mapping[str, datetime] | None,
) -> list[RowResult]:
    fresh, loads, refused, taken_names = await _told_apart(work, groups, known, by)
    for at, why in refused.items():
        for row in groups[at].rows:
            results[row.where] = RowResult(row.where, "refused", row.number, None, why.remarks)
    added = await add_fresh(work, fresh, known, by, known_at or {}) if fresh else {}
    open_ = {at: record for at, record in loads.items() if record.life is Life.OPEN}
    more = await say_more(work, groups, open_, by) if open_ else None
    changed = more.changed if more else frozenset()
    notes: dict[str, list[Remark]] = {load: list(said) for load, said in more.notes.items()} if more else {}
    for load, was in taken_names.items():
        notes[load] = [Say.TRIP_NAMED.of(trip=was), *notes.get(load, ())]
    named = {loads[at].id for at, group in groups.items() if at in loads and not by_trip(group, by)}
    await make_one(work, world, changed & named, by)
    await adopt(work, world, {*added.values(), *changed})
    due = {*added.values(), *changed} if known_at is None else changed
    without = End(f"changed by {by.who}")
    for one in await reassess(work, world, due, without_fact=without, anew=True) if due else ():
        notes[one.case.record.id] = [*notes.get(one.case.record.id, ()), *after([one])]
    taken: list[RowResult] = []
    for at in (*fresh, *loads):
        load_id = added.get(at) or loads[at].id
        outcome = "added" if at in added else "changed" if load_id in changed else "same"
        taken += _results(work, groups[at], outcome, load_id, notes.get(load_id, []))
    return taken


async def _told_apart(
    work: Work, groups: dict[Key, Group], known: Known, by: Hands
) -> tuple[dict[Key, Group], dict[Key, LoadRecord], dict[Key, RowFault], dict[str, str]]:
    """Which groups are new loads, which speak of known ones, why the others are refused, and what loads that get a
    number of dispatch's were called."""
    strange = {at: group for at, group in groups.items() if by_trip(group, by) or not _open_of(known, at)}
    near = await sharing(work, strange) if strange else Sharing()
    of_trips = {at: near.of_trip(at, group, known) for at, group in strange.items() if by_trip(group, by)}
    asked = {at: of_trips.get(at, known.get(at[0], ())) for at in groups}
    over = [r.id for records in asked.values() for r in records if r.life is not Life.OPEN]
    had = await work.shipments.numbers_ever(over) if over else {}
    fresh: dict[Key, Group] = {}
    loads: dict[Key, LoadRecord] = {}
    takes: dict[Key, LoadRecord] = {}
    refused: dict[Key, RowFault] = {}
    for at, group in groups.items():
        made = [] if at in of_trips else near.made(at)
        try:
            if at in of_trips or (made and not _open_of(known, at)):
                record = one_of(group, of_trips.get(at, made)) or _standing_load(asked[at], group, at[1], had)
            else:
                record = _standing_load(asked[at], group, at[1], had)
        except RowFault as why:
            refused[at] = why
            continue
        if record is None:
            fresh[at] = group
        elif record in made:
            takes[at] = record
        else:
            loads[at] = record
    loads |= await take_names(work, takes, groups, known, by) if takes else {}
    joined = {at: r for at, r in loads.items() if at in of_trips and r.number_key != at[0]}
    await only_missing(work, joined, groups, by)
    return fresh, loads, refused, {r.id: r.number for r in takes.values()}


def _open_of(known: Known, at: Key) -> bool:
    """Whether an open load has this number already."""
    return any(r.life is Life.OPEN and at[1] in (None, r.direction) for r in known.get(at[0], ()))


async def make_one(work: Work, world: World, load_ids: Collection[str], by: Hands) -> None:
    """Ends the loads that a feed made of a trip of which one of these turns out to be the same truck, and gives that
    one what the feed had said. Whose word showed it can take it back."""
    found = await doubles(work, load_ids) if load_ids else []
    ends: dict[str, End] = {}
    for one in found:
        why = f"{OTHERS} {one.own.number}"
        at: Key = (one.own.number_key, one.own.direction)
        groups = {at: one.rows}
        await work.loads.end(one.made.id, Life.CANCELLED, why, work.now)
        ends[one.made.id] = End(why)
        await only_missing(work, {at: one.own}, groups, one.by)
        await say_more(work, groups, {at: one.own}, one.by)
        said = Said(SAME_TRUCK, f"{one.made.id}={one.made.number}", by.hand, by.who, work.now)
        await work.said.add([(one.own.id, said)], by.delivery, by.person)
    if ends:
        await close_claims(work, world, list(ends))
        await reassess(work, world, ends, ends)


def _results(work: Work, group: Group, outcome: str, load_id: str, notes: Sequence[Remark]) -> list[RowResult]:
    found = []
    for row in group.rows:
        past = _past(row, work.now) if outcome != "same" else ()
        more = notes if row is group.rows[0] else ()
        found.append(RowResult(row.where, outcome, row.number, load_id, (*_doubts(row), *past, *more)))
    return found


def _past(row: Row, now: datetime) -> tuple[Remark, ...]:
    """An ETA that has passed is taken, for the truck may be late, and said: the date may be wrong."""
    eta = row.load.get("eta")
    late = now - datetime.fromisoformat(eta) if eta else timedelta()
    return (Say.ETA_PASSED.of(age=age(late)),) if late > timedelta() else ()


def _doubts(row: Row) -> tuple[Remark, ...]:
    found = list(row.doubts)
    for type_, changes in row.numbers.items():
        kind = NumberKind.SCN if type_ is ShipmentType.PAPS else NumberKind.CCN
        found += [d for c in changes if c.new for d in doubts(kind, key_of(c.new))]
    return tuple(found)


def _standing_load(
    known: Sequence[LoadRecord], group: Group, direction: Direction | None, had: Mapping[str, set[str]]
) -> LoadRecord | None:
    """The load that these rows speak of: the open one, or one that is over if they say nothing newer of it.

    A shipment's number that it never had is news: the load's number is used again.

    None: a new one. RowFault when that cannot be told.
    """
    same = [r for r in known if direction is None or r.direction is direction]
    same = [r for r in same if not r.end_why.startswith((TAKEN_BACK, OTHERS))]
    open_ = [r for r in same if r.life is Life.OPEN]
    number = group.first.number
    if len(open_) > 1:
        raise RowFault(Say.BOTH_DIRECTIONS.of(number=number))
    if open_:
        return open_[0]
    for record in same[:1]:
        eta = group.load.get("eta") or group.load.get("pickup")
        ended = record.eta or record.ended_at or record.known_at
        numbers = {key_of(c.new) for row in group.rows for cs in row.numbers.values() for c in cs if c.new}
        if numbers and numbers.isdisjoint(had.get(record.id, ())):
            break
        if eta is None or datetime.fromisoformat(eta) <= ended + _SAME_TRIP:
            return record
    if group.direction is None:
        raise RowFault(Say.NOWHERE.of(number=number))
    return None
