"""Fixtures for the Telegram side: a stand-in, and a bare door for deliver's calls."""

from collections.abc import AsyncIterator

import pytest

from tests.handlers.telegram.rig import Rig, running
from tests.standins.telegram import TelegramStandIn, telegram_stand_in


@pytest.fixture
async def tg() -> AsyncIterator[TelegramStandIn]:
    async with telegram_stand_in() as standin:
        yield standin


@pytest.fixture
async def rig(tg: TelegramStandIn) -> AsyncIterator[Rig]:
    async with running(tg) as one:
        yield one
