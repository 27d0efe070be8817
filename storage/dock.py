"""The other door of the memory: the only cross-carrier queries, keys only, and what belongs to no carrier."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlalchemy import bindparam, exists, func, literal, or_, select, union, union_all, update

from bot.domain.load import Life
from bot.domain.route import Account, Place
from storage.ahead import NumbersAhead
from storage.alerts import alert_table
from storage.claiming import Claimed, claim_statement, claimed
from storage.claims import claim_table
from storage.feeds import Feeds
from storage.invites import invite_table
from storage.loads import load_table
from storage.members import member_table
from storage.numbers import NumberKey, number_table
from storage.outbox import DEAD, DROPPED, WAITING, outbox_table
from storage.people import account_table, at
from storage.posts import post_table
from storage.problems import Problems
from storage.questions import QuestionsOut
from storage.raws import Raws
from storage.routes import at_place, route_table
from storage.settings import Settings
from storage.types import among, checked, fixed, many
from storage.unit import Repository, Unit
from storage.waits import StoredWaits
from storage.work import Work

_load, _alert, _out, _claim, _number = load_table.c, alert_table.c, outbox_table.c, claim_table.c, number_table.c
_route, _post, _account, _member, _invite = route_table.c, post_table.c, account_table.c, member_table.c, invite_table.c
_OPEN = _load.life == fixed(Life.OPEN)
_STANDING = _alert.ended_at.is_(None)

_DUE_LOADS = (
    select(_load.carrier, _load.id)
    .where(_OPEN, _load.look_at <= bindparam("moment"))
    .order_by(_load.look_at)
    .limit(bindparam("most"))
)
_NEXT_OUTBOX = select(
    select(func.min(_out.next_at)).where(_out.state == fixed(WAITING), _out.lease_until.is_(None)).scalar_subquery(),
    select(func.min(_out.lease_until)).where(_out.state == fixed(WAITING)).scalar_subquery(),
    select(func.min(_out.next_at))
    .where(_out.state == fixed(WAITING), _out.lease_by == bindparam("holder"), ~among(_out.id, many("known")))
    .scalar_subquery(),
)
_FREE = (
    update(outbox_table)
    .where(_out.state == fixed(WAITING), _out.lease_until.is_not(None))
    .values(lease_until=None, lease_by="")
)
_FREE_OF = _FREE.where(among(_out.lease_by, many("holders")))
_CLAIMING = select(_number.carrier, _number.kind, _number.key).where(
    among(_number.carrier, many("carriers")),
    among(_number.key, many("keys")),
    exists().where(
        _claim.number_id == _number.id,
        checked(_claim.carrier) == _number.carrier,
        _claim.dropped_at.is_(None),
        or_(_claim.until.is_(None), _claim.until > bindparam("moment")),
    ),
)
_AT_PLACE = union(
    select(_route.carrier).where(
        _route.door == bindparam("at_door"), _route.workspace == bindparam("at_workspace"),
        _route.external == bindparam("at_external"), _route.off_at.is_(None),
    ),
    select(_post.carrier).where(
        _post.door == bindparam("at_door"), _post.workspace == bindparam("at_workspace"),
        _post.external == bindparam("at_external"), _post.ref == bindparam("message"), _post.ref != "",
    ),
)  # fmt: skip
_KNOWING = union(
    *(
        select(known.carrier).where(
            known.door == bindparam("at_door"), known.workspace == bindparam("at_workspace"),
            known.external == bindparam("at_external"),
        )
        for known in (_account, _member)
    )
)  # fmt: skip
_INVITING = select(_invite.carrier).where(_invite.code_hash == bindparam("code"))
_COUNTS = union_all(
    select(literal("loads_open"), func.count()).where(_OPEN),
    select(literal("alerts_open"), func.count()).where(_STANDING),
    select(literal("outbox_waiting"), func.count()).where(_out.state == fixed(WAITING)),
    select(literal("outbox_dead"), func.count()).where(_out.state == fixed(DEAD)),
)
_OF_OTHERS = ~among(_out.carrier, many("carriers"))
_UNSAID = union_all(
    select(_out.carrier, _out.state, func.count())
    .where(_out.state == fixed(WAITING), _OF_OTHERS)
    .group_by(_out.carrier, _out.state),
    select(_out.carrier, _out.state, func.count())
    .where(_out.state == fixed(DROPPED), _OF_OTHERS, _out.made_at >= bindparam("since"))
    .group_by(_out.carrier, _out.state),
)


class Dock(Repository):
    """Cross-carrier queries. What they return are keys: read the rows through `work(carrier)`."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self.raws = Raws(unit)
        self.problems = Problems(unit)
        self.feeds = Feeds(unit)
        self.ahead = NumbersAhead(unit)
        self.questions = QuestionsOut(unit)
        self.settings = Settings(unit)
        self.waits = StoredWaits(unit)

    @property
    def now(self) -> datetime:
        """The moment this unit was opened for."""
        return self.unit.now

    def work(self, carrier: str) -> Work:
        """A carrier's repositories in this same transaction (a message may speak to several carriers)."""
        return Work(self.unit, carrier)

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Has `hook` called once the unit is committed; never when it is not."""
        self.unit.hooks.append(hook)

    async def due_loads(self, now: datetime, limit: int = 500) -> list[tuple[str, str]]:
        """(carrier, load id) of open loads to be looked at, the longest due first."""
        return [(carrier, load) for carrier, load in await self._rows(_DUE_LOADS, moment=now, most=limit)]

    async def outbox_due(self, holder: str = "", known: Collection[str] = ()) -> datetime | None:
        """When the next outbox row is due, in machine time; None when none waits. Those that `holder` has claimed and
        does not know of are due as if nobody had."""
        (row,) = await self._rows(_NEXT_OUTBOX, holder=holder, known=known)
        return min((moment for moment in row if moment is not None), default=None)

    async def claim_outbox(
        self,
        now: datetime,
        until: datetime,
        holder: str,
        doors: Collection[str],
        limit: int = 50,
        per_place: int | None = None,
        known: Collection[str] | None = None,
    ) -> list[Claimed]:
        """Leases rows that may be sent now, urgent first; times are machine time. `per_place`: of one place so many,
        with those that this holder has under way. `known` are all that it knows it holds: it is given what it holds
        besides, for the answer to an earlier claim may have been lost on its way.

        `holder` names the claimer and must be new for each run of the program, so that a lease lost to
        another claimer is noticed when the outcome is recorded.
        """
        statement = claim_statement(tuple(sorted(doors)), per_place is not None, known is not None)
        parameters: dict[str, object] = {"moment": now, "until": until, "holder": holder, "most": limit}
        if known is not None:
            parameters["known"] = list(known)
        if per_place is not None:
            parameters["per_place"] = per_place
        return claimed(await self._rows_once(statement, **parameters))

    async def free_outbox(self, holders: Collection[str] | None = None) -> None:
        """Frees the rows that programs had claimed which are no more: these, else all of them, which is only right
        where nobody else can be sending."""
        if holders is None:
            await self._run(_FREE, {})
        else:
            await self._run(_FREE_OF, {"holders": list(holders)})

    async def carriers_claiming(
        self, keys: Iterable[NumberKey], carriers: Collection[str], now: datetime
    ) -> dict[NumberKey, set[str]]:
        """Which of these carriers have a live claim of each number; numbers that nobody claims are absent."""
        wanted = set(keys)
        rows = await self._rows(_CLAIMING, carriers=carriers, keys={key for _, key in wanted}, moment=now)
        found: dict[NumberKey, set[str]] = {}
        for carrier, kind, key in rows:
            if (kind, key) in wanted:
                found.setdefault((kind, key), set()).add(carrier)
        return found

    async def carriers_at(self, place: Place, ref: str = "") -> set[str]:
        """Carriers that are heard in a place, or whose post stands there as `ref`."""
        return {carrier for (carrier,) in await self._rows(_AT_PLACE, **at_place(place), message=ref)}

    async def carriers_knowing(self, account: Account) -> set[str]:
        """Carriers that know an account as a person's, or as a member of one of their places."""
        return {carrier for (carrier,) in await self._rows(_KNOWING, **at(account))}

    async def carriers_inviting(self, code_hash: str) -> set[str]:
        """The carrier that made an invite, used or not."""
        return {carrier for (carrier,) in await self._rows(_INVITING, code=code_hash)}

    async def counts(self) -> dict[str, int]:
        """Numbers for metrics: loads_open, alerts_open, outbox_waiting, outbox_dead."""
        return dict(await self._rows(_COUNTS))

    async def unsaid(self, carriers: Collection[str], since: datetime) -> dict[str, tuple[int, int]]:
        """Of carriers other than these: how many messages wait, and how many made since were dropped (machine time)."""
        found: dict[str, tuple[int, int]] = {}
        for carrier, state, count in await self._rows(_UNSAID, carriers=carriers, since=since):
            waiting, dropped = found.get(carrier, (0, 0))
            found[carrier] = (waiting + count, dropped) if state == WAITING else (waiting, dropped + count)
        return found
