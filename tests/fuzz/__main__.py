"""`python -m tests.fuzz --inputs 10000`: hostile input for every parser; ends with 1 if any of them did not foresee it.

With `--commands` it is every option, autocompletion, button, list and form of the bot that gets it, as an interaction.
"""

import argparse
import asyncio
import faulthandler
import logging
import sys

from tests.fuzz.commands import run_commands
from tests.fuzz.parsers import PARSERS
from tests.fuzz.running import Tally, run

HANGS_SECONDS = 1_800


def main() -> int:
    """Runs every parser, or those that are named."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    options.add_argument("--inputs", type=int, default=1_000, help="how many inputs for each parser")
    options.add_argument("--seed", type=int, default=7, help="another seed makes other inputs")
    options.add_argument(
        "--only",
        nargs="*",
        default=[],
        help="names of parsers, such as moments; or parts of names of commands",
    )
    options.add_argument("--commands", action="store_true", help="ask the bot's commands, buttons and forms")
    options.add_argument(
        "--shared",
        action="store_true",
        help="with --commands: so many for each command, all its fields together",
    )
    options.add_argument(
        "--database", default="", help="an empty database for the bot; by default a new SQLite file"
    )
    chosen = options.parse_args()
    _say(f"{'what was asked':48} {'inputs':>7} {'refused':>7} {'failed':>6} {'slowest':>8}")
    failures = asyncio.run(_commands(chosen)) if chosen.commands else _parsers(chosen)
    _say("\n".join(failures[:50]))
    return 1 if failures else 0


def _parsers(chosen: argparse.Namespace) -> list[str]:
    logging.disable(logging.CRITICAL)  # a library that reads files has much to say about broken ones
    failures: list[str] = []
    for name in chosen.only or PARSERS:
        tally = run(name, PARSERS[name], inputs=chosen.inputs, seed=chosen.seed)
        _say(_line(name, tally))
        failures += tally.failures
    return failures


async def _commands(chosen: argparse.Namespace) -> list[str]:
    failures: list[str] = []
    asked = run_commands(
        inputs=chosen.inputs,
        seed=chosen.seed,
        only=chosen.only,
        database=chosen.database,
        shared=chosen.shared,
    )
    async for name, tally in asked:
        faulthandler.dump_traceback_later(HANGS_SECONDS, exit=True)  # an endless loop would never come back
        _say("\n".join((_line(name, tally), *tally.failures[:1])))
        failures += tally.failures
    return failures


def _line(name: str, tally: Tally) -> str:
    return f"{name:48} {tally.inputs:7} {tally.refused:7} {len(tally.failures):6} {tally.slowest * 1_000:5.0f} ms"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
