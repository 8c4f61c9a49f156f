"""The product, watched for how long its event loop stands still: ``python -m benchmarks.stalls FILE -- run --config …``.

When it stops, it writes to FILE when each wait ended too late, on the clock that all processes share, and how late. Other
programs use this processor, too; so nothing counts as late for longer than the product itself was at work meanwhile.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bot.__main__ import main
from bot.app import SolidarityBot

_BETWEEN_LOOKS = 0.005


async def watch(file: Path) -> None:
    """Wait a little, again and again, until the product stops."""
    late: list[tuple[float, float]] = []
    try:
        while True:
            begun, worked = time.monotonic(), time.process_time()
            await asyncio.sleep(_BETWEEN_LOOKS)
            ended = time.monotonic()
            late.append((ended, min(ended - begun - _BETWEEN_LOOKS, time.process_time() - worked)))
    finally:
        file.write_text(json.dumps(late), encoding="utf-8")


def longest_jump(seconds: float) -> float:
    """The most seconds of work that a thread was charged with at once, while it only read the clocks for so long."""
    until, longest, last = time.monotonic() + seconds, 0.0, time.thread_time()
    while time.monotonic() < until:
        now = time.thread_time()
        longest, last = max(longest, now - last), now
    return longest


def watch_into(file: Path) -> None:
    """Make the product watch itself from its start."""
    set_up, watching = SolidarityBot.setup_hook, list[asyncio.Task[None]]()

    async def set_up_and_watch(self: SolidarityBot) -> None:
        watching.append(asyncio.create_task(watch(file)))
        await set_up(self)

    SolidarityBot.setup_hook = set_up_and_watch  # type: ignore[method-assign]


if __name__ == "__main__":
    watch_into(Path(sys.argv[1]))
    sys.argv = ["solidarity-bot", *sys.argv[3:]]
    main()
