"""A row of an address book's file as typed values: what each cell means, and every fault of it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.domain.carm.bn import BnFault, read_bn
from bot.domain.errors import HoldwatchError
from bot.domain.numbers import filer_code
from bot.domain.policy import duration
from bot.watch.parties import name_key
from bot.watch.parties_hours import NoHours, NoZone, read_week
from storage.programs import AccountKind

#: The columns of the file, all but the name optional; a row is a party, or one program account of it.
COLUMNS = (
    "id", "name", "roles", "aliases", "phone", "night", "email", "hours", "promise", "filers", "note",
    "bn15", "account", "legal_name", "broker",
)  # fmt: skip
ROLES = ("importer", "shipper", "consignee", "broker")
#: A cell that erases what stood there; an empty one leaves it.
ERASE = "-"
_TEXTS = {"phone": "phone_day", "night": "phone_night", "email": "email", "note": "note"}
_PHONE = re.compile(r"[0-9+(). x#/-]{5,40}")
_LISTED = re.compile(r"[;|\n]+")
LONGEST, _LONGEST_NOTE = 200, 2000
_BN_FAULTS = {
    BnFault.MISSING: "is missing",
    BnFault.SHAPE: "is not 9 digits, RM and 4 digits, as in 123456782RM0001",
    BnFault.PROGRAM: "is an account for something else than imports: that of an importer has RM in it",
    BnFault.RM: "lacks the account behind the 9 digits: RM and 4 digits",
    BnFault.CHECK: "is not a business number: its check digit does not fit",
}


class CellFault(HoldwatchError):
    """A cell that cannot be taken: which one, and what to write."""


@dataclass(slots=True)
class Entry:
    """A row understood: `values` are columns of the party, `account` those of a program account."""

    where: str
    id: str
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    add_names: tuple[str, ...] = ()
    drop_names: tuple[str, ...] = ()
    bn9: str = ""
    rm: str = ""
    account: dict[str, Any] = field(default_factory=dict)
    broker: str = ""


@contextmanager
def noting(faults: list[str]) -> Iterator[None]:
    """What is refused inside is noted, so that a row tells all that is wrong with it at once."""
    try:
        yield
    except HoldwatchError as why:
        faults.append(str(why))


def clean(column: str, text: str) -> str:
    """The text of a cell in one line; CellFault when it is too long or cannot be shown."""
    # A quote in front keeps spreadsheets from reading a cell as a formula.
    text = " ".join((text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text).split())
    longest = _LONGEST_NOTE if column in ("note", "aliases") else LONGEST
    if len(text) > longest:
        raise CellFault(f"{column} is {len(text)} characters long, at most {longest} are taken")
    if any(ord(c) < 32 or 127 <= ord(c) < 160 for c in text):
        raise CellFault(f"{column} has characters that cannot be shown: type it again")
    return text


def read_entry(where: str, cells: Mapping[str, str], zone: str) -> tuple[Entry | None, list[str]]:
    """What a row says, None where something in it cannot be taken, and all that is wrong with it."""
    faults: list[str] = []
    texts: dict[str, str] = {}
    for column in COLUMNS:
        with noting(faults):
            if text := clean(column, cells.get(column) or ""):
                texts[column] = text
    entry = Entry(where, texts.get("id", ""), texts.get("name", ""))
    if not name_key(entry.name) and not (entry.id and not entry.name):
        faults.append(f"'{entry.name}' is not a name" if entry.name else "the name is missing")
    for column, name in _TEXTS.items():
        if column in texts:
            with noting(faults):
                entry.values[name] = _text(column, texts[column])
    for name, column, read in (
        ("hours", "hours", lambda text: _week(text, zone)), ("promise_minutes", "promise", _promise),
        ("filers", "filers", _filers),
    ):  # fmt: skip
        if column in texts:
            with noting(faults):
                entry.values[name] = read(texts[column])
    with noting(faults):
        entry.roles = _roles(texts.get("roles", ""))
    _names(entry, texts.get("aliases", ""), faults)
    _account(entry, texts, faults)
    return (None if faults else entry), faults


def _text(column: str, text: str) -> str:
    if text == ERASE:
        return ""
    if column in ("phone", "night") and not _PHONE.fullmatch(text):
        raise CellFault(f"{column} '{text}' is not a phone number")
    return text


def _week(text: str, zone: str) -> dict[str, Any]:
    if text == ERASE:
        return {}
    try:
        return read_week(text, zone)
    except NoZone as why:
        raise CellFault(f"hours: '{why}' is not a time zone, write one like America/Toronto") from None
    except NoHours as why:
        raise CellFault(f"hours: '{why}' are not hours, write mon-fri 8-17, sat 9-12 America/Toronto") from None


def _promise(text: str) -> int | None:
    if text == ERASE:
        return None
    try:
        length = duration(text)
    except ValueError:
        raise CellFault(f"promise '{text}' is not a length of time, write 2h or 90m") from None
    if not timedelta(minutes=5) <= length <= timedelta(days=2):
        raise CellFault(f"promise '{text}' is not between 5 minutes and 2 days")
    return int(length.total_seconds() // 60)


def _filers(text: str) -> list[str]:
    if text == ERASE:
        return []
    codes = [c.upper() for c in re.split(r"[\s,;|]+", text) if c]
    for code in codes:
        if not filer_code(code):
            raise CellFault(f"filers: '{code}' is no filer code: into Canada 5 digits, into the US 3 letters or digits")
    return list(dict.fromkeys(codes))


def _roles(text: str) -> tuple[str, ...]:
    roles = tuple(dict.fromkeys(w.casefold() for w in re.split(r"[\s,;|/]+", text) if w))
    for role in roles:
        if role not in ROLES:
            raise CellFault(f"roles: '{role}' is none of {', '.join(ROLES)}")
    return roles


def _names(entry: Entry, text: str, faults: list[str]) -> None:
    """Other names: `A; B` are added, `-A` is taken off."""
    listed = [word.strip() for word in _LISTED.split(text) if word.strip()]
    entry.add_names = tuple(w for w in listed if not w.startswith(ERASE))
    entry.drop_names = tuple(w[1:].strip() for w in listed if w.startswith(ERASE))
    faults += [f"aliases: '{w}' is not a name" for w in (*entry.add_names, *entry.drop_names) if not name_key(w)]


def _account(entry: Entry, texts: Mapping[str, str], faults: list[str]) -> None:
    if "bn15" in texts:
        number = read_bn(texts["bn15"])
        if number.fault is not None:
            swapped = (
                f" (two digits may have changed places: {', '.join(number.swapped[:4])})" if number.swapped else ""
            )
            faults.append(f"bn15 {_BN_FAULTS[number.fault]}{swapped}")
        entry.bn9, entry.rm = number.bn9, number.rm
    if "legal_name" in texts:
        entry.account["legal_name"] = "" if texts["legal_name"] == ERASE else texts["legal_name"]
    if "account" in texts:
        kinds = [kind.value for kind in AccountKind]
        word = texts["account"].casefold().replace(" ", "_").replace("-", "_")
        if word not in kinds:
            faults.append(f"account '{texts['account']}' is none of {', '.join(kinds)}")
        else:
            entry.account["kind"] = AccountKind(word)
    entry.broker = texts.get("broker", "")
    if entry.broker and entry.broker != ERASE and not name_key(entry.broker):
        faults.append(f"broker '{entry.broker}' is not a name")
