"""The story with a kill after each step, and in the middle of each: people see the same, nothing is lost."""

import asyncio
import shutil
import time
from pathlib import Path

import pytest

from tests.standins.holds import Holds
from tests.stories.program import TerminalPeople
from tests.stories.rig import Story, story
from tests.stories.steps import Step, shown, steps, written

#: A crash closes nothing in order.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
_POST, _EDIT = "chat.postMessage", "chat.update"


async def _killed(it: Story, *, moved: bool = True) -> None:
    """A crash, and a new start. Not `moved`: it came after a message was kept and before its file was moved away."""
    await it.house.kill()
    if not moved:
        for folder in (it.var / "loads", *(it.var / "feeds").glob("*")):
            for file in folder.glob("done/*/*"):
                shutil.move(file, folder / file.name)
    await it.house.open()
    await _heard(it)


async def _heard(it: Story) -> None:
    """What a chat still has to hand over is heard, and all is said."""
    await it.house.until(lambda: _handed_over(it))
    await it.settled()


def _handed_over(it: Story) -> bool:
    """Whether the program has taken what people wrote in Telegram, which brings it until then."""
    return it.telegram is None or not it.telegram.telegram.updates.pending


#: Engine, chat, transport.
_WAYS = [
    (engine, *way)
    for engine in ("sqlite", "postgresql")
    for way in (
        ("slack", "http"),
        ("slack", "socket"),
        ("telegram", "polling"),
        ("telegram", "webhook"),
        ("console", ""),
    )
]


@pytest.mark.parametrize(("url", "chat", "transport"), _WAYS, indirect=["url"])
async def test_a_kill_9_after_every_step_changes_nothing(url: str, chat: str, transport: str, tmp_path: Path) -> None:
    """One run that is killed after each of its steps.

    That is no weaker than a run for each: after every kill, what people saw must be to the letter what the undisturbed
    story showed until then, so a step that a kill harms fails at once and not only at the end. And it is stronger: each
    life but the first goes on from what a killed one left, and what one kill harms unseen the next ones bring to light.
    """
    async with story(tmp_path, url, chat, transport, process=True) as it:
        for step in steps(it):
            answer = await step.act(it)
            await it.settled()
            await _killed(it, moved=False)
            assert sum(one.forgives() for one in it.chats) <= 1
            it.step(step.title, answer)
            assert it.told == written(chat).splitlines()[: len(it.told)]
        assert it.told == written(chat).splitlines()
        assert it.house.kills == len(steps(it))
        await it.checked()


class Middle:
    """Has every message of the outbox hang twice on its way, in whatever chat, and says when one does."""

    def __init__(self, it: Story) -> None:
        self._holds = Holds(_outgoing)
        #: Messages that were under way beside the one that hung: they may have arrived, and come again.
        self.beside = 0
        self._paper = it.console.paper if isinstance(it.console, TerminalPeople) else None
        if it.slack is not None:
            it.slack.slack.holds = self._holds
        if it.telegram is not None:
            it.telegram.telegram.holds = self._holds
        if self._paper is not None:
            self._paper.with_suffix(".came").write_text("{}", "utf-8")

    def hangs(self) -> bool:
        """Whether a message hangs now."""
        held = self._paper.with_suffix(".held") if self._paper is not None else None
        if held is not None and held.exists():
            return True
        return bool(self._holds.held)

    def passes(self) -> None:
        """The program is dead: what hung hangs no more."""
        if self._paper is not None and self.hangs():
            held = self._paper.with_suffix(".held")
            self._holds.arrived += ["sendmessage"] * (held.read_text("utf-8") == "after")
            self._holds.came["print", str(sum(self._holds.came.values()))] += 1
            held.unlink()
        self._holds.held = ""

    async def ends(self, it: Story) -> None:
        """No message hangs any more; one that did just now costs a last life."""
        if self._paper is not None:
            self._paper.with_suffix(".came").unlink()
        self._holds.meant = lambda method, text: False
        if self.hangs():
            await it.house.kill()
            self.passes()
            await it.house.open()
        await _heard(it)

    @property
    def hung(self) -> int:
        """How often one hung."""
        return sum(min(n, 2) for n in self._holds.came.values())

    @property
    def doubled(self) -> int:
        """How many new messages arrived while nobody could note it."""
        return sum(method in ("chat.postMessage", "sendmessage") for method in self._holds.arrived)


def _outgoing(method: str, text: str) -> bool:
    """Cards and words of the load; an answer is no message of the outbox."""
    return method in (_POST, _EDIT, "sendmessage", "editmessagetext") and "1234" in text


