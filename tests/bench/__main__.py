"""`python -m tests.bench [ask ingest sweep start stream] [--loads N] …`: benches, as Markdown tables with ratios."""

import argparse
import asyncio
import os
import sys

from tests.bench import ask, ingest, start, stream, sweep
from tests.bench.dialects import DIALECTS

BENCHES = ("ask", "ingest", "sweep", "start")
#: Takes minutes, so only when it is named.
LONG = ("stream",)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "bench", nargs="*", help=f"of {', '.join((*BENCHES, *LONG))}; {', '.join(BENCHES)} when none is named"
    )
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument(
        "--source", action="append", choices=("all", *DIALECTS), help="by source instead (ingest); may be repeated"
    )
    parser.add_argument("--loads", type=int, default=0, help="loads stored; each bench has its own default")
    parser.add_argument("--messages", type=int, default=0, help="messages while lines are asked (ask)")
    parser.add_argument("--megabytes", type=int, default=200, help="of one interchange (stream)")
    found = parser.parse_args()
    if set(found.bench) - {*BENCHES, *LONG}:
        parser.error(f"benches are {', '.join((*BENCHES, *LONG))}")
    return found


async def _main(said: argparse.Namespace) -> None:
    engines = ("sqlite", "postgresql") if said.engine == "both" else (said.engine,)
    chosen = said.bench or BENCHES
    print(f"python -m tests.bench {' '.join(sys.argv[1:])}".rstrip(), f"({os.cpu_count()} processors)")
    for name in engines:
        if "ask" in chosen:
            await ask.measure(name, said.loads or 200_000, said.messages or 20_000)
        if "ingest" in chosen and said.source:
            await ingest.every(name, list(DIALECTS) if "all" in said.source else said.source, said.loads or 3_000)
        elif "ingest" in chosen:
            await ingest.measure(name, said.loads or 5_000)
        if "stream" in chosen:
            await stream.measure(name, said.loads or 5_000, said.megabytes)
    if "sweep" in chosen:
        await sweep.measure(engines[0], said.loads or 200_000)
    if "start" in chosen:
        await start.measure(said.loads or 100_000)


if __name__ == "__main__":
    asyncio.run(_main(_arguments()))
