"""The command itself, as a process with an environment of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from tests.patience import PATIENCE


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(var: Path, **more: str) -> dict[str, str]:
    """Nothing but where to live: as on a bare machine."""
    own = {"PATH": os.environ.get("PATH", ""), "HOLDWATCH_VAR": str(var), "PYTHONDONTWRITEBYTECODE": "1"}
    if "SYSTEMROOT" in os.environ:
        own["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return own | more


def command(*args: str) -> list[str]:
    """How the command is started, whatever is on PATH."""
    return [sys.executable, "-m", "bot", *args]


def holdwatch(var: Path, *args: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a subcommand to its end."""
    return subprocess.run(
        command(*args), env=environment(var, **more), input=typed, capture_output=True, text=True, timeout=PATIENCE,
        cwd=var.parent, check=False,
    )  # fmt: skip


@dataclass
class Bot:
    """A running `holdwatch run`."""

    process: "subprocess.Popen[str]"
    url: str
    out: Path
    ready_cpu: float = 0.0

    def get(self, path: str, **headers: str) -> httpx.Response:
        with httpx.Client(trust_env=False) as client:
            return client.get(self.url + path, headers=headers, timeout=PATIENCE)

    @property
    def said(self) -> str:
        """What it printed."""
        return self.out.read_text("utf-8")

    def until(self, path: str, text: str) -> str:
        """Waits until a page says something."""
        pages: list[str] = []

        def says() -> bool:
            pages[:] = [self.get(path).text]
            return text in pages[0]

        self.awaits(says, f"{path} never said {text!r}")
        return pages[0]

    def awaits(self, met: Callable[[], bool], never: str) -> None:
        """Waits until something is the case."""
        end = time.monotonic() + PATIENCE
        while not met():
            if time.monotonic() > end:
                raise AssertionError(never)
            time.sleep(0.1)

    def stop(self) -> tuple[int, float]:
        """Asks it to stop; its exit code and how long it took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(PATIENCE)
        return code, time.monotonic() - start


@contextmanager
def running(var: Path, **more: str) -> Iterator[Bot]:
    """A bot without a terminal, ready; ended at the end whatever happened."""
    port = free_port()
    out, err = var.parent / "out.txt", var.parent / "err.txt"
    with out.open("w") as o, err.open("w") as e:
        process = subprocess.Popen(
            command("run"), env=environment(var, HOLDWATCH_HTTP=f"127.0.0.1:{port}", **more), cwd=var.parent,
            stdin=subprocess.DEVNULL, stdout=o, stderr=e, text=True,
        )  # fmt: skip
    bot = Bot(process, f"http://127.0.0.1:{port}", out)
    try:
        _await_ready(bot, err)
        yield bot
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)


def _await_ready(bot: Bot, err: Path) -> None:
    watched = psutil.Process(bot.process.pid)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if bot.process.poll() is not None:
            raise AssertionError(f"it ended: {bot.said}{err.read_text('utf-8')}")
        try:
            if bot.get("/healthz").status_code == 200:
                spent = watched.cpu_times()
                bot.ready_cpu = spent.user + spent.system
                return
        except httpx.HTTPError:
            time.sleep(0.02)
    raise AssertionError(f"it was never alive: {err.read_text('utf-8')}")
