"""Reply → Slack text and blocks; the only place where Slack markup is made."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from handlers.reply import Button, Fields, Para, Part, Reply, Tone
from handlers.slack.text import calls, clip, flat, mrkdwn
from handlers.words import _, ngettext

Block = dict[str, Any]

# 148 of 150: Slack may count a mark outside the basic plane as two.
HEADER, SECTION, FIELD, FIELDS, CONTEXT = 148, 3000, 2000, 10, 10
BLOCKS, BUTTONS, LABEL, VALUE = 50, 25, 75, 2000
# Slack answers msg_blocks_too_long somewhere near 13,200 characters, containers counted
# (github.com/slackapi/bolt-js issues 2509 and 2867), so the budget is one of JSON.
BUDGET, PER_BLOCK = 12_800, 60
TAPS, REST = 6_000, 300
# chat.update takes 4,000 bytes of escaped text, though chat.postMessage takes 40,000 characters.
PLAIN, LINE = 3_900, 900
TITLE, CALLS = 600, 300

MARKS = {
    Tone.INFO: "",
    Tone.GO: "🟢 ",
    Tone.WARN: "🟡 ",
    Tone.URGENT: "🟠 ",
    Tone.CRITICAL: "🔴 ",
    Tone.DONE: "✅ ",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """What chat.postMessage takes; `blocks` is empty for plain text."""

    text: str
    blocks: tuple[Block, ...] = ()

    def args(self) -> dict[str, Any]:
        """Keyword arguments for a Slack call; an empty list takes older blocks away on an edit."""
        return {"text": self.text, "blocks": list(self.blocks)}


@dataclass(frozen=True, slots=True)
class _Piece:
    """The smallest thing that is shown whole or left out; `more` is what its table says about rows left out."""

    kind: str
    text: str
    more: str = ""


@dataclass(slots=True)
class _Stack:
    """Blocks being filled, pieces of one kind sharing a block while they fit."""

    kind: str = ""
    texts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def fits(self, piece: _Piece) -> bool:
        if piece.kind != self.kind:
            return False
        if self.kind == "line":
            return sum(len(t) + 1 for t in self.texts) + len(piece.text) <= SECTION
        return len(self.texts) < (FIELDS if self.kind == "cell" else CONTEXT)

    def push(self, piece: _Piece) -> None:
        if not self.fits(piece):
            self.close()
            self.kind = piece.kind
        self.texts.append(piece.text)

    def close(self) -> None:
        if self.kind == "line":
            self.blocks.append(_section("\n".join(self.texts)))
        elif self.texts:
            name = ("section", "fields") if self.kind == "cell" else ("context", "elements")
            self.blocks.append({"type": name[0], name[1]: [_text(t) for t in self.texts]})
        self.kind, self.texts = "", []


def render(reply: Reply) -> Rendered:
    """Blocks within Slack's limits: whole parts are left out, with a line that counts them."""
    title = _title(reply).replace("\n", " ")
    called = calls(reply.mention, CALLS)
    head = [*_head(title), *([_section(called)] if called else [])]
    taps, untappable = _taps(reply.buttons)
    tail: list[Block] = [{"type": "actions", "elements": taps}] if taps else []
    pieces = [piece for part in reply.body for piece in _pieces(part)]
    pieces += [_Piece("line", clip(_typing(b), SECTION)) for b in untappable]
    body = _fit(pieces, BLOCKS - len(head) - len(tail), BUDGET - weight(head + tail) - REST)
    return Rendered(" ".join(filter(None, (called, clip(title, TITLE)))), tuple(head + body + tail))


def plain(reply: Reply) -> Rendered:
    """The same facts as text alone, for when Slack refuses the blocks."""
    first, *lines = words(reply)
    lines += [_typing(b) for b in reply.buttons]
    kept = list(filter(None, (calls(reply.mention, CALLS), clip(first, TITLE))))
    left = PLAIN - REST - len("\n".join(kept).encode())
    for number, line in enumerate(lines):
        shown = clip(line, LINE)
        left -= len(shown.encode()) + 1
        if left < 0:
            kept.append(_more(len(lines) - number))
            break
        kept.append(shown)
    return Rendered("\n".join(kept))


def weight(blocks: list[Block]) -> int:
    """What blocks count against Slack's limit for a whole message."""
    return sum(_size(block) + PER_BLOCK for block in blocks)


