"""Brokers that settings name, by the names that they have in the address book by now."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.carrier import Carrier
from bot.watch.parties import name_key
from bot.watch.touches import touch_open
from bot.watch.world import World
from storage.database import Database
from storage.parties import PartyRecord

log = logging.getLogger(__name__)


class Called:
    """Settings stay as an operator wrote them, and people rename brokers in chat: the world knows them by both names.
    Another process may have renamed one, so this is looked up again and again."""

    def __init__(self, database: Database, world: World, civil: Callable[[], datetime]) -> None:
        self._database, self._world, self._civil = database, world, civil
        self._written = dict(world.carriers)

    async def refresh(self) -> None:
        """Has the world know these brokers by the names they have now; if one is another, open loads are due."""
        for id_, written in self._written.items():
            names = _brokers(written)
            if not names:
                continue
            now = self._civil()
            async with self._database.work(id_, now) as work:
                found = await work.parties.called({name_key(name) for name in names})
            known = _known(written, found)
            if known == self._world.carriers.get(id_):
                continue
            self._world.carriers = {**self._world.carriers, id_: known}
            log.info("brokers of settings have other names", extra={"action": "broker.called", "carrier": id_})
            await touch_open(self._database, id_, now)


def _brokers(carrier: Carrier) -> set[str]:
    """The brokers that a carrier's settings name."""
    return {*carrier.policy.brokers, *(name for feed in carrier.feeds for name in feed.brokers)}


def _known(written: Carrier, found: Mapping[str, Iterable[PartyRecord]]) -> Carrier:
    """The carrier as its settings say, with each broker's name of now beside the one that they know."""
    now = {name: [p.name for p in found.get(name_key(name), ())] for name in _brokers(written)}
    feeds = tuple(
        replace(feed, brokers=feed.brokers.union(*(now[name] for name in feed.brokers))) for feed in written.feeds
    )
    promises = dict(written.policy.brokers)
    said = {name.casefold() for name in promises}
    for name, length in written.policy.brokers.items():
        promises |= {other: length for other in now[name] if other.casefold() not in said}
    return replace(written, feeds=feeds, policy=replace(written.policy, brokers=promises))
