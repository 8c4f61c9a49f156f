"""Processes that are born in a nursery, quicker than they would start; see `tests.wire.nursery`."""

import asyncio
import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.wire.nursery import Order

REPOSITORY = Path(__file__).parents[2]


class Nursery:
    """Where processes come from; it ends with the process that made it."""

    def __init__(self) -> None:
        # Children that are killed can report no coverage, and measuring it would slow them down.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.wire.nursery", str(theirs.fileno())],
                cwd=REPOSITORY,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def close(self) -> None:
        """Ends it, and all that were born there."""
        self._control.close()
        self._process.wait()

    def order(
        self,
        arguments: Sequence[str],
        files: tuple[int, int, int],
        *,
        environment: Mapping[str, str],
        folder: Path,
    ) -> socket.socket:
        """Asks for a process with these standard files.

        Returns:
            Where its id and then its exit code can be read, each on a line, and signals be sent, each a byte. Once that
            is closed, the process is killed.
        """
        mask = os.umask(0)
        os.umask(mask)
        ours, theirs = socket.socketpair()
        with theirs:
            order = Order(list(arguments), dict(environment), str(folder), mask)
            ours.sendall(json.dumps(asdict(order)).encode() + b"\n")
            socket.send_fds(self._control, [b"+"], [theirs.fileno(), *files])
        return ours


@functools.cache
def shared_nursery() -> Nursery:
    """The one of this process: of a worker of pytest, for instance."""
    nursery = Nursery()
    atexit.register(nursery.close)
    return nursery


class Born:
    """One process from the nursery."""

    def __init__(self, pid: int, news: asyncio.StreamReader, orders: asyncio.StreamWriter) -> None:
        self.pid = pid
        self._news, self._orders = news, orders
        self.ended = asyncio.ensure_future(self._end())

    @property
    def returncode(self) -> int | None:
        """The exit code, or None while it runs."""
        return self.ended.result() if self.ended.done() else None

    async def wait(self) -> int:
        """Waits until it ends; returns the exit code."""
        return await asyncio.shield(self.ended)

    def send_signal(self, number: int) -> None:
        """Sends a signal, unless it is dead already."""
        if not self._orders.is_closing():
            self._orders.write(bytes([number]))

    async def killed(self) -> int:
        """Kills it where it stands; returns the exit code."""
        self.send_signal(signal.SIGKILL)
        return await self.wait()

    async def stopped(self) -> int:
        """Asks it to stop, and returns the exit code."""
        self.send_signal(signal.SIGTERM)
        return await self.wait()

    async def _end(self) -> int:
        try:
            return await _number(self._news)
        finally:
            self._orders.close()


async def bear(
    arguments: Sequence[str],
    log: Path,
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path = REPOSITORY,
) -> Born:
    """Starts what `python ARGUMENTS` would, appending what it says to a file."""
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        line = shared_nursery().order(
            arguments,
            (nothing.fileno(), output.fileno(), output.fileno()),
            environment=os.environ if environment is None else environment,
            folder=folder,
        )
    news, orders = await asyncio.open_connection(sock=line)
    return Born(await _number(news), news, orders)


async def _number(news: asyncio.StreamReader) -> int:
    if not (line := await news.readline()):
        raise RuntimeError("the nursery ended")
    return int(line)


def run(
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    timeout: float,
) -> subprocess.CompletedProcess[str]:
    """Runs what `python ARGUMENTS` would in a folder, this one if none is named, and waits for its end, like `subprocess.run`."""
    with (
        tempfile.TemporaryFile("w+") as said,
        tempfile.TemporaryFile("w+") as complaints,
        Path(os.devnull).open("rb") as nothing,
    ):
        files = nothing.fileno(), said.fileno(), complaints.fileno()
        where = folder or Path.cwd()
        with shared_nursery().order(arguments, files, environment=environment, folder=where) as line:
            line.settimeout(timeout)
            with line.makefile("rb") as news:
                numbers = news.readlines()
        if len(numbers) < len(("its id", "its exit code")):
            raise RuntimeError("the nursery ended")
        said.seek(0)
        complaints.seek(0)
        return subprocess.CompletedProcess(arguments, int(numbers[1]), said.read(), complaints.read())
