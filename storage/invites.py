"""Invites: codes that make whoever sends them a person, once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, bindparam, update

from storage.table import columns_of, table, values_of
from storage.unit import Repository


@dataclass(frozen=True, slots=True)
class InviteRecord:
    """An invite; `person_id` is None for somebody not known yet. Only a hash of the code is stored."""

    id: str
    code_hash: str
    person_id: str | None
    role: str
    expires: datetime
    made_by: str
    used_at: datetime | None = None
    used_by: str = ""


invite_table = table(
    "invite",
    InviteRecord,
    Index("ix_invite_code_hash", "code_hash", unique=True),
    Index("ix_invite_person_id", "person_id"),
    refers={"person_id": "person.id"},
)
_t = invite_table.c
_MINE = _t.carrier == bindparam("scope")
_COLUMNS = columns_of(invite_table, InviteRecord)
_USE = (
    update(invite_table)
    .where(_MINE, _t.code_hash == bindparam("code"), _t.used_at.is_(None), _t.expires > bindparam("moment"))
    .values(used_at=bindparam("moment"), used_by=bindparam("by"))
    .returning(*_COLUMNS)
)
_REVOKE = (
    update(invite_table)
    .where(_MINE, _t.person_id == bindparam("person"), _t.used_at.is_(None), _t.expires > bindparam("moment"))
    .values(expires=bindparam("moment"))
)


class Invites(Repository):
    """A carrier's invites."""

    async def add(self, invite: InviteRecord) -> None:
        """Adds an invite."""
        await self._insert(invite_table, [values_of(invite, carrier=self.carrier)])

    async def use(self, code_hash: str, by: str, at: datetime) -> InviteRecord | None:
        """Uses an invite up and returns it; None when it is unknown, used or expired. Of two at once one gets it."""
        row = await self._one(_USE, code=code_hash, by=by, moment=at)
        return InviteRecord(*row) if row else None

    async def revoke(self, person_id: str, at: datetime) -> bool:
        """Ends a person's open invites; False when there was none."""
        return await self._changed(_REVOKE, person=person_id, moment=at)
