"""JSON syntax: bytes to one object, guarded against what a stranger may post. Knows no field by name."""

import json
from collections import Counter
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from bot.feeds.texts import plain


class Bad(Exception):
    """Why a body or one item of it is left out, as the beginning of a sentence."""


@dataclass(frozen=True, slots=True)
class NotText:
    """A number that no field of ours can hold, as written."""

    written: str

    def __str__(self) -> str:
        return plain(self.written, 30)


class Object(dict[str, Any]):
    """A JSON object that remembers which keys came twice."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> Object:
    found = Object(pairs)
    if len(found) < len(pairs):
        found.twice = tuple(plain(key, 40) for key, count in Counter(key for key, _ in pairs).items() if count > 1)[:5]
    return found


def _whole(text: str) -> int | NotText:
    return int(text) if len(text) < 19 else NotText(text)


def parsed(body: bytes) -> object:
    """The value that a body holds, whatever it is; raises Bad with a sentence."""
    try:
        found: object = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_constant=NotText,
            parse_float=NotText,
            parse_int=_whole,
        )
    except UnicodeDecodeError as error:
        raise Bad(f"it is not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise Bad(f"it is not JSON (line {error.lineno}, column {error.colno})") from error
    except RecursionError as error:
        raise Bad("it is nested too deep") from error
    return found


def parse(body: bytes) -> Object:
    """The object that a body holds; raises Bad with a sentence."""
    found = parsed(body)
    if not isinstance(found, Object):
        raise Bad("it is not a JSON object with statuses or loads")
    if found.twice:
        raise Bad(f"{', '.join(found.twice)} is named twice")
    return found


def text_of(item: Object, name: str, longest: int = 200, required: bool = False) -> str:
    """A field as stripped text, '' when it is absent; raises Bad."""
    value = item.get(name)
    if value is not None and not isinstance(value, str):
        raise Bad(f"{name} is {shown(value)}, not text in quotes")
    text = value.strip() if value else ""
    if len(text) > longest:
        raise Bad(f"{name} is longer than {longest} characters")
    if required and not text:
        raise Bad(f"{name} is missing")
    return text


def shown(value: object) -> str:
    """A JSON value that is not what it should be, for people."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return str(value).lower() if isinstance(value, bool) else plain(str(value), 80)


def known_keys(item: object, allowed: Set[str]) -> tuple[Object, list[str]]:
    """The item, and those of its keys that mean nothing here; raises Bad when it is no object or names a key twice."""
    if not isinstance(item, Object):
        raise Bad("it is not an object")
    if item.twice:
        raise Bad(f"{', '.join(item.twice)} is named twice")
    return item, sorted(plain(key, 40) for key in item.keys() - allowed)[:5]
