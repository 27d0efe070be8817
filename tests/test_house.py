"""The rules of the house, made executable: who may import whom, how long, how plain."""

import ast
import re
import subprocess
import tokenize
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house import EVERYTHING, LAWS, SPOKEN_OF_ELSEWHERE, Law, law_of

ROOT = Path(__file__).parents[1]
OURS = ("bot", "handlers", "storage")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


@dataclass(frozen=True)
class Module:
    """One parsed file."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Line and dotted name of every import, also those made for types only."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    yield node.lineno, whole if whole in names() else node.module


@cache
def names() -> frozenset[str]:
    return frozenset(name_of(p) for top in OURS for p in (ROOT / top).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules(*tops: str) -> tuple[Module, ...]:
    paths = sorted(p for top in tops for p in (ROOT / top).rglob("*.py"))
    texts = ((p, p.read_text("utf-8")) for p in paths)
    return tuple(Module(name_of(p), p, text, ast.parse(text)) for p, text in texts)


def second_level(name: str) -> str:
    """The package that the law speaks of: `bot.domain` for `bot.domain.load`, `storage` for all of storage."""
    parts = name.split(".")
    return parts[0] if parts[0] == "storage" else ".".join(parts[:2])


def refusal(module: Module, name: str, law: Law) -> str | None:
    top = name.split(".")[0]
    if top in OURS:
        return None if law.allows_ours(name) else f"{law.package} may import {law.said} of ours: {law.why}"
    return None if law.allows_outside(top) else f"{law.package} may import {', '.join(law.outside)}: {law.why}"


def test_every_package_has_its_row_in_the_law() -> None:
    unknown = {second_level(m.name) for m in modules(*OURS) if m.text.strip() and law_of(m.name) is None}
    assert unknown == set(), "add a row to LAWS in tests/house.py and to the design"


def test_imports_keep_the_law() -> None:
    refused = {
        f"{module.where}:{line} imports {name}\n    {why}"
        for module in modules(*OURS)
        for law in [law_of(module.name)]
        if law is not None
        for line, name in module.imports()
        for why in [refusal(module, name, law)]
        if why
    }
    assert not refused, "\n" + "\n".join(sorted(refused))


@pytest.mark.parametrize(
    ("module", "imported", "allowed"),
    [
        ("bot.domain.load", "bot.domain.status", True),
        ("bot.domain.load", "storage.work", False),
        ("bot.domain.load", "sqlalchemy", False),
        ("bot.domain.load", "logging", False),
        ("bot.domain.load", "zoneinfo", True),
        ("storage.work", "bot.domain.load", True),
        ("storage.work", "bot.watch.look", False),
        ("bot.watch.ingest", "bot.feeds.protocol", True),
        ("bot.watch.ingest", "bot.feeds.sources.cbsa_rns", False),
        ("bot.feeds.folder", "prometheus_client", True),
        ("handlers.slack.door", "handlers.telegram.door", False),
        ("handlers.slack.door", "storage.work", False),
        ("handlers.slack.door", "slack_bolt", True),
        ("handlers.slack.door", "telegram", False),
        ("handlers.commands.load", "bot.watch.query", True),
        ("handlers.commands.load", "handlers.slack.door", False),
        ("handlers.slack.door", "handlers.entry", True),
        ("handlers.slack.door", "handlers.commands.load", False),
        ("handlers.grammar", "handlers.reply", True),
        ("handlers.grammar", "handlers.entry", False),
        ("handlers.announce", "storage.work", False),
        ("bot.app", "handlers.slack.door", True),
    ],
)
def test_the_law_itself(module: str, imported: str, allowed: bool) -> None:
    law = law_of(module)
    assert law is not None
    top = imported.split(".")[0]
    assert (law.allows_ours(imported) if top in OURS else law.allows_outside(top)) is allowed


def test_packages_import_in_one_direction() -> None:
    arrows: dict[str, set[str]] = {}
    for module in modules(*OURS):
        here = second_level(module.name)
        for _, name in module.imports():
            there = second_level(name)
            if name.split(".")[0] in OURS and there != here:
                arrows.setdefault(here, set()).add(there)
    circles = [path for start in arrows for path in circles_from(start, arrows)]
    assert not circles, "\n".join(" -> ".join(path) for path in circles)


def circles_from(start: str, arrows: dict[str, set[str]]) -> Iterator[list[str]]:
    paths, seen = [[start]], {start}
    while paths:
        path = paths.pop()
        for there in sorted(arrows.get(path[-1], ())):
            if there == start:
                yield [*path, there]
            elif there not in seen:
                seen.add(there)
                paths.append([*path, there])


def test_no_import_is_relative() -> None:
    found = [
        f"{m.where}:{node.lineno}"
        for m in modules(*OURS, "tests")
        for node in ast.walk(m.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert found == []


def test_files_stay_short() -> None:
    long = {m.where: n for m in modules(*OURS, "tests") if (n := len(m.text.splitlines())) >= LONGEST_FILE}
    assert long == {}, f"under {LONGEST_FILE} lines each"


def test_functions_stay_short() -> None:
    long = {
        f"{m.where}:{node.lineno} {node.name}": lines
        for m in modules(*OURS, "tests")
        for node in ast.walk(m.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) >= LONGEST_FUNCTION
    }
    assert long == {}, f"under {LONGEST_FUNCTION} lines each"


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    silent = [m.where for m in modules(*OURS) if m.text.strip() and not ast.get_docstring(m.tree)]
    assert silent == []


def comments_of(path: Path) -> dict[int, str]:
    with tokenize.open(path) as lines:
        return {t.start[0]: t.string for t in tokenize.generate_tokens(lines.readline) if t.type == tokenize.COMMENT}


def test_whoever_catches_everything_says_why() -> None:
    wide = []
    for module in modules(*OURS):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler) and catches_everything(node):
                comments = comments_of(module.path)
                if not {node.lineno - 1, node.lineno, node.lineno + 1} & comments.keys():
                    wide.append(f"{module.where}:{node.lineno}")
    assert wide == [], "a comment on the line, before it or after it"


def catches_everything(node: ast.ExceptHandler) -> bool:
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(kind is None or getattr(kind, "id", "") in ("Exception", "BaseException") for kind in kinds)


def test_time_is_passed_in_and_the_domain_is_pure() -> None:
    clocks = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|monotonic|perf_counter))\(")
    inside = modules("bot/domain", "bot/watch", "storage")
    read = [
        f"{m.where}:{node.lineno}"
        for m in inside
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Call) and clocks.match(f"{ast.unparse(node.func)}(")
    ]
    waits = [
        f"{m.where}:{node.lineno}"
        for m in modules("bot/domain")
        for node in ast.walk(m.tree)
        if isinstance(node, (ast.AsyncFunctionDef, ast.Await)) or (isinstance(node, ast.Name) and node.id == "open")
    ]
    assert (read, waits) == ([], [])


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    here = Path(__file__)
    found = [
        f"{m.where}:{number}"
        for m in modules(*OURS, "tests")
        if m.path != here
        for number, line in enumerate(m.text.splitlines(), 1)
        if later.search(line)
    ]
    assert found == []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_holds_a_path_of_some_machine() -> None:
    # Written in pieces, so that this file does not find itself.
    paths = re.compile(
        r"(?<!\w)(?:"
        + "|".join(("/ro" + "ot/", "/wo" + "rk/", "/ho" + r"me/\w", "/Us" + r"ers/\w", r"C:\\Us" + "ers"))
        + ")"
    )
    found = []
    for path in tracked():
        body = path.read_bytes()
        if b"\0" not in body and paths.search(body.decode("utf-8", "replace")):
            found.append(str(path.relative_to(ROOT)))
    assert found == []


def test_locks_hold_hashes_and_no_address() -> None:
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert [p.name for p in locks] == ["requirements-build.lock", "requirements-dev.lock", "requirements.lock"]
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "--index" not in text, lock.name
        pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line)]
        assert pinned, lock.name
        assert all("==" in line for line in pinned), lock.name
        assert text.count("--hash=sha256:") >= len(pinned), lock.name


def declared(extra: str | None = None) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return {re.split(r"[\[<>=~ ;]", line)[0].lower().replace("_", "-") for line in lines}


def test_every_dependency_is_locked_and_used() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert [d for d in sorted(declared()) if not re.search(rf"(?m)^{re.escape(d)}==", lock)] == []
    imported = {name.split(".")[0] for m in modules(*OURS) for _, name in m.imports()}
    providers = packages_distributions()
    used = {d.lower().replace("_", "-") for top in imported for d in providers.get(top, [])}
    text = "\n".join(m.text for m in modules(*OURS))
    idle = {d for d in declared() - used if not (d in SPOKEN_OF_ELSEWHERE and SPOKEN_OF_ELSEWHERE[d] in text)}
    assert idle == set(), "declared in pyproject.toml, imported nowhere"


def test_nothing_undeclared_is_imported() -> None:
    imported = {name.split(".")[0] for m in modules(*OURS) for _, name in m.imports()} - set(OURS)
    providers = packages_distributions()
    from_whom = {top: {d.lower().replace("_", "-") for d in providers.get(top, [])} for top in imported}
    strangers = {top for top, dists in from_whom.items() if dists and not dists & declared()}
    assert strangers - {"pydantic", "pydantic_core"} == set(), "imported, and not in pyproject.toml"


def test_everything_is_allowed_only_to_the_root() -> None:
    root = {"bot.app", "bot.asking", "bot.cli", "bot.doors", "bot.feedparts", "bot.lines", "bot.sample"}
    assert {law.package for law in LAWS if law.ours == EVERYTHING} == root
