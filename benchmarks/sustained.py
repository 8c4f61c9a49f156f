"""How many members may act in a second before answers take longer than 250 ms."""

import asyncio
import json
import sys
import time
from pathlib import Path

from benchmarks.contenders import Rig
from benchmarks.measures import Row, Sample, Target
from benchmarks.stand_in import configure, prepare, stand_in
from benchmarks.storming import TOO_MANY
from tests.wire.processes import BotProcess
from tests.wire.server import DEFAULT_TOKEN

_PATIENCE_SECONDS = 600.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for what each contender sustains, the bare bot's `/ping` beside both of the product's."""
    del bare  # each contender needs many members, and so a stand-in of its own
    floors, found = list[dict[str, float]](), list[dict[str, float]]()
    for number in range(runs):
        folder = product.folder / f"sustained-{number}"
        folder.mkdir()
        floors.append(await _bare(folder))
        found.append(await _product(folder))
    pings = Sample(tuple(each["look"] for each in floors), "/s", 0)

    def row(what: str, key: str, least: float) -> Row:
        measured = Sample(tuple(each[key] for each in found), "/s", 0)
        return Row(what, pings, measured, Target(least, at_least=True))

    return [
        row("sustained at p99 < 250 ms: /demand show (left: /ping)", "look", 0.6),
        row("sustained at p99 < 250 ms: presses of Coming, each written (left: /ping)", "write", 0.3),
        Row(
            f"{TOO_MANY} times as many presses: answered in time (left: what is sustained)",
            Sample(tuple(each["write"] for each in found), "/s", 0),
            Sample(tuple(each["answered"] for each in found), "/s", 0),
        ),
        _row("memory that this needs at most", "memory", found, "MB", 0),
        _row("until it has stopped in the midst of this, asked by SIGTERM", "to_stop", found, "s", 2),
    ], []


def _row(what: str, key: str, found: list[dict[str, float]], unit: str, digits: int) -> Row:
    return Row(what, None, Sample(tuple(each[key] for each in found), unit, digits))


async def _bare(folder: Path) -> dict[str, float]:
    async with stand_in("benchmarks.storming", "bare") as said:
        where = json.loads(await said.readline())
        async with BotProcess.bare(where["api_base"], DEFAULT_TOKEN, folder / "bare.log") as process:
            return await _found(said, process)


async def _product(folder: Path) -> dict[str, float]:
    async with stand_in("benchmarks.storming", "product") as said:
        where = json.loads(await said.readline())
        configuration = configure(folder, where["api_base"], folder / "bot.sqlite3")
        await prepare(configuration, where)
        arguments = [sys.executable, "-m", "bot", "run", "--config", str(configuration)]
        async with BotProcess(arguments, folder / "bot.log") as process:
            found = await _found(said, process) | await _found(said, process)
            found["memory"] = _most_megabytes(process.pid)
            begun = time.perf_counter()
            await process.stop()
            return found | {"to_stop": time.perf_counter() - begun}


def _most_megabytes(pid: int) -> float:
    """The most memory that a process ever had, in MB of 1,000,000 bytes."""
    (line,) = (one for one in Path(f"/proc/{pid}/status").read_text("ascii").splitlines() if "VmHWM" in one)
    return int(line.split()[1]) * 1024 / 1_000_000


async def _found(said: asyncio.StreamReader, process: BotProcess) -> dict[str, float]:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        line = await said.readline()
    if not line:
        raise RuntimeError(f"the members came to nothing:\n{process.log()[-2000:]}")
    return json.loads(line)
