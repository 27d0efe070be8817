"""The story with a kill after each step, and in the middle of each: people see the same, nothing is lost."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.stories.rig import Story, story
from tests.stories.steps import Step, shown, steps, written

#: A crash closes nothing in order.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
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
    await it.settled()


#: Where the other ways are killed; Slack over HTTP is killed after each step.
_SOME = ("a list of loads", "two hours before the ETA", "somebody takes it", "customs: accepted")
_WAYS = [
    ("sqlite", "slack", "http"),
    ("sqlite", "telegram", "polling"),
    ("postgresql", "slack", "socket"),
    ("postgresql", "telegram", "webhook"),
]


@pytest.mark.parametrize(("url", "chat", "transport"), _WAYS, indirect=["url"])
async def test_a_kill_after_a_step_changes_nothing(url: str, chat: str, transport: str, tmp_path: Path) -> None:
    async with story(tmp_path, url, chat, transport) as it:
        for step in steps(it):
            answer = await step.act(it)
            await it.settled()
            if transport == "http" or step.title in _SOME:
                await _killed(it, moved=False)
            it.step(step.title, answer)
        assert it.told == written(chat).splitlines()
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
