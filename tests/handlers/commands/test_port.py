"""/port and a crossing that is written wrong: what is offered is what may be meant, and nothing that nobody knows."""

import pytest

from tests.handlers.commands.desk import Desk, lines_of


@pytest.mark.parametrize(("typed", "town"), [("Winsdor", "Windsor"), ("Detriot", "Detroit"), ("Sarnai", "Sarnia")])
async def test_a_town_that_is_written_wrong_is_offered_as_the_town(desk: Desk, typed: str, town: str) -> None:
    said = await desk.say(f"/port {typed}")
    assert f"I know no crossing or town “{typed}”. Is it one of these?" in said
    assert lines_of(desk.last) == [f'/port "{town}"']
    assert "unknown" not in said and "Gordie Howe" not in said
    assert "Which" not in await desk.say(lines_of(desk.last)[0])


async def test_a_write_offers_no_crossing_of_which_nobody_knows_whether_trucks_take_it(desk: Desk) -> None:
    await desk.add("1234")
    said = await desk.say("1234 port Winsdor")
    assert "I know no crossing or town “Winsdor”" in said and "Which one is meant?" in said
    assert [line for line in lines_of(desk.last) if "Howe" in line or "Tunnel" in line] == []
    assert any("Ambassador Bridge" in line for line in lines_of(desk.last))


async def test_a_crossing_of_which_nothing_is_known_says_so_in_words(desk: Desk) -> None:
    said = await desk.say("/port Gordie Howe")
    assert "nobody has told us whether trucks cross here" in said and "trucks: unknown" not in said
