"""Whose carrier a line is about and what its writer may do there. If a check fails, the answer is no."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.domain.carrier import Carrier
from bot.domain.numbers import key_of
from bot.domain.route import Account
from bot.watch.world import World
from handlers.commands.asking import Speaker
from handlers.commands.person import BY_PLACE, NONE
from handlers.nouns import Role
from handlers.reply import Line
from storage.database import Database
from storage.people import PersonRecord
from storage.work import Work

T = TypeVar("T")

RANK = {Role.ANYONE: 0, Role.DRIVER: 1, Role.VIEWER: 2, Role.DISPATCHER: 3, Role.ADMIN: 4}
_GIVEN = {role.value: role for role in Role if role is not Role.ANYONE}
#: The operator at the machine.
OPERATOR = "operator"
CONSOLE = "console"
#: What is remembered is asked again after this: another process may have changed it.
_KEPT = timedelta(seconds=10)
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Several:
    """A line that could be about these carriers."""

    carriers: tuple[str, ...]


class Roles:
    """Looks roles up in tables that events keep, and remembers them for some seconds."""

    def __init__(
        self,
        database: Database,
        world: World,
        carriers: Sequence[Carrier],
        civil: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._world = world
        self._carriers = tuple(c.id for c in carriers)
        self._civil = civil
        self._speakers: dict[tuple[object, ...], tuple[datetime, Speaker]] = {}
        self._whose: dict[tuple[object, ...], tuple[datetime, str | Several]] = {}

    def forget(self) -> None:
        """Somebody changed people, places or members."""
        self._speakers.clear()
        self._whose.clear()

    async def carrier(self, line: Line, chosen: str) -> str | Several:
        """The carrier that a line is about: the only one, by place, by account; else it must be asked."""
        if len(self._carriers) == 1:
            return self._carriers[0]
        if chosen in self._carriers:
            return chosen
        key = (_account(line.who), line.where.door, line.where.workspace, line.where.external, line.thread)
        kept = self._whose.get(key)
        if kept is not None and kept[0] > self._world.machine():
            return kept[1]
        found: str | Several = await self._by_place_or_account(line)
        self._remember(self._whose, key, found)
        return found

    async def _by_place_or_account(self, line: Line) -> str | Several:
        async with self._database.dock(self._civil()) as dock:
            here = await dock.carriers_at(line.where, line.thread) & set(self._carriers)
            knowing = await dock.carriers_knowing(line.who) & set(self._carriers)
            if line.who.door == CONSOLE:
                knowing = {c for c in self._carriers if await knows(dock.work(c), line.who.external)}
        for found in (here & knowing, here, knowing):
            if len(found) == 1:
                return next(iter(found))
            if found:
                return Several(tuple(sorted(found)))
        return Several(())

    async def speaker(self, carrier: str, line: Line) -> Speaker:
        """Who wrote and what they may do in this carrier."""
        who, where = line.who, line.where
        key = (carrier, _account(who), who.name, where.door, where.workspace, where.external,
               line.workspace_admin, line.guest)  # fmt: skip
        kept = self._speakers.get(key)
        if kept is not None and kept[0] > self._world.machine():
            return kept[1]
        async with self._database.work(carrier, self._civil()) as work:
            found = await self._look(work, line)
        self._remember(self._speakers, key, found)
        return found

    def _remember(self, into: dict[tuple[object, ...], tuple[datetime, T]], key: tuple[object, ...], what: T) -> None:
        if len(into) >= _MOST:
            into.clear()
        into[key] = (self._world.machine() + _KEPT, what)

    async def _look(self, work: Work, line: Line) -> Speaker:
        if line.who.door == CONSOLE and line.who.external in ("", OPERATOR):
            return Speaker(await _operator(work), OPERATOR, Role.ADMIN)
        if line.who.door == CONSOLE:
            return await _acting(work, line.who.external)
        person = await work.people.by_account(line.who)
        name = person.name if person else line.who.name or line.who.external
        given = _given(person)
        if given is None:
            return Speaker(person.id if person else "", name, Role.ANYONE)
        by_place = await self._by_place(work, line, given)
        role = max(given, by_place, key=RANK.__getitem__)
        return Speaker(person.id if person else "", name, role)

    async def _by_place(self, work: Work, line: Line, given: Role) -> Role:
        """What the places give: membership, and the platform's own admins; never to guests, never over a viewer."""
        if line.guest or RANK[given] > RANK[Role.DRIVER]:
            return Role.ANYONE
        routes = [r for r in await work.routes.on() if r.door == line.who.door]
        own = {r.external for r in routes if r.workspace == line.who.workspace}
        here = line.where.external in {r.external for r in routes if r.workspace == line.where.workspace}
        if line.workspace_admin and (len(self._carriers) == 1 or here):
            return Role.ADMIN
        # Whoever writes in a Telegram group is in it; Slack's members are in the table.
        if here and line.where.door == "telegram" and not line.private:
            return Role.DISPATCHER
        member_of = set(await work.members.places_of(line.who))
        return Role.DISPATCHER if member_of & own else Role.ANYONE


def _account(account: Account) -> tuple[str, str, str]:
    return (account.door, account.workspace, account.external)


def _given(person: PersonRecord | None) -> Role | None:
    """The role that an admin gave; None when it was taken away, ANYONE when none was given."""
    if person is None or person.role == BY_PLACE:
        return Role.ANYONE
    if person.role == NONE:
        return None
    return _GIVEN.get(person.role)


async def knows(work: Work, name: str) -> bool:
    """Whether a carrier has the person as whom the operator asks; it always has the operator."""
    if name in ("", OPERATOR):
        return True
    return bool(await work.people.named([key_of(name)]) or await work.people.of([name]))


async def _operator(work: Work) -> str:
    people = await work.people.named([key_of(OPERATOR)])
    return people[0].id if people else ""


async def _acting(work: Work, name: str) -> Speaker:
    """Somebody as whom the operator asks; nobody when there is no such person, or more than one."""
    people = await work.people.named([key_of(name)])
    people = people or list((await work.people.of([name])).values())
    if len(people) != 1:
        return Speaker("", name, Role.ANYONE)
    role = _given(people[0])
    if role is Role.ANYONE and people[0].role == BY_PLACE:
        role = Role.DISPATCHER if await _in_a_place(work, people[0].id) else Role.ANYONE
    return Speaker(people[0].id, people[0].name, role or Role.ANYONE)


async def _in_a_place(work: Work, person: str) -> bool:
    own = {(r.door, r.workspace, r.external) for r in await work.routes.on()}
    for account in (await work.people.accounts([person])).get(person, []):
        places = await work.members.places_of(account.account)
        if any((account.door, account.workspace, p) in own for p in places):
            return True
    return False
