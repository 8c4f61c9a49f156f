"""An online backup of 500 MB: how long it takes, and for how long a write or a read waits meanwhile.

    python -m benchmarks.backup [--megabytes 500] [--runs 3]

Beside it stands what SQLite does alone: `VACUUM INTO` of the same file from a thread of the same process, under the same
writes. Both are measured in the same run, with a hundred writes and a hundred reads a second through the product's own
connections.
"""

import argparse
import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.config import load_settings
from bot.services import backups
from db.engine import Database
from db.guilds import read_fact, write_fact
from db.upgrade import upgrade

EVERY_SECONDS = 0.01


async def fill(database: Database, megabytes: int) -> None:
    """Feedback of about a kilobyte each, until the file is large enough."""
    path = database.path
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        number = 0
        while path.stat().st_size < megabytes * 10**6:
            rows = [
                (
                    os.urandom(16).hex(),
                    1,
                    "other",
                    "2025-W10",
                    f"{os.urandom(20).hex()} " * 22,
                    os.urandom(32).hex(),
                )
                for _ in range(20_000)
            ]
            connection.executemany(
                "INSERT INTO feedback (feedback_id, guild_id, topic, iso_week, text, receipt_hash, state) "
                "VALUES (?, ?, ?, ?, ?, ?, 'new')",
                rows,
            )
            connection.commit()
            number += len(rows)


async def stalls(
    database: Database, work: Callable[[], Awaitable[object]]
) -> tuple[float, float, float, int]:
    """How long the work took, and the longest that a write and a read took meanwhile, and how many failed."""
    done, refused = asyncio.Event(), list[float]()

    async def again_and_again(once: Callable[[], Awaitable[object]]) -> float:
        worst = 0.0
        while not done.is_set():
            begun = time.perf_counter()
            try:
                await once()
            except DBAPIError:  # it gave up after five seconds: a command that failed
                refused.append(time.perf_counter() - begun)
            worst = max(worst, time.perf_counter() - begun)
            await asyncio.sleep(EVERY_SECONDS)
        return worst

    async def write() -> None:
        async with database.write() as connection:
            await write_fact(connection, "benchmark", os.urandom(8).hex())

    async def read() -> None:
        async with database.read() as connection:
            await read_fact(connection, "benchmark")

    writing, reading = asyncio.create_task(again_and_again(write)), asyncio.create_task(again_and_again(read))
    await asyncio.sleep(0.3)
    begun = time.perf_counter()
    await work()
    took = time.perf_counter() - begun
    done.set()
    return took, await writing, await reading, len(refused)


async def measure(megabytes: int, runs: int) -> None:
    """Prints a line for each way, with medians."""
    with tempfile.TemporaryDirectory() as name:
        settings = load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": name}, need_token=False)
        database = await Database.open(settings.database.url)
        await upgrade(database)
        await fill(database, megabytes)
        assert database.path is not None
        path, numbers = database.path, iter(range(1_000))

        async def ours() -> None:
            await backups.write(settings, database, Path(name) / f"ours-{next(numbers)}.sqlite3")

        def vacuum() -> None:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute("VACUUM INTO ?", (str(Path(name) / f"plain-{next(numbers)}.sqlite3"),))

        ways = {"the bot's backup": ours, "VACUUM INTO alone": lambda: asyncio.to_thread(vacuum)}
        found: dict[str, list[tuple[float, float, float, int]]] = {way: [] for way in ways}
        for _ in range(runs):
            for way, work in ways.items():
                found[way].append(await stalls(database, work))
                for copy in Path(name).glob("*-*.sqlite3"):
                    copy.unlink()
        size = path.stat().st_size / 10**6
        await database.close()
    for way, times in found.items():
        took, write, read, _ = (statistics.median(one) for one in zip(*times, strict=True))
        spread = f"{min(one[0] for one in times):.2f} to {max(one[0] for one in times):.2f}"
        print(
            f"{way}, {size:.0f} MB: {took:.2f} s ({spread}); longest wait of a write {write * 1000:.0f} ms, "
            f"of a read {read * 1000:.0f} ms; {sum(one[3] for one in times)} failed"
        )


def main() -> None:
    """Reads the size and the number of runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    asyncio.run(measure(asked.megabytes, asked.runs))


if __name__ == "__main__":
    main()
