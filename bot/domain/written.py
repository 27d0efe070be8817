"""Records as JSON: a speller for each class, made once of its annotations, for every look at a load writes some."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

_SPELL = """
def spell(record):
    text = ""
{fields}
    return "{{" + text[2:] + "}}"
"""
_PART = """
    value = record.{name}
    if {told}:
        text += ', "{name}": ' + {text}
"""
#: Types whose empty value says something: no outage hides anything, nobody answers now.
_TOLD = (int, bool)


def to_text(record: Any) -> str:
    """A record and all that is in it as JSON; times as ISO text, what is empty left out.

    The text is what `json.dumps` would make of it, in half the time: nothing is made but the text.
    """
    return _speller(record.__class__)(record)


def _given(hint: Any) -> Any:
    """The type of what is there, if anything is."""
    if isinstance(hint, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return hint


def _told(hint: Any) -> str:
    return "value is not None" if hint in _TOLD else "value"


@lru_cache(maxsize=16_384)
def _utc(moment: datetime) -> str:
    return f'"{moment.isoformat()}"'


def _iso(moment: datetime) -> str:
    """A time as text: to write one takes longer than all else of a record, and loads name the same ones again."""
    return _utc(moment) if moment.tzinfo is UTC else f'"{moment.isoformat()}"'


def _texts(found: Mapping[str, str]) -> str:
    """Texts by name; what is none is left to `json.dumps`."""
    try:
        return "{" + ", ".join([f"{_quoted(name)}: {_quoted(text)}" for name, text in found.items()]) + "}"
    except TypeError:
        return json.dumps(dict(found))


@cache
def _speller(cls: type) -> Callable[[Any], str]:
    known: dict[str, Any] = {"iso": _iso, "quoted": _quoted, "texts": _texts, "json_of": json.dumps}
    fields = "".join(
        _PART.format(name=name, told=_told(_given(hint)), text=_spelled(f"spell_{name}", _given(hint), known))
        for name, hint in get_type_hints(cls).items()
    )
    exec(_SPELL.format(fields=fields), known)
    spell: Callable[[Any], str] = known["spell"]
    return spell


def _spelled(speller: str, hint: Any, known: dict[str, Any]) -> str:
    outer = get_origin(hint)
    if outer is tuple:
        return f"'[' + ', '.join([{_spelled(speller, get_args(hint)[0], known)} for value in value]) + ']'"
    if outer is not None and issubclass(outer, Mapping):
        return "texts(value)" if get_args(hint) == (str, str) else "json_of(dict(value))"
    if outer is not None:
        raise TypeError(f"no JSON for {hint}")
    if issubclass(hint, datetime):
        return "iso(value)"
    if issubclass(hint, str):
        return "quoted(value)"
    if issubclass(hint, bool):
        return "('true' if value else 'false')"
    if issubclass(hint, int):
        return "int.__repr__(value)"
    if issubclass(hint, float):
        return "json_of(value)"
    if issubclass(hint, Enum):
        return "json_of(value.value)"
    known[speller] = _speller(hint)
    return f"{speller}(value)"
