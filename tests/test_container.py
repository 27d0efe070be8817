"""compose.yaml and the Dockerfile agree with each other and with the settings (no engine is needed to see that)."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.cli import cli
from bot.settings import Environment, describe, read_environment

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
TEXT = (ROOT / "compose.yaml").read_text("utf-8")
#: What an operator puts into .env: letters and digits, as the file asks for.
SECRET = "Sample0Secret"


def read_yaml(text: str) -> Any:
    """The part of YAML that compose.yaml is written in: block mappings and lists, plain scalars, lists in brackets."""
    lines = [(len(s) - len(s.lstrip()), s.strip()) for s in text.splitlines() if s.strip() and s.strip()[0] != "#"]
    found, rest = _block(lines, 0)
    assert rest == [], f"not understood: {rest[0]}"
    return found


def _block(lines: list[tuple[int, str]], indent: int) -> tuple[Any, list[tuple[int, str]]]:
    items: list[Any] = []
    named: dict[str, Any] = {}
    while lines and lines[0][0] == indent:
        said, lines = lines[0][1], lines[1:]
        if said.startswith("- "):
            items.append(said[2:])
            continue
        name, colon, value = said.partition(":")
        assert colon and name not in named, f"not understood: {said}"
        if value:
            assert value[0] == " ", f"not understood: {said}"
            named[name] = json.loads(value) if value[1] == "[" else value.strip()
        elif lines and lines[0][0] > indent:
            named[name], lines = _block(lines, lines[0][0])
        else:
            named[name] = None
    assert not (items and named)
    return items or named, lines


COMPOSE = read_yaml(TEXT)
BOT, DATABASE = COMPOSE["services"]["holdwatch"], COMPOSE["services"]["database"]


def filled(text: str) -> str:
    """A value with its variables put in; those that may be absent are."""
    text = re.sub(r"\$\{\w+:\?[^}]*\}", SECRET, text)
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def of_dockerfile(word: str) -> str:
    """What the last line of the Dockerfile that begins with a word says."""
    return re.findall(rf"(?m)^{word} (.*)$", DOCKERFILE)[-1]


def test_the_reader_refuses_what_it_does_not_understand() -> None:
    assert read_yaml("a:\n  - x:y\n  - z\nb: [1]\nc:\n") == {"a": ["x:y", "z"], "b": [1], "c": None}
    for wrong in ("a: 1\na: 2\n", "a\n", "a:1\n", "a: 1\n   b: 2\n"):
        with pytest.raises(AssertionError):
            read_yaml(wrong)


def test_every_variable_that_compose_hands_on_is_a_setting_and_every_secret_is_handed_on() -> None:
    known = {s.name for s in describe() if s.where == "environment"}
    assert set(BOT["environment"]) <= known
    kinds = {str(f.alias): f.annotation for f in Environment.model_fields.values()}
    secrets = {name for name, kind in kinds.items() if kind == SecretStr | None}
    assert secrets and secrets <= set(BOT["environment"])
    for name, value in BOT["environment"].items():
        assert name == "HOLDWATCH_DATABASE_URL" or value == f"${{{name}:-}}"


def test_the_bot_of_compose_finds_the_database_of_compose(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in BOT["environment"].items():
        monkeypatch.setenv(name, filled(value))
    environment = read_environment()
    url, base = make_url(environment.database), {k: filled(v) for k, v in DATABASE["environment"].items()}
    assert COMPOSE["services"][url.host] is DATABASE
    assert (url.username, url.password, url.database) == (
        base["POSTGRES_USER"], base["POSTGRES_PASSWORD"], base["POSTGRES_DB"],
    )  # fmt: skip
    assert url.drivername == "postgresql+asyncpg" and url.port is None
    assert not environment.chats, "an empty token is none"


def test_the_bot_waits_until_its_database_answers_for_its_own_user() -> None:
    assert BOT["depends_on"] == {"database": {"condition": "service_healthy"}}
    command, *arguments = DATABASE["healthcheck"]["test"][1:]
    assert (DATABASE["healthcheck"]["test"][0], command) == ("CMD", "pg_isready")
    base = DATABASE["environment"]
    assert arguments == [f"--username={base['POSTGRES_USER']}", f"--dbname={base['POSTGRES_DB']}"]


def test_what_must_last_stands_on_volumes() -> None:
    mounts = dict(one.split(":") for service in (BOT, DATABASE) for one in service["volumes"])
    assert set(mounts) == set(COMPOSE["volumes"])
    # Images of PostgreSQL up to 17 keep their data there; from 18 on it is /var/lib/postgresql.
    assert re.fullmatch(r"postgres:1[5-7]", DATABASE["image"])
    assert mounts["database"] == "/var/lib/postgresql/data"
    assert (
        mounts["var"]
        == of_dockerfile("VOLUME")
        == f"{of_dockerfile('WORKDIR')}/{Environment.model_fields['var'].default}"
    )
    config = f"{of_dockerfile('WORKDIR')}/{Environment.model_fields['config'].default}"
    assert f"# - ./holdwatch.toml:{config}:ro" in TEXT


def test_the_port_is_the_one_that_the_image_listens_on_and_only_this_machine_reaches_it() -> None:
    listens = re.findall(r"HOLDWATCH_HTTP=0\.0\.0\.0:(\d+)", DOCKERFILE)
    assert [of_dockerfile("EXPOSE")] == listens
    ((host, _, inner),) = (one.split(":") for one in BOT["ports"])
    assert (host, [inner]) == ("127.0.0.1", listens)
    assert "ports" not in DATABASE


def test_the_image_runs_a_command_that_there_is_as_nobody_in_particular() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert json.loads(of_dockerfile("ENTRYPOINT"))[0] in scripts
    assert json.loads(of_dockerfile("CMD"))[0] in {one.name for one in cli.registered_commands}
    assert not {"command", "entrypoint", "user"} & set(BOT)
    assert of_dockerfile("USER").split(":")[0] not in ("0", "root")
    assert "'/healthz'" in DOCKERFILE and '"/healthz"' in (ROOT / "handlers" / "web.py").read_text("utf-8")


def test_the_head_of_the_file_names_what_must_be_in_env() -> None:
    needed = set(re.findall(r"\$\{(\w+):\?", TEXT))
    head = TEXT.partition("services:")[0]
    assert needed and all(f"{name}=" in head for name in needed)
    assert set(re.findall(r"([A-Z_]{5,})=", head)) <= set(re.findall(r"\$\{(\w+):", TEXT))


def test_the_image_copies_only_what_its_context_holds() -> None:
    context = set(re.findall(r"(?m)^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8")))
    copied = [one for line in re.findall(r"(?m)^COPY (?!--)(.*)$", DOCKERFILE) for one in line.split()[:-1]]
    assert copied and {one.rstrip("/") for one in copied} == context
    assert all((ROOT / one).exists() for one in copied)
