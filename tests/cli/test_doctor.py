"""`holdwatch doctor`: each thing that is wrong is named with what to do, and BAD ends with 1."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from typer.testing import CliRunner

from bot.cli import cli
from bot.cli.examine import Grade, Line, examine
from bot.clock import machine
from bot.config import Config, read_config
from bot.domain.numbers import key_of
from bot.domain.route import Account
from bot.feeds.registry import SOURCES
from handlers.slack.manifest import OPTIONAL, SCOPES
from storage.database import Database
from storage.ids import new_id
from storage.outbox import WORD, OutboxRecord
from storage.people import PersonRecord
from storage.routes import RouteRecord
from tests.cli.house import settings
from tests.standins.telegram import telegram_stand_in

NOW = datetime(2026, 2, 12, 12, tzinfo=UTC)


@dataclass
class FakeSlack:
    """What Slack answers to doctor's two questions."""

    url: str = ""
    ok: bool = True
    scopes: str = ",".join(SCOPES)
    late: timedelta = timedelta()
    socket: bool = True

    async def auth(self, _request: web.Request) -> web.Response:
        body = (
            {"ok": True, "team": "SAMPLE", "user": "holdwatch"} if self.ok else {"ok": False, "error": "invalid_auth"}
        )
        date = format_datetime(datetime.now(UTC) - self.late, usegmt=True)
        return web.json_response(body, headers={"X-OAuth-Scopes": self.scopes, "Date": date})

    async def connect(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True} if self.socket else {"ok": False, "error": "not_allowed_token_type"})


