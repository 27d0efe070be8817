"""The real program, killed with -9: what it had promised is kept, and people see it."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.database import Database
from tests.handlers.telegram.rig import free_port
from tests.patience import until
from tests.standins import customs
from tests.standins.slack import slack_stand_in
from tests.stories.house import HOME
from tests.stories.people import SlackPeople
from tests.stories.real import Real

CONFIG = """
[carriers.home]
name = "SAMPLE Carrier"

[feeds.rns]
source = "cbsa_rns"
settle = "0.05s"

[waits]
cbp = "off"
cbsa = "off"

[policy]
late_entry_grace = "0s"
"""


@asynccontextmanager
async def running(var: Path) -> AsyncIterator[tuple[Real, SlackPeople]]:
    """A program that runs, and Sam in a channel that hears."""
    async with slack_stand_in() as slack:
        people, port = SlackPeople(slack), free_port()
        slack.http.url = f"http://127.0.0.1:{port}/slack/events"
        program = Real(
            var, CONFIG, port, SLACK_BOT_TOKEN=slack.bot_token, SLACK_SIGNING_SECRET=slack.signing_secret,
            SLACK_API_URL=slack.api_url,
        )  # fmt: skip
        await program.start()
        try:
            await program.ready()
            code = re.search(r"(?:[A-Z0-9]{4}-){3}[A-Z0-9]{4}", program.output)
            assert code is not None, program.output
            assert "You are the admin now" in await people.types(f"/holdwatch {code[0]}")
            assert "hears all loads" in await people.types("/route here")
            yield program, people
        finally:
            await program.end()


def _cards(people: SlackPeople) -> list[str]:
    return [s.text for s in people.seen() if not s.under]


def _row(number: str, pars: str) -> str:
    now = datetime.now(HOME)
    eta, papers = now + timedelta(minutes=90), now - timedelta(hours=5)
    return f"{number},CA,Ambassador Bridge,{eta:%Y-%m-%d %H:%M},PCB,{papers:%Y-%m-%d %H:%M},{pars}\n"


def _drop(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "arriving.tmp").write_text(text, "utf-8")
    (folder / "arriving.tmp").rename(folder / name)


def _accepted(pars: str) -> str:
    return customs.rns("9", pars, "12345000067897", f"{datetime.now(HOME):%Y%m%d%H%M}").decode()


HEAD = "number,direction,crossing,eta,broker,papers_sent,pars\n"


async def _killed_while_sending(program: Real, people: SlackPeople, load: str, pars: str, *, sent: bool) -> None:
    """Kills it when the card of a new load is about to be sent, or was sent and that is not recorded yet."""
    before = len(_cards(people))
    people.slack.fault("slow", methods=("chat.postMessage",), seconds=60, done=sent)
    _drop(program.var / "loads", f"{load}.csv", HEAD + _row(load, pars))
    await until(lambda: not people.slack.faults)
    await until(lambda: len(_cards(people)) == before + int(sent))
    await program.end()
    assert len(_cards(people)) == before + int(sent)
    await program.start()
    await until(lambda: len(_cards(people)) == before + 1 + int(sent))


async def test_kill_9_around_a_send_loses_no_card_and_doubles_at_most_one(tmp_path: Path) -> None:
    async with running(tmp_path) as (program, people):
        await _killed_while_sending(program, people, "1234", "SMPLPARS100123", sent=False)
        await _killed_while_sending(program, people, "1300", "SMPLPARS100124", sent=True)
        _drop(tmp_path / "feeds" / "rns", "b.edi", _accepted("SMPLPARS100124"))
        await until(lambda: any("1300 CLEARED" in card for card in _cards(people)))
        assert [bool(re.search(r"\b1234\b", card)) for card in _cards(people)] == [True, False, False]
        assert people.refused() == []


async def test_kill_9_among_many_files_keeps_every_message_once(tmp_path: Path) -> None:
    async with running(tmp_path) as (program, people):
        numbers = [f"SMPLPARS4{n:05}" for n in range(40)]
        _drop(tmp_path / "loads", "a.csv", HEAD + "".join(_row(str(4000 + n), p) for n, p in enumerate(numbers)))
        feed = tmp_path / "feeds" / "rns"
        for number in numbers:
            _drop(feed, f"{number}.edi", _accepted(number))
        await until(lambda: any(feed.glob("done/*/*")))
        await program.end()
        await program.start()
        await until(lambda: len(list(feed.glob("done/*/*"))) >= 40 and not list(feed.glob("*.edi")))
        await until(lambda: any((tmp_path / "loads").glob("done/*/*")))
        code, said = await program.ask("/load 4007 status")
        assert (code, said.split(":")[0]) == (0, "4007 GO, BUT manifest not seen by us")
        assert await _stored(tmp_path) == (41, {"go, but": 40})
        assert people.refused() == []


async def _stored(var: Path) -> tuple[int, dict[str, int]]:
    """How many messages are kept, and how many open loads there are of each answer."""
    database = Database(f"sqlite+aiosqlite:///{var / 'holdwatch.db'}")
    now = datetime.now(UTC)
    try:
        async with database.work("home", now) as work:
            loads = await work.loads.of(await work.loads.open_ids())
        async with database.dock(now) as dock:
            return await dock.raws.count(), dict(Counter(load.answer for load in loads.values()))
    finally:
        await database.close()
