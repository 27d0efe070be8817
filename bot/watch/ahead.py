"""What a feed that is asked number by number is asked next: one query a round, questions first, then by ETA."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from prometheus_client import Gauge

from bot.domain.carrier import FeedCover
from bot.domain.load import Direction
from bot.domain.numbers import NumberKind
from bot.domain.rhythm import every
from bot.feeds.protocol import Request
from bot.watch.world import World
from storage.ahead import Ahead
from storage.database import Database

log = logging.getLogger(__name__)

_KINDS = {Direction.CA: NumberKind.CCN, Direction.US: NumberKind.SCN}
#: After a failure a number is asked again after this, then after twice that, and so on up to its rhythm.
_AGAIN = timedelta(minutes=1)
#: A question that nothing came of is put again after a restart, but not for longer than this.
_OPEN = timedelta(hours=1)
_LAST = datetime.max.replace(tzinfo=UTC)
_DUE = Gauge("holdwatch_poll_due", "Numbers that were due to be asked about when last looked", ["feed"])


@dataclass(slots=True)
class _Asked:
    """How the last question about a number went, as far as this program knows."""

    at: datetime
    failures: int = 0


class NumbersAhead:
    """Which numbers a feed is to be asked about. What was answered stands in memory; what was asked, it remembers."""

    def __init__(
        self,
        database: Database,
        world: World,
        cover: FeedCover,
        carriers: Sequence[str],
        url: str,
        civil: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._world = world
        self._cover = cover
        self._carriers = [c for c in carriers if c in world.carriers]
        self._url = url
        self._civil = civil
        self._kinds = {_KINDS[d] for d in cover.directions}
        self._asked: dict[str, _Asked] = {}

    async def due(self) -> Sequence[Request]:
        """Requests for the numbers that are due now: those with an open question, then the nearest ETA first."""
        now = self._civil()
        policies = [self._world.carriers[c].policy for c in self._carriers]
        start = now - max((p.ask_after for p in policies), default=timedelta())
        end = now + max((p.poll_before for p in policies), default=timedelta())
        async with self._database.dock(now) as dock:
            ahead = await dock.ahead.of(self._cover.feed, self._carriers, start, end, now - _OPEN)
        wanted: dict[str, tuple[bool, datetime, NumberKind, str]] = {}
        known: set[str] = set()
        for one in ahead:
            about = f"{one.kind.value} {one.key}"
            known.add(about)
            question = self._is_open(one, about)
            if question or self._is_due(one, about, now):
                place = (not question, one.eta or _LAST, one.kind, one.key)
                wanted[about] = min(wanted.get(about, place), place)
        self._asked = {about: asked for about, asked in self._asked.items() if about in known}
        _DUE.labels(self._cover.feed).set(len(wanted))
        order = sorted(wanted.items(), key=lambda item: (item[1][:2], item[0]))
        return [Request(self._url.replace("{number}", quote(at[3], safe="")), about) for about, at in order]

    def asked(self, request: Request, *, answered: bool) -> None:
        """Remembers that a number was asked about."""
        before = self._asked.get(request.about)
        failures = 0 if answered else (before.failures if before else 0) + 1
        self._asked[request.about] = _Asked(self._civil(), failures)

    def _is_open(self, one: Ahead, about: str) -> bool:
        """Whether a question of ours about it was not put yet, as far as this program knows (K, `stale`)."""
        if one.question is None or one.kind not in self._kinds or not self._covers(one):
            return False
        asked = self._asked.get(about)
        return asked is None or asked.at < one.question

    def _covers(self, one: Ahead) -> bool:
        # Another broker's number is not shown around: what the feed does not cover is not asked of it.
        return self._cover.feed in one.coverage.get(one.shipment_id or "", ())

    def _is_due(self, one: Ahead, about: str, now: datetime) -> bool:
        if one.kind not in self._kinds or one.over is not None or not self._covers(one):
            return False
        rhythm = every(self._world.carriers[one.carrier].policy, one.eta, now)
        if rhythm is None:
            return False
        asked = self._asked.get(about)
        if asked is not None and asked.failures:
            pause: timedelta = _AGAIN * 2 ** min(asked.failures - 1, 10)
            return now - asked.at >= min(pause, rhythm)
        last = max((at for at in (one.answered, asked.at if asked else None) if at is not None), default=None)
        return last is None or now - last >= rhythm
