"""`holdwatch run` as a person starts it, and the other subcommands beside it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bench.measure import slowness
from tests.cli.started import Bot, holdwatch, running
from tests.patience import PATIENCE

TOKEN = "SAMPLE-token-of-the-board"
_CODE = re.compile(r"send this code .*: ([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})\n")


def loads(number: str) -> str:
    """A list of one load, due tomorrow."""
    eta = (datetime.now(UTC) + timedelta(hours=20)).isoformat(timespec="minutes")
    return f"number,direction,crossing,eta,pars,broker\n{number},CA,Ambassador Bridge,{eta},8SMPPARS10{number},PCB\n"


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "var"


@pytest.fixture(scope="module")
def bot(var: Path) -> Iterator[Bot]:
    """A bot on a bare machine, with a token for its board."""
    with running(var, HOLDWATCH_BOARD_TOKEN=TOKEN) as made:
        yield made


def told(bot: Bot) -> None:
    """Waits until a load of the SAMPLE day was told of: where the machine is slow it may be over since."""
    bot.awaits(lambda: "S101" in bot.said, "it never told of S101")


def test_with_nothing_set_up_it_is_ready_soon_and_a_sample_day_is_on_the_board(bot: Bot) -> None:
    # What a start costs is measured by the bench: here it is only no multiple of that, by what the machine is worth.
    assert bot.ready_cpu < 20 * slowness()
    assert bot.until("/readyz", "ready\n") == "ready\n"
    board = bot.until("/board", "WARN")
    assert "Invented loads" in board
    assert "HOLD" in board
    assert "SAMPLE" in bot.said
    assert bot.url + "/board" in bot.said
    assert bot.get("/metrics").text.count("holdwatch_rows{") >= 4


def test_without_a_terminal_it_prints_cards_and_prompts_for_nothing(bot: Bot) -> None:
    told(bot)
    assert "╭" in bot.said
    assert "› " not in bot.said


def test_ask_answers_beside_it_by_its_own_exit_codes(bot: Bot, var: Path) -> None:
    told(bot)
    asked = holdwatch(var, "ask", "/hold list")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "S101" in holdwatch(var, "ask", "/load S101 status").stdout
    assert holdwatch(var, "ask", "/load 99999 status").returncode in (1, 2)
    nobody = holdwatch(var, "ask", "/hold list", "--as", "Nobody")
    assert nobody.returncode == 1
    assert "there is nobody called" in nobody.stderr


def test_console_is_a_prompt_beside_it(bot: Bot, var: Path) -> None:
    told(bot)
    talked = holdwatch(var, "console", typed="/load S101 status\n/help load\nquit\n")
    assert talked.returncode == 0, talked.stderr
    assert "S101" in talked.stdout
    assert "/load 1234 why" in talked.stdout


def test_a_second_run_is_refused_in_a_sentence(bot: Bot, var: Path) -> None:
    second = holdwatch(var, "run", HOLDWATCH_HTTP="127.0.0.1:0")
    assert second.returncode == 1
    assert "another holdwatch run uses" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_said_in_a_sentence(bot: Bot, tmp_path: Path) -> None:
    other = holdwatch(tmp_path / "var", "run", HOLDWATCH_HTTP=bot.url.removeprefix("http://"))
    assert other.returncode == 1
    assert "can't be listened on" in other.stderr
    assert "HOLDWATCH_HTTP" in other.stderr
    assert "Traceback" not in other.stderr


def test_the_board_is_shut_to_forwarded_and_renamed_requests(bot: Bot) -> None:
    assert bot.get("/board").status_code == 200
    for headers in ({"X-Forwarded-For": "127.0.0.1"}, {"Via": "1.1 x"}, {"Host": "evil.example"}):
        for path in ("/board", "/metrics", "/board/load/sample/2222"):
            assert bot.get(path, **headers).status_code == 401
        assert bot.get("/board", **headers, Authorization=f"Bearer {TOKEN}").status_code == 200
        assert bot.get("/healthz", **headers).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "why"),
    [({"HOLDWATCH_HTTP": "nowhere"}, "HOLDWATCH_HTTP"), ({"SLACK_BOT_TOKEN": "xoxb-SAMPLE"}, "SLACK_APP_TOKEN")],
)
def test_settings_that_cannot_work_are_said_in_a_sentence(tmp_path: Path, wrong: dict[str, str], why: str) -> None:
    said = holdwatch(tmp_path / "var", "run", **wrong)
    assert said.returncode == 1
    assert why in said.stderr
    assert "Traceback" not in said.stderr


def test_an_import_names_its_bad_rows_in_order_and_a_column_that_is_not_there(tmp_path: Path) -> None:
    var = tmp_path / "var"
    good = loads("5504").splitlines()
    rows = [good[0], "5599,MX,,,,", ",CA,,,,", "5500,MX,,,,", good[1]]
    (tmp_path / "loads.csv").write_text("\n".join(rows), "utf-8")
    said = holdwatch(var, "import", "loads.csv", "--dry-run")
    refused = re.findall(r"(?m)^line (\d+): (?:load \S+ )?REFUSED: ", said.stdout)
    assert (said.returncode, said.stderr.strip(), refused) == (1, "", ["2", "3", "4"])
    absent = holdwatch(var, "import", "loads.csv", "--column", "Probill=number")
    assert absent.returncode == 1
    assert "has no column 'Probill'. Nothing was imported." in absent.stderr


def test_loads_of_ones_own_take_the_place_of_the_sample_and_it_stops_cleanly(tmp_path: Path) -> None:
    var = tmp_path / "var"
    with running(var) as bot:
        bot.until("/board", "Invented loads")
        (first,) = _CODE.findall(bot.said)
        (var.parent / "loads.csv").write_text(loads("5501"), "utf-8")
        imported = holdwatch(var, "import", "loads.csv")
        assert imported.returncode == 0, imported.stdout + imported.stderr
        page = bot.until("/board", "5501")
        assert "Invented loads" not in page
        link = re.search(r'href="(/board/load/[^"]+)"', page)
        assert link is not None
        assert "Looked at again" in bot.get(link[1]).text
        (var / "loads" / "today.csv").write_text(loads("5502"), "utf-8")
        bot.until("/board", "5502")
        (var / "loads" / "bad.csv").write_text("number,eta\n5503,soonish\n", "utf-8")
        assert "1 problem" in bot.until("/board", "<b>loads</b>")
        code, seconds = bot.stop()
        assert code == 0
        assert seconds < PATIENCE
    with running(var) as bot:
        assert "Invented loads" not in bot.until("/board", "5501")
        assert "SAMPLE" not in bot.said
        assert _CODE.findall(bot.said) not in ([], [first])
