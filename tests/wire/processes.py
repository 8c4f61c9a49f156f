"""Bots in processes of their own: started, watched through their log, and always reaped."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.wire.born import REPOSITORY, Born, bear
from tests.wire.server.basics import PATIENCE_SECONDS

__all__ = ["REPOSITORY", "BotProcess"]

_SECONDS_TO_STOP = 30.0


class BotProcess:
    """One child process with its output in a file; use it as an asynchronous context manager."""

    def __init__(
        self,
        arguments: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        *,
        born: bool = False,
    ) -> None:
        """Prepares a process.

        Args:
            arguments: the command line.
            log: where its output goes.
            environment: what it finds in its environment beside what this process has there.
            born: whether it comes from the nursery, which spares it the imports, and not from a fresh interpreter.
        """
        assert not born or arguments[0] == sys.executable
        self._arguments, self._born = list(arguments), born
        # Measuring coverage would double the time that each start takes; the product's own tests do that.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
        self._environment = {**inherited, **(environment or {})}
        self.log_path = log
        self.started_at = 0.0
        self._process: asyncio.subprocess.Process | Born | None = None

    @classmethod
    def bare(cls, api_base: str, token: str, log: Path) -> Self:
        """Return the bare discord.py bot, not yet started."""
        environment = {"BARE_BOT_API_BASE": api_base, "BARE_BOT_TOKEN": token}
        return cls([sys.executable, "-m", "tests.wire.bare_bot"], log, environment)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._running.pid

    @property
    def returncode(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._running.returncode

    def log(self) -> str:
        """Return all that the process has printed so far, its earlier runs included."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    async def says(self, text: str) -> None:
        """Wait until this is in its log."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while text not in self.log():
                await asyncio.sleep(0.02)

    async def start(self) -> None:
        """Start the process, appending to its log."""
        if self._born:
            self.started_at = time.perf_counter()
            self._process = await bear(self._arguments[1:], self.log_path, self._environment)
            return
        with self.log_path.open("ab") as output:
            self.started_at = time.perf_counter()
            self._process = await asyncio.create_subprocess_exec(
                *self._arguments,
                cwd=REPOSITORY,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    async def wait(self, timeout: float = _SECONDS_TO_STOP) -> int:
        """Wait until the process ends by itself; return its exit code."""
        async with asyncio.timeout(timeout):
            return await self._running.wait()

    async def kill(self) -> None:
        """Kill the process where it stands, as a power cut would."""
        if self.returncode is None:
            self._running.send_signal(signal.SIGKILL)
        await self._running.wait()

    async def stop(self) -> int:
        """Ask the process to stop, kill it if it does not within half a minute; return its exit code."""
        if self.returncode is None:
            self._running.send_signal(signal.SIGTERM)
        try:
            return await self.wait()
        except TimeoutError:
            await self.kill()
            raise

    @property
    def _running(self) -> asyncio.subprocess.Process | Born:
        assert self._process is not None, "the process was not started"
        return self._process
