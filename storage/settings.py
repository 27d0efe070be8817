"""Small facts that the program keeps for itself, by name."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from storage.evidence import evidence_table
from storage.table import table
from storage.unit import Repository, upsert


@dataclass(frozen=True, slots=True)
class SettingRecord:
    """A named value."""

    key: str
    value: str


setting_table = table("setting", SettingRecord, key=("key",), scoped=False)
_t = setting_table.c
_FIND = select(_t.value).where(_t.key == bindparam("name"))
_ALL = select(_t.key, _t.value)
#: SQLite numbers rows in the order in which they are committed, for one writes at a time.
_EVIDENCE: Select[Any] = select(func.max(literal_column("evidence.rowid"))).select_from(evidence_table)


class Settings(Repository):
    """Named values of the whole installation; nothing of a carrier's is kept here."""

    async def find(self, key: str) -> str | None:
        """The value, or None."""
        row = await self._one(_FIND, name=key)
        return row[0] if row else None

    async def all(self) -> dict[str, str]:
        """Every value by name."""
        return dict(await self._rows(_ALL))

    async def save(self, key: str, value: str) -> None:
        """Sets a value."""
        statement = upsert(self.unit, setting_table).on_conflict_do_update(
            index_elements=["key"], set_={"value": value}
        )
        await self._run(statement, {"key": key, "value": value})

    async def evidence_stamp(self) -> int | None:
        """A number that changes whenever evidence is added, whosever it is; None where there is no such number."""
        if not self.unit.alone:
            return None
        row = await self._one(_EVIDENCE)
        return int(row[0] or 0) if row else 0

    async def add(self, key: str, value: str) -> bool:
        """Sets a value that was not set; False when it was, and then it stays."""
        return await self._add_missing(setting_table, [{"key": key, "value": value}]) > 0
