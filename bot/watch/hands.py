"""Whose word a change is."""

from dataclasses import dataclass

from bot.domain.errors import Remarked
from bot.domain.load import Hand
from bot.domain.remarks import Remark

#: How the end of a load begins whose addition was taken back: it was never meant, and may be added again.
TAKEN_BACK = "its addition was taken back"
#: How the end of a load begins that a feed made of a trip, and that turned out to be one that dispatch has.
OTHERS = "the same truck as load"
#: What is said of a load that another, which a feed made of its trip, was put together with: `id=number` of that one.
SAME_TRUCK = "same_truck"


class Refused(Remarked):
    """What was asked cannot be done; nothing was changed, and the remark says what to do."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose word it is: `who` as shown (a person, a file, a feed), `delivery` the line or message that brought it,
    `person` the id of a person, '' for files and feeds."""

    hand: Hand
    who: str
    delivery: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What was done, and remarks worth telling whoever did it; `fields` are those that undo took back."""

    load_id: str
    remarks: tuple[Remark, ...] = ()
    fields: tuple[str, ...] = ()
