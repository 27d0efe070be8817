"""The console: cards as they would stand in chat, words under them, and a prompt where there is a terminal."""

import asyncio
import codecs
import contextlib
import io
import logging
import os
import secrets
import threading
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import TextIO

from rich.box import ROUNDED
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as Grid
from rich.text import Text

from bot.domain.delivery import Outcome, Retry, Sent
from bot.domain.route import Account, Place
from handlers.reply import Fields, Line, Para, Part, Reply, Span, Style, Table, Tone, refused
from handlers.visible import visible
from handlers.words import _

log = logging.getLogger(__name__)

CONSOLE = Place("console", "", "terminal")
PROMPT = "› "
Entry = Callable[[Line], Awaitable[Reply]]

_COLOURS = {
    Tone.INFO: "cyan",
    Tone.GO: "green",
    Tone.WARN: "yellow",
    Tone.URGENT: "dark_orange",
    Tone.CRITICAL: "bold red",
    Tone.DONE: "green",
}
_STYLES = {Style.BOLD: "bold", Style.CODE: "cyan", Style.LINK: "underline"}
#: A panel wider than this is hard to read.
_WIDEST = 110
_QUIT = frozenset({"quit", "exit", "/quit", "/exit"})


def plain(reply: Reply) -> str:
    """The whole Reply as plain text, every fact of it, one line or table row a line."""
    lines = [visible(reply.title)]
    for part in reply.body:
        lines += [f"  {line}" for line in _lines(part)]
    lines += [f"  {_typed(button.label, button.line)}" for button in reply.buttons]
    if reply.form is not None:
        lines += [f"  {visible(i.label)}: {visible(i.hint)}".rstrip(": ") for i in reply.form.inputs]
    return "\n".join(lines) + "\n"


def _lines(part: Part) -> Iterator[str]:
    match part:
        case Para(spans):
            yield "".join(map(_span, spans)).strip()
        case Fields(pairs):
            yield from (f"{visible(name)}: {visible(value)}" for name, value in pairs)
        case Table(header, rows, more):
            yield from _columns([header, *rows])
            if more:
                yield visible(more)


def _span(span: Span) -> str:
    text = _kept(span.text)
    return f"{text} <{visible(span.url)}>" if span.style is Style.LINK and span.url != span.text else text


def _kept(text: str) -> str:
    """A visible run that keeps the blanks at its ends, which part it from the next run."""
    return " " * text.startswith(" ") + visible(text) + " " * (text.endswith(" ") and bool(text.strip()))


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    shown = [[visible(cell) for cell in row] for row in rows]
    widths = [max((cell_len(row[n]) for row in shown if n < len(row)), default=0) for n in range(len(shown[0]))]
    for row in shown:
        cells = (c + " " * (w - cell_len(c)) for c, w in zip(row, widths, strict=False))
        yield "  ".join(cells).rstrip()


def _typed(label: str, line: str) -> str:
    if label == line:
        return _("type {line}").format(line=visible(line))
    return _("[{label}] type {line}").format(label=visible(label), line=visible(line))


