"""The story: from a list of loads to a truck that crossed, as people saw it, by each engine, chat and transport."""

from pathlib import Path

import pytest

from tests.stories.rig import story
from tests.stories.steps import tell, written

WAYS = [("slack", "http"), ("slack", "socket"), ("telegram", "polling"), ("telegram", "webhook"), ("console", "")]


@pytest.mark.parametrize(("chat", "transport"), WAYS)
async def test_people_see_the_same_story(chat: str, transport: str, db_url: str, tmp_path: Path) -> None:
    async with story(tmp_path, db_url, chat, transport) as it:
        assert (await tell(it)).splitlines() == written(chat).splitlines()
        await it.checked()
