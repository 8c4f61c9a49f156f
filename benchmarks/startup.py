"""How long from starting the process until members can use the bot, and how much memory it then holds."""

import asyncio

from benchmarks.contenders import Rig, turns
from benchmarks.measures import Row, Sample, Target

_IDLE_SECONDS = 1.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for an ordinary start, a first start, and memory."""
    for rig in (bare, product):
        async with (
            rig.running()
        ):  # registers commands and prepares the database, so what follows are ordinary starts
            pass
    ordinary = await _alternate(bare, product, runs, afresh=False)
    first = await _alternate(bare, product, runs, afresh=True)
    rows = [
        _row("start → usable, nothing changed", ordinary, 0, "s", Target(3)),
        _row("start → usable, first start ever", first, 0, "s", None),
        _row("memory after 1 s idle", ordinary, 1, "MB", Target(110, "MB")),
    ]
    return rows, ["usable: connected to the gateway with commands registered, whichever comes last"]


async def _alternate(
    bare: Rig, product: Rig, runs: int, *, afresh: bool
) -> dict[Rig, list[tuple[float, float]]]:
    """Return (seconds, megabytes) of each start, the contenders taking turns."""
    measured: dict[Rig, list[tuple[float, float]]] = {bare: [], product: []}
    for rig in turns(bare, product, runs):
        if afresh:
            rig.start_afresh()
            await rig.call("POST", "forget")
        async with rig.running() as running:
            await asyncio.sleep(_IDLE_SECONDS)
            measured[rig].append((running.seconds_to_start, running.resident_megabytes()))
    return measured


def _row(
    what: str, measured: dict[Rig, list[tuple[float, float]]], column: int, unit: str, target: Target | None
) -> Row:
    digits = 2 if unit == "s" else 0
    samples = [Sample(tuple(each[column] for each in results), unit, digits) for results in measured.values()]
    return Row(what, samples[0], samples[1], target)
