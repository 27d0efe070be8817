"""People of a carrier and the accounts by which doors know them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, bindparam, delete, or_, select, update

from bot.domain.route import Account
from storage.errors import NotFound
from storage.ids import new_id
from storage.table import batch, columns_of, table
from storage.types import among, checked, many
from storage.unit import Repository, upsert


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person; `role` is admin, dispatcher, viewer or driver. `on_until` is the end of the shift said last; who has
    an `on_call_since` is called when nobody on takes an urgent load (N4)."""

    id: str
    name: str
    name_key: str
    role: str
    made_at: datetime
    phone: str = ""
    unit: str = ""
    active: bool = True
    on_until: datetime | None = None
    on_call_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A person as one door knows them."""

    id: str
    door: str
    workspace: str
    external: str
    name: str
    person_id: str
    made_at: datetime

    @property
    def account(self) -> Account:
        """As the domain speaks of it."""
        return Account(self.door, self.workspace, self.external, self.name)


person_table = table("person", PersonRecord, Index("ix_person_name_key", "carrier", "name_key"))
account_table = table(
    "account",
    AccountRecord,
    UniqueConstraint("carrier", "door", "workspace", "external"),
    Index("ix_account_external", "door", "external", "workspace"),
    Index("ix_account_person_id", "person_id"),
    refers={"person_id": "person.id"},
)
_t, _a = person_table.c, account_table.c
_MINE = _t.carrier == bindparam("scope")
_ACCOUNT_MINE = _a.carrier == bindparam("scope")
_COLUMNS = columns_of(person_table, PersonRecord)
_THIS_ACCOUNT = (
    (_a.door == bindparam("at_door"))
    & (_a.workspace == bindparam("at_workspace"))
    & (_a.external == bindparam("at_external"))
)

_OF = select(*_COLUMNS).where(checked(_t.carrier) == bindparam("scope"), among(_t.id, many("ids")))
_ALL = select(*_COLUMNS).where(_MINE, _t.active).order_by(_t.name_key, _t.id)
_IS_ON = or_(_t.on_call_since.is_not(None), _t.on_until > bindparam("moment"))
_ON_DUTY = select(*_COLUMNS).where(_MINE, _t.active, _IS_ON).order_by(_t.id)
_NAMED = select(*_COLUMNS).where(_MINE, _t.active, among(_t.name_key, many("keys"))).order_by(_t.id)
_BY_ACCOUNT = (
    select(*_COLUMNS)
    .join_from(account_table, person_table, _a.person_id == _t.id)
    .where(_MINE, _ACCOUNT_MINE, _THIS_ACCOUNT, _t.active)
)
_ACCOUNTS = (
    select(*columns_of(account_table, AccountRecord)).where(checked(_a.carrier) == bindparam("scope")).order_by(_a.id)
)
_ACCOUNTS_OF = _ACCOUNTS.where(among(_a.person_id, many("ids")))
_UNLINK = delete(account_table).where(_ACCOUNT_MINE, _THIS_ACCOUNT)


def at(account: Account) -> dict[str, str]:
    """An account as parameters."""
    return {"at_door": account.door, "at_workspace": account.workspace, "at_external": account.external}


#: The PostgreSQL lock of units that make a person of an account.
_MEETING = 7_264_003


class People(Repository):
    """A carrier's people."""

    async def meeting(self) -> bool:
        """Says that this unit makes a person of an account; True where it must be looked up again."""
        return await self._in_turn(_MEETING)

    async def add(self, people: Iterable[PersonRecord]) -> None:
        """Adds people."""
        await self._insert(person_table, batch(people, carrier=self.carrier))

    async def of(self, ids: Iterable[str]) -> dict[str, PersonRecord]:
        """These people, by id; inactive ones too."""
        return {row[0]: PersonRecord(*row) for row in await self._rows(_OF, ids=ids)}

    async def all(self, role: str = "") -> list[PersonRecord]:
        """Active people by name, of one role or of all."""
        people = [PersonRecord(*row) for row in await self._rows(_ALL)]
        return [person for person in people if role in ("", person.role)]

    async def named(self, keys: Iterable[str]) -> list[PersonRecord]:
        """Active people with one of these name keys; names are not unique."""
        return [PersonRecord(*row) for row in await self._rows(_NAMED, keys=keys)]

    async def on_duty(self) -> list[PersonRecord]:
        """Whoever is on now, or on call."""
        return [PersonRecord(*row) for row in await self._rows(_ON_DUTY, moment=self.unit.now)]

    async def change(self, person_id: str, **values: Any) -> None:
        """Writes these columns of a person; NotFound when the carrier has none."""
        statement = update(person_table).where(_MINE, _t.id == bindparam("person")).values(**values)
        if not await self._changed(statement, person=person_id):
            raise NotFound("this person is not known any more; nothing was changed")

    async def by_account(self, account: Account) -> PersonRecord | None:
        """The active person behind an account, if the carrier knows one."""
        row = await self._one(_BY_ACCOUNT, **at(account))
        return PersonRecord(*row) if row else None

    async def link(self, account: Account, person_id: str) -> None:
        """Says that this account is that person, whoever it was before."""
        if person_id not in await self.of([person_id]):
            raise NotFound("this person is not known any more; nothing was changed")
        row = {
            "carrier": self.carrier, "id": new_id(), "door": account.door, "workspace": account.workspace,
            "external": account.external, "name": account.name, "person_id": person_id, "made_at": self.unit.now,
        }  # fmt: skip
        statement = upsert(self.unit, account_table).on_conflict_do_update(
            index_elements=["carrier", "door", "workspace", "external"],
            set_={"person_id": person_id, "name": account.name},
        )
        await self._run(statement, row)

    async def unlink(self, account: Account) -> bool:
        """Forgets whose account this is; False when nobody's was known."""
        return await self._changed(_UNLINK, **at(account))

    async def accounts(self, person_ids: Iterable[str]) -> dict[str, list[AccountRecord]]:
        """Accounts by person id, oldest first."""
        found: dict[str, list[AccountRecord]] = {}
        for row in await self._rows(_ACCOUNTS_OF, ids=person_ids):
            account = AccountRecord(*row)
            found.setdefault(account.person_id, []).append(account)
        return found
