"""Kill the product at every point of a delivery, and count: ``python -m tests.torture [--runs 200]``."""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.torture import installation
from tests.torture.killing import Plan, kill_at_random
from tests.torture.trials import TRIALS, Tally, Trial, torture

_LINE_EVERY = 100


@contextmanager
def progress_shown(console: Console, total: int) -> Iterator[installation.Progress]:
    """Shows how far it is: a bar on a terminal, plain lines elsewhere."""
    if console.is_terminal:
        columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("runs", total=total)
            yield lambda count: bar.advance(task, count)
        return
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        before, done = done, done + count
        if done == total or done // _LINE_EVERY > before // _LINE_EVERY:
            console.print(f"{done} of {total} runs", highlight=False)

    yield advance


def table_of(tallies: dict[Trial, Tally]) -> Table:
    """One line per trial."""
    table = Table(title="What became of every occurrence")
    for heading in ("what was done", "nonce window"):
        table.add_column(heading)
    verdicts = ("once", "held", "lost", "doubled")
    for heading in ("runs", "occurrences", *verdicts):
        table.add_column(heading, justify="right")
    for trial, tally in tallies.items():
        numbers = [tally.runs, tally.counted.total(), *(tally.counted[each] for each in verdicts)]
        table.add_row(trial.name, trial.condition, *(f"{number:,}" for number in numbers))
    return table


def add_killing(parser: argparse.ArgumentParser) -> None:
    """Adds what can be said of an installation that is split over processes."""
    group = parser.add_argument_group("an installation over several processes, killed at random under load")
    group.add_argument("--processes", type=int, default=0, help="how many; one of them stands by")
    group.add_argument("--shards", type=int, default=Plan.shards, help="into how many shards (default 2)")
    group.add_argument("--minutes", type=float, default=10, help="for how long (default 10)")
    group.add_argument("--kills", type=int, default=Plan.kills, help="how often kill -9 (default 20)")
    group.add_argument("--freezes", type=int, default=Plan.freezes, help="how often SIGSTOP (default 2)")


def kill(arguments: argparse.Namespace) -> int:
    """Runs it, and prints what was found; 1 when anything was lost, doubled, unanswered or taken over too late."""
    seed = arguments.seed if arguments.seed is not None else random.randrange(10_000)
    console = Console(width=None if sys.stdout.isatty() else 110)
    console.print(f"seed {seed}", highlight=False)
    plan = Plan(
        processes=arguments.processes,
        shards=arguments.shards,
        seconds=arguments.minutes * 60,
        kills=arguments.kills,
        freezes=arguments.freezes,
        seed=seed,
    )
    report = asyncio.run(kill_at_random(plan, console))
    report.show(console)
    return int(report.failed)


def main() -> int:
    """Reads the command line, tortures, prints the table; 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="runs of each line of the table (default 200)")
    parser.add_argument(
        "--seed", type=int, default=None, help="for the order, and of which delivery each process dies"
    )
    parser.add_argument("--together", type=int, default=8, help="installations at a time (default 8)")
    add_killing(parser)
    arguments = parser.parse_args()
    if arguments.processes:
        return kill(arguments)
    seed = arguments.seed if arguments.seed is not None else random.randrange(10_000)
    console = Console(width=None if sys.stdout.isatty() else 110)
    console.print(f"seed {seed}", highlight=False)
    trials = list(TRIALS)
    random.Random(seed).shuffle(trials)
    began = time.monotonic()
    with progress_shown(console, arguments.runs * len(trials)) as progress:
        counted = asyncio.run(
            torture(tuple(trials), arguments.runs, together=arguments.together, seed=seed, progress=progress)
        )
    console.print(table_of({trial: counted[trial] for trial in TRIALS}))
    for tally in counted.values():
        for complaint in tally.complaints[:5]:
            console.print(complaint, markup=False, highlight=False)
    console.print(f"{time.monotonic() - began:.0f} s", highlight=False)
    return int(any(tally.failed for tally in counted.values()))


if __name__ == "__main__":
    sys.exit(main())
