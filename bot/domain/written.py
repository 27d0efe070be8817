"""Records as JSON: a writer for each class, made once of its annotations, for every look at a load writes some."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

_WRITE = """
def write(record):
    written = {{}}
{fields}
    return written
"""
_FIELD = """
    value = record.{name}
    if {told}:
        written["{name}"] = {text}
"""
#: Types whose empty value says something: no outage hides anything, nobody answers now.
_TOLD = (int, bool)


def to_json(record: Any) -> dict[str, Any]:
    """JSON-ready form of a record and all that is in it; times as ISO text, what is empty left out."""
    return _writer(record.__class__)(record)


@cache
def _writer(cls: type) -> Callable[[Any], dict[str, Any]]:
    known: dict[str, Any] = {"iso": datetime.isoformat}
    fields = "".join(_field(name, hint, known) for name, hint in get_type_hints(cls).items())
    exec(_WRITE.format(fields=fields), known)
    write: Callable[[Any], dict[str, Any]] = known["write"]
    return write


def _field(name: str, hint: Any, known: dict[str, Any]) -> str:
    """The lines that write one field; `known` is given the writers of the records in it."""
    if isinstance(hint, UnionType):
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    return _FIELD.format(
        name=name, told="value is not None" if hint in _TOLD else "value", text=_text(f"write_{name}", hint, known)
    )


def _text(writer: str, hint: Any, known: dict[str, Any]) -> str:
    outer = get_origin(hint)
    if outer is tuple:
        return f"[{_text(writer, get_args(hint)[0], known)} for value in value]"
    if outer is not None and issubclass(outer, Mapping):
        return "dict(value)"
    if outer is not None:
        raise TypeError(f"no JSON for {hint}")
    if issubclass(hint, datetime):
        return "iso(value)"
    if issubclass(hint, Enum):
        return "value.value"
    if issubclass(hint, (str, int, float)):
        return "value"
    known[writer] = _writer(hint)
    return f"{writer}(value)"
