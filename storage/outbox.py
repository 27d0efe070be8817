"""The outbox: what waits to be said, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, case, delete, select, update

from bot.domain.quick import quick
from bot.domain.route import Place
from storage.ids import new_id
from storage.posts import PostRecord, Posts
from storage.routes import at_place
from storage.table import batch, columns_of, partial, table
from storage.types import Document, among, checked, fixed, many
from storage.unit import Repository

WAITING, SENT, DEAD, DROPPED = "waiting", "sent", "dead", "dropped"
CARD, WORD = "card", "word"


@quick
@dataclass(frozen=True, slots=True)
class OutboxRecord:
    """A card (no content, one waiting per post) or a word (frozen facts, in order within its lane)."""

    id: str
    kind: str
    door: str
    workspace: str
    external: str
    lane: str
    made_at: datetime
    next_at: datetime
    post_id: str | None = None
    alert_id: str | None = None
    load_id: str | None = None
    urgency: int = 0
    content: Mapping[str, Any] = field(default_factory=dict)
    broadcast: bool = False
    state: str = WAITING
    attempts: int = 0
    lease_until: datetime | None = None
    lease_by: str = ""
    sent_at: datetime | None = None
    ref: str = ""
    error: str = ""

    @property
    def place(self) -> Place:
        """As the domain speaks of it."""
        return Place(self.door, self.workspace, self.external)


outbox_table = table(
    "outbox",
    OutboxRecord,
    Index("ix_outbox_load_id", "load_id"),
    refers={"post_id": "post.id", "alert_id": "alert.id", "load_id": "load.id"},
    types={"content": Document()},
)
_t = outbox_table.c
_WAITS = _t.state == fixed(WAITING)
outbox_table.append_constraint(
    partial("uq_outbox_card", "post_id", where=(_t.kind == fixed(CARD)) & _WAITS, unique=True)
)
outbox_table.append_constraint(partial("ix_outbox_waiting", "next_at", where=_WAITS))
outbox_table.append_constraint(partial("ix_outbox_dead", "carrier", where=_t.state == fixed(DEAD)))
outbox_table.append_constraint(partial("ix_outbox_sent", "sent_at", where=_t.state == fixed(SENT)))
outbox_table.append_constraint(partial("ix_outbox_dropped", "made_at", where=_t.state == fixed(DROPPED)))
outbox_table.append_constraint(partial("ix_outbox_lane", "carrier", "lane", "id", where=_WAITS))

_MINE = checked(_t.carrier) == bindparam("scope")
_ROWS = select(*columns_of(outbox_table, OutboxRecord)).where(_MINE).order_by(_t.id)
_OF = _ROWS.where(among(_t.id, many("ids")))
_OF_LOADS = _ROWS.where(among(_t.load_id, many("ids")))
_WAITING_OF = (
    select(*columns_of(outbox_table, OutboxRecord))
    .where(_t.carrier == bindparam("scope"))
    .order_by(_t.id)
    .where(_WAITS, among(_t.lane, many("lanes")))
)
_URGE = (
    update(outbox_table)
    .where(_MINE, _WAITS, _t.kind == fixed(CARD), _t.post_id == bindparam("post"), _t.urgency < bindparam("urge"))
    .values(urgency=bindparam("urge"))
)
_HELD = (_MINE, _t.id == bindparam("row"), _WAITS, _t.lease_by == bindparam("holder"))
_SENT = (
    update(outbox_table)
    .where(*_HELD)
    .values(
        state=case((bindparam("again") == 1, WAITING), else_=SENT),
        next_at=bindparam("moment"), sent_at=bindparam("moment"), ref=bindparam("message"),
        lease_by="", lease_until=None, error="", attempts=0,
    )
)  # fmt: skip
_RETRY = (
    update(outbox_table)
    .where(*_HELD)
    .values(next_at=bindparam("moment"), error=bindparam("why"), lease_by="", lease_until=None)
)
_END = (
    update(outbox_table)
    .where(*_HELD)
    .values(state=bindparam("end"), sent_at=bindparam("moment"), error=bindparam("why"), lease_by="", lease_until=None)
)
_DROP = (
    update(outbox_table)
    .where(_MINE, _WAITS, among(_t.id, many("ids")))
    .values(state=DROPPED, error=bindparam("why"), lease_by="", lease_until=None)
)
_MOVE = (
    update(outbox_table)
    .where(
        _t.carrier == bindparam("scope"), _WAITS, _t.door == bindparam("at_door"),
        _t.workspace == bindparam("at_workspace"), _t.external == bindparam("at_external"),
    )
    .values(external=bindparam("moved_to"))
)  # fmt: skip
_FORGET = delete(outbox_table).where(_MINE, _t.state == fixed(SENT), _t.sent_at < bindparam("before"))
_FORGET_DROPPED = delete(outbox_table).where(_MINE, _t.state == fixed(DROPPED), _t.made_at < bindparam("before"))


class Outbox(Repository):
    """A carrier's outbox. `at` is machine time; rows are claimed by `dock.claim_outbox`."""

    async def cards(self, posts: Iterable[PostRecord], at: datetime, urgency: int = 0) -> None:
        """Has these posts sent or edited; a post with a card waiting keeps that one, at the higher urgency.

        Says itself that the posts want a newer version.
        """
        posts = list(posts)
        if not posts:
            return
        await Posts(self.unit, self.carrier).want(post.id for post in posts)
        rows = [
            OutboxRecord(
                new_id(), CARD, post.door, post.workspace, post.external, f"card:{post.id}", at, at,
                post.id, post.alert_id, post.load_id, urgency,
            )
            for post in posts
        ]  # fmt: skip
        await self._add_missing(outbox_table, batch(rows, carrier=self.carrier))
        urged = [{"scope": self.carrier, "post": post.id, "urge": urgency} for post in posts if urgency]
        await self._each(_URGE, urged)

    async def words(self, rows: Iterable[OutboxRecord]) -> None:
        """Adds words; a word of a lane goes after the earlier ones, and after its post stands."""
        await self._insert(outbox_table, batch(rows, carrier=self.carrier))

    async def of(self, ids: Iterable[str]) -> dict[str, OutboxRecord]:
        """These rows, by id."""
        return {row[0]: OutboxRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def held(self, id_: str, holder: str) -> OutboxRecord | None:
        """A row that waits under this holder's lease; None when it is said, or somebody else's, by now."""
        row = (await self.of([id_])).get(id_)
        return row if row and (row.state, row.lease_by) == (WAITING, holder) else None

    async def of_loads(self, load_ids: Iterable[str]) -> list[OutboxRecord]:
        """Rows about loads, oldest first (why did I not hear?)."""
        return [OutboxRecord(*row) for row in await self._rows(_OF_LOADS, ids=load_ids)]

    async def waiting(self, lanes: Iterable[str]) -> list[OutboxRecord]:
        """Rows that wait in these lanes, oldest first, so that several can be told as one line."""
        return [OutboxRecord(*row) for row in await self._rows(_WAITING_OF, lanes=lanes)]

    async def sent(self, row: OutboxRecord, ref: str, at: datetime, shown_version: int = 0) -> bool:
        """Records a row as sent; False when its lease was lost. `row` is as it was claimed.

        For a card, the post takes `ref` and `shown_version` (the `wanted_version` read before rendering);
        when a newer version is wanted by then, the row waits again at once.
        """
        again = False
        if row.kind == CARD and row.post_id:
            again = await Posts(self.unit, self.carrier).shown(row.post_id, ref, shown_version)
        return await self._changed(_SENT, row=row.id, holder=row.lease_by, message=ref, moment=at, again=int(again))

    async def retry(self, row: OutboxRecord, next_at: datetime, why: str) -> bool:
        """Has a row tried again later; False when its lease was lost."""
        return await self._changed(_RETRY, row=row.id, holder=row.lease_by, moment=next_at, why=why)

    async def dead(self, row: OutboxRecord, why: str, at: datetime) -> bool:
        """Gives a row up; False when its lease was lost."""
        return await self._changed(_END, row=row.id, holder=row.lease_by, end=DEAD, moment=at, why=why)

    async def dropped(self, row: OutboxRecord, why: str, at: datetime) -> bool:
        """Records that a claimed row need not be said any more; False when its lease was lost."""
        return await self._changed(_END, row=row.id, holder=row.lease_by, end=DROPPED, moment=at, why=why)

    async def drop(self, ids: Iterable[str], why: str) -> None:
        """Takes rows back that wait, whoever holds them."""
        await self._changed(_DROP, ids=list(ids), why=why)

    async def move(self, place: Place, external: str) -> None:
        """Sends what waits for a place that got another id there."""
        await self._changed(_MOVE, **at_place(place), moved_to=external)

    async def forget(self, before: datetime) -> None:
        """Deletes rows that were sent before that time, and those that were made before it and dropped."""
        await self._changed(_FORGET, before=before)
        await self._changed(_FORGET_DROPPED, before=before)
