"""Whose a report is, and which loads it concerns (house rule 8)."""

from collections.abc import Collection, Sequence

from bot.domain.numbers import NumberKind, transaction_key
from bot.domain.quick import altered
from bot.domain.report import Report
from bot.domain.status import Authority
from bot.watch.nearby import near_to
from bot.watch.world import World
from storage.adoption import UNSAID, Adoption
from storage.dock import Dock
from storage.numbers import NumberKey
from storage.work import Work

_KINDS = (NumberKind.CCN, *UNSAID)


async def whose(
    dock: Dock, world: World, carriers: Sequence[str], reports: Sequence[Report]
) -> list[tuple[str, Report]]:
    """A report goes to every listed carrier that claimed its number, else to the one with that code.

    A transaction number has no code: one that nobody knows yet goes to all listed, for what it says may be bad.
    """
    unsaid = {r.key for r in reports if _kindless(r)}
    if unsaid or (reports and len(carriers) > 1):
        await Adoption(dock.unit).hearing()
    if len(carriers) == 1:
        return [(carriers[0], r) for r in reports]
    keys: set[NumberKey] = {(r.kind, r.key) for r in reports} | {(kind, key) for key in unsaid for kind in _KINDS}
    keys |= {(NumberKind.TRANSACTION, of) for key in unsaid if (of := _as_transaction(key))}
    claimed = await dock.carriers_claiming(keys, carriers, dock.now)
    alone = {key for kind, key in keys if kind is NumberKind.TRANSACTION}
    for carrier in carriers if alone else ():
        for key in await dock.work(carrier).reports.of_transactions(alone):
            claimed.setdefault((NumberKind.TRANSACTION, key), set()).add(carrier)
    found = []
    for report in reports:
        kinds = _KINDS if _kindless(report) else (report.kind,)
        known = set().union(*(claimed.get((kind, report.key), ()) for kind in kinds))
        if not known and _kindless(report):
            known = claimed.get((NumberKind.TRANSACTION, _as_transaction(report.key)), set())
        if not known:
            known = set(carriers) if report.kind is NumberKind.TRANSACTION else {_by_code(world, carriers, report.key)}
        found += [(carrier, report) for carrier in sorted(known)]
    return found


def _by_code(world: World, carriers: Sequence[str], key: str) -> str:
    codes = {c: tuple(world.carriers[c].codes | world.carriers[c].scacs) for c in carriers}
    return next((c for c in carriers if codes[c] and key.startswith(codes[c])), carriers[0])


def _kindless(report: Report) -> bool:
    """Whether its number may be of another kind: a broker that does not say which is read as if it said CCN."""
    return report.kind is NumberKind.CCN and report.authority in (Authority.BROKER, Authority.EMAIL)


def _as_transaction(unsaid: str) -> str:
    """The transaction that a broker's number may be which does not say its kind; '' where it can be none."""
    key = transaction_key(unsaid)
    return key if len(key) == 14 and key.isdecimal() else ""


async def of_claimed_kind(work: Work, told: Sequence[tuple[Report, str]]) -> Sequence[tuple[Report, str]]:
    """A broker that does not say what kind a number is means the one that a load claims: its PAPS, say, not a CCN; else
    a transaction that was named before."""
    vague = [_kindless(r) for r, _ in told]
    unsaid = {r.key for (r, _), is_vague in zip(told, vague, strict=True) if is_vague}
    if not unsaid:
        return told
    known = await work.numbers.find([(kind, key) for key in unsaid for kind in _KINDS])
    claimed = {claim.number_id for claim in await work.claims.loads_of(known.values())}
    kinds: dict[str, set[NumberKind]] = {}
    for (kind, key), number in known.items():
        if number in claimed:
            kinds.setdefault(key, set()).add(kind)
    meant = {key: (next(iter(found)), key) for key, found in kinds.items() if len(found) == 1}
    loose = {key: of for key in unsaid - kinds.keys() if (of := _as_transaction(key))}
    named = await work.reports.of_transactions(loose.values()) if loose else {}
    meant |= {key: (NumberKind.TRANSACTION, of) for key, of in loose.items() if of in named}
    meant = {key: found for key, found in meant.items() if found != (NumberKind.CCN, key)}  # as it is read already
    if not meant:
        return told
    return [
        (_meant(r, *meant[r.key]) if is_vague and r.key in meant else r, raw)
        for (r, raw), is_vague in zip(told, vague, strict=True)
    ]


def _meant(report: Report, kind: NumberKind, key: str) -> Report:
    return altered(report, kind=kind, key=key)


async def _told_before(work: Work, transactions: Collection[str]) -> dict[str, str]:
    """Of transactions that are named now, the numbers as which brokers spoke of them before without saying their kind:
    what comes late must not say less than what came in time (F9)."""
    found = await work.numbers.find((NumberKind.CCN, key) for key in transactions) if transactions else {}
    claimed = {claim.number_id for claim in await work.claims.loads_of(found.values())} if found else set()
    return {key: number for (_, key), number in found.items() if number not in claimed}


async def hear(work: Work, told: Sequence[tuple[Report, str]]) -> set[str]:
    """Stores reports of a carrier and returns the ids of the loads they concern."""
    if not told:
        return set()
    told = await of_claimed_kind(work, told)
    loose = await _told_before(work, {r.transaction for r, _ in told if r.transaction})
    keys = {(r.kind, r.key) for r, _ in told} | {(NumberKind.TRANSACTION, key) for key in loose}
    ids = await work.numbers.upsert((kind, key, key) for kind, key in keys)
    if loose:
        meant = {number: ids[NumberKind.TRANSACTION, key] for key, number in loose.items()}
        await Adoption(work.unit, work.carrier).move(meant)
    await work.reports.add((ids[r.kind, r.key], raw, r) for r, raw in told)
    numbers = set(ids.values())
    alone = [r.key for r, _ in told if r.kind is NumberKind.TRANSACTION]
    if alone:
        for same in (await work.reports.of_transactions(alone)).values():
            numbers |= {number for number, _ in same}
    claims = await work.claims.loads_of(numbers)
    claimed = {c.number_id for c in claims}
    orphans = {r.key for r, _ in told if ids[r.kind, r.key] not in claimed and r.kind is not NumberKind.TRANSACTION}
    told_of = {c.load_id for c in claims if c.since <= work.now and (c.until is None or work.now <= c.until)}
    return told_of | await near_to(work, orphans)