async def _comes(it: Story, acting: "asyncio.Future[str]", middle: Middle) -> str:
    """What comes next: a message `hangs`, all is `settled`, or whoever acts hears `nothing`, for ten seconds."""
    since = time.monotonic()
    while not middle.hangs():
        acted = acting.done()  # asked first: what is done while we look at the rest may bring more of it
        quiet = _handed_over(it) and await it.quiet()
        if acted and (quiet or acting.exception() is not None):
            return "nothing" if acting.exception() is not None else "settled"
        if not quiet:
            since = time.monotonic()
        elif time.monotonic() > since + 10.0:
            return "nothing"
        it.house.lives()
        it.house.app.wake()
        await asyncio.sleep(0.01)
    return "hangs"


async def _under_way(it: Story) -> int:
    """How many messages the program had begun to send when it died, and noted no end of."""
    async with it.house.app.database.dock(it.now) as dock:
        found = await dock.unit.connection.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE state = 'waiting' AND lease_by <> ''"
        )
        return int(found.scalar_one())


async def _through(it: Story, step: Step, middle: Middle) -> None:
    """A step with a kill -9 whenever a message hangs. Who got no answer acts again."""
    acting = asyncio.ensure_future(step.act(it))
    for _ in range(40):
        match await _comes(it, acting, middle):
            case "settled":
                return
            case "nothing":
                acting.cancel()
                await asyncio.wait({acting})
                acting = asyncio.ensure_future(step.act(it))
            case _:
                await asyncio.wait({acting}, timeout=0.3)
                await it.house.kill()
                middle.beside += max(0, await _under_way(it) - 1)
                middle.passes()
                await it.house.open()
    raise AssertionError("it never came to an end")


@pytest.mark.parametrize(("url", "chat", "transport"), _WAYS, indirect=["url"])
async def test_a_kill_9_before_and_after_each_message_arrives_doubles_at_most_that_one(
    url: str, chat: str, transport: str, tmp_path: Path
) -> None:
    """One run in which the program is killed when a message is about to arrive, and when the same comes again, after
    it arrived and before that is noted: for every card, edit and word of the story."""
    async with story(tmp_path, url, chat, transport, process=True) as it:
        middle = Middle(it)
        for step in steps(it):
            await _through(it, step, middle)
        await middle.ends(it)
        assert sum(one.forgives() for one in it.chats) <= it.house.kills
        last, ever = shown(chat)
        assert not last - it.final(), "something was never told"
        more = it.final() - last
        assert set(more) <= ever
        assert it.house.kills == middle.hung
        assert middle.hung >= 8  # words that wait together are told as one
        assert more.total() <= middle.doubled + middle.beside
        await it.checked()


async def _interrupted(it: Story, step: Step, method: str, *, sent: bool) -> str:
    """A step in the middle of which the program is killed: when its first post or edit is about to be sent, or
    was sent and that is not yet recorded. Who got no answer types again."""
    assert it.slack is not None
    faults = it.slack.slack.faults
    it.slack.slack.fault("slow", methods=(method,), seconds=60, done=sent)
    acting = asyncio.ensure_future(step.act(it))
    settling = asyncio.create_task(_then_settled(it, acting))
    while faults and not settling.done():
        await asyncio.sleep(0.002)
    if faults:
        faults.clear()
        await settling
        return acting.result()
    await asyncio.wait({acting}, timeout=0.3)
    await asyncio.sleep(0.05)
    answered = acting.done()
    acting.cancel()
    settling.cancel()
    await asyncio.wait({acting, settling})
    await it.house.kill()
    await it.house.open()
    answer = acting.result() if answered else await step.act(it)
    await it.settled()
    return answer


async def _then_settled(it: Story, acting: "asyncio.Future[str]") -> None:
    await asyncio.shield(acting)
    await it.settled()


#: Engine, what is on its way, whether it arrived, and how often that happens in the story.
_MIDDLES = [
    ("sqlite", _POST, False, 4),
    ("sqlite", _POST, True, 4),
    ("sqlite", _EDIT, False, 3),
    ("sqlite", _EDIT, True, 3),
    ("postgresql", _POST, True, 4),
]


@pytest.mark.parametrize(("url", "method", "sent", "kills"), _MIDDLES, indirect=["url"])
async def test_a_kill_around_each_message_doubles_only_that_one(
    url: str, method: str, sent: bool, kills: int, tmp_path: Path
) -> None:
    async with story(tmp_path, url, "slack", "http") as it:
        for step in steps(it):
            await _interrupted(it, step, method, sent=sent)
        assert it.house.kills == kills
        last, ever = shown("slack")
        assert not last - it.final(), "something was never told"
        more = it.final() - last
        assert set(more) <= ever
        assert more.total() == (kills if sent and method == _POST else 0)
        await it.checked()
