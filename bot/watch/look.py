"""Look at loads: fold, assess, notice, and write answer, alert and outbox in the unit that brought the change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.alert import ENDED, Alert, End, Notice, notice, own_until, settled
from bot.domain.alert import own as owned_by
from bot.domain.assess import assess
from bot.domain.assessment import Assessment, shown
from bot.domain.load import Life
from bot.domain.quick import quick
from bot.domain.written import to_text
from bot.watch.gather import Case, alert_from, gather
from bot.watch.questions import put
from bot.watch.tell import Telling, tell
from bot.watch.turns import in_turns
from bot.watch.world import World
from storage.alerts import AlertRecord
from storage.ids import new_id
from storage.loads import Assessed
from storage.types import Written
from storage.work import Work

_LIFE = {"crossed": Life.CROSSED, "unknown": Life.CLOSED}


@quick
@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at one load."""

    case: Case
    found: Assessment
    notice: Notice


async def reassess(
    work: Work,
    world: World,
    load_ids: Iterable[str],
    ends: Mapping[str, End] | None = None,
    without_fact: End | None = None,
    anew: bool = False,
) -> list[Looked]:
    """Looks at these loads now and writes what follows; `ends` are loads that left the road by somebody's act.

    With `without_fact` a hold that goes now was not ended by a fact (a number was taken off): its alert is closed,
    never cleared (N3). `anew` is for loads whose own fields changed: cards show them, and who hears may be another
    driver or place. The number of statements does not grow with the number of loads; one that is over is left alone.
    """
    ends = ends or {}
    carrier = world.carriers[work.carrier]
    looked: list[Looked] = []
    async for case in in_turns(await gather(work, world, load_ids), world):
        if case.record.life is not Life.OPEN and case.record.id not in ends:
            continue
        found = assess(case.load, case.facts, carrier.policy, work.now)
        if found.questions and case.record.id not in ends and work.unit.writes:
            case, rows = await put(work, world, case, found.questions)
            await work.questions.add(rows)
            found = assess(case.load, case.facts, carrier.policy, work.now)
        end = ends.get(case.record.id) or (without_fact if settled(found) else None)
        looked.append(
            Looked(case, found, notice(alert_from(case.alert), found, work.now, carrier.policy, carrier.zone, end))
        )
    nearest = sorted(looked, key=lambda one: one.found.eta)  # after an outage loads are told again by ETA (C4)
    await write(work, world, nearest, ends, anew or without_fact is not None)
    return looked


async def write(
    work: Work,
    world: World,
    looked: list[Looked],
    ends: Mapping[str, End],
    anew: bool = False,
    turn: Callable[[str], None] | None = None,
) -> None:
    """Writes what came of looking at loads, and has it told; `ends`, `anew` as in `reassess`, `turn` as in `tell`."""
    new: list[AlertRecord] = []
    changed: list[AlertRecord] = []
    tellings: list[Telling] = []
    rows: list[Assessed] = []
    async for one in in_turns(looked, world):
        row = _assessed(one, over=one.case.record.id in ends or bool(one.found.ended))
        fresh = _news(row.assessment, one.case.record.assessment)
        if fresh or row.look_at != one.case.record.look_at or row.coverage is not None:
            rows.append(row)
        alert, record = one.notice.alert, one.case.alert
        moved = alert is not None and alert != alert_from(one.case.alert)
        if alert is not None and moved:
            record = _record(one, alert)
            (changed if one.case.alert else new).append(record)
        tellings.append(Telling(one.case, one.found, alert, record, one.notice.said, anew or fresh or moved))
    await work.loads.assessed(rows)
    await work.alerts.add(new)
    await work.alerts.save(changed)
    await _end(work, world, [one for one in looked if one.found.ended and one.case.record.id not in ends], turn)
    await tell(work, world, tellings, turn)


def _news(found: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    """Whether an assessment shows people something else than the one before."""
    if isinstance(found, Written) and isinstance(before, Written):
        return shown(found.text) != shown(before.text)
    return {**found, "look_again_at": ""} != {**before, "look_again_at": ""}


def _assessed(one: Looked, over: bool) -> Assessed:
    case, found = one.case, one.found
    cause = found.cause
    moments = [m for m in (found.look_again_at, one.notice.look_again_at) if m is not None]
    return Assessed(
        case.record.id,
        found.answer.value,
        int(found.level or 0),
        cause.value if cause else "",
        Written(to_text(found)),
        min(moments) if moments and not over else None,
        None if case.coverage == case.record.coverage else case.coverage,
    )


async def _end(work: Work, world: World, over: list[Looked], turn: Callable[[str], None] | None) -> None:
    """Ends loads that facts or time ended: their numbers count reports for a while yet (DESIGN, Life of a load)."""
    ends: dict[datetime, list[str]] = {}
    for one in over:
        id_, life = one.case.record.id, _LIFE[one.found.ended]
        if turn is not None:
            turn(id_)
        await work.loads.end(id_, life, one.found.ended, work.now)
        ends.setdefault(work.now, []).append(id_)
    for at, ids in ends.items():
        await close_claims(work, world, ids, at)


async def close_claims(work: Work, world: World, load_ids: list[str], at: datetime | None = None) -> None:
    """Lets the numbers of loads that ended, now or at a moment, count reports for some days more, and no longer."""
    await work.claims.end(load_ids, (at or work.now) + world.carriers[work.carrier].policy.window_after)


def _record(one: Looked, alert: Alert) -> AlertRecord:
    before = one.case.alert
    return AlertRecord(
        id=before.id if before else new_id(),
        load_id=one.case.record.id,
        state=alert.state.value,
        level=int(alert.level),
        raised_at=alert.raised_at or one.found.eta,
        owner_id=alert.owner or None,
        owner_name=alert.owner_name,
        owned_until=alert.owned_until,
        told=dict(alert.told),
        memory={
            "unowned_since": _text(alert.unowned_since),
            "escalated": alert.escalated,
            "eta": _text(alert.eta),
        },
        ended_at=alert.ended_at,
        end_why=alert.end_why,
        version=before.version if before else 1,
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


async def own(work: Work, world: World, load_id: str, person: str, name: str, until: datetime | None) -> Looked | None:
    """Gives a load's alert an owner and tells it; None when there is no open alert to own."""
    looked = await reassess(work, world, [load_id])
    alert = looked[0].notice.alert if looked else None
    if alert is None or alert.state in ENDED:
        return None
    one = looked[0]
    policy = world.carriers[work.carrier].policy
    owned = owned_by(alert, person, name, own_until(until, one.found, work.now, policy))
    (case,) = await gather(work, world, [load_id])
    again = Looked(case, one.found, owned)
    await write(work, world, [again], {})
    return again
