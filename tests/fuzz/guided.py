"""One target under atheris: `python -m tests.fuzz.guided TARGET CASES SECONDS SEED FOUND`; started by the engine."""

import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["bot.feeds", "handlers"]):
    from tests.fuzz.blows import LARGEST, broken
    from tests.fuzz.targets import targets


def _whole(seconds: str) -> int:
    """Seconds as libFuzzer has them: 0 is no limit."""
    return 0 if seconds == "inf" else max(1, int(float(seconds)))


def main(name: str, cases: str, seconds: str, seed: str, found: str) -> None:
    target = targets()[name]

    def mutate(data: bytes, most: int, own: int) -> bytes:
        return broken(Random(own), target.seeds, data or None)[: min(most, LARGEST)]

    def check(data: bytes) -> None:
        try:
            target.check(data)
        except BaseException:
            Path(found).write_bytes(data)
            raise

    with tempfile.TemporaryDirectory() as corpus:
        for place, body in enumerate(target.seeds):
            (Path(corpus) / str(place)).write_bytes(body[:LARGEST])
        limits = [f"-runs={cases}", f"-max_total_time={_whole(seconds)}", f"-seed={1 + int(seed) % 2**31}"]
        atheris.Setup(
            [
                sys.argv[0],
                *limits,
                f"-max_len={LARGEST}",
                "-timeout=60",
                "-rss_limit_mb=4096",
                f"-artifact_prefix={corpus}/",
                corpus,
            ],
            check,
            custom_mutator=mutate,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:6])
