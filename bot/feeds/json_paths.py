"""Dotted paths into JSON, as an operator writes them: `data.shipments[*].status`. No code, no conditions."""

import json
import re
from functools import lru_cache

from bot.feeds.json_fields import Bad, NotText, Object, shown

_STEP = re.compile(r"([^.\[\]]+)|(\[\*\])")


@lru_cache(maxsize=256)
def steps(path: str) -> tuple[str, ...]:
    """The steps of a path; `[*]` is each item of a list."""
    return tuple(name or each for name, each in _STEP.findall(path))


def found(value: object, path: str) -> list[object] | None:
    """What stands at a path, an item each for every `[*]`; None when a step of it is not there. Raises Bad."""
    values: list[object] = [value]
    for step in steps(path):
        following: list[object] = []
        for one in values:
            if one is None:
                continue
            if step == "[*]":
                if not isinstance(one, list):
                    raise Bad(f"{path} is {shown(one)} where it should be a list")
                following += one
            elif not isinstance(one, Object):
                raise Bad(f"{path} can't be followed: there is {shown(one)} before {step}")
            elif step in one.twice:
                raise Bad(f"{step} is named twice")
            elif step in one:
                following.append(one[step])
            else:
                return None
        values = following
    return values


def text_at(item: object, path: str, longest: int = 200) -> str:
    """The one text at a path, '' when there is none; a whole number as its digits. Raises Bad."""
    values = found(item, path) if path else None
    if not values or values[0] is None:
        return ""
    if len(values) > 1:
        raise Bad(f"{path} is there {len(values)} times")
    (value,) = values
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str | int | NotText):
        text = str(value).strip()
    else:
        raise Bad(f"{path} is {shown(value)}, not text")
    if len(text) > longest:
        raise Bad(f"{path} is longer than {longest} characters")
    return text


def rebuilt(path: str, items: list[object]) -> bytes:
    """Some items of a list as an answer of its own, in which they stand at the same path."""
    value: object = items
    *before, _each = steps(path)
    for step in reversed(before):
        value = [value] if step == "[*]" else {step: value}
    return json.dumps(value, ensure_ascii=False, default=_written).encode()


def _written(value: object) -> object:
    return value.written if isinstance(value, NotText) else str(value)
