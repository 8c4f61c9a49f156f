"""How long a large export to CSV takes, against SQLite's own program, and what memory it adds."""

import asyncio
import os
import random
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks.contenders import ProductRig, Rig
from benchmarks.measures import Row, Sample, Target
from tests.wire.processes import REPOSITORY

ROWS = 1_000_000
_GUILD = 1
_WORDS = [
    "caseload",
    "overtime",
    "sick",
    "staff",
    "hours",
    "manager",
    "court",
    "office",
    "report",
    "week",
    "targets",
    "pay",
    "training",
]
_SQL = f"SELECT topic, region, grade, iso_week, state, text FROM feedback WHERE guild_id = {_GUILD}"


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for the time, next to that of `sqlite3 -csv`, and for the memory."""
    del bare
    assert isinstance(product, ProductRig)
    if shutil.which("sqlite3") is None:
        return [], ["export: left out, because there is no program sqlite3 here"]
    product.start_afresh()
    product.write_configuration()
    await asyncio.to_thread(_run, product, "seed", "operation_protect", "--guild", str(_GUILD))
    small = await asyncio.to_thread(_export, product)  # what the program itself takes
    await asyncio.to_thread(_fill, product.database)
    theirs, ours, more = [], [], []
    for _ in range(runs):
        theirs.append(await asyncio.to_thread(_sqlite, product))
        seconds, megabytes = await asyncio.to_thread(_export, product)
        ours.append(seconds - small[0])
        more.append(megabytes - small[1])
    left, right = Sample(tuple(theirs), "s"), Sample(tuple(ours), "s")
    return [
        Row(f"export of {ROWS:,} rows to CSV (left: sqlite3 -csv)", left, right, Target(2)),
        Row("memory that this export adds", None, Sample(tuple(more), "MB", 1), Target(40, "MB")),
    ], []


def _fill(path: Path) -> None:
    chance = random.Random(1)
    values = (
        (
            secrets.token_hex(16),
            _GUILD,
            chance.choice(["situation", "focus", "meeting", "other"]),
            chance.choice(["wales", "london", "north_east", None]),
            chance.choice(["po", "pso", None]),
            f"2025-W{chance.randint(1, 40):02}",
            " ".join(chance.choices(_WORDS, k=30)),
            secrets.token_hex(32),
        )
        for _ in range(ROWS)
    )
    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO feedback (feedback_id, guild_id, topic, region, grade, iso_week, text, receipt_hash, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'new')",
            values,
        )
    database.close()


def _sqlite(product: ProductRig) -> float:
    target = product.folder / "sqlite.csv"
    begun = time.perf_counter()
    with target.open("wb") as file:
        subprocess.run(["sqlite3", "-csv", str(product.database), _SQL], stdout=file, check=True)
    seconds = time.perf_counter() - begun
    target.unlink()
    return seconds


def _export(product: ProductRig) -> tuple[float, float]:
    target = product.folder / "export.csv"
    seconds, megabytes = _run(
        product, "export", "--guild", str(_GUILD), "--purpose", "benchmark", str(target)
    )
    target.unlink()
    return seconds, megabytes


def _run(product: ProductRig, *arguments: str) -> tuple[float, float]:
    """Run the product's command line; return the seconds, and the most memory it held, in MB."""
    command = [sys.executable, "-m", "bot", "--config", str(product.configuration), *arguments]
    begun, most = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, env=os.environ) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                most = max(most, watched.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(
                0.01
            )  # between two looks at the memory of another process, which tells nobody when it changes
    if process.returncode:
        raise RuntimeError(f"the command {arguments[0]} ended with {process.returncode}")
    return time.perf_counter() - begun, most / 1_000_000
