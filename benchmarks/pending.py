"""What 100,000 pending reminders and a million pieces of feedback cost: the start and the memory, against none."""

import asyncio
from datetime import UTC, datetime, timedelta

from benchmarks import export
from benchmarks.contenders import ProductRig, Rig, Running
from benchmarks.measures import Row, Sample, Target
from benchmarks.reminders import write_reminders

REMINDERS = 100_000
_GUILD = 1
_UNTIL_THE_ALARM_IS_SET = 4.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for the start and for the memory once the alarm is set, full, empty and bare taking turns."""
    assert isinstance(product, ProductRig)
    databases = []
    for _ in range(2):
        product.start_afresh()
        databases.append(product.database)
        async with product.running():  # a first start is dearer, with and without reminders
            await asyncio.sleep(_UNTIL_THE_ALARM_IS_SET)
    async with bare.running():
        pass
    first = datetime.now(UTC) + timedelta(days=1)
    await write_reminders(databases[1], _GUILD, [2], first, timedelta(seconds=1), REMINDERS)
    await asyncio.to_thread(export.fill, databases[1], _GUILD)
    seconds: list[list[float]] = [[], [], []]
    megabytes: list[list[float]] = [[], []]
    for number in range(runs):
        for which in (0, 1, 2) if number % 2 == 0 else (2, 1, 0):
            if which == 2:
                async with bare.running() as running:
                    seconds[which].append(running.seconds_to_start)
                continue
            product.database = databases[which]
            async with product.running() as running:
                await asyncio.sleep(_UNTIL_THE_ALARM_IS_SET)
                _note(running, seconds[which], megabytes[which])
    more = tuple(full - empty for empty, full in zip(*megabytes, strict=True))
    empty, full, floor = (Sample(tuple(each), "s") for each in seconds)
    stored = f"{REMINDERS:,} pending and {export.ROWS:,} pieces of feedback"
    return [
        Row(f"start → usable with {stored}", floor, full, Target(3)),
        Row("the same (left: with none)", empty, full, Target(1.1)),
        Row("memory that they add", None, Sample(more, "MB", 1), Target(5, "MB")),
    ], []


def _note(running: Running, seconds: list[float], megabytes: list[float]) -> None:
    seconds.append(running.seconds_to_start)
    megabytes.append(running.resident_megabytes())
