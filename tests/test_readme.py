"""What the README does not mention does not exist, and what it shows works."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.cli import cli
from bot.feeds.registry import SOURCES
from bot.settings import describe
from handlers.grammar import Command, parse
from handlers.nouns import NOUNS, lines

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8") if (ROOT / "README.md").exists() else ""
CODE = re.findall(r"`([^`\n]+)`", README)
BLOCKS = re.findall(r"(?ms)^```(\w*)\n(.*?)^```", README)


def targets() -> set[str]:
    return set(re.findall(r"(?m)^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8")))


def commands() -> set[str]:
    return {one.name for one in (*cli.registered_commands, *cli.registered_groups) if isinstance(one.name, str)}


def typed() -> list[str]:
    """Every shell line of the README's blocks."""
    shells = (body for language, body in BLOCKS if language in ("sh", "bash", "console"))
    return [line.removeprefix("$ ").strip() for body in shells for line in body.splitlines() if line.strip()]


def missing(names: set[str], text: str = README) -> list[str]:
    return sorted(name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))


def test_there_is_a_readme_with_something_to_type() -> None:
    assert typed()
    assert CODE


def test_every_make_target_is_in_the_readme_and_the_other_way_round() -> None:
    assert missing({f"make {target}" for target in targets() - {"help"}}) == []
    shown = set(re.findall(r"(?<![\w-])make ([a-z]+)(?![\w-])", "\n".join([*CODE, *typed()])))
    assert shown - targets() == set()


def test_every_subcommand_is_in_the_readme_and_the_other_way_round() -> None:
    assert commands()
    assert missing({f"holdwatch {command}" for command in commands()}) == []
    shown = set(re.findall(r"(?:^| |bin/)holdwatch ([a-z]+)", "\n".join([*CODE, *typed()])))
    assert shown - commands() == set()


def test_every_variable_of_the_environment_is_in_the_readme_and_the_other_way_round() -> None:
    variables = {s.name for s in describe() if s.where == "environment"}
    assert missing(variables) == []
    shown = set(re.findall(r"\b(?:SLACK|TELEGRAM|HOLDWATCH)_[A-Z_]+\b", README))
    assert {name.removesuffix("_FILE") for name in shown} - variables == set()


def test_every_default_of_the_environment_is_in_the_readme() -> None:
    assert [s for s in describe() if s.where == "environment" and s.default not in README] == []


def test_every_key_of_carriers_and_feeds_is_in_the_readme() -> None:
    keys = {s.name.split(">.")[1] for s in describe() if s.name.startswith(("carriers.", "feeds."))}
    assert sorted(key for key in keys if f"`{key}`" not in README) == []


def test_the_readme_names_the_file_that_shows_every_other_key() -> None:
    assert missing({"holdwatch.example.toml", "holdwatch.toml"}) == []


def test_every_source_is_in_the_readme() -> None:
    assert sorted(source for source in SOURCES if f"`{source}`" not in README) == []


def test_every_line_that_can_be_typed_is_in_the_readme() -> None:
    assert [verb.example for _, verb in lines() if verb.example not in README] == []
    assert sorted(noun.name for noun in NOUNS if f"`/{noun.name}" not in README) == []


@pytest.mark.parametrize("line", sorted({code for code in CODE if re.match(r"/(?:\w+) ", code)}) or [""])
def test_a_line_shown_in_the_readme_is_understood(line: str) -> None:
    assert isinstance(parse(line), Command), line


def test_every_dependency_is_in_the_readme() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[\[<>=~ ;]", line)[0] for line in project["dependencies"]}
    assert missing({name.lower() for name in names}, README.lower()) == []


def test_every_file_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
