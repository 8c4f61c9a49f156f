"""An online backup of 500 MB: how long it takes, and for how long a write or a read waits meanwhile.

Beside it stands what SQLite does alone: `VACUUM INTO` of the same file from a thread of the same process, under the same
writes. Both are measured in the same run, with a hundred writes and a hundred reads a second through the product's own
connections.
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from benchmarks.contenders import Rig
from benchmarks.measures import Row, Sample, Target
from bot.config import load_settings
from bot.services import backups
from db.engine import Database
from db.guilds import read_fact, write_fact
from db.upgrade import upgrade

EVERY_SECONDS = 0.01
MEGABYTES = 500
_WAIT = Target(300, "ms")


@dataclass(frozen=True)
class Stalls:
    """How many seconds the work took, the longest that a write and a read took meanwhile, and how many failed."""

    took: float
    write: float
    read: float
    failed: int


def fill(database: Database, megabytes: int) -> None:
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


async def stalls(database: Database, work: Callable[[], Awaitable[object]]) -> Stalls:
    """Do the work, and write and read meanwhile."""
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
    return Stalls(took, await writing, await reading, len(refused))


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for the bot's backup with all its checks, and beside it what SQLite does alone under the same writes."""
    del bare
    folder = product.folder / "backups"
    folder.mkdir()
    settings = load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(folder)}, need_token=False)
    database = await Database.open(settings.database.url)
    await upgrade(database)
    await asyncio.to_thread(fill, database, MEGABYTES)
    assert database.path is not None
    path, copy = database.path, folder / "copy.sqlite3"

    async def ours() -> None:
        await backups.write(settings, database, copy)

    def vacuum() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))

    seen, alone = list[Stalls](), list[Stalls]()
    for _ in range(runs):
        for found, work in ((seen, ours), (alone, lambda: asyncio.to_thread(vacuum))):
            found.append(await stalls(database, work))
            copy.unlink()
    size = path.stat().st_size / 10**6
    await database.close()
    name = f"online backup of {size:.0f} MB (left: VACUUM INTO alone, unchecked)"
    return [
        _row(name, alone, seen, lambda one: one.took, "s", Target(2, "s")),
        _row("longest wait of a write meanwhile", alone, seen, lambda one: one.write * 1000, "ms", _WAIT),
        _row("longest wait of a read meanwhile", alone, seen, lambda one: one.read * 1000, "ms", _WAIT),
        _row(
            "writes and reads that failed meanwhile", alone, seen, lambda one: one.failed, "", Target(0, "")
        ),
    ], []


def _row(
    what: str,
    alone: list[Stalls],
    ours: list[Stalls],
    figure: Callable[[Stalls], float],
    unit: str,
    target: Target,
) -> Row:
    left, right = (
        Sample(tuple(figure(one) for one in found), unit, 2 if unit == "s" else 0) for found in (alone, ours)
    )
    return Row(what, left, right, target)
