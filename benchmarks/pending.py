"""What 100,000 pending reminders cost: the start and the memory, against the same product without any."""

import asyncio
from datetime import UTC, datetime, timedelta

from benchmarks.contenders import ProductRig, Rig
from benchmarks.measures import Row, Sample, Target
from benchmarks.reminders import write_reminders

REMINDERS = 100_000
_UNTIL_THE_ALARM_IS_SET = 4.0


async def measure(bare: Rig, product: Rig, runs: int) -> tuple[list[Row], list[str]]:
    """Return rows for the start and for the memory once the alarm is set, full and empty database taking turns."""
    del bare
    assert isinstance(product, ProductRig)
    databases = []
    for _ in range(2):
        product.start_afresh()
        databases.append(product.database)
        async with product.running():  # a first start is dearer, with and without reminders
            await asyncio.sleep(_UNTIL_THE_ALARM_IS_SET)
    first = datetime.now(UTC) + timedelta(days=1)
    await write_reminders(databases[1], 1, [2], first, timedelta(seconds=1), REMINDERS)
    seconds: list[list[float]] = [[], []]
    megabytes: list[list[float]] = [[], []]
    for number in range(runs):
        for which in (0, 1) if number % 2 == 0 else (1, 0):
            product.database = databases[which]
            async with product.running() as running:
                await asyncio.sleep(_UNTIL_THE_ALARM_IS_SET)
                seconds[which].append(running.seconds_to_start)
                megabytes[which].append(running.resident_megabytes())
    more = tuple(full - empty for empty, full in zip(*megabytes, strict=True))
    empty, full = (Sample(tuple(each), "s") for each in seconds)
    return [
        Row(f"start → usable, {REMINDERS:,} pending (left: none)", empty, full, Target(1.1)),
        Row(f"memory that {REMINDERS:,} pending add", None, Sample(more, "MB", 1), Target(5, "MB")),
    ], []
