"""Three loads or more that one broker keeps waiting make one call: a post that names them all (N4)."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.assessment import Assessment
from bot.domain.brief import Contact
from bot.domain.kinds import Cause, Kind, Level
from bot.domain.route import hear_loads
from bot.watch.answers import answer_of
from bot.watch.briefs import contact
from bot.watch.world import World
from storage.ids import new_id
from storage.loads import LoadRecord
from storage.posts import PostRecord
from storage.work import Work

_TOPIC = "call:"
#: What one call to the broker can clear up for all of them.
_ASKED = frozenset({Kind.NOT_MATCHED, Kind.NO_RELEASE, Kind.ENTRY_MISSING, Kind.UNWATCHED})
#: Whose move it may be: he is late, or nobody told us that he has the papers.
_HIS = frozenset({Cause.BROKER, Cause.UNKNOWN})
_MOST = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """One shipment that waits for the broker: its load's number and short key, its own number, and the ETA."""

    load: str
    key: str
    label: str
    eta: datetime | None
    level: int


def call_topic(broker_id: str) -> str:
    """Topic of the post for one broker."""
    return f"{_TOPIC}{broker_id}"


async def waiting_for(work: Work) -> dict[str, list[Waiting]]:
    """By broker id what is told as waiting for it, the nearest first."""
    alerts = await work.alerts.open(_MOST)
    loads = await work.loads.of([a.load_id for a in alerts])
    shipments = await work.shipments.of_loads(list(loads))
    merged = await work.parties.merged()
    found: dict[str, list[Waiting]] = {}
    for load in loads.values():
        asked = asked_of(load)
        for row in shipments.get(load.id, ()):
            if row.id in asked and row.broker_id:
                one = Waiting(load.number, load.key, row.text or row.ccn, load.eta, asked[row.id])
                found.setdefault(merged.get(row.broker_id, row.broker_id), []).append(one)
    return {broker: sorted(rows, key=_nearest_first) for broker, rows in found.items()}


def _nearest_first(one: Waiting) -> tuple[int, bool, str, str]:
    return (-one.level, one.eta is None, one.eta.isoformat() if one.eta else "", one.load)


def asked_of(load: LoadRecord) -> dict[str, int]:
    """By shipment the level of what is told and one call to its broker can clear up."""
    found = answer_of(load)
    return asked_in(found) if found is not None else {}


def asked_in(found: Assessment) -> dict[str, int]:
    """The same of an answer."""
    told = [h for h in found.standing if (h.level or 0) >= Level.WARN]
    return {h.shipment: int(h.level or 0) for h in told if h.kind in _ASKED and h.cause in _HIS}


async def gather_calls(work: Work, world: World, before: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Posts, renews or ends the call posts; `before` and the answer are the loads that each names."""
    least = world.carriers[work.carrier].policy.call_post_loads
    waiting = await waiting_for(work)
    now = {b: frozenset(w.key for w in rows) for b, rows in waiting.items() if len({w.key for w in rows}) >= least}
    standing = {t.removeprefix(_TOPIC): posts for t, posts in (await work.posts.standing(_TOPIC)).items()}
    for broker, keys in now.items():
        if before.get(broker) == keys and broker in standing:
            continue
        posts = standing.get(broker) or await _post(work, broker)
        await work.outbox.cards(posts, world.machine(), max(w.level for w in waiting[broker]))
    for broker in standing.keys() - now.keys():
        await work.outbox.cards(standing[broker], world.machine(), int(Level.LATE))
        await work.posts.end([p.id for p in standing[broker]], work.now)
    return now


async def _post(work: Work, broker: str) -> list[PostRecord]:
    routes = hear_loads(await work.routes.on())
    topic = call_topic(broker)
    fresh = [PostRecord(new_id(), r.door, r.workspace, r.external, topic=topic, wanted_version=0) for r in routes]
    return await work.posts.ensure(fresh) if fresh else []


async def broker_contact(work: Work, broker: str) -> Contact:
    """Whom to call."""
    return contact((await work.parties.of([broker])).get(broker), work.now)
