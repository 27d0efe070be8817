"""What Telegram's servers check in a message: HTML that parses, lengths after entities, keyboards within limits."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

TEXT_LIMIT = 4096
DATA_LIMIT = 64
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}  # fmt: skip
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?P<rest>[^<>]*)>")
_NUMERIC = re.compile(r"&#(?:x(?P<hex>[0-9a-fA-F]+)|(?P<dec>\d+));")
_NAMED = re.compile(r"&(?P<name>[a-z]+);")
_ATTRIBUTE = re.compile(r'\s*([a-z-]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\'|([^\s"\'>]+))')


class Refused(Exception):
    """An answer that says no."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(text: str) -> Refused:
    """A 400."""
    return Refused(400, f"Bad Request: {text}")


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


@dataclass
class _Parser:
    source: str
    out: list[str] = field(default_factory=list)
    open: list[tuple[str, str, int, str]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    length: int = 0

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.length += units(text)

    def fail(self, text: str) -> Refused:
        return bad(f"can't parse entities: {text}")

    def run(self) -> tuple[str, list[dict[str, Any]]]:
        at = 0
        while at < len(self.source):
            here = self.source[at]
            if here == "<":
                at = self.tag(at)
            elif here == "&":
                at = self.entity(at)
            else:
                self.emit(here)
                at += 1
        if self.open:
            raise self.fail(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return "".join(self.out), sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def tag(self, at: int) -> int:
        match = _TAG.match(self.source, at)
        if match is None:
            raise self.fail(f"Unclosed start tag at byte offset {at}")
        name = match["name"].lower()
        if match["close"]:
            self.close(name, at)
        elif name not in _TAGS:
            raise self.fail(f'Unsupported start tag "{name}" at byte offset {at}')
        else:
            attributes = {m[1]: m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(match["rest"])}
            if name == "span" and attributes.get("class") != "tg-spoiler":
                raise self.fail(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
            self.open.append((name, _TAGS[name], self.length, attributes.get("href", "")))
        return match.end()

    def close(self, name: str, at: int) -> None:
        if not self.open:
            raise self.fail(f"Unexpected end tag at byte offset {at}")
        opened, kind, start, href = self.open.pop()
        if opened != name:
            raise self.fail(f'Unmatched end tag at byte offset {at}, expected "</{opened}>", found "</{name}>"')
        one: dict[str, Any] = {"type": kind, "offset": start, "length": self.length - start}
        if kind == "text_link":
            address = _unescape(href)
            if not re.match(r"(https?|tg|mailto|ton):", address, re.IGNORECASE):
                return
            one["url"] = address
        if one["length"]:
            self.entities.append(one)

    def entity(self, at: int) -> int:
        numeric = _NUMERIC.match(self.source, at)
        if numeric is not None:
            code = int(numeric["hex"], 16) if numeric["hex"] else int(numeric["dec"])
            if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                self.emit(chr(code))
                return numeric.end()
        named = _NAMED.match(self.source, at)
        if named is not None and named["name"] in _ENTITIES:
            self.emit(_ENTITIES[named["name"]])
            return named.end()
        self.emit("&")
        return at + 1


def _unescape(text: str) -> str:
    inner = _Parser(text.replace("<", "").replace(">", ""))
    return inner.run()[0]


def parse(text: object, mode: object) -> tuple[str, list[dict[str, Any]]]:
    """The visible text and its entities, or Refused."""
    if not isinstance(text, str) or not text:
        raise bad("message text is empty")
    if any(unicodedata.category(c) == "Cs" for c in text):
        raise bad("strings must be encoded in UTF-8")
    if mode in (None, ""):
        shown, entities = text, list[dict[str, Any]]()
    elif str(mode).lower() == "html":
        shown, entities = _Parser(text).run()
    else:
        raise bad("unsupported parse_mode")
    if not any(unicodedata.category(c) not in ("Zs", "Zl", "Zp", "Cc", "Cf") for c in shown):
        raise bad("message text is empty")
    if units(shown) > TEXT_LIMIT:
        raise bad("message is too long")
    return shown.rstrip(), entities[:100]


def keyboard(markup: object) -> list[list[dict[str, Any]]] | None:
    """The rows of an inline keyboard, or Refused."""
    if markup is None:
        return None
    if not isinstance(markup, dict) or not isinstance(markup.get("inline_keyboard"), list):
        raise bad("object expected as reply markup")
    rows = [row for row in markup["inline_keyboard"] if row]
    for row in rows:
        if not isinstance(row, list):
            raise bad("can't parse inline keyboard button: expected an array")
        if len(row) > 8:
            raise bad("BUTTONS_ROW_TOO_LONG")
        for button in row:
            _button(button)
    if sum(len(row) for row in rows) > 100:
        raise bad("reply markup is too long")
    return rows or None


def _button(button: object) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: expected an object")
    text, data = button.get("text"), button.get("callback_data")
    if not isinstance(text, str) or not text.strip():
        raise bad("text buttons are unallowed in the inline keyboard")
    if "url" in button:
        return
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise bad("BUTTON_DATA_INVALID")
    if button.get("style") not in (None, "primary", "success", "danger"):
        raise bad("invalid button style specified")