def _size(part: object) -> int:
    return len(json.dumps(part, ensure_ascii=False))


def _more(count: int) -> str:
    return ngettext("… and {n} more", "… and {n} more", count).format(n=count)


def _typing(button: Button) -> str:
    return _("{label}: type {line}").format(label=button.label, line=button.line)


def words(reply: Reply) -> list[str]:
    """Title and body as bare lines, without any markup or limit."""
    return [_title(reply), *(line for part in reply.body for line in _lines(part))]


def _title(reply: Reply) -> str:
    return MARKS[reply.tone] + (reply.title.strip() or "Holdwatch")


def _head(title: str) -> list[Block]:
    # A header is plain text; whether entities are decoded there is not documented, so hostile titles go by mrkdwn.
    if len(title) <= HEADER and not set("&<>") & set(title):
        return [{"type": "header", "text": {"type": "plain_text", "text": title, "emoji": False}}]
    return [_section(_strong(title, TITLE))]


def _strong(text: str, most: int) -> str:
    shown = clip(text, most - 2)
    return shown if "*" in shown else f"*{shown}*"


def _text(text: str) -> Block:
    # Verbatim: Slack must not find channels, people or links of its own in what somebody typed.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _section(text: str) -> Block:
    return {"type": "section", "text": _text(text)}


def _pieces(part: Part) -> Iterator[_Piece]:
    if isinstance(part, Para):
        text = mrkdwn(part.spans, SECTION)
        if text.strip():
            yield _Piece("quiet" if part.quiet else "line", text)
    elif isinstance(part, Fields):
        for label, value in part.pairs:
            strong = _strong(label.replace("\n", " ").strip() or "–", 300)
            yield _Piece("cell", f"{strong}\n{clip(value.strip() or '–', FIELD - len(strong) - 1)}")
    else:
        head = _row(part.header)
        if head:
            yield _Piece("line", _strong(head, SECTION), part.more)
        for row in filter(None, map(_row, part.rows)):
            yield _Piece("line", clip(row, SECTION), part.more)
        if part.more.strip():
            yield _Piece("line", clip(part.more.strip(), SECTION))


def _row(cells: tuple[str, ...]) -> str:
    row = " · ".join(cell.replace("\n", " ") for cell in cells)
    return row if row.strip(" ·") else ""


def _lines(part: Part) -> list[str]:
    if isinstance(part, Para):
        text = flat(part.spans)
        return [text] if text.strip() else []
    if isinstance(part, Fields):
        return [f"{label}: {value}" for label, value in part.pairs]
    return list(filter(None, [_row(part.header), *map(_row, part.rows), part.more.strip()]))


def _fit(pieces: list[_Piece], most: int, left: int) -> list[Block]:
    stack = _Stack()
    for number, piece in enumerate(pieces):
        joins = stack.fits(piece)
        left -= _size(piece.text if joins and piece.kind == "line" else _text(piece.text))
        left -= 0 if joins else PER_BLOCK + 40
        # One block is kept free for the line that counts what is left out.
        if left < 0 or (not joins and len(stack.blocks) + bool(stack.kind) + 1 >= most):
            rest = _more(len(pieces) - number)
            stack.close()
            stack.blocks.append(_section(clip(" · ".join(filter(None, (rest, piece.more))), REST)))
            break
        stack.push(piece)
    stack.close()
    return stack.blocks


def _taps(buttons: tuple[Button, ...]) -> tuple[list[Block], list[Button]]:
    """The buttons that can be tapped, and those that Slack would not take."""
    made: list[Block] = []
    left: list[Button] = []
    room = TAPS
    for button in buttons:
        one = _button(button, len(made))
        room -= _size(one)
        if button.line and len(button.line) <= VALUE and room >= 0 and len(made) < BUTTONS:
            made.append(one)
        else:
            left.append(button)
    return made, left


def _button(button: Button, number: int) -> Block:
    label = clip(button.label.strip() or button.line.strip() or "…", LABEL, escaped=False)
    made: Block = {
        "type": "button",
        "action_id": f"line:{number}",
        "text": {"type": "plain_text", "text": label, "emoji": False},
        "value": button.line,
    }
    if button.style in ("primary", "danger"):
        made["style"] = button.style
    return made