@asynccontextmanager
async def fake_slack(**values: Any) -> AsyncIterator[FakeSlack]:
    slack = FakeSlack(**values)
    app = web.Application()
    app.add_routes([web.post("/api/auth.test", slack.auth), web.post("/api/apps.connections.open", slack.connect)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()


def config(tmp_path: Path) -> Config:
    return read_config(None, tmp_path, SOURCES)


async def seen(tmp_path: Path, url: str = "", **values: Any) -> dict[str, Line]:
    """Doctor's lines by what they are about."""
    found = await examine(settings(tmp_path, database_url=url, **values), config(tmp_path))
    return {line.about: line for line in found}


async def test_an_empty_installation_has_warnings_and_nothing_bad(tmp_path: Path) -> None:
    lines = await seen(tmp_path / "var")
    assert [line for line in lines.values() if line.grade is Grade.BAD] == []
    assert lines["database"].grade is Grade.WARN
    assert "holdwatch run" in lines["database"].todo
    assert "no chat is set up" in lines["settings"].what
    assert not (tmp_path / "var").exists(), "doctor changes nothing"
    assert "not checked" in lines["clock"].what
    assert any(line.about == "not proven" for line in lines.values())


async def test_no_place_that_hears_is_loud_and_a_place_that_is_off_is_said(tmp_path: Path, sqlite_url: str) -> None:
    async with fake_slack() as slack:
        tokens = {"slack_bot_token": "xoxb-SAMPLE", "slack_app_token": "xapp-SAMPLE", "slack_api_url": slack.url}
        lines = await seen(tmp_path, sqlite_url, **tokens)
        assert lines["places"].grade is Grade.BAD
        assert "NO PLACE HEARS" in lines["places"].what
        database = Database(sqlite_url)
        async with database.work("home", NOW, write=True) as work:
            for name in ("day", "night"):
                await work.routes.save(RouteRecord(new_id(), "slack", "T1", f"C{name}", name, "sam", NOW))
            await work.routes.off((await work.routes.all())[1].place, "channel archived", NOW)
        await database.close()
        line = (await seen(tmp_path, sqlite_url, **tokens))["places"]
    assert line.grade is Grade.WARN
    assert "day hear" in line.what
    assert "night (channel archived)" in line.what


async def test_tokens_scopes_and_clock_are_asked_of_slack(tmp_path: Path, sqlite_url: str) -> None:
    tokens = {"slack_bot_token": "xoxb-SAMPLE", "slack_app_token": "xapp-SAMPLE"}
    async with fake_slack() as slack:
        lines = await seen(tmp_path, sqlite_url, slack_api_url=slack.url, **tokens)
        assert {lines[a].grade for a in ("slack", "slack scopes", "slack events", "clock")} == {Grade.OK}
        slack.scopes = ",".join(SCOPES.keys() - OPTIONAL)
        few = (await seen(tmp_path, sqlite_url, slack_api_url=slack.url, **tokens))["slack scopes"]
        assert few.grade is Grade.WARN and "heard only with a mention" in few.what
        slack.scopes, slack.late, slack.socket = "chat:write,commands", timedelta(minutes=6), False
        lines = await seen(tmp_path, sqlite_url, slack_api_url=slack.url, **tokens)
        assert {lines[a].grade for a in ("slack scopes", "slack events", "clock")} == {Grade.BAD}
        assert "users:read" in lines["slack scopes"].what
        assert "NTP" in lines["clock"].todo
        slack.late = timedelta(minutes=2)
        assert (await seen(tmp_path, sqlite_url, slack_api_url=slack.url, **tokens))["clock"].grade is Grade.WARN
        slack.ok = False
        lines = await seen(tmp_path, sqlite_url, slack_api_url=slack.url, **tokens)
        assert lines["slack"].grade is Grade.BAD
        assert "invalid_auth" in lines["slack"].what
    lines = await seen(tmp_path, sqlite_url, slack_api_url=slack.url, **tokens)
    assert lines["slack"].grade is Grade.BAD
    assert "does not answer" in lines["slack"].what
    assert "SAMPLE" not in "".join(line.what + line.todo for line in lines.values())


async def test_telegram_is_asked_and_its_token_never_printed(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_stand_in() as telegram:
        known = {"telegram_bot_token": telegram.token, "telegram_api_url": telegram.url}
        lines = await seen(tmp_path, sqlite_url, **known)
        assert telegram.bot.username in lines["telegram"].what
        lines = await seen(tmp_path, sqlite_url, **{**known, "telegram_bot_token": "1:SAMPLE-wrong"})
        assert lines["telegram"].grade is Grade.BAD
    lines = await seen(tmp_path, sqlite_url, **known)
    assert lines["telegram"].grade is Grade.BAD
    assert telegram.token not in "".join(line.what + line.todo for line in lines.values())


async def test_feeds_and_people_are_looked_at(tmp_path: Path, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.dock(machine(), write=True) as dock:
        await dock.feeds.ensure("rns", "dead", machine() - timedelta(hours=3))
        await dock.feeds.ensure("notices", "can't tell", machine() - timedelta(hours=3))
        await dock.feeds.ensure("broker", "alive", machine() - timedelta(hours=3))
    async with database.work("home", NOW, write=True) as work:
        people = [PersonRecord(new_id(), n, key_of(n), r, NOW) for n, r in (("Maria", "admin"), ("Singh", "driver"))]
        bound = PersonRecord(new_id(), "Lee", "LEE", "driver", NOW)
        await work.people.add([*people, bound])
        await work.people.link(Account("telegram", "", "7"), bound.id)
    await database.close()
    lines = await seen(tmp_path, sqlite_url)
    assert lines["feed rns"].grade is Grade.BAD
    assert "dead for 3 h" in lines["feed rns"].what
    assert "heartbeat_file" in lines["feed notices"].what
    assert lines["feed broker"].grade is Grade.OK
    assert lines["admins"].what == "Maria"
    assert "Singh" in lines["drivers"].what
    assert "Lee" not in lines["drivers"].what


async def test_a_database_that_is_not_one_is_bad_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "holdwatch.db").write_bytes(b"SAMPLE: not a database" * 100)
    line = (await seen(tmp_path))["database"]
    assert line.grade is Grade.BAD
    assert line.todo


def test_bad_ends_with_1_and_settings_that_cannot_be_read_are_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "HOLDWATCH_DATABASE_URL", "HOLDWATCH_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOLDWATCH_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("HOLDWATCH_HTTP", "127.0.0.1:1")
    result = CliRunner().invoke(cli, ["doctor"], catch_exceptions=False)
    assert result.exit_code == 0
    assert " 0 BAD" in result.stdout
    (tmp_path / "holdwatch.toml").write_text("[feeds.rns]\nsauce = 'x'\n", "utf-8")
    result = CliRunner().invoke(cli, ["doctor"], catch_exceptions=False)
    assert result.exit_code == 1
    assert "BAD" in result.stdout
    assert "feeds.rns.sauce is not a setting" in result.stdout


async def test_messages_of_a_carrier_that_left_the_settings_are_shown(tmp_path: Path, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.work("gone", NOW, write=True) as work:
        await work.outbox.words([OutboxRecord(new_id(), WORD, "slack", "T1", "C1", "a", NOW, NOW)])
    await database.close()
    line = (await seen(tmp_path, sqlite_url))["carrier gone"]
    assert line.grade is Grade.WARN
    assert "1 messages wait" in line.what
    assert "put it back" in line.todo


async def test_what_a_source_takes_for_true_without_proof_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "holdwatch.toml"
    file.write_text('[feeds.ace]\nsource = "ace_truck_350"\n')
    lines = await examine(settings(tmp_path), read_config(file, tmp_path, SOURCES))
    weak = [line.what for line in lines if line.about == "not proven" and "of ace_truck_350" in line.what]
    assert any(what.startswith("trip of ace_truck_350: that M10-06") for what in weak)
