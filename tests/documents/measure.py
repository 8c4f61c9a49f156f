"""How long the refusal of each attack takes, and how much memory: `python -m tests.documents.measure`."""

import asyncio
import sys
import threading
import time
from contextlib import suppress

import psutil

from bot.domain.problems import BadInput
from bot.services.documents import text_of
from tests.documents.attacks import ATTACKS
from tests.documents.make import HERE

ORDINARY = ("care-homes.docx", "bakery-two-column.pdf", "conference-motion.pdf")


class Watch(threading.Thread):
    """Looks at the processes that were started, every few milliseconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.003):
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    self.most = max(self.most, child.memory_info().rss)


async def main() -> None:
    """Prints a row for each file."""
    files = {name: (HERE / name).read_bytes() for name in ORDINARY} | {
        name: make() for name, make in ATTACKS.items()
    }
    files["ten-megabytes.pdf"] = b"%PDF-" + bytes(10_000_000)
    bot = psutil.Process()
    sys.stdout.write("| file | size | answer | time | memory of the reader | of the bot |\n")
    for name, data in files.items():
        watch, before, begin = Watch(), bot.memory_info().rss, time.perf_counter()
        watch.start()
        try:
            answer = f"{len(await text_of(data, name)):,} characters"
        except BadInput as problem:
            answer = problem.what.partition("”. ")[2]
        took = time.perf_counter() - begin
        watch.over.set()
        watch.join()
        grown = (bot.memory_info().rss - before) / 1e6
        size = f"{len(data) / 1e3:,.0f} kB"
        sys.stdout.write(
            f"| {name} | {size} | {answer} | {took:.1f} s | {watch.most / 1e6:.0f} MB | {grown:+.1f} MB |\n"
        )


if __name__ == "__main__":
    asyncio.run(main())
