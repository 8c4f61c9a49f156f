"""How long one turn of the event loop takes while 10,000 entries are read, indexed and searched, in processor time.

Time on the clock includes what other programs take from this one; what one turn costs does not.
"""

import asyncio
import gc
import time
from asyncio import events
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measures import Row, Sample, Target
from benchmarks.search_texts import Author, Text, write_entries
from bot.clock import SystemClock
from bot.config import load_settings
from bot.services import everything
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.engine import Database
from db.upgrade import upgrade

_GUILD = 1
_TIMES = 5
_LIMIT = Target(10, "ms")


async def measure(author: Author, entries: Sequence[Text], folder: Path, runs: int) -> list[Row]:
    """Return rows for the index, for reading everything again, and for the worst that can be typed."""
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/turns.sqlite3")
    await upgrade(database)
    await write_entries(database, _GUILD, entries)
    settings = load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(folder / "turns")}, need_token=False)
    clock, keys = SystemClock(), load_keys(settings.data.directory)
    gc.collect()
    gc.freeze()  # as the product does after its start
    made, again, worst = list[float](), list[float](), list[float]()
    whole, processor = list[float](), list[float]()
    for _ in range(runs):
        context = Context(database, clock, settings, keys, SubmissionLimit(1))
        begun = time.perf_counter(), time.process_time()
        with _longest_turn(made):
            await everything.suggest_everything(context, _GUILD, "workload")
            await asyncio.sleep(0)  # so that the turn which finds the answer is over, and counted
        whole.append(time.perf_counter() - begun[0])
        processor.append(time.process_time() - begun[1])
        context.snapshots.forget(_GUILD)
        with _longest_turn(again):
            await everything.suggest_everything(context, _GUILD, "workload")
            await asyncio.sleep(0)
        with _longest_turn(worst):
            for typed in [one for words in author.worst().values() for one in words] * _TIMES:
                await asyncio.sleep(0)
                await everything.suggest_everything(context, _GUILD, typed)
                await asyncio.sleep(0)
                await everything.search_everything(context, _GUILD, typed)
            await asyncio.sleep(0)
    await database.close()
    return [
        Row("reading and indexing everything", None, Sample(tuple(whole), "s")),
        Row("the same, processor time", None, Sample(tuple(processor), "s")),
        Row("longest turn, everything read and indexed", None, Sample(tuple(made), "ms"), _LIMIT),
        Row("longest turn, everything read again unchanged", None, Sample(tuple(again), "ms"), _LIMIT),
        Row("longest turn, the worst that can be typed", None, Sample(tuple(worst), "ms"), _LIMIT),
    ]


@contextmanager
def _longest_turn(into: list[float]) -> Iterator[None]:
    """Notes the milliseconds of processor time that the longest callback of the loop took."""
    longest, run = 0.0, events.Handle._run  # noqa: SLF001 - the one place where every turn passes

    def timed(self: events.Handle) -> None:
        nonlocal longest
        begun = time.thread_time()
        run(self)
        longest = max(longest, time.thread_time() - begun)

    events.Handle._run = timed  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        events.Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001
        into.append(longest * 1000)
