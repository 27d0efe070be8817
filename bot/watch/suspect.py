"""An outage of customs is suggested where overdue numbers of several brokers are all silent; a person confirms (C4)."""

from collections.abc import Collection
from datetime import datetime

from bot.domain.assessment import Assessment
from bot.domain.kinds import Kind, Level
from bot.domain.policy import Policy
from bot.domain.route import hear_loads
from bot.domain.status import Authority
from bot.watch.answers import answer_of
from bot.watch.world import World
from storage.ids import new_id
from storage.posts import PostRecord
from storage.routes import RouteRecord
from storage.work import Work

#: Topic of the card that asks whether customs is down.
SUSPICION = "suspicion:cbsa"
_ABSENT = frozenset({Kind.NOT_MATCHED, Kind.INBOND_MISSING})
_MOST = 500


async def suspect(work: Work, world: World) -> bool:
    """Asks in every place whether customs is down, or ends the question; whether it is asked now."""
    posts = (await work.posts.of_topics([SUSPICION])).get(SUSPICION, [])
    numbers, brokers = await silent(work, world)
    policy = world.carriers[work.carrier].policy
    asked = work.carrier not in world.outages and suggests(numbers, brokers, policy)
    if asked and not posts:
        routes = hear_loads(await work.routes.on())
        fresh = [_post(route) for route in routes]
        posts = await work.posts.ensure(fresh) if fresh else []
        await work.outbox.cards(posts, world.machine(), int(Level.URGENT))
    elif not asked and posts:
        await work.outbox.cards(posts, world.machine(), int(Level.WARN))
        await work.posts.end([p.id for p in posts], work.now)
    return asked


def _post(route: RouteRecord) -> PostRecord:
    return PostRecord(new_id(), route.door, route.workspace, route.external, topic=SUSPICION, wanted_version=0)


def suggests(numbers: Collection[str], brokers: Collection[str], policy: Policy) -> bool:
    """Whether so much silence suggests an outage."""
    return len(numbers) >= policy.outage_numbers and len(brokers) >= policy.outage_brokers


async def silent(work: Work, world: World) -> tuple[list[str], set[str]]:
    """Numbers that are overdue with nothing heard although somebody listens, and their brokers.

    One word of customs since the first of them fell due says that it is not down: then there are none.
    """
    loads = await work.finder.listed(answers=("hold",), limit=_MOST)
    shipments = await work.shipments.of_loads([load.id for load in loads])
    merged = await work.parties.merged()
    numbers: list[str] = []
    brokers: set[str] = set()
    first: datetime | None = None
    for load in loads:
        found = answer_of(load)
        late = overdue(found) if found is not None else {}
        for row in shipments.get(load.id, ()):
            if row.id in late and row.broker_id:
                numbers.append(row.text or row.ccn)
                brokers.add(merged.get(row.broker_id, row.broker_id))
                first = min(first or late[row.id], late[row.id])
    customs = [c.feed for c in world.carriers[work.carrier].feeds if c.authority is Authority.CUSTOMS]
    heard = [s.last_word for s in (await work.feeds.of(customs)).values()]
    if first is not None and any(word is not None and word > first for word in heard):
        return [], set()
    return numbers, brokers


def overdue(found: Assessment) -> dict[str, datetime]:
    """When good news of each silent shipment fell due."""
    return {
        h.shipment: datetime.fromisoformat(h.detail["due"])
        for h in found.standing
        if h.kind in _ABSENT and not h.fact and h.evidence is None and h.detail and "due" in h.detail
    }
