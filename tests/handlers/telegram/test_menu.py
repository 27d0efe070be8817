"""The list under the / button."""

import logging

import pytest

from handlers.telegram.menu import commands
from tests.handlers.telegram.rig import running
from tests.standins.telegram import TelegramStandIn

NOUNS = [("load", "Status of a load, and what to do about it"), ("hold", "Open holds, worst first")]


async def test_the_menu_is_put_up_from_the_one_list(tg: TelegramStandIn) -> None:
    async with running(tg, menu=NOUNS):
        await tg.until(lambda: tg.menu)
    assert tg.menu == NOUNS


async def test_a_menu_that_is_refused_does_not_stop_the_bot(
    tg: TelegramStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    maria = tg.user("Maria")
    tg.fail("500", 2, method="setMyCommands")
    async with running(tg, menu=NOUNS):
        tg.message(maria, maria, "/hold")
        assert await tg.answered(maria) == ["heard /hold"]
    assert tg.menu == NOUNS
    assert caplog.text.count("Telegram does not answer as it should") == 1
    assert caplog.text.count("Telegram works again") == 1


@pytest.mark.parametrize("name", ["Load", "load-list", "", "x" * 33, "нагрузка"])
def test_a_name_telegram_would_refuse_is_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match="can't be a Telegram command"):
        commands([(name, "text")])


def test_descriptions_are_one_line_of_at_most_256() -> None:
    assert commands([("load", "a\n  b " + "c" * 300)])[0].description == "a b " + "c" * 252
    with pytest.raises(ValueError, match="needs a description"):
        commands([("load", " ")])
    with pytest.raises(ValueError, match="at most 100"):
        commands([(f"c{n}", "x") for n in range(101)])
