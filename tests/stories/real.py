"""The real program: `holdwatch run` as a process of its own, on an SQLite file, which a test kills and starts again."""

import asyncio
import contextlib
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import aiohttp

from tests.cli.started import command, environment
from tests.patience import PATIENCE, until


class Real:
    """One installation in a folder; each life of it is a process."""

    def __init__(self, var: Path, config: str, port: int, **settings: str) -> None:
        self.var = var
        self.port = port
        file = var / "holdwatch.toml"
        file.write_text(config, "utf-8")
        self.environment = environment(var, HOLDWATCH_CONFIG=str(file), HOLDWATCH_HTTP=f"127.0.0.1:{port}", **settings)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Begins a life."""
        with (self.var / "output").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *command("run"), env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
            )

    async def ready(self, path: str = "/readyz") -> None:
        """Waits until it says of itself that it is; by `/healthz`, that it lives."""
        async with aiohttp.ClientSession() as session:
            await self.until(lambda: self._says(session, path))

    async def _says(self, session: aiohttp.ClientSession, path: str) -> bool:
        try:
            async with session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def until(self, met: Callable[[], object]) -> None:
        """Waits until something is the case; the program must not end meanwhile."""

        def holds() -> object:
            assert self._process is not None and self._process.returncode is None, self.output
            return met()

        await until(holds, 0.02)

    @property
    def output(self) -> str:
        """What it printed, in all its lives."""
        return (self.var / "output").read_text("utf-8")

    async def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Ends a life, by kill -9 where nothing else is said."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        await asyncio.wait_for(self._process.wait(), PATIENCE)

    async def ask(self, line: str) -> tuple[int, str]:
        """`holdwatch ask` beside it: its exit code and what it said."""
        return await self.beside("ask", line)

    async def beside(self, *words: str) -> tuple[int, str]:
        """Another command beside it: its exit code and what it said."""
        asked = await asyncio.create_subprocess_exec(
            *command(*words), env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await asyncio.wait_for(asked.communicate(), PATIENCE)
        return asked.returncode or 0, said.decode()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """What is stored, seen from outside; nothing while there are no tables yet."""
        try:
            with closing(sqlite3.connect(f"file:{self.var / 'holdwatch.db'}?mode=ro", uri=True)) as seen:
                return seen.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []
