"""Measure the product against a bare discord.py bot: ``python -m benchmarks [part …] [--runs N]``."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from benchmarks import (
    backup,
    commands,
    export,
    fanout,
    pending,
    presses,
    queue,
    receipts,
    report,
    search,
    startup,
    sustained,
)
from benchmarks.contenders import both_rigs
from benchmarks.measures import Row, print_table

WITH_TARGETS = {
    "commands": commands,
    "presses": presses,
    "sustained": sustained,
    "search": search,
    "startup": startup,
    "pending": pending,
    "fanout": fanout,
    "export": export,
    "backup": backup,
}
PARTS = {**WITH_TARGETS, "queue": queue, "receipts": receipts}
PAGE = Path("docs/performance.md")


async def measure(parts: list[str], runs: int) -> tuple[list[Row], list[str]]:
    """Run the parts one after the other and print one table; return its rows and the notes under it."""
    rows: list[Row] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="solidarity-bench-") as folder:
        async with both_rigs(Path(folder)) as (bare, product):
            for part in parts:
                print(f"measuring: {part}", file=sys.stderr, flush=True)
                more_rows, more_notes = await PARTS[part].measure(bare, product, runs)
                rows += more_rows
                notes += more_notes
    print_table(rows, notes)
    return rows, notes


def main() -> int:
    """Read the command line, measure, and say by the exit code whether something failed or, if asked, fell short."""
    described = "\n".join(
        f"  {name:10}{(part.__doc__ or '').splitlines()[0]}" for name, part in PARTS.items()
    )
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"Measure the product against a bare discord.py bot, in alternation.\n\nparts:\n{described}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "parts", nargs="*", metavar="part", help="what to measure; by default everything that has a target"
    )
    parser.add_argument(
        "--runs", type=int, default=5, help="measurements of each contender, at least 2 (default 5)"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a target is missed")
    parser.add_argument(
        "--write", action="store_true", help=f"write the table into {PAGE}, and draw the chart beside it"
    )
    arguments = parser.parse_args()
    if strange := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(strange))}; there are {', '.join(PARTS)}")
    try:
        rows, notes = asyncio.run(measure(arguments.parts or list(WITH_TARGETS), max(2, arguments.runs)))
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments.write:
        report.write(rows, notes, PAGE, " ".join(["python -m benchmarks", *sys.argv[1:]]))
    return int(arguments.strict and any(row.verdict == "MISSED" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
