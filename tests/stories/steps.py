"""The story, step by step: from the first start to a truck that crossed. `python -m tests.stories.steps` writes
what people saw anew, for reading the difference."""

import asyncio
import re
import tempfile
import textwrap
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.stories.rig import Shown, Story, story

TOLD = Path(__file__).parent / "told"
LOADS = (
    "number,direction,crossing,eta,driver,broker,papers_sent,pars,trip\n"
    "1234,CA,Ambassador Bridge,2026-11-24 14:00,Singh,PCB,2026-11-24 08:30,SMPLPARS100123,SMPLTRIP0001\n"
)


@dataclass(frozen=True)
class Step:
    """One thing that happens; `act` returns what whoever did it read. `shown`: that answer is part of what is told."""

    title: str
    act: Callable[[Story], Awaitable[str]]
    shown: bool = True


def types(title: str, line: str) -> Step:
    """The dispatcher types."""
    return Step(title, lambda it: it.dispatcher.types(line))


def at(title: str, clock: str) -> Step:
    """Time passes."""

    async def passes(it: Story) -> str:
        await it.at(clock)
        return ""

    return Step(title, passes)


def hears(title: str, clock: str, code: str) -> Step:
    """Customs speaks."""

    async def heard(it: Story) -> str:
        await it.at(clock)
        await it.hears(code)
        return ""

    return Step(title, heard)


async def _first(it: Story) -> str:
    return await it.dispatcher.types(f"/holdwatch {await it.admin()}")


async def _list(it: Story) -> str:
    await it.lists(LOADS)
    return ""


async def _invited(it: Story) -> str:
    assert it.telegram is not None
    link = await it.telegram.says("/driver Singh invite", user=it.telegram.maria)
    code = link[link.index("/start ") :].split()[1]
    return await it.telegram.says(f"/start {code}")


async def _taken(it: Story) -> str:
    """By a button, by eyes on the card, or by words under it: all the same."""
    answer = await it.takes("1234")
    assert "You have 1234 until 12:35" in answer, answer
    return ""


START = (Step("the code of the first start", _first), types("this place hears", "/route here"))
DRIVER = (
    types("a driver", "/driver Singh add phone=555-0117"),
    Step("the driver's own chat", _invited),
)
ROAD = (
    Step("a list of loads", _list),
    hears("customs: not on file, and the promise still runs", "09:40", "14+01"),
    at("the promise is over", "11:30"),
    types("why", "/load 1234 why"),
    at("two hours before the ETA", "12:00"),
    at("a few minutes later", "12:05"),
    Step("somebody takes it", _taken),
    hears("customs: accepted", "12:20", "9"),
    types("may it go", "/load 1234 status"),
    at("ten minutes later", "12:30"),
    types("the manifest", "/load 1234 manifest accepted 12:25"),
    types("may it go now", "/load 1234 status"),
    hears("customs: released", "13:50", "4"),
    at("two hours later", "16:10"),
    types("where is it", "/load 1234 status"),
)


def steps(it: Story) -> tuple[Step, ...]:
    """The story as it goes in the chats that there are."""
    return (*START, *(DRIVER if it.telegram else ()), *ROAD)


async def tell(it: Story) -> str:
    """Plays the story undisturbed; what people saw."""
    for step in steps(it):
        answer = await step.act(it)
        await it.settled()
        it.step(step.title, answer)
    return "\n".join(it.told) + "\n"


def written(chat: str) -> str:
    """What people should see."""
    return (TOLD / f"{chat}.txt").read_text("utf-8")


def shown(chat: str) -> tuple[Shown, set[tuple[str, str]]]:
    """What stands at the end of the undisturbed story, and everything that stood there at some time."""
    last: dict[str, tuple[str, str]] = {}
    ever: set[tuple[str, str]] = set()
    for entry in re.split(r"^(?=-- |== )", written(chat), flags=re.MULTILINE):
        head, _, text = entry.partition("\n")
        if found := re.fullmatch(r"-- (\d+) \w+ in (.*)", head):
            last[found[1]] = (found[2], textwrap.dedent(text).rstrip("\n"))
            ever.add(last[found[1]])
    return Counter(last.values()), ever


async def _write(chat: str, transport: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with story(Path(folder), f"sqlite+aiosqlite:///{folder}/holdwatch.db", chat, transport) as it:
            (TOLD / f"{chat}.txt").write_text(await tell(it), "utf-8")


if __name__ == "__main__":
    TOLD.mkdir(exist_ok=True)
    for name, way in (("slack", "http"), ("telegram", "polling"), ("console", "")):
        asyncio.run(_write(name, way))
