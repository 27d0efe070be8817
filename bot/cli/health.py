"""Whether a running bot does its work: what /readyz says is wrong, and the gauges of /metrics."""

from collections.abc import Sequence
from datetime import timedelta

from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from bot.domain.coverage import Liveness
from bot.doors import Chats
from handlers.web import Health
from storage.errors import StorageError

#: A sweep older than this means that nobody looks at what is due.
FRESH = timedelta(seconds=30)

_COUNTS = Gauge("holdwatch_rows", "Open loads, open alerts, messages that wait, messages given up", ["what"])
_FEED = Gauge("holdwatch_feed_state", "1 for the state that a feed is in", ["feed", "state"])
_LAST = Gauge("holdwatch_feed_last", "When a feed last was good, had a word or failed; 0 for never", ["feed", "what"])
_READY = Gauge("holdwatch_ready", "1 while nothing is wrong")


def health(app: App, chats: Chats | None = None) -> Health:
    """The health of an app and of its chats."""

    async def faults() -> Sequence[str]:
        return await faults_of(app, chats)

    async def gauge() -> None:
        await _gauges(app, chats)

    return Health(faults, gauge)


async def faults_of(app: App, chats: Chats | None) -> list[str]:
    """What is wrong, a sentence each."""
    try:
        await app.database.ready()
    except StorageError as why:
        return [str(why)]
    found = []
    last = app.jobs.last_sweep
    if last is None:
        found.append("the first sweep is not done yet")
    elif app.world.machine() - last > FRESH:
        found.append(f"the last sweep was {int((app.world.machine() - last).total_seconds())} s ago")
    found += [f"{door} does not let us in: {why}" for door, why in app.deliver.barred.items()]
    found += chats.faults() if chats is not None else []
    dead = [e for e in app.world.ears.values() if e.liveness is Liveness.DEAD]
    return found + [
        f"the feed {e.feed} is dead{f' since {e.since:%Y-%m-%d %H:%M} UTC' if e.since else ''}" for e in dead
    ]


async def _gauges(app: App, chats: Chats | None) -> None:
    try:
        async with app.database.dock(app.clock.civil()) as dock:
            counts = await dock.counts()
            states = await dock.feeds.all()
        faults = await faults_of(app, chats)
    except (StorageError, SQLAlchemyError, OSError):
        # What can't be asked for is not shown as it was.
        _COUNTS.clear()
        _READY.set(0)
        return
    for what, count in counts.items():
        _COUNTS.labels(what).set(count)
    for name, state_of in states.items():
        for what, moment in (
            ("good", state_of.last_good),
            ("word", state_of.last_word),
            ("error", state_of.last_error_at),
        ):
            _LAST.labels(name, what).set(moment.timestamp() if moment else 0)
    for ear in app.world.ears.values():
        for state in Liveness:
            _FEED.labels(ear.feed, state.value).set(ear.liveness is state)
    _READY.set(not faults)
