"""No answer repeats an account number that somebody typed; a sample in a help text stays."""

import pytest

from handlers.console import plain
from handlers.reply import Result
from storage.database import Database
from tests.handlers.commands.desk import Desk, lines_of

OWN = "987654324RM0003"


@pytest.fixture
async def desk(sqlite_db: Database) -> Desk:
    desk = await Desk(sqlite_db).opened()
    await desk.say("/broker PCB set phone=555-0142")
    await desk.add(more="eta=15:00 importer=ACME")
    return desk


@pytest.mark.parametrize(
    "line",
    [
        f"/load 1234 importer ACNE bn15={OWN}",
        f"/load 1234 importer ACME bn15={OWN}",
        f"/load 1234 importer bn15={OWN}",
        f"/load 1234 importr ACME bn15={OWN}",
        f"/shipper ACNE add bn15={OWN}",
        f"/shipper ACME add bn15={OWN}",
        f"/shipper ACME bn15={OWN}",
        f"/shipper ACME carm bn={OWN}",
        f"/shipper ACME carm bn {OWN}",
        f"/shipper ACME {OWN} carm",
        '/shipper ACME carm bn="987 654 324 RM 0003" rpp=active',
        f"/shipper ACME carm bn={OWN} rpp=active by=Zed",
        "/shipper ACME carm bn=987654324",
        "/load 1234 importer bn15=987654342RM0003",
        f"/load 1235 add to=CA port=Windsor bn15={OWN} importer=ACME pars=SMPLPARS100124",
        f"{OWN}",
        f"bn15={OWN}",
    ],
)
async def test_an_answer_never_repeats_an_account_number(desk: Desk, line: str) -> None:
    reply = await desk.ask(line)
    shown = plain(reply) + " ".join(lines_of(reply)) + str(reply)
    assert "987654" not in "".join(c for c in shown if c.isalnum()), plain(reply)


async def test_what_is_left_out_of_a_line_is_asked_for_again(desk: Desk) -> None:
    reply = await desk.ask(f"/load 1234 importer ACNE bn15={OWN}")
    assert reply.result is Result.UNKNOWN and reply.buttons
    assert all("bn15" not in line for line in lines_of(reply))
    assert "type it again with the line" in plain(reply)


async def test_a_sample_in_a_help_text_stays(desk: Desk) -> None:
    assert "as in 123456782RM0001" in await desk.say(f"/shipper ACME carm bn={OWN[:9]}RT0001x")
    assert "123456782RM0001" in await desk.say("/help shipper")
