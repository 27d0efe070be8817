"""Reads kept messages again after a fix: the reports of each are replaced in one unit (house rule 1)."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.watch.ingest import Ear, Ingest
from storage.database import Database

log = logging.getLogger(__name__)

#: Messages read from the database at a time.
_PAGE = 50
_PREFIX = "replay:"


def setting_of(feed: str) -> str:
    """The name under which a person's wish to have a feed read again waits for the job that does it."""
    return _PREFIX + feed


async def replay_feed(
    database: Database,
    ingest: Ingest,
    ear: Ear,
    now: datetime,
    *,
    everything: bool = False,
    since: datetime | None = None,
) -> int:
    """Reads a feed's kept messages again, those that this version has read already only if asked; how many."""
    count, after = 0, ""
    while True:
        async with database.dock(now) as dock:
            raws = await dock.raws.page(ear.name, after, _PAGE)
        if not raws:
            return count
        after = raws[-1].id
        for raw in raws:
            old = raw.reader != ear.source.version
            if (everything or old) and (since is None or raw.received >= since):
                await ingest.again(raw)
                count += 1


async def replay_wanted(
    database: Database, ingest: Ingest, ears: Mapping[str, Ear], civil: Callable[[], datetime]
) -> int:
    """Does the replays that people asked for in chat; how many messages were read again.

    A wish is taken away after the work, so that a kill repeats it: reading again changes nothing that was right.
    """
    async with database.dock(civil()) as dock:
        settings = await dock.settings.all()
    count = 0
    for name, ear in ears.items():
        asked = settings.get(setting_of(name))
        if not asked:
            continue
        wish = json.loads(asked)
        since = datetime.fromisoformat(wish["since"]) if wish.get("since") else None
        read = await replay_feed(database, ingest, ear, civil(), everything=since is not None, since=since)
        log.info("messages were read again", extra={"action": "replay.done", "feed": name, "messages": read})
        count += read
        async with database.dock(civil(), write=True) as dock:
            if await dock.settings.find(setting_of(name)) == asked:
                await dock.settings.save(setting_of(name), "")
    return count
