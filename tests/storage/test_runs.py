"""A run is dead when its process is: not when it is quiet, stopped, or far behind."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.runs import dead, living

_LIVES = """
import sys, time
from pathlib import Path
from storage.runs import living
with living(Path(sys.argv[1]), sys.argv[2]):
    print("lives", flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(folder: Path, name: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that lives as a run until it is killed or its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", _LIVES, str(folder), name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "lives\n"
        try:
            yield one
        finally:
            one.kill()


def found(folder: Path) -> list[str]:
    with dead(folder) as names:
        return names


def test_only_a_process_that_was_killed_is_dead_and_it_is_found_once(tmp_path: Path) -> None:
    with process(tmp_path, "one") as one, process(tmp_path, "two") as two, living(tmp_path, "three"):
        assert found(tmp_path) == []
        two.send_signal(signal.SIGSTOP)
        assert found(tmp_path) == []
        one.kill()
        one.wait()
        assert found(tmp_path) == ["one"]
        assert found(tmp_path) == []
        two.kill()
        two.wait()
        assert found(tmp_path) == ["two"]
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_ends_in_order_leaves_nothing_behind(tmp_path: Path) -> None:
    with process(tmp_path, "one") as one:
        assert one.stdin is not None
        one.stdin.close()
        one.wait()
        assert list(tmp_path.iterdir()) == []


def test_a_dead_run_is_found_again_when_what_was_to_be_done_about_it_failed(tmp_path: Path) -> None:
    with process(tmp_path, "one") as one:
        one.kill()
        one.wait()
    try:
        with dead(tmp_path) as names:
            assert names == ["one"]
            raise OSError("the database is away")
    except OSError:
        pass
    assert found(tmp_path) == ["one"]


def test_two_starts_at_once_do_not_both_take_up_the_same(tmp_path: Path) -> None:
    with process(tmp_path, "one") as one:
        one.kill()
        one.wait()
    with dead(tmp_path) as first, dead(tmp_path) as second:
        assert (first, second) == (["one"], [])


def test_a_folder_that_takes_no_file_stops_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with living(tmp_path / "file", "one"):
        assert found(tmp_path / "file") == []
