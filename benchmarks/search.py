"""What people see while they type into the search over 10,000 entries, and what it costs everybody else."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks import search_engines, search_turns
from benchmarks.contenders import ProductRig, Rig, turns
from benchmarks.measures import Row, Sample, Target, percentile
from benchmarks.search_texts import ENTRIES, WORDS, Author, Text, write_entries
from benchmarks.stalls import longest_jump
from db.engine import Database
from db.upgrade import upgrade
from tests.wire.processes import BotProcess

_TYPED, _ROUNDS_PER_RUN = 50, 4
_WORST_TIMES = 10
_PATIENCE = 20
_AT_REST_SECONDS = 2.0
_SPINS_SECONDS = 5.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for autocomplete, for stalls of the event loop, for memory, and for other ways to search."""
    assert isinstance(product, ProductRig)
    author = Author()
    entries = author.entries()
    await _fill(product, entries)
    hits = author.words_of(entries, _TYPED)
    typed = {"a hit": (hits, Target(2)), "a typing error": (author.misspelt(hits), Target(6))}
    rows: list[Row] = []
    stalls: list[list[float]] = []
    async with bare.running():
        for number in range(runs):
            async with _watching(product, stalls):
                if number == 0:
                    for what, (words, target) in typed.items():
                        rows.append(await _compared(bare, product, what, words, target, runs))
                worst = [one for words in author.worst().values() for one in words]
                await _complete(product, worst * _WORST_TIMES)
    rows += _longest(stalls)
    rows.append(await asyncio.to_thread(_charged_for_nothing, runs))
    rows += await search_turns.measure(author, entries, product.folder, runs)
    more, notes = await asyncio.to_thread(search_engines.measure, author, entries, runs)
    notes.append(f"search: {ENTRIES:,} entries of 20 to 120 words out of {WORDS:,}, by Zipf's law")
    return rows + more, notes


async def _fill(product: ProductRig, entries: Sequence[Text]) -> None:
    product.start_afresh()
    product.write_configuration()
    stage = await product.call("POST", "stage")
    database = await Database.open(f"sqlite+aiosqlite:///{product.database}")
    await upgrade(database)
    await write_entries(database, int(stage["guild"]), entries)
    await database.close()


@asynccontextmanager
async def _watching(product: ProductRig, stalls: list[list[float]]) -> AsyncGenerator[None]:
    """Runs the product until its index is made and the block is done; notes how many milliseconds each wait was late."""
    late = product.folder / "late-while-searching.json"
    async with _watched(product, late) as process:
        await process.says("bot.app ready")
        await asyncio.sleep(_AT_REST_SECONDS)
        begun = time.monotonic()
        # The first look-up makes the index. A command may take its time, since it is acknowledged meanwhile.
        await product.call("POST", "slash", {"command": "aims", "times": 1})
        await asyncio.sleep(_AT_REST_SECONDS)
        await _until_ready(product)
        yield
        log = process.log()
    await product.call("GET", "idle")
    if "Traceback" in log:
        raise RuntimeError(f"the product failed:\n{log[-2000:]}")
    waits: list[tuple[float, float]] = json.loads(late.read_text(encoding="utf-8"))
    stalls.append([seconds * 1000 for ended, seconds in waits if ended > begun])


def _watched(product: ProductRig, late: Path) -> BotProcess:
    arguments = ["-m", "benchmarks.stalls", str(late), "--", "run", "--config", str(product.configuration)]
    log = product.folder / "product.log"
    log.unlink(missing_ok=True)  # what an earlier start said there is not said of this one
    return BotProcess([sys.executable, *arguments], log)


async def _complete(rig: Rig, typed: Sequence[str]) -> list[float]:
    """The milliseconds until the choices arrived for each of these."""
    command, focused = ("search", "query") if isinstance(rig, ProductRig) else ("fruit", "name")
    order = {"command": command, "focused": focused, "typed": list(typed)}
    answer = await rig.call("POST", "autocomplete", order)
    return [seconds * 1000 for seconds in answer["latencies"]]


async def _until_ready(product: ProductRig) -> None:
    """Waits until the index is there: what is typed before gets no choices in time."""
    for _ in range(_PATIENCE):
        answer = await product.call("POST", "slash", {"command": "aims", "times": 1})
        if answer["text"]:
            return
        await asyncio.sleep(_AT_REST_SECONDS)
    raise RuntimeError("the index was not ready in time")


async def _compared(
    bare: Rig, product: Rig, what: str, words: Sequence[str], target: Target, runs: int
) -> Row:
    medians: dict[Rig, list[float]] = {bare: [], product: []}
    for rig in (bare, product):
        await _complete(rig, words)
    for rig in turns(bare, product, runs * _ROUNDS_PER_RUN):
        medians[rig].append(percentile(await _complete(rig, words), 50))
    left, right = (Sample(tuple(medians[rig]), "ms") for rig in (bare, product))
    return Row(f"autocomplete over {ENTRIES:,}, {what}, p50", left, right, target)


def _longest(stalls: Sequence[Sequence[float]]) -> list[Row]:
    """How long the loop stood still while everything was read and indexed and the worst was typed."""
    sorted_stalls = [sorted(one, reverse=True) for one in stalls]
    return [
        Row(
            "longest stall of the loop, index and worst cases included",
            None,
            Sample(tuple(one[0] for one in sorted_stalls), "ms"),
            Target(10, "ms"),
        ),
        Row(
            "the same, p99.9 of its waits",
            None,
            Sample(tuple(one[len(one) // 1000] for one in sorted_stalls), "ms"),
        ),
    ]


def _charged_for_nothing(runs: int) -> Row:
    """What the machine books as a process's work although it did none: another one on the same hardware ran."""
    longest = tuple(longest_jump(_SPINS_SECONDS) * 1000 for _ in range(runs))
    return Row("the same of a loop that does nothing", None, Sample(longest, "ms"))
