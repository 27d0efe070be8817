"""What BorderConnect's messages have in common: the envelope, numbers, times, and reports on their way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.numbers import NumberKind, key_of, transaction_key
from bot.domain.report import Report
from bot.domain.status import Status, Track
from bot.feeds.codes import Codes
from bot.feeds.json_fields import Bad, Object, shown
from bot.feeds.protocol import Problem, Reader
from bot.feeds.stamps import Stamp, believed, iso, made
from bot.feeds.texts import plain

_LONGEST_KEY = 40
_MOST_MESSAGES = 10_000
_MOST_ITEMS = 1_000
#: Names under which a list of messages may lie; `data` is one only where it is no word.
_WRAPPERS = ("messages", "responses", "notifications", "items", "results", "records", "queue", "data")
NEVER = Stamp(None)


def word_of(item: Object, name: str) -> str:
    """A field as text fit for a table: a word, or a whole number as written; '' when absent. Raises Bad."""
    value = item.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Bad(f"{name} is {shown(value)}, not a text or a whole number")
    return plain(str(value).strip(), 600)


def child(item: Object, name: str) -> Object:
    """An object inside, an empty one when absent; raises Bad."""
    value = item.get(name)
    if value is None:
        return Object()
    if not isinstance(value, Object):
        raise Bad(f"{name} is {shown(value)}, not an object")
    if value.twice:
        raise Bad(f"{', '.join(value.twice)} is named twice in {name}")
    return value


def children(item: Object, name: str) -> list[Object]:
    """The objects of a list inside; raises Bad when it is no list of objects."""
    value = item.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Bad(f"{name} is {shown(value)}, not a list")
    if len(value) > _MOST_ITEMS:
        raise Bad(f"{name} has {len(value)} items, more than the {_MOST_ITEMS} that are read")
    for one in value:
        if not isinstance(one, Object):
            raise Bad(f"{name} holds {shown(one)}, not only objects")
        if one.twice:
            raise Bad(f"{', '.join(one.twice)} is named twice in {name}")
    return value


def number_of(item: Object, name: str, kind: NumberKind) -> str:
    """The key of a number, '' when absent; raises Bad when it can't be one."""
    value = item.get(name)
    text = value if isinstance(value, str) else word_of(item, name)
    key = transaction_key(text) if kind is NumberKind.TRANSACTION else key_of(text)
    if len(key) > _LONGEST_KEY or not key.isprintable():
        raise Bad(f"{name} {plain(key, _LONGEST_KEY)!r} can't be a number")
    return key


def messages(found: object) -> Iterator[tuple[str, object]]:
    """The messages of a body with their places; raises Bad when it is no envelope that we know."""
    inside, name = _inside(found)
    if isinstance(inside, Object):
        yield name or "message", inside
        return
    if not isinstance(inside, list):
        raise Bad(f"it is {shown(inside)}, not a message or a list of them")
    if len(inside) > _MOST_MESSAGES:
        raise Bad(f"it has {len(inside)} messages, more than the {_MOST_MESSAGES} that are read at once")
    for index, one in enumerate(inside):
        yield f"{name or 'message'}[{index}]", one


def _inside(found: object) -> tuple[object, str]:
    """What an envelope holds, and its name; a message itself is its own."""
    if not isinstance(found, Object) or isinstance(found.get("data"), str):
        return found, ""
    if found.twice:
        raise Bad(f"{', '.join(found.twice)} is named twice")
    named = [name for name in _WRAPPERS if isinstance(found.get(name), list | Object)]
    if len(named) == 1:
        return found[named[0]], named[0]
    if "errorCode" in found:
        code, note = plain(str(found["errorCode"]), 60), plain(str(found.get("message") or ""), 200)
        raise Bad(f"BorderConnect refused the request ({f'{code}: {note}' if note else code})")
    raise Bad("it says neither what it is (data) nor holds a list of messages")


@dataclass(slots=True)
class Batch:
    """One body on its way to a Reading."""

    reader: Reader
    received: datetime
    table: Codes
    problems: list[Problem] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    where: str = ""

    def problem(self, why: str, code: str = "") -> None:
        """Note what is wrong with the message that is being read."""
        self.problems.append(Problem(self.where, why, plain(code, 80)))

    def status(self, key: str, said: str) -> Status:
        """What a code says; one that nobody knows is a problem and counts as UNKNOWN."""
        found = self.table.table.get(key)
        if found is None:
            self.problem(f"{said} is not known: counted as UNKNOWN", key)
        return found or Status.UNKNOWN

    def time(self, item: Object, name: str) -> Stamp:
        """A date-time, of none when there is none to believe; a bad one is a problem but does not cost the message."""
        text = word_of(item, name)
        if not text:
            return NEVER
        stamp = believed(iso(text, self.reader.zone), self.received)
        if stamp.why and not stamp.certain:
            self.problem(f"{name}: {stamp.why}")
        return stamp

    def say(
        self,
        kind: NumberKind,
        key: str,
        status: Status,
        track: Track,
        raw: str,
        text: str,
        *,
        sent: Stamp = NEVER,
        happened: Stamp = NEVER,
        office: str = "",
        transaction: str = "",
        hold_key: str = "",
        reason: str = "",
        note: str = "",
        carries: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """One report more. A time that is in the message only as that of its making is `sent` (F1)."""
        prepared = made(sent, happened, status, self.received) if happened.utc else sent.of(status, self.received)
        self.reports.append(
            Report(
                kind=kind,
                key=key,
                status=status,
                track=track,
                raw=plain(raw, 80),
                text=plain(text, 200),
                prepared=prepared,
                at=happened.utc or sent.utc,
                office=office,
                transaction=transaction,
                hold_key=hold_key,
                reason=plain(reason, 80),
                note=plain(note),
                position=len(self.reports) + 1,
                carries=carries,
            )
        )
