"""What changed of a shipment or of its importer, so that older answers count no more, by what was said of them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.domain.carm.evidence import UNKNOWN, Evidence
from bot.domain.carm.grades import ZERO
from bot.domain.carm.scope import Change, Changed, standing_records
from bot.domain.load import Said, standing

#: The note of a record that takes back a state with nothing payable, for dutiable goods came.
DUTIABLE_NOTE = "dutiable goods"
#: Words about one field that are looked at, the last ones: whatever was said before them is long overtaken.
_MOST = 20
_ZERO_ITEMS = frozenset(item for item, _state in ZERO)
_OTHER = {"broker": Changed.BROKER, "consignee": Changed.CONSIGNEE, "terms": Changed.TERMS}


def changes_of_papers(words: Sequence[Said], name: Callable[[str, str], str]) -> tuple[Change, ...]:
    """The changes that the history of one shipment's broker, consignee, terms of sale and importer tells; `name` makes
    one of several spellings of a field's value."""
    if len({word.field for word in words}) == len(words):
        return ()  # nothing was said twice
    by_field: dict[str, list[Said]] = {}
    for word in words:
        by_field.setdefault(word.field, []).append(word)
    stood = {field: _stood(history, name) for field, history in by_field.items()}
    found = []
    for field, what in _OTHER.items():
        if len(of := stood.get(field, [])) > 1:
            found.append(Change(what, of[-1][1]))
    if len(of := stood.get("importer", [])) > 1:
        # A word about who imports now is only contradicted by papers that named another one later.
        found.append(Change(Changed.IMPORTER, of[-2][1]))
    return tuple(found)


def _stood(history: list[Said], name: Callable[[str, str], str]) -> list[tuple[str, datetime]]:
    """What stood of a field one after the other, each since when; gaps with nothing are no change."""
    ordered = sorted(history, key=lambda word: (word.at, word.id))[-_MOST:]
    found: list[tuple[str, datetime]] = []
    for count, last in enumerate(ordered, 1):
        now = standing(tuple(ordered[:count]))
        value = name(last.field, now.value) if now is not None and now.value else ""
        if value and not (found and _same(last.field, found[-1][0], value)):
            found.append((value, last.at))
        elif value and last.field == "terms":
            found[-1] = (max(value, found[-1][0], key=len), found[-1][1])
    return found


def _same(field: str, one: str, other: str) -> bool:
    """Whether two values are one: a longer form of a name of papers, or of terms of sale, says nothing else."""
    if field == "terms":
        first, second = one.split(), other.split()
        most = min(len(first), len(second))
        return first[:most] == second[:most]
    return one == other or (field == "consignee" and (one.startswith(other) or other.startswith(one)))


def says_dutiable(record: Evidence) -> bool:
    """Whether a record says no more than that dutiable goods come: of the account itself it says nothing."""
    return record.note == DUTIABLE_NOTE and record.state == UNKNOWN and record.item in _ZERO_ITEMS


def changes_of_goods(records: Iterable[Evidence], rm: str) -> tuple[Change, ...]:
    """That dutiable goods came to this account, as somebody said."""
    told = list(records)
    if not any(e.note == DUTIABLE_NOTE for e in told):
        return ()
    said = [e.said for e in standing_records(told) if says_dutiable(e) and e.rm in ("", rm)]
    return (Change(Changed.DUTIABLE, max(said)),) if said else ()
