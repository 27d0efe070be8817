"""The same bytes again, without reference or time: a repeat, or bad news said anew after better was told?"""

from collections.abc import Sequence
from hashlib import sha256

from bot.domain.order import received_at
from bot.domain.report import Report
from bot.domain.status import SEVERITY, Status
from bot.feeds.protocol import Reading
from bot.watch.message import Message
from bot.watch.questions import same_again
from bot.watch.whose import whose
from bot.watch.world import World
from storage.dock import Dock

#: From here on a status is bad news.
_BAD = SEVERITY[Status.NOT_MATCHED]


def telling(reading: Reading) -> str:
    """What an answer to a poll says, in a form that is the same for answers that say the same (house rule 1).

    Their bytes may differ by the vendor's own clock.
    """
    said = (reading.reports, [(row.where, sorted(row.cells.items())) for row in reading.loads], reading.problems)
    return sha256(repr(said).encode()).hexdigest()


def may_be_anew(report: Report) -> bool:
    """Whether nothing in a report tells a repeat from a new word, and taking it for a repeat could hide a hold."""
    return report.prepared is None and not report.ref and SEVERITY[report.status] >= _BAD


async def said_anew(dock: Dock, world: World, carriers: tuple[str, ...], reports: list[Report]) -> list[Report]:
    """Those of a repeated message's bad words between whose two arrivals its feed said something else.

    House rule 1 speaks of observations: a new row only when the answer differs from the last. Good words never count
    anew by being repeated: a hold could end by an old message that was merely sent twice.
    """
    found: list[Report] = []
    for carrier, report in await whose(dock, world, carriers, [r for r in reports if may_be_anew(r)]):
        work = dock.work(carrier)
        ids = await work.numbers.find([(report.kind, report.key)])
        told = [r for own in (await work.reports.of_numbers(ids.values())).values() for r in own]
        own = [r for r in told if r.feed == report.feed and r.track is report.track]
        last = max(own, key=received_at, default=None)
        if last is not None and (last.status, last.raw) != (report.status, report.raw) and report not in found:
            found.append(report)
    return found


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