class ConsoleDoor:
    """A terminal as a chat: `post` and `edit` print, `run` reads lines without holding anybody up."""

    def __init__(self, entry: Entry, who: Account, out: TextIO, typed: TextIO | None = None) -> None:
        self._entry = entry
        self._who = who
        self._typed = typed
        # Text objects only: rich's own markup, emoji codes and highlighting must not read what people wrote.
        self._console = Console(file=out, markup=False, emoji=False, highlight=False)
        self._asking = False
        self._posted = 0
        # A delivery is remembered for days: another run's first line is another line.
        self._session = secrets.token_hex(8)

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        """Prints a card, or under a thread its words; `Sent` with a number of our own."""
        self._posted += 1
        shown = self._word(reply) if thread else self._card(reply)
        return self._say(shown, f"{place.external}-{self._posted}")

    async def edit(self, place: Place, ref: str, reply: Reply, *, thread: str = "") -> Outcome:
        """Prints the card again, marked as updated."""
        return self._say(self._card(reply, _("updated")), ref)

    def pace(self, place: Place) -> timedelta:
        """A terminal takes text at any pace."""
        return timedelta()

    def note(self, text: str) -> None:
        """Prints a line of the log on a line of its own, above the prompt."""
        with contextlib.suppress(OSError, ValueError):
            asking, self._asking = self._asking, False
            self._console.file.write("\n" * asking + text)
            if asking:
                self._prompt()

    def answer(self, reply: Reply) -> None:
        """Prints what came back for a typed line."""
        with contextlib.suppress(OSError, ValueError):
            self._print(Group(Text(visible(reply.title), style=_COLOURS[reply.tone]), Padding(_body(reply), (0, 2))))

    async def run(self) -> None:
        """Takes lines until the end of input; returns at once where there is no terminal."""
        if self._typed is None:
            return
        lines: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        # A thread of its own, not of the pool: a read that waits for a person must not hold up a clean stop.
        threading.Thread(target=_read, args=(self._typed, loop, lines), daemon=True, name="console").start()
        count = 0
        while True:
            self._prompt()
            line = await lines.get()
            self._asking = False
            if not line or line.strip().lower() in _QUIT:
                return
            if line.strip():
                count += 1
                self.answer(await self._ask(line.strip(), count))

    async def _ask(self, line: str, count: int) -> Reply:
        try:
            return await self._entry(Line(line, self._who, CONSOLE, f"console:{self._session}:{count}"))
        except Exception:  # people read words, never a stack trace; the log has it
            log.exception("a line failed", extra={"action": "console.line_failed"})
            return refused(
                _("That broke on our side: this line was not carried out and nothing was changed by it."),
                _("Type it once more. If it breaks again, the log has the details."),
            )

    def _prompt(self) -> None:
        self._asking = True
        with contextlib.suppress(OSError, ValueError):
            self._console.file.write(PROMPT)
            self._console.file.flush()

    def _say(self, shown: RenderableType, ref: str) -> Outcome:
        try:
            self._print(shown)
        except (OSError, ValueError) as error:
            # The terminal is closed: rows keep until there is one again.
            return Retry(None, f"the terminal takes no more text ({type(error).__name__})")
        return Sent(ref)

    def _print(self, shown: RenderableType) -> None:
        if self._asking:
            # The prompt, and what is half typed after it, stays above; what was typed is still in the input.
            self._console.file.write("\n")
        self._console.print(shown, width=min(self._console.width, _WIDEST))
        if self._asking:
            self._prompt()

    def _card(self, reply: Reply, note: str = "") -> RenderableType:
        colour = _COLOURS[reply.tone]
        body = Group(Text(visible(reply.title), style="bold"), _body(reply))
        return Panel(body, box=ROUNDED, border_style=colour, subtitle=Text(note) if note else None, expand=True)

    def _word(self, reply: Reply) -> RenderableType:
        title = Text(f"↳ {visible(reply.title)}", style=_COLOURS[reply.tone])
        return Padding(Group(title, Padding(_body(reply), (0, 2))), (0, 0, 0, 4))


class Aside(io.TextIOBase):
    """What the log writes to while there is a prompt, so that a record does not end in a half-typed line."""

    def __init__(self, door: ConsoleDoor) -> None:
        self._door = door

    def write(self, text: str) -> int:
        """A record of the log, whole."""
        self._door.note(text)
        return len(text)


def _read(typed: TextIO, loop: asyncio.AbstractEventLoop, lines: asyncio.Queue[str]) -> None:
    """Hands lines over until input ends ('' at its end); the loop may be gone by then."""
    decoder = codecs.getincrementaldecoder(typed.encoding or "utf-8")("replace")
    rest = ""
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        # Not through the stream: a thread that waits inside it would make the interpreter's own end fail.
        while data := os.read(typed.fileno(), 4096):
            *whole, rest = (rest + decoder.decode(data)).split("\n")
            for line in whole:
                loop.call_soon_threadsafe(lines.put_nowait, line + "\n")
        if rest:
            loop.call_soon_threadsafe(lines.put_nowait, rest)
        loop.call_soon_threadsafe(lines.put_nowait, "")


def _body(reply: Reply) -> RenderableType:
    shown = [_part(part) for part in reply.body]
    shown += [Text(_typed(b.label, b.line), style="dim") for b in reply.buttons]
    if reply.form is not None:
        shown += [Text(f"{visible(i.label)}: {visible(i.hint)}".rstrip(": ")) for i in reply.form.inputs]
    return Group(*shown)


def _part(part: Part) -> RenderableType:
    if isinstance(part, Para):
        text = Text(style="dim" if part.quiet else "")
        for span in part.spans:
            text.append(_span(span), style=_STYLES.get(span.style, ""))
        return text
    if isinstance(part, Fields):
        grid = Grid.grid(padding=(0, 2))
        grid.add_column(style="dim")
        for name, value in part.pairs:
            grid.add_row(Text(visible(name)), Text(visible(value)))
        return grid
    return _grid(part)


def _grid(part: Table) -> RenderableType:
    grid = Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name in part.header:
        grid.add_column(Text(visible(name)), style="")
    for row in part.rows:
        grid.add_row(*(Text(visible(cell)) for cell in row))
    return Group(grid, Text(visible(part.more), style="dim")) if part.more else grid
