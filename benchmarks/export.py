"""A large export to CSV: its time against SQLite's own program, its memory, and how the bot answers meanwhile."""

import asyncio
import json
import os
import random
import resource
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from benchmarks.contenders import ProductRig, Rig
from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.stand_in import configure, stand_in
from tests.wire.processes import REPOSITORY, BotProcess

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
    return await _on_the_command_line(product, runs) + await _in_discord(product.folder, runs), []


async def _on_the_command_line(product: ProductRig, runs: int) -> list[Row]:
    """Time and memory, without those of a program that exports nothing."""
    product.start_afresh()
    product.write_configuration()
    await asyncio.to_thread(_run, product, "seed", "operation_protect", "--guild", str(_GUILD))
    small = await asyncio.to_thread(_export, product)
    await asyncio.to_thread(fill, product.database, _GUILD)
    theirs, ours = list[_Cost](), list[_Cost]()
    for _ in range(runs):
        theirs.append(await asyncio.to_thread(_sqlite, product))
        ours.append(await asyncio.to_thread(_export, product))
    seconds = (
        Sample(tuple(each.seconds for each in theirs), "s"),
        Sample(tuple(each.seconds - small.seconds for each in ours), "s"),
    )
    processor = (
        Sample(tuple(each.processor_seconds for each in theirs), "s"),
        Sample(tuple(each.processor_seconds - small.processor_seconds for each in ours), "s"),
    )
    more = Sample(tuple(each.megabytes - small.megabytes for each in ours), "MB", 1)
    return [
        Row(f"export of {ROWS:,} rows to CSV (left: sqlite3 -csv)", *seconds, Target(2)),
        Row("the same, processor time", *processor, Target(2)),
        Row("memory that this export adds", None, more, Target(40, "MB")),
    ]


async def _in_discord(folder: Path, runs: int) -> list[Row]:
    """What members and the bot itself notice while a moderator exports the same through `/moderate export`."""
    own = folder / "exporting"
    own.mkdir()
    seen, more = [], []
    async with stand_in("benchmarks.exporting", ROWS, runs) as said:
        where = json.loads(await said.readline())
        configuration = await asyncio.to_thread(_prepare, own, where)
        late = own / "late.json"
        arguments = ["-m", "benchmarks.stalls", str(late), "--", "run", "--config", str(configuration)]
        async with BotProcess([sys.executable, *arguments], own / "bot.log") as process:
            for _ in range(runs):
                before, highest, line = await _watched(process, said)
                if not line:
                    raise RuntimeError(f"the export came to nothing:\n{process.log()[-2000:]}")
                seen.append(json.loads(line))
                more.append(highest - before)
    if any(each["export"]["rows"] != ROWS for each in seen):
        raise RuntimeError("not every row arrived")
    waits = json.loads(late.read_text(encoding="utf-8"))
    name = f"a moderator exports {ROWS:,} rows (left: nobody does)"
    seconds = tuple(each["export"]["ended"] - each["export"]["begun"] for each in seen)
    return [
        Row(f"{name}: until the last file", None, Sample(seconds, "s", 1)),
        Row("memory that this export adds to the bot", None, Sample(tuple(more), "MB", 1)),
        _compared("/demand show meanwhile, p99", seen, lambda each: percentile(each["look"], 99)),
        _compared("/me timezone meanwhile, p99", seen, lambda each: percentile(each["change"], 99)),
        _compared(
            "longest stall of the event loop", seen, lambda each: _longest(waits, each), Target(20, "ms")
        ),
        _compared("the same, p99.9 of its waits", seen, lambda each: _longest(waits, each, 0.999), None),
    ]


def _compared(
    what: str,
    seen: list[Any],
    figure: Callable[[Any], float],
    target: Target | None = Target(250, "ms"),  # noqa: B008 - nothing changes it
) -> Row:
    left, right = (
        Sample(tuple(figure(each[which]) * 1000 for each in seen), "ms", 1) for which in ("rest", "export")
    )
    return Row(what, left, right, target)


def _longest(waits: list[tuple[float, float]], span: dict[str, float], part: float = 1.0) -> float:
    """By how much the longest wait within a span of time was too long, without the part of them beyond."""
    late = sorted(seconds for at, seconds in waits if span["begun"] <= at <= span["ended"])
    return late[min(len(late) - 1, int(part * len(late)))]


async def _watched(process: BotProcess, output: asyncio.StreamReader) -> tuple[float, float, bytes]:
    """The bot's memory in MB at the latest look, and at most, until the next line of output."""
    reading = asyncio.create_task(output.readline())
    watched, held = psutil.Process(process.pid), list[float]()
    while not reading.done() and process.returncode is None:
        await asyncio.wait({reading}, timeout=0.05)
        held.append(watched.memory_info().rss / 1_000_000)
    if process.returncode is not None:
        reading.cancel()
        return 0.0, 0.0, b""
    return held[_LOOKS_BEFORE], max(held[_LOOKS_BEFORE:]), await reading


_LOOKS_BEFORE = 80
"""As many looks at the memory as fit into the time before each export, when nothing but commands happens."""


def _prepare(folder: Path, where: dict[str, str]) -> Path:
    """A configuration for this branch, and a database with its feedback and its moderators."""
    configuration, database = folder / "config.toml", folder / "bot.sqlite3"
    configuration = configure(folder, where["api_base"], database)
    command = [sys.executable, "-m", "bot", "--config", str(configuration), "seed", "operation_protect"]
    subprocess.run(
        [*command, "--guild", where["guild"]], cwd=REPOSITORY, stdout=subprocess.DEVNULL, check=True
    )
    fill(database, int(where["guild"]))
    with sqlite3.connect(database) as opened:
        opened.execute("UPDATE guilds SET moderator_role_id = ?", (int(where["role"]),))
    opened.close()
    return configuration


def fill(path: Path, guild_id: int) -> None:
    """Write a million pieces of feedback, of thirty words each, into a database that has its tables."""
    chance = random.Random(1)
    values = (
        (
            secrets.token_hex(16),
            guild_id,
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


@dataclass(frozen=True)
class _Cost:
    """What a program took; its memory is the most that it held, in MB."""

    seconds: float
    processor_seconds: float
    megabytes: float


def _sqlite(product: ProductRig) -> _Cost:
    target = product.folder / "sqlite.csv"
    with target.open("wb") as file:
        cost = _cost_of(["sqlite3", "-csv", str(product.database), _SQL], file)
    target.unlink()
    return cost


def _export(product: ProductRig) -> _Cost:
    target = product.folder / "export.csv"
    cost = _run(product, "export", "--guild", str(_GUILD), "--purpose", "benchmark", str(target))
    target.unlink()
    return cost


def _run(product: ProductRig, *arguments: str) -> _Cost:
    command = [sys.executable, "-m", "bot", "--config", str(product.configuration), *arguments]
    return _cost_of(command, subprocess.DEVNULL)


def _cost_of(command: list[str], output: IO[bytes] | int) -> _Cost:
    before, begun, most = _processor_seconds(), time.perf_counter(), 0
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=output, env=os.environ) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                most = max(most, watched.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(0.01)  # another process tells nobody when its memory changes
    if process.returncode:
        raise RuntimeError(f"the command {' '.join(command[:4])} … ended with {process.returncode}")
    return _Cost(time.perf_counter() - begun, _processor_seconds() - before, most / 1_000_000)


def _processor_seconds() -> float:
    """Of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
