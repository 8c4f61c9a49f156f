"""Starts hundreds of victims quickly: one process imports the product once, and each victim is a fork of it.

A victim is a process of its own, with its own memory, files and event loop, and is killed as such; what it is spared is
half a second of imports. The nursery ends, and kills what it started, when its standard input ends.
"""

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

from tests.torture.victim import run
from tests.wire.processes import REPOSITORY

# What the product imports only when it gets there.
_WARM = ("bot.process", "bot.app", "bot.connection", "db.upgrade", "alembic.command")
_WARM_LIBRARIES = ("apscheduler.schedulers.asyncio", "sqlalchemy.dialects.sqlite.aiosqlite", "aiosqlite")


class _Server:
    """The nursery's own side; it is single-threaded, so that forking is safe."""

    def __init__(self) -> None:
        self._children: set[int] = set()

    def serve(self) -> None:
        """Obeys the orders on standard input until it ends."""
        from bot.app import EXTENSIONS

        for name in (*_WARM, *_WARM_LIBRARIES, *EXTENSIONS):
            importlib.import_module(name)
        signal.signal(signal.SIGCHLD, self._reap)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            for line in sys.stdin:
                self._obey(json.loads(line))
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for pid in self._children:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _obey(self, order: dict[str, Any]) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        if "signal" in order:
            if order["pid"] in self._children:
                os.kill(order["pid"], order["signal"])
        elif pid := os.fork():
            self._children.add(pid)
            _tell({"started": order["ticket"], "pid": pid})
        else:
            _be_born(order)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})

    def _reap(self, *_: object) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                self._children.discard(pid)
                _tell({"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _tell(news: dict[str, Any]) -> None:
    os.write(1, json.dumps(news).encode() + b"\n")


def _be_born(order: dict[str, Any]) -> NoReturn:
    code = 70
    try:
        for number in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        output = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = run(order["die_at"], order["arguments"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


@dataclass(eq=False)
class Child:
    """One process from the nursery."""

    pid: int
    _nursery: "Nursery"
    ended: "asyncio.Future[int]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal, unless it is dead already."""
        self._nursery.order({"pid": self.pid, "signal": int(number)})

    async def killed(self) -> int:
        """Kills it where it stands; returns the exit code."""
        self.signal(signal.SIGKILL)
        return await asyncio.shield(self.ended)

    async def stopped(self) -> int:
        """Asks it to stop, and returns the exit code."""
        self.signal(signal.SIGTERM)
        return await asyncio.shield(self.ended)


class Nursery:
    """Starts processes; use it as an asynchronous context manager."""

    def __init__(self) -> None:
        self._waiting: dict[int, asyncio.Future[Child]] = {}
        self._children: dict[int, Child] = {}
        self._tickets = 0

    async def __aenter__(self) -> Self:
        # Victims that are killed can report no coverage, and measuring it would slow them down.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.torture.nursery"),
            cwd=REPOSITORY,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader

    def order(self, order: dict[str, Any]) -> None:
        """Hands an order to the nursery's process."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def start(self, die_at: str, arguments: Sequence[str], log: Path) -> Child:
        """Starts a process that runs the product's command line and dies at a point (`POINT:NTH`)."""
        self._tickets += 1
        future = self._waiting[self._tickets] = asyncio.get_running_loop().create_future()
        self.order({"ticket": self._tickets, "die_at": die_at, "arguments": list(arguments), "log": str(log)})
        return await future

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            news = json.loads(line)
            if "started" in news:
                child = self._children[news["pid"]] = Child(news["pid"], self)
                self._waiting.pop(news["started"]).set_result(child)
            else:
                self._children.pop(news["ended"]).ended.set_result(news["code"])
        for future in (*self._waiting.values(), *(child.ended for child in self._children.values())):
            if not future.done():
                future.set_exception(RuntimeError("the nursery ended"))


if __name__ == "__main__":
    _Server().serve()
