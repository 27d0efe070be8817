"""`holdwatch doctor`: what is wrong with this installation and what to do, a line each."""

import asyncio
from collections import Counter

import typer
from rich.console import Console
from rich.text import Text

from bot.cli.common import settings
from bot.cli.examine import Grade, Line, examine
from bot.domain.errors import HoldwatchError
from handlers.visible import visible

_COLOURS = {Grade.OK: "green", Grade.WARN: "yellow", Grade.BAD: "bold red"}


def doctor() -> None:
    """Looks at settings, database, chats, places, feeds, clock and people; exit code 1 when something is BAD."""
    try:
        environment, config = settings()
    except HoldwatchError as why:
        lines = [Line(Grade.BAD, "settings", str(why), "mend that, then run holdwatch doctor again")]
    else:
        lines = asyncio.run(examine(environment, config))
    _say(lines)
    raise typer.Exit(1 if any(line.grade is Grade.BAD for line in lines) else 0)


def _say(lines: list[Line]) -> None:
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    width = max(len(line.about) for line in lines)
    for line in lines:
        text = Text(f"{line.grade.value:<5}", style=_COLOURS[line.grade])
        text.append(f"{visible(line.about):<{width}}  ", style="bold")
        text.append(visible(line.what), style="none")
        console.print(text)
        if line.todo:
            console.print(Text(f"{'':<{width + 7}}→ {visible(line.todo)}", style="none"))
    count = Counter(line.grade for line in lines)
    console.print(f"{count[Grade.OK]} OK, {count[Grade.WARN]} WARN, {count[Grade.BAD]} BAD")
