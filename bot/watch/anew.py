"""The same bytes again, without reference or time: a repeat, or bad news said anew after better was told?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.numbers import NumberKind
from bot.domain.order import received_at
from bot.domain.policy import Policy
from bot.domain.report import Report
from bot.domain.status import GOOD, SEVERITY, Status
from bot.watch.message import Message
from bot.watch.questions import same_again
from bot.watch.whose import of_claimed_kind, whose
from bot.watch.world import World
from storage.dock import Dock
from storage.work import Work

#: From here on a status is bad news.
_BAD = SEVERITY[Status.NOT_MATCHED]
_ANSWERS = GOOD | {Status.MATCHED}
#: Reports with the ids of the messages that brought them.
_Heard = Sequence[tuple[str | None, Report]]


def may_be_anew(report: Report) -> bool:
    """Whether nothing in a report tells a repeat from a new word, and taking it for a repeat could hide a hold."""
    return report.prepared is None and not report.ref and SEVERITY[report.status] >= _BAD


async def said_anew(
    dock: Dock, world: World, carriers: tuple[str, ...], reports: list[Report], fresh: Sequence[Report] = ()
) -> list[Report]:
    """Those of a repeated message's bad words between whose two arrivals its feed said something else, or in another
    message, be it one that came before, that the number is matched or accepted.

    House rule 1 speaks of observations: a new row only when the answer differs from the last. Good words never count
    anew by being repeated: a hold could end by an old message that was merely sent twice. `fresh` are reports of the
    same batch that are not written yet.
    """
    found: list[Report] = []
    for carrier, given in await whose(dock, world, carriers, [r for r in reports if may_be_anew(r)]):
        work = dock.work(carrier)
        ((report, _),) = await of_claimed_kind(work, [(given, "")])
        heard = [(of, r) for _, of, r in await work.reports.with_raws(await _numbers(work, report))]
        told = [(of, r) for of, r in heard if r.feed == report.feed]
        last = max((r for _, r in told if r.track is report.track), key=received_at, default=None)
        if last is None or given in found:
            continue
        if not _same(last, report) or (
            await _bettered(dock, told, report)
            and await _moved(work, world.carriers[carrier].policy, heard, report, fresh)
        ):
            found.append(given)
    return found


async def _numbers(work: Work, report: Report) -> set[str]:
    """The number that a report is about, and those that are one matter with it: its transactions, or theirs."""
    ids = set((await work.numbers.find([(report.kind, report.key)])).values())
    if report.kind is NumberKind.TRANSACTION:
        linked = (await work.reports.of_transactions([report.key])).values()
        return ids | {number for same in linked for number, _ in same}
    own = await work.reports.of_numbers(ids)
    named = {(NumberKind.TRANSACTION, r.transaction) for told in own.values() for r in told if r.transaction}
    return ids | set((await work.numbers.find(sorted(named))).values()) if named else ids


def _same(report: Report, other: Report) -> bool:
    return (report.status, report.raw, report.track) == (other.status, other.raw, other.track)


async def _bettered(dock: Dock, told: _Heard, report: Report) -> bool:
    """Whether its feed said since, if only by a message of before, that the number is matched or accepted."""
    better = {of for of, r in told if of and r.status in _ANSWERS} - {of for of, r in told if _same(r, report)}
    if not better:
        return False
    said = _last_said(told, report)
    return any((one.seen_last or one.received) > said for one in await dock.raws.of(sorted(filter(None, better))))


async def _moved(work: Work, policy: Policy, heard: _Heard, report: Report, fresh: Sequence[Report]) -> bool:
    """Whether anything that counts came since, by whomever: else the bad news of before still stands, and a line that
    broke off and brought a match and its loss once more has told nothing new."""
    said = _last_said([(of, r) for of, r in heard if r.feed == report.feed], report)
    later = [r for _, r in heard if received_at(r) > said]
    transactions = {r.transaction for _, r in heard if r.transaction}
    later += [r for r in fresh if r.key == report.key or r.transaction in transactions or r.key in transactions]
    if any(not _same(r, report) for r in later):
        return True
    ids = await work.numbers.find([(report.kind, report.key)])
    claims = await work.claims.loads_of(ids.values())
    reach = policy.window_before if report.kind is not NumberKind.TRIP else timedelta()
    if any(c.since > said + reach for c in claims):  # a load that does not count what was said before
        return True
    words = await work.said.judged({c.load_id for c in claims})
    return any(one.at > said for own in words.values() for one in own)


def _last_said(told: _Heard, report: Report) -> datetime:
    return max(received_at(r) for _, r in told if _same(r, report))


async def seen_again(dock: Dock, world: World, messages: Sequence[Message]) -> dict[str, set[str]]:
    """Notes that polls were answered as before (house rule 1); loads to look at, by carrier."""
    found: dict[str, set[str]] = {}
    same = [m for m in messages if m.observation and not m.new]
    for carrier in sorted({c for m in same for c in m.ear.carriers}):
        work = dock.work(carrier)
        numbers: set[str] = set()
        for feed in sorted({m.ear.name for m in same if carrier in m.ear.carriers}):
            own = await work.reports.seen_again([m.raw.id for m in same if m.ear.name == feed])
            await same_again(work, world, feed, own)
            numbers |= own
        claims = await work.claims.loads_of(numbers) if numbers else []
        found[carrier] = {c.load_id for c in claims}
    return found
