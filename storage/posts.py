"""Posts: the one message of an alert, or of a topic such as a dead feed, in a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, bindparam, select, update

from bot.domain.quick import quick
from bot.domain.route import Place
from storage.routes import at_place
from storage.table import batch, columns_of, partial, table
from storage.types import among, checked, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post. `ref` is the message's own ('' until it stands there); `wanted_version` what it should show."""

    id: str
    door: str
    workspace: str
    external: str
    alert_id: str | None = None
    load_id: str | None = None
    topic: str = ""
    ref: str = ""
    shown_version: int = 0
    wanted_version: int = 1
    ended_at: datetime | None = None

    @property
    def place(self) -> Place:
        """As the domain speaks of it."""
        return Place(self.door, self.workspace, self.external)


post_table = table(
    "post",
    PostRecord,
    Index("ix_post_ref", "ref", "external", "door"),
    Index("ix_post_load_id", "load_id"),
    refers={"alert_id": "alert.id", "load_id": "load.id"},
)
_t = post_table.c
_TOPIC = _t.alert_id.is_(None) & _t.ended_at.is_(None)
_PLACE = ("door", "workspace", "external")
post_table.append_constraint(partial("uq_post_alert", "alert_id", *_PLACE, where=_t.alert_id.is_not(None), unique=True))
post_table.append_constraint(partial("uq_post_topic", "carrier", "topic", *_PLACE, where=_TOPIC, unique=True))

_MINE = checked(_t.carrier) == bindparam("scope")
_POSTS = select(*columns_of(post_table, PostRecord)).where(_MINE).order_by(_t.id)
_OF = _POSTS.where(among(_t.id, many("ids")))
_OF_ALERTS = _POSTS.where(among(_t.alert_id, many("ids")))
_OF_LOADS = _POSTS.where(among(_t.load_id, many("ids")))
_STANDING = select(*columns_of(post_table, PostRecord)).where(_t.carrier == bindparam("scope"), _TOPIC).order_by(_t.id)
_OF_TOPICS = _STANDING.where(among(_t.topic, many("topics")))
_FIND = _POSTS.where(
    _t.ref == bindparam("message"), _t.door == bindparam("at_door"),
    _t.workspace == bindparam("at_workspace"), _t.external == bindparam("at_external"),
)  # fmt: skip
_WANT = update(post_table).where(_MINE, among(_t.id, many("ids"))).values(wanted_version=_t.wanted_version + 1)
_SHOWN = (
    update(post_table)
    .where(_MINE, _t.id == bindparam("post"))
    .values(ref=bindparam("message"), shown_version=bindparam("shown"))
    .returning(_t.wanted_version)
)
_END = (
    update(post_table)
    .where(_MINE, among(_t.id, many("ids")), _t.ended_at.is_(None))
    .values(ended_at=bindparam("moment"))
)
_MOVE = (
    update(post_table)
    .where(
        _MINE, _t.ended_at.is_(None), _t.door == bindparam("at_door"), _t.workspace == bindparam("at_workspace"),
        _t.external == bindparam("at_external"),
    )
    .values(external=bindparam("moved_to"), ref="", shown_version=0)
    .returning(*columns_of(post_table, PostRecord))
)  # fmt: skip


class Posts(Repository):
    """A carrier's posts."""

    async def ensure(self, posts: Sequence[PostRecord]) -> list[PostRecord]:
        """The posts of these alerts and topics in these places: those that stand, made where there were none."""
        await self._add_missing(post_table, batch(posts, carrier=self.carrier))
        there = await self.of_alerts({post.alert_id for post in posts if post.alert_id})
        for rows in (await self.of_topics({post.topic for post in posts if not post.alert_id})).values():
            there += rows
        found = {(post.alert_id or post.topic, post.place): post for post in there}
        return [found[post.alert_id or post.topic, post.place] for post in posts]

    async def of(self, ids: Iterable[str]) -> dict[str, PostRecord]:
        """These posts, by id."""
        return {row[0]: PostRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def of_alerts(self, alert_ids: Iterable[str]) -> list[PostRecord]:
        """Posts of alerts."""
        return [PostRecord(*row) for row in await self._rows(_OF_ALERTS, ids=alert_ids)]

    async def of_loads(self, load_ids: Iterable[str]) -> list[PostRecord]:
        """Posts about loads, of ended alerts too."""
        return [PostRecord(*row) for row in await self._rows(_OF_LOADS, ids=load_ids)]

    async def of_topics(self, topics: Iterable[str]) -> dict[str, list[PostRecord]]:
        """Standing posts that belong to no alert, by topic."""
        found: dict[str, list[PostRecord]] = {}
        for row in await self._rows(_OF_TOPICS, topics=topics):
            post = PostRecord(*row)
            found.setdefault(post.topic, []).append(post)
        return found

    async def standing(self, prefix: str) -> dict[str, list[PostRecord]]:
        """Standing posts that belong to no alert and whose topic begins so, by topic."""
        found: dict[str, list[PostRecord]] = {}
        for post in (PostRecord(*row) for row in await self._rows(_STANDING)):
            if post.topic.startswith(prefix):
                found.setdefault(post.topic, []).append(post)
        return found

    async def find(self, place: Place, ref: str) -> PostRecord | None:
        """The post that stands as this message, so that an answer to it knows its load."""
        row = await self._one(_FIND, **at_place(place), message=ref)
        return PostRecord(*row) if row else None

    async def want(self, post_ids: Iterable[str]) -> None:
        """Says that posts should show something newer; do it before `outbox.cards`, which sends it."""
        await self._changed(_WANT, ids=list(post_ids))

    async def shown(self, post_id: str, ref: str, version: int) -> bool:
        """Notes that the post stands as `ref` and shows `version`; True when something newer is wanted already."""
        row = await self._one(_SHOWN, post=post_id, message=ref, shown=version)
        return row is not None and row[0] > version

    async def end(self, post_ids: Iterable[str], at: datetime) -> None:
        """Ends posts: a topic may get a new one after that."""
        await self._changed(_END, ids=list(post_ids), moment=at)

    async def move(self, place: Place, external: str) -> list[PostRecord]:
        """Follows a place that got another id, where old messages are out of reach; the posts to make anew."""
        return [PostRecord(*row) for row in await self._rows(_MOVE, **at_place(place), moved_to=external)]
