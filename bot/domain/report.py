"""One fact that a feed or a person told about one number."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from bot.domain.numbers import NumberKind
from bot.domain.quick import quick
from bot.domain.status import Authority, Status, Track


@quick
@dataclass(frozen=True, slots=True)
class Report:
    """A reader fills everything up to `carries`; ingest adds where it came from.

    All times are aware UTC. `prepared` is when the sender made the message (None when it gave no
    such time), `at` when the thing itself happened (a release time, say) and never used for order.
    `carries` is what a manifest names: pairs of truck, trailer or driver and its text; `observed` when the same
    answer to a poll was last seen.
    """

    kind: NumberKind
    key: str
    status: Status
    track: Track
    raw: str
    text: str = ""
    prepared: datetime | None = None
    at: datetime | None = None
    office: str = ""
    sub_location: str = ""
    transaction: str = ""
    hold_key: str = ""
    reason: str = ""
    note: str = ""
    position: int = 0
    ref: str = ""
    carries: tuple[tuple[str, str], ...] = ()
    received: datetime | None = None
    feed: str = ""
    authority: Authority = Authority.CUSTOMS
    by: str = ""
    observed: datetime | None = None

    @property
    def as_read(self) -> tuple[Any, ...]:
        """What a reader filled: the same, whenever and by whichever feed it came."""
        return _READ(self)

    def heard(self, received: datetime, feed: str, authority: Authority, observed: bool = False) -> "Report":
        """The same as a feed brought it; as `dataclasses.replace` would make it, in a third of the time."""
        if self.feed == feed and self.received == received and (self.observed is not None) is observed:
            return self  # who read it ahead has told so already
        told = (*_READ(self), received, feed, authority, self.by, received if observed else None)
        return Report(*told)


_READ: Callable[[Report], tuple[Any, ...]] = attrgetter(*[f.name for f in fields(Report)][:17])
