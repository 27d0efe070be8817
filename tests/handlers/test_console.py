"""The console: all facts as plain text, cards as they would stand, lines without holding anybody up."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.domain.delivery import Retry, Sent
from bot.domain.route import Account
from handlers.console import CONSOLE, Aside, ConsoleDoor, plain
from handlers.reply import Button, Fields, Form, Input, Line, Para, Reply, Span, Style, Table, Tone, say
from tests.patience import PATIENCE, until

OPERATOR = Account("console", "", "operator", "operator")
FULL = Reply(
    "WARN 1234 HOLD: PARS SMPL1 not matched",
    (
        Para(
            (Span("Call first: ", Style.BOLD), Span("PCB SAMPLE"), Span(" here", Style.LINK, "https://example.test/a"))
        ),
        Para((Span("small print"),), quiet=True),
        Fields((("Truck", "88"), ("Owner", "nobody yet"))),
        Table(("When", "What"), (("10:02", "not matched"), ("10:15", "[bold]asked[/bold]")), "3 more: /load 1234 log"),
    ),
    (Button("Got it", "/load ~k3f9 got it"),),
    Tone.WARN,
    form=Form("New load", "Add", "load", "add", (Input("number", "Number", "as dispatch says it"),)),
)
FACTS = (
    "WARN 1234 HOLD: PARS SMPL1 not matched", "Call first: PCB SAMPLE here", "https://example.test/a", "small print",
    "Truck", "88", "Owner", "nobody yet", "When", "What", "10:02", "not matched", "[bold]asked[/bold]",
    "3 more: /load 1234 log", "Got it", "/load ~k3f9 got it", "Number", "as dispatch says it",
)  # fmt: skip
HOSTILE = "\x1b[2J\x1b]0;title\x07 \r\nOK fake line \u202egpj.exe \x9b31m :boom: [red]x[/red]"


class Terminal:
    """A door with a screen to read, a keyboard to type on, and an entry that remembers."""

    def __init__(self, answer: Callable[[Line], Reply] = lambda line: Reply(f"heard {line.text}")) -> None:
        self.screen = io.StringIO()
        self.lines: list[Line] = []
        self._answer = answer
        self.door = ConsoleDoor(self.entry, OPERATOR, self.screen)

    async def entry(self, line: Line) -> Reply:
        self.lines.append(line)
        return self._answer(line)

    @asynccontextmanager
    async def typing(self) -> AsyncIterator[Callable[[str], int]]:
        """Types while the block runs; its end is the end of input, which ends the loop."""
        read, write = os.pipe()
        with os.fdopen(read, encoding="utf-8") as keyboard:
            self.door = ConsoleDoor(self.entry, OPERATOR, self.screen, keyboard)
            running = asyncio.create_task(self.door.run())
            yield lambda text: os.write(write, text.encode())
            os.close(write)
            await asyncio.wait_for(running, PATIENCE)

    async def shows(self, text: str) -> None:
        await until(lambda: text in self.screen.getvalue())


def test_plain_text_holds_every_fact_of_a_reply() -> None:
    text = plain(FULL)
    assert [fact for fact in FACTS if fact not in text] == []
    assert text.endswith("\n")


async def test_a_card_on_the_terminal_holds_every_fact_of_a_reply() -> None:
    terminal = Terminal()
    assert isinstance(await terminal.door.post(CONSOLE, FULL), Sent)
    shown = " ".join(terminal.screen.getvalue().replace("│", " ").split())
    missing = [fact for fact in FACTS if fact not in shown]
    assert missing == []


async def test_what_people_wrote_cannot_steer_the_terminal_or_fake_a_line() -> None:
    terminal = Terminal()
    reply = Reply(HOSTILE, (say(HOSTILE), Fields(((HOSTILE, HOSTILE),)), Table((HOSTILE,), ((HOSTILE,),), HOSTILE)))
    await terminal.door.post(CONSOLE, reply)
    await terminal.door.post(CONSOLE, reply, thread="1")
    for text in (terminal.screen.getvalue(), plain(reply)):
        assert not {c for c in text if not (c.isprintable() or c == "\n")}
        assert "[red]x[/red]" in text
        assert ":boom:" in text
        assert not [line for line in text.splitlines() if line.strip("│ ").startswith("OK fake")]


async def test_an_edit_prints_the_card_again_as_updated_and_words_stand_under_it() -> None:
    terminal = Terminal()
    first = await terminal.door.post(CONSOLE, Reply("1234 HOLD"))
    assert isinstance(first, Sent)
    assert await terminal.door.edit(CONSOLE, first.ref, Reply("1234 CLEARED")) == first
    await terminal.door.post(CONSOLE, Reply("1234 owned by Maria", (say("until 10:42"),)), thread=first.ref)
    shown = terminal.screen.getvalue()
    assert shown.index("1234 HOLD") < shown.index("1234 CLEARED") < shown.index("updated") < shown.index("↳ 1234 owned")
    assert "      until 10:42" in shown


async def test_a_record_of_the_log_stands_on_its_own_line_and_the_prompt_under_it() -> None:
    terminal = Terminal()
    async with terminal.typing() as type_:
        await terminal.shows("› ")
        Aside(terminal.door).write("a record\n")
        type_("1234\n")
        await terminal.shows("heard 1234")
    assert "› \na record\n› " in terminal.screen.getvalue()


def test_a_line_to_type_is_not_said_twice() -> None:
    said = plain(Reply("Try:", (), (Button("/hold list", "/hold list"), Button("Why", "/load 1234 why"))))
    assert said == "Try:\n  type /hold list\n  [Why] type /load 1234 why\n"


async def test_two_posts_have_different_refs() -> None:
    terminal = Terminal()
    refs = {str(await terminal.door.post(CONSOLE, Reply("a"))) for _ in range(3)}
    assert len(refs) == 3


async def test_lines_are_taken_one_by_one_and_the_end_of_input_ends_the_loop() -> None:
    terminal = Terminal()
    async with terminal.typing() as type_:
        type_("/load 1234 status\n\n  hold ")
        await terminal.shows("heard /load 1234 status")
        type_("list\n/lo")
        await terminal.shows("heard hold list")
    assert [line.text for line in terminal.lines] == ["/load 1234 status", "hold list", "/lo"]
    assert {line.who for line in terminal.lines} == {OPERATOR}
    assert len({line.delivery for line in terminal.lines}) == 3


async def test_another_run_gives_its_lines_other_deliveries() -> None:
    deliveries = set()
    for _ in range(2):
        terminal = Terminal()
        async with terminal.typing() as type_:
            type_("/hold\nquit\n")
        deliveries.add(terminal.lines[0].delivery)
    assert len(deliveries) == 2


async def test_cards_come_while_a_person_is_asked_and_the_prompt_comes_back() -> None:
    terminal = Terminal()
    async with terminal.typing():
        await terminal.shows("› ")
        await terminal.door.post(CONSOLE, Reply("1234 HOLD"))
        assert terminal.screen.getvalue().endswith("› ")


async def test_a_line_that_breaks_is_answered_in_words_and_the_next_one_works() -> None:
    def answer(line: Line) -> Reply:
        if "bad" in line.text:
            raise RuntimeError("SAMPLE secret detail")
        return Reply("fine")

    terminal = Terminal(answer)
    async with terminal.typing() as type_:
        type_("bad\ngood\n")
        await terminal.shows("fine")
    assert "this line was not carried out" in terminal.screen.getvalue()
    assert "secret detail" not in terminal.screen.getvalue()


async def test_without_a_keyboard_there_is_no_loop_and_a_closed_screen_keeps_rows_waiting() -> None:
    terminal = Terminal()
    await asyncio.wait_for(terminal.door.run(), PATIENCE)
    terminal.screen.close()
    assert isinstance(await terminal.door.post(CONSOLE, Reply("1234 HOLD")), Retry)
