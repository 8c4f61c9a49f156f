"""Many reminders at once: how late they are handed to the sender, and how fast they go out within Discord's limits."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.contenders import ProductRig, Rig
from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.reminders import write_reminders
from benchmarks.stand_in import configure, stand_in
from tests.wire.processes import BotProcess

IN_ONE_SECOND, POSTS = 1_000, 500
_UNTIL_DUE = timedelta(seconds=8)
_PATIENCE_SECONDS = 120.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for the lag, and for a fan-out against 50 requests a second with 80 ms to the server and back."""
    del bare
    assert isinstance(product, ProductRig)
    lags = [await _lag(product, number) for number in range(runs)]
    seen = [await _fan_out(product.folder, number) for number in range(runs)]
    figures = {
        "rate": [each["rate"] for each in seen],
        "429s": [float(each["rejected"]) for each in seen],
        "missing": [float(POSTS - each["posted"]) for each in seen],
        "latency": [percentile(each["latencies"], 99) * 1000 for each in seen],
    }
    one_second = f"{IN_ONE_SECOND:,} due in one second"
    return [
        _row(f"{one_second}, lag p50", [percentile(each, 50) * 1000 for each in lags], "ms", None),
        _row(
            f"{one_second}, lag p99", [percentile(each, 99) * 1000 for each in lags], "ms", Target(50, "ms")
        ),
        _row(f"{POSTS} posts at once, rate", figures["rate"], "/s", Target(47.5, "/s", at_least=True)),
        _row(f"{POSTS} posts at once, answers 429", figures["429s"], "", Target(0, "")),
        _row(f"{POSTS} posts at once, not posted", figures["missing"], "", Target(0, "")),
        _row("/demand show meanwhile, p99", figures["latency"], "ms", Target(250, "ms")),
    ], []


def _row(what: str, values: list[float], unit: str, target: Target | None) -> Row:
    return Row(what, None, Sample(tuple(values), unit, 1 if unit else 0), target)


async def _lag(product: ProductRig, number: int) -> list[float]:
    """The seconds from due to handed over, of each post."""
    product.start_afresh()
    output = product.folder / f"lags-{number}.json"
    first = datetime.now(UTC) + _UNTIL_DUE
    await write_reminders(
        product.database, 1, [2], first, timedelta(seconds=1) / IN_ONE_SECOND, IN_ONE_SECOND
    )
    product.write_configuration()
    module = ["benchmarks.handing_over", str(output), str(IN_ONE_SECOND), "--"]
    arguments = [sys.executable, "-m", *module, "run", "--config", str(product.configuration)]
    async with BotProcess(arguments, product.folder / "lags.log") as process:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not output.exists() and process.returncode is None:
                await asyncio.sleep(0.2)
        if process.returncode is not None:
            raise RuntimeError(f"the product ended early:\n{process.log()[-2000:]}")
    await product.call("GET", "idle")
    return json.loads(output.read_text(encoding="utf-8"))


async def _fan_out(folder: Path, number: int) -> dict[str, Any]:
    """What the stand-in saw of one fan-out."""
    async with stand_in("benchmarks.crowd", POSTS) as said:
        where = json.loads(await said.readline())
        own = folder / f"fanout-{number}"
        own.mkdir()
        channels = [int(channel) for channel in where["channels"]]
        due = datetime.now(UTC) + _UNTIL_DUE
        await write_reminders(own / "bot.sqlite3", int(where["guild"]), channels, due, timedelta(), POSTS)
        configuration = configure(own, where["api_base"], own / "bot.sqlite3")
        arguments = [sys.executable, "-m", "bot", "run", "--config", str(configuration)]
        async with BotProcess(arguments, own / "bot.log") as process, asyncio.timeout(2 * _PATIENCE_SECONDS):
            result = await said.readline()
            if not result:
                raise RuntimeError(f"the fan-out came to nothing:\n{process.log()[-2000:]}")
            return json.loads(result)
