"""What a dispatcher types first, all the way to an answer: none of it fails, none of it is answered by silence."""

from pathlib import Path

import pytest

from handlers.console import plain
from handlers.reply import Result
from tests.handlers.commands.desk import Desk, held

_FILE = Path(__file__).parents[1] / "first_tries.txt"


def tries() -> list[tuple[str, bool, bool]]:
    """(what was typed, in the thread of a post, asked about) of each try."""
    found = []
    for row in _FILE.read_text("utf-8").splitlines():
        if row.startswith("#") or "=>" not in row:
            continue
        typed, _arrow, meant = row.partition(" => ")
        thread = typed.startswith("thread: ")
        found.append((typed.removeprefix("thread: "), thread, meant.strip().startswith("?")))
    return found


async def test_every_first_try_gets_an_answer(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    record = await held(desk)
    async with desk.db.work("home", desk.now, write=True) as work:
        (post,) = await work.posts.of_loads([record.id])
        await work.posts.shown(post.id, "17.42", 1)
    wrong = []
    for typed, thread, asked in tries():
        reply = await desk.ask(typed, thread="17.42" if thread else "")
        said = plain(reply)
        if asked and reply.result is Result.OK:
            wrong.append(f"{typed}: done on a guess: {said}")
        if "Something on my side failed" in said or not reply.title.strip():
            wrong.append(f"{typed}: {said}")
        if reply.result is not Result.OK and len(said.splitlines()) < 2 and "nothing" not in said.lower():
            wrong.append(f"{typed}: says not what to type: {said}")
    assert wrong == [], "\n".join(wrong)
    assert [r for r in caplog.records if r.levelname == "ERROR"] == []
