"""`holdwatch run` on a machine that has loads: how soon it is ready, what it takes, what it costs to do nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import psutil

from bot.clock import machine
from tests.bench.ground import engine, installation, seed
from tests.bench.measure import median, table
from tests.handlers.telegram.rig import free_port

_READY_WITHIN = 60.0


def _start(var: Path, url: str, port: int) -> subprocess.Popen[bytes]:
    known = {"HOLDWATCH_VAR": str(var), "HOLDWATCH_DATABASE_URL": url, "HOLDWATCH_HTTP": f"127.0.0.1:{port}"}
    known["HOLDWATCH_CONFIG"] = str(var / "holdwatch.toml")
    program = [str(Path(sys.executable).with_name("holdwatch")), "run"]
    with _said(var).open("ab") as said:
        return subprocess.Popen(
            program, env={**os.environ, **known}, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )  # fmt: skip


def _said(var: Path) -> Path:
    return var / "said.txt"


def _ready(run: subprocess.Popen[bytes], var: Path, port: int, since: float) -> float:
    while run.poll() is None and time.perf_counter() - since < _READY_WITHIN:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return time.perf_counter() - since
        except OSError:
            time.sleep(0.01)
    gone = "it ended" if run.poll() is not None else f"it was not ready within {_READY_WITHIN:.0f} s"
    raise RuntimeError(f"{gone}; it said:\n{_said(var).read_text('utf-8', 'replace')[-2000:]}")


def _once(var: Path, url: str, rest: float) -> tuple[float, float, float, float]:
    """Seconds and processor seconds until ready, MB then and at rest, share of a processor while nothing happens."""
    port, since = free_port(), time.perf_counter()
    run = _start(var, url, port)
    try:
        ready = _ready(run, var, port, since)
        seen = psutil.Process(run.pid)
        cpu = sum(seen.cpu_times()[:2])
        time.sleep(1)
        before, at = sum(seen.cpu_times()[:2]), time.perf_counter()
        time.sleep(rest)
        idle = (sum(seen.cpu_times()[:2]) - before) / (time.perf_counter() - at)
        return ready, cpu, seen.memory_info().rss / 1e6, idle
    finally:
        run.send_signal(signal.SIGTERM)
        run.wait(timeout=30)


async def measure(loads: int, times: int = 3, rest: float = 8.0) -> None:
    """Starts it some times over."""
    with engine("sqlite") as (url, var):
        async with installation(url, var, machine()) as app:
            await seed(app, loads)
            async with app.database.dock(machine() - timedelta(hours=6), write=True) as dock:
                # As on any later day: a feed that turned just now would have its loads looked at anew.
                await dock.feeds.turn("rns", "can't tell", "alive", dock.now)
                await dock.feeds.turn("rns", "alive", "can't tell", dock.now)
        found = [await asyncio.to_thread(_once, var, url, rest) for _ in range(times)]
    ready, cpu, rss, idle = (sorted(column) for column in zip(*found, strict=True))
    print(f"\n**`holdwatch run` with {loads:,} loads**, {times} starts\n")
    rows = [
        ("ready", f"{ready[0]:.2f} s", f"{median(ready):.2f} s"),
        ("processor time until ready", f"{cpu[0]:.2f} s", f"{median(cpu):.2f} s"),
        ("memory (RSS)", f"{rss[0]:.0f} MB", f"{median(rss):.0f} MB"),
        ("processor while nothing happens", f"{idle[0]:.1%}", f"{median(idle):.1%}"),
    ]
    print(table(("", "best", "median"), rows))
