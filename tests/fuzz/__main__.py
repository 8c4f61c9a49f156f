"""`python -m tests.fuzz --inputs 10000`: hostile input for every parser; ends with 1 if any of them did not foresee it."""

import argparse
import logging
import sys
import time

from tests.fuzz.parsers import PARSERS
from tests.fuzz.running import run


def main() -> int:
    """Runs every parser, or those that are named."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--inputs", type=int, default=1_000, help="how many inputs for each parser")
    options.add_argument("--seed", type=int, default=7, help="another seed makes other inputs")
    options.add_argument(
        "--only", nargs="*", default=list(PARSERS), help="names of parsers, such as: moments"
    )
    chosen = options.parse_args()
    logging.disable(logging.CRITICAL)  # a library that reads files has much to say about broken ones
    _say(f"{'parser':20} {'inputs':>7} {'refused':>7} {'failed':>6} {'slowest':>8} {'in all':>7}")
    failures: list[str] = []
    for name in chosen.only:
        started = time.perf_counter()
        tally = run(name, PARSERS[name], inputs=chosen.inputs, seed=chosen.seed)
        total = time.perf_counter() - started
        _say(
            f"{name:20} {tally.inputs:7} {tally.refused:7} {len(tally.failures):6} "
            f"{tally.slowest * 1_000:5.0f} ms {total:5.0f} s",
        )
        failures += tally.failures
    _say("\n".join(failures[:50]))
    return 1 if failures else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
