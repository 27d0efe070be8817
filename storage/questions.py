"""Questions to customs: written with the look that decides them, sent by a door, answered by a report."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, bindparam, select, update

from bot.domain.quick import quick
from storage.table import batch, columns_of, partial, table
from storage.types import among, checked, many
from storage.unit import Repository


@quick
@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """One question about a shipment's number, put to a feed for a reason (`why`), by hand by somebody.

    `eta` and `transaction` are those of that moment. A feed that is polled takes it at once, so it is sent when asked;
    `answer` is the status that came, `same` where an answer said nothing new.
    """

    id: str
    load_id: str
    shipment_id: str
    number_id: str
    key: str
    feed: str
    why: str
    asked_at: datetime
    by_name: str = ""
    transaction: str = ""
    eta: datetime | None = None
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""


question_table = table(
    "question",
    QuestionRecord,
    Index("ix_question_load_id", "load_id"),
    Index("ix_question_number_id", "number_id", "feed"),
    refers={"load_id": "load.id", "shipment_id": "shipment.id", "number_id": "number.id"},
)
_t = question_table.c
OPEN = _t.answered_at.is_(None)
question_table.append_constraint(partial("ix_question_open", "feed", "asked_at", where=OPEN))
_OWN = checked(_t.carrier) == bindparam("scope")
_COLUMNS = columns_of(question_table, QuestionRecord)
_OF_LOADS = select(*_COLUMNS).where(_OWN, among(_t.load_id, many("ids"))).order_by(_t.id)
_SENT = (
    update(question_table).where(_OWN, among(_t.id, many("ids")), _t.sent_at.is_(None)).values(sent_at=bindparam("at"))
)
_ANSWERED = (
    update(question_table)
    .where(
        _OWN,
        OPEN,
        _t.number_id == bindparam("number"),
        _t.feed == bindparam("of"),
        _t.sent_at <= bindparam("moment"),
    )
    .values(answered_at=bindparam("moment"), answer=bindparam("said"))
)
_UNSENT = (
    select(_t.carrier, *_COLUMNS)
    .where(OPEN, _t.feed == bindparam("of"), _t.asked_at >= bindparam("since"), _t.sent_at.is_(None))
    .order_by(_t.id)
    .limit(bindparam("most"))
)


class Questions(Repository):
    """A carrier's questions to customs."""

    async def add(self, questions: Iterable[QuestionRecord]) -> None:
        """Adds questions; a door sends them once the unit is committed."""
        await self._insert(question_table, batch(questions, carrier=self.carrier))

    async def of_loads(self, load_ids: Iterable[str]) -> dict[str, list[QuestionRecord]]:
        """All questions about these loads, in the order they were asked."""
        found: dict[str, list[QuestionRecord]] = {}
        for row in await self._rows(_OF_LOADS, ids=load_ids):
            found.setdefault(row[1], []).append(QuestionRecord(*row))
        return found

    async def sent(self, ids: Collection[str], at: datetime) -> int:
        """Notes that these were sent; how many were not before."""
        return await self._run(_SENT, {"scope": self.carrier, "ids": list(ids), "at": at})

    async def answered(self, answers: Iterable[tuple[str, str, str, datetime]]) -> None:
        """Notes (number id, feed, what it said, when that came) as the answer to questions sent to that feed before."""
        rows = [
            {"scope": self.carrier, "number": number, "of": feed, "moment": at, "said": said}
            for number, feed, said, at in answers
        ]
        await self._each(_ANSWERED, rows)


class QuestionsOut(Repository):
    """Questions of all carriers that wait for their door."""

    async def unsent(self, feed: str, since: datetime, limit: int = 100) -> list[tuple[str, QuestionRecord]]:
        """(carrier, question) asked of this feed since then and not sent yet, oldest first."""
        rows = await self._rows(_UNSENT, of=feed, since=since, most=limit)
        return [(row[0], QuestionRecord(*row[1:])) for row in rows]
