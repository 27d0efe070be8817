"""Properties with examples that nobody saw yet: `python -m tests.properties --times 20`; a find names its seed."""

import argparse
import os
import random
import subprocess
import sys


def main() -> int:
    """Runs them with one seed after the other, until one finds something."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--times", type=int, default=20, help="how many seeds")
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="the first of them")
    asked.add_argument("--jobs", default="2", help="how many run side by side")
    said = asked.parse_args()
    for seed in range(said.seed, said.seed + said.times):
        print(f"== --hypothesis-seed={seed}", flush=True)
        words = [sys.executable, "-m", "pytest", "-q", "-n", said.jobs, "-m", "hypothesis", f"--hypothesis-seed={seed}"]
        # In CI the examples are always the same ones.
        if subprocess.run(words, env={k: v for k, v in os.environ.items() if k != "CI"}, check=False).returncode:
            print(f"found with --seed {seed}; Hypothesis tries it again first, in every run on this machine")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
