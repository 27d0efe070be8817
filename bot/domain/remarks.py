"""What is worth telling of a change, or why it is refused: which remark it is and its values, not yet put into words.

Handlers put remarks into the language of whoever reads them; what the operator's log and its tools keep is English.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Union


def mark(form: str) -> str:
    """Marks a form for translation: the extraction finds it by the name of this function."""
    return form


@unique
class Say(StrEnum):
    """Every remark there is, by its form in English."""

    # cells of a row
    NUMBER_MISSING = mark("the number of the load is missing")
    NO_CHANGE = mark("'{word}' is not a change of numbers: write OLD=>NEW, or -OLD to take one off")
    NO_CLOCK = mark("{column} '{text}' has no clock time: write 2026-11-24 14:30")
    STRANGE_YEAR = mark("{column} '{text}' is in the year {year}: write 2026-11-24 14:30")
    TWO_DATES = mark(
        "{column} '{text}' can be {first} or {second}: write 2026-11-24 14:30, or import with --dates dmy or mdy"
    )
    NO_TIME = mark("{column} '{text}' is not a time I can read: write 2026-11-24 14:30, or with a zone 14:30-05:00")
    DASH_ALONE = mark("{column} '-' takes no number off: write -NUMBER")
    TOO_LONG = mark("{column} is {length} characters long, at most {most} are taken")
    NOT_SHOWN = mark("{column} has characters that cannot be shown: type it again")
    NO_DIRECTION = mark("direction '{text}' is not CA or US (the country that the truck enters)")
    BOTH_WAYS = mark("a row has PARS (into Canada) and PAPS (into the US): write one row for each direction")
    SEVERAL_CROSSINGS = mark("crossing '{text}' may be {names}: say which")
    STRANGE_CROSSING = mark("crossing '{text}' is not known")
    NO_KIND = mark("kind '{text}' is not loaded, empty, racks or bobtail")
    NO_FAST = mark("fast '{text}' is not yes or no")
    OF_COLUMN = mark("{column}: {fault}")
    # numbers
    NUMBER_LENGTH = mark("{key} has {length} characters, customs takes 5 to 25")
    NUMBER_LETTERS = mark("{key} has characters other than A-Z, 0-9 and dash")
    NUMBER_SHORT = mark("{key} is unusually short")
    NUMBER_MENDED = mark(
        "{key} has a letter where a digit is usual: did you mean {meant}? It stays as typed until changed"
    )
    TRANSACTION_LENGTH = mark("{key} is not 14 digits")
    TRANSACTION_CHECK = mark("{key}: its last digit does not fit the others, check the typing")
    ACCOUNT_FORM = mark("an importer's account is 9 digits, RM and 4 digits, as in 123456782RM0001")
    ACCOUNT_CHECK = mark("{key} is not a business number: its check digit does not fit")
    # times on the day the clocks change
    IMPOSSIBLE_TIME = mark(
        "{time} does not exist in {zone}: the clocks go forward then. Nothing was changed; "
        "if you mean {later}, type {later}."
    )
    DOUBLE_TIME = mark(
        "{time} comes twice in {zone}: the clocks go back then. Nothing was changed; "
        "type it with its zone, {first} for the first or {second} for the second."
    )
    # rows of one load, and the load they speak of
    LOAD_DISAGREES = mark(
        "{name} is {value} here, but {where} says {before} for the same load {number}; make them agree"
    )
    SHIPMENT_DISAGREES = mark(
        "{name} is {value} here, but {where} says {before} for the same {number}; make them agree"
    )
    BOTH_DIRECTIONS = mark("there is a load {number} into Canada and one into the US: add direction CA or US")
    NOWHERE = mark("load {number} is new and no row says where it goes: add direction CA or US")
    SEVERAL_LOADS = mark(
        "{number} has numbers of the loads {names}: nothing of it was taken. "
        "Take its numbers off all but one of them, or cancel those that do not run"
    )
    TRIP_NAMED = mark("trip {trip} was watched already: it bears this number now")
    STAYS = mark("{name} stays as {who} said it")
    STAYS_OFF = mark("{number} was taken off by {who}: it stays off")
    ETA_PASSED = mark("its ETA was {age} ago: is the date right?")
    # the load as it stands after a change
    ACCOUNT_OFF = mark(
        "the account number {number} was that of the importer before and is taken off; the new one: bn15=…"
    )
    TIGHT = mark("tight: {what} is promised too near the ETA; move the ETA or park the truck")
    THE_SHIPMENT = mark("the shipment")
    NO_ETA = mark("no ETA was given: one is assumed, say when the truck is at the border (eta 14:30)")
    AMEND_ACI = mark("amend the ACI manifest of trip {trips} ({what}): {when}")
    AMEND_ACE = mark("amend the ACE manifest of trip {trips} ({what}): {when}")
    RESUBMIT_ACI = mark("cancel and resubmit the ACI manifest of trip {trips}: another date, {when}")
    RESUBMIT_ACE = mark("cancel and resubmit the ACE manifest of trip {trips}: another date, {when}")
    ACCEPTED_BEFORE = mark("it is accepted as it was")
    FILED_BEFORE = mark("if it is with customs already")
    ETA = mark("ETA")
    PORT = mark("port")
    ETA_AND_PORT = mark("ETA and port")
    # changes that cannot be made
    LOAD_GONE = mark("this load is not there any more; nothing was changed")
    LOAD_OVER = mark("load {number} is over ({why}); nothing was changed. Type undo to take an end back.")
    LOAD_NEVER_WAS = mark("load {number} is over ({why}); nothing was changed. Add it again.")
    NO_SHIPMENT = mark("load {number} has no shipment yet: give it its PARS or PAPS first; nothing was changed")
    ETA_NEEDED = mark("load {number} is in trouble by its ETA: change it (eta 14:30), do not erase it")
    SHIPMENT_GONE = mark("there is no such shipment on this load; nothing was changed. Add one: pars SMPLPARS100123")
    NOTHING_TO_CONFIRM = mark("there is nothing to confirm on this load; nothing was changed")
    WHICH_NUMBER = mark("which number? Type it as on the sticker, e.g. pars SMPLPARS100123; nothing was changed")
    HAS_NOT = mark("load {number} has no {other}, it has {known}; nothing was changed")
    NO_NUMBER = mark("no number")
    NOT_A_NUMBER = mark("'{text}' is not a number of 5 to 25 characters; nothing was changed")
    WHICH_TRIP = mark("which trip? Type its number, e.g. trip SMPLTRIP0001, or - to erase; nothing was changed")
    HAS_NOT_TRIP = mark("load {number} has no trip {other}, it has {known}; nothing was changed")
    NO_TRIP = mark("no trip")
    NEW_NUMBER = mark("what is the new number, of {most} characters at most? e.g. renumber 1235; nothing was changed")
    NUMBER_TAKEN = mark("there is an open load {number} already; nothing was changed")
    NOTHING_TO_UNDO = mark("you changed nothing here that could be taken back; a note or an owner stays as it is")
    ONLY_ADDED = mark(
        "all that is left to take back is the addition of the load, and more was said of it since; "
        "nothing was changed. If it does not run, type: /load {key} cancel"
    )
    NUMBER_TAKEN_SINCE = mark(
        "there is another open load {number} by now; nothing was changed. Cancel or renumber it first"
    )

    def of(self, **values: "Value") -> "Remark":
        """This remark with its values."""
        return Remark(self, values)


Value = Union[str, int, Say, "Remark"]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to tell; among its values may be remarks."""

    say: Say
    values: Mapping[str, Value] = field(default_factory=dict)

    def worded(self, translated: Callable[[str], str]) -> str:
        """In the words that `translated` gives for a form."""
        values = {name: _worded(value, translated) for name, value in self.values.items()}
        return translated(self.say.value).format(**values)

    def __str__(self) -> str:
        return self.worded(str)


def _worded(value: Value, translated: Callable[[str], str]) -> str | int:
    if isinstance(value, Remark):
        return value.worded(translated)
    return translated(value.value) if isinstance(value, Say) else value
