"""An account number that somebody typed is read, and printed by nobody: answers repeat their line without it."""

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bot.domain.carm.bn import mask
from handlers.reply import Reply, Result, say
from handlers.words import _

_NUMBER = re.compile(r"(?<!\d)(\d{3})[\s.-]?(\d{3})[\s.-]?(\d{3})[\s.-]*RM[\s.-]*(\d{4})(?!\d)", re.IGNORECASE)
_PAIR = re.compile(r"\s+(?:bn15|bn9|bn|account|importer_bn15)=(?:\"[^\"]*\"|\S+)", re.IGNORECASE)
_DIGITS = 6


def unnumbered(reply: Reply, text: str) -> Reply:
    """The reply to a line without the account numbers of that line: masked in sentences, left out of lines to type."""
    typed = _typed(text)
    if not typed:
        return reply
    found: Reply = _walk(reply, typed)
    if found == reply or found.result is Result.OK:
        return found
    hint = say(_("The account number is not shown: type it again with the line, bn15=… or bn=…"))
    return replace(found, body=(*found.body, hint))


def _typed(text: str) -> frozenset[str]:
    whole = {_digits(m[0]) for m in _NUMBER.finditer(text)}
    pairs = {_digits(m[0].partition("=")[2]) for m in _PAIR.finditer(text)}
    return frozenset(whole | {p for p in pairs if len(p) >= _DIGITS})


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _walk(value: Any, typed: frozenset[str]) -> Any:
    if type(value) is str:
        bare = _PAIR.sub(lambda m: "" if _digits(m[0].partition("=")[2]) in typed else m[0], value)
        return _NUMBER.sub(lambda m: mask(m[1] + m[2] + m[3], m[4]) if _digits(m[0]) in typed else m[0], bare)
    if type(value) is tuple:
        return tuple(_walk(one, typed) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _walk(getattr(value, f.name), typed) for f in fields(value)})
    return value
