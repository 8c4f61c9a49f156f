"""The two bots that are compared, each with a stand-in for Discord in a process of its own."""

import asyncio
import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

from benchmarks.reminders import CONFIGURATION
from tests.wire.processes import REPOSITORY, BotProcess
from tests.wire.server import DEFAULT_TOKEN


class Rig(ABC):
    """A stand-in for Discord in its own process, and one kind of bot to run against it."""

    def __init__(self, name: str, folder: Path, api_base: str, session: aiohttp.ClientSession) -> None:
        self.name = name
        self.folder = folder
        self.api_base = api_base
        self._session = session
        self._control = api_base.partition("/api/")[0] + "/control"

    @abstractmethod
    def bot(self) -> BotProcess:
        """Return a bot that is not yet started."""

    def start_afresh(self) -> None:  # noqa: B027 - only the product keeps anything
        """Make the next start a first start."""

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the stand-in's control routes."""
        async with self._session.request(method, f"{self._control}/{path}", json=body) as response:
            response.raise_for_status()
            return await response.json() if response.content_length else {}

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[Running]":
        """Start the bot, wait until members can use it, and stop it in the end.

        Raises:
            RuntimeError: the bot ended before it could be used; its last words are in the message.
        """
        async with self.bot() as process:
            seconds = await self._until_usable(process)
            yield Running(process, seconds)
        await self.call("GET", "idle")

    async def _until_usable(self, process: BotProcess) -> float:
        usable = asyncio.create_task(self.call("GET", "usable"))
        ended = asyncio.create_task(process.wait(timeout=90))
        try:
            await asyncio.wait({usable, ended}, return_when=asyncio.FIRST_COMPLETED)
            seconds = time.perf_counter() - process.started_at
            if ended.done():
                raise RuntimeError(f"{self.name} ended before it was usable:\n{process.log()[-2000:]}")
            usable.result()
            return seconds
        finally:
            for task in (usable, ended):
                task.cancel()
            await asyncio.gather(usable, ended, return_exceptions=True)


def turns(bare: Rig, product: Rig, rounds: int) -> Iterator[Rig]:
    """Yield both contenders once a round, each going first in every other one."""
    for number in range(rounds):
        yield from (bare, product) if number % 2 == 0 else (product, bare)


@dataclass(frozen=True)
class Running:
    """A bot that members can use."""

    process: BotProcess
    seconds_to_start: float

    def resident_megabytes(self) -> float:
        """Return the memory of the process and its children, in MB of 1,000,000 bytes."""
        process = psutil.Process(self.process.pid)
        everyone = [process, *process.children(recursive=True)]
        return sum(each.memory_info().rss for each in everyone) / 1_000_000


class BareRig(Rig):
    """The bare discord.py bot."""

    def bot(self) -> BotProcess:
        """Return the bare bot."""
        return BotProcess.bare(self.api_base, DEFAULT_TOKEN, self.folder / "bare.log")


class ProductRig(Rig):
    """Solidarity Bot on a SQLite file."""

    def __init__(self, name: str, folder: Path, api_base: str, session: aiohttp.ClientSession) -> None:
        super().__init__(name, folder, api_base, session)
        self.configuration = folder / "config.toml"
        self.database = folder / "product-0.sqlite3"
        self._databases = 0

    def bot(self) -> BotProcess:
        """Return the product, configured for this stand-in and its present database."""
        self.write_configuration()
        arguments = [sys.executable, "-m", "bot", "run", "--config", str(self.configuration)]
        return BotProcess(arguments, self.folder / "product.log")

    def write_configuration(self) -> None:
        """Write the file that names this stand-in and the present database."""
        text = CONFIGURATION.format(
            token=DEFAULT_TOKEN, api_base=self.api_base, folder=self.folder, database=self.database
        )
        self.configuration.write_text(text, encoding="utf-8")

    def start_afresh(self) -> None:
        """Use a database that does not exist yet."""
        self._databases += 1
        self.database = self.folder / f"product-{self._databases}.sqlite3"


@asynccontextmanager
async def both_rigs(folder: Path) -> AsyncIterator[tuple[Rig, Rig]]:
    """Start a stand-in for each contender, keeping bots and stand-ins off each other's processors."""
    processors = (
        sorted(psutil.Process().cpu_affinity() or ()) if hasattr(psutil.Process, "cpu_affinity") else []
    )
    timeout = aiohttp.ClientTimeout(total=300)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        _discord(processors[-1:]) as bare_base,
        _discord(processors[-1:]) as product_base,
    ):
        if len(processors) > 1:
            psutil.Process().cpu_affinity(processors[:-1])  # bots inherit it
        rigs = (
            BareRig("bare", folder, bare_base, session),
            ProductRig("product", folder, product_base, session),
        )
        for rig in rigs:
            await rig.call("POST", "stage")
        yield rigs
    if processors:
        psutil.Process().cpu_affinity(processors)


@asynccontextmanager
async def _discord(processors: list[int]) -> AsyncIterator[str]:
    arguments = [sys.executable, "-m", "tests.wire.server", "--unchecked"]
    process = await asyncio.create_subprocess_exec(
        *arguments, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE, env=os.environ
    )
    try:
        if processors:
            psutil.Process(process.pid).cpu_affinity(processors)
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.communicate()
