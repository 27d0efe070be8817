"""Reply → what Telegram takes: HTML escaped here and nowhere else, a keyboard of lines, 4,096 after entities."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from html import escape

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.reply import Button, Para, Reply, Span, Style, say
from handlers.telegram.flatten import Row, clean, rows, visible

LIMIT = 4096
DATA_BYTES = 64
BUTTONS = 100
#: Telegram silently drops entities after the hundredth; links and ids found by itself count too.
ENTITIES = 80
TITLE = 1000
ROW = 2500
KEPT = 1200
MORE_ROOM = 120

_log = logging.getLogger(__name__)
_STYLES = {"primary": "primary", "danger": "danger"}
_TAGS = {Style.BOLD: "b", Style.CODE: "code"}


class ButtonTooLongError(ValueError):
    """A button whose line does not fit into Telegram's 64 bytes."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A message as Telegram takes it."""

    html: str
    keyboard: InlineKeyboardMarkup | None


def render(reply: Reply, *, strict: bool = False) -> Drawn:
    """The reply as HTML and keyboard; a button whose line is too long is printed to be typed (`strict`: refused)."""
    fit, unfit = _sorted_buttons(reply.buttons)
    if unfit and strict:
        raise ButtonTooLongError(f"not 1-{DATA_BYTES} bytes, or too many: {[button.line for button in unfit]}")
    if unfit:
        _log.error("buttons do not fit", extra={"action": "telegram_button", "lines": [b.line for b in unfit]})
    shown = _cut(_few_links([*rows(reply), *_typed(unfit)]))
    pen = _Pen(ENTITIES - sum(span.style is Style.LINK for para in shown for span in para.spans))
    return Drawn("\n".join(pen.write(para) for para in shown), _keyboard(fit))


def plain(reply: Reply) -> str:
    """The same facts without markup or keyboard; each button is a line to type."""
    shown = _cut([*rows(reply), *_typed(reply.buttons)], widen=_spelled)
    return "\n".join("".join(span.text for span in para.spans) for para in shown)


def size(text: str) -> int:
    """Length as Telegram counts entities: UTF-16 units, never less than its count of characters."""
    return len(text.encode("utf-16-le")) // 2


def _spelled(para: Para) -> Para:
    """Links written out: plain text has no place for an address behind words."""
    spans = (
        Span(s.text if s.url in s.text or s.url.startswith("tg://") else f"{s.text} ({s.url})") for s in para.spans
    )
    return replace(para, spans=tuple(spans))


def _cut(lines: list[Row], widen: Callable[[Para], Para] = lambda para: para) -> list[Para]:
    """The lines that fit, whole, and a last one that says how many do not."""
    fitted = [replace(r, para=_shortened(widen(r.para), TITLE if n == 0 else ROW)) for n, r in enumerate(lines)]
    if not any(visible(span.text) for row in fitted for span in row.para.spans):
        return [say("…")]
    if sum(_room(row.para) for row in fitted) <= LIMIT:
        return [row.para for row in fitted]
    kept = _kept(fitted)
    left = LIMIT - MORE_ROOM - sum(_room(fitted[n].para) for n in kept)
    above: list[Para] = []
    gone = 0
    for position, row in enumerate(fitted):
        if position in kept:
            continue
        if gone == 0 and _room(row.para) <= left:
            left -= _room(row.para)
            above.append(row.para)
        else:
            gone += 1
    lines_word = "line" if gone == 1 else "lines"
    more = say(f"… and {gone} more {lines_word} that did not fit here" + (":" if kept else "; ask for fewer at once"))
    return [*above, more, *(fitted[n].para for n in sorted(kept))]


def _kept(lines: list[Row]) -> set[int]:
    """Which rows stay though others go: those that say what to type, as far as they are short."""
    kept: set[int] = set()
    budget = KEPT
    for position, row in enumerate(lines):
        if row.keep and _room(row.para) <= budget:
            budget -= _room(row.para)
            kept.add(position)
    return kept


def _room(para: Para) -> int:
    return sum(size(span.text) for span in para.spans) + 1


def _shortened(para: Para, limit: int) -> Para:
    """A single line longer than a message has room for, cut in its source text."""
    if _room(para) <= limit:
        return para
    left = limit - 10
    spans: list[Span] = []
    for span in para.spans:
        if size(span.text) <= left:
            spans.append(span)
            left -= size(span.text)
            continue
        cut = span.text.encode("utf-16-le")[: left * 2].decode("utf-16-le", "ignore")
        return replace(para, spans=(*spans, replace(span, text=cut), Span("… (cut)")))
    return para


def _few_links(lines: list[Row]) -> list[Row]:
    """Links past the limit on entities are spelled out, so that no address is dropped."""
    found: list[Row] = []
    links = 0
    for row in lines:
        links += sum(span.style is Style.LINK for span in row.para.spans)
        found.append(row if links <= ENTITIES else replace(row, para=_spelled(row.para)))
    return found


class _Pen:
    """Writes lines as HTML and stops marking before Telegram would drop marks at random; never nests tags."""

    def __init__(self, marks: int) -> None:
        self._left = marks

    def write(self, para: Para) -> str:
        return "".join(self._span(span, para.quiet) for span in para.spans)

    def _span(self, span: Span, quiet: bool) -> str:
        text = escape(span.text, quote=False)
        if span.style is Style.LINK:
            return f'<a href="{escape(span.url)}">{text}</a>'
        tag = _TAGS.get(span.style, "i" if quiet and span.style is Style.PLAIN else "")
        if not tag or not visible(span.text) or self._left <= 0:
            return text
        self._left -= 1
        return f"<{tag}>{text}</{tag}>"


def _sorted_buttons(buttons: Iterable[Button]) -> tuple[list[Button], list[Button]]:
    fit: list[Button] = []
    unfit: list[Button] = []
    for button in buttons:
        short = 0 < len(button.line.encode("utf-8", "surrogatepass")) <= DATA_BYTES
        usable = short and clean(button.line) == button.line and "\n" not in button.line and visible(button.line)
        (fit if usable and len(fit) < BUTTONS else unfit).append(button)
    return fit, unfit


def _typed(buttons: Iterable[Button]) -> list[Row]:
    return [Row(Para((Span(f"{clean(b.label)}: "), Span(clean(b.line), Style.CODE)))) for b in buttons if b.line]


def _keyboard(buttons: list[Button]) -> InlineKeyboardMarkup | None:
    """Two short labels side by side, a long one alone."""
    lines: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        label = " ".join(clean(button.label).split())
        label = label if visible(label) else button.line
        label = label if len(label) <= 64 else label[:63] + "…"
        one = InlineKeyboardButton(label, callback_data=button.line, style=_STYLES.get(button.style))
        narrow = len(label) <= 18
        if narrow and lines and len(lines[-1]) == 1 and len(lines[-1][0].text) <= 18:
            lines[-1].append(one)
        else:
            lines.append([one])
    return InlineKeyboardMarkup(lines) if lines else None
