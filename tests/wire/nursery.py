"""The process from which others are born quickly: it imports the product once, and each child is a fork of it.

``python -m tests.wire.nursery FD``; `tests.wire.born` starts it and gives it orders. A child is a process of its own, with
its own memory, files, folder, environment, signals and event loop; it lives as `python -m ...` would, and is
killed as such. What it is spared is a second of imports. The nursery ends, and kills what
it started, when whoever gives the orders is gone.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from types import ModuleType
from typing import NoReturn, TextIO

STANDARD_FILES = 3

# What the product imports only when it gets there; bot/__main__.py itself is left to be run.
_WARM = (
    *(
        "bot.process",
        "bot.app",
        "bot.connection",
        "bot.lifetime",
        "bot.backing_up",
        "bot.turns",
        "bot.failures",
    ),
    *("bot.services.setup_check", "db.upgrade", "seeds.loader", "seeds.reader", "alembic.command", "typer"),
    *("apscheduler.schedulers.asyncio", "apscheduler.executors.asyncio", "apscheduler.triggers.date"),
    *("aiosqlite", "asyncpg", "concurrent.futures.thread"),
    *("sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.dialects.postgresql.asyncpg"),
)


@dataclass
class Order:
    """What a child is to run, and where."""

    arguments: list[str]
    """As after `python`: `-m MODULE ...` or `-c CODE ...`."""
    environment: dict[str, str]
    folder: str
    mask: int
    """Which permissions new files do not get."""


class _Server:
    """It is single-threaded, so that forking is safe."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._woken, self._waking = socket.socketpair()

    def serve(self) -> Order | None:
        """Bears children until nobody can ask for more; returns an order in a child, and nothing in the nursery."""
        for end in (self._woken, self._waking):
            end.setblocking(False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # the byte that wakes is enough
        signal.set_wakeup_fd(self._waking.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._control, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._obey(key.data)
                elif key.fileobj is self._woken:
                    self._woken.recv(4096)
                    self._reap()
                else:
                    sign, files, *_ = socket.recv_fds(self._control, 1, 1 + STANDARD_FILES)
                    if not sign:
                        return self._end()
                    if (order := self._bear(files)) is not None:
                        return order

    def _bear(self, files: list[int]) -> Order | None:
        status = socket.socket(fileno=files[0])
        with status.makefile("rb") as orders:
            order = Order(**json.loads(orders.readline()))
        if pid := os.fork():
            self._children[pid] = status
            self._selector.register(status, selectors.EVENT_READ, pid)
            for file in files[1:]:
                os.close(file)
            return None
        _begin(order, files[1:])
        self._leave()
        status.sendall(b"%d\n" % os.getpid())
        status.close()
        return order

    def _leave(self) -> None:
        """Forgets, in a child, all that belongs to the nursery."""
        self._selector.close()
        for each in (self._control, self._woken, self._waking, *self._children.values()):
            each.close()

    def _obey(self, pid: int) -> None:
        """Passes a signal on; a child that nobody waits for any more is killed."""
        if (status := self._children.get(pid)) is None:
            return
        try:
            number = status.recv(1)
        except ConnectionError:
            number = b""
        if not number:
            self._selector.unregister(status)
        os.kill(pid, number[0] if number else signal.SIGKILL)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, ended = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return
                status = self._children.pop(pid)
                with contextlib.suppress(KeyError):
                    self._selector.unregister(status)
                with contextlib.suppress(ConnectionError):
                    status.sendall(b"%d\n" % os.waitstatus_to_exitcode(ended))
                status.close()

    def _end(self) -> None:
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in self._children:
            os.waitpid(pid, 0)


def _warm() -> None:
    import bot.command_line
    from bot.app import EXTENSIONS

    commands = (each.name for each in pkgutil.iter_modules(bot.command_line.__path__, "bot.command_line."))
    for name in (*_WARM, *commands, *EXTENSIONS):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # no child looks through it for garbage


def _begin(order: Order, files: list[int]) -> None:
    """Makes a new fork what a new interpreter would be."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin = _standard(0, "r", "strict")
    sys.stdout = sys.__stdout__ = _standard(1, "w", "strict")
    sys.stderr = sys.__stderr__ = _standard(2, "w", "backslashreplace", buffering=1)
    os.chdir(order.folder)
    os.umask(order.mask)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    tempfile.tempdir = None  # it is found anew
    more = order.environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [order.folder, *(folder for folder in more if folder), *sys.path[1:]]


def _standard(number: int, mode: str, errors: str, buffering: int = -1) -> TextIO:
    return open(number, mode, buffering, encoding="utf-8", errors=errors, closefd=False)  # type: ignore[return-value]


def _live(order: Order) -> int:
    """Runs what was ordered, as the main module of this process; returns the exit code."""
    kind, what, *arguments = order.arguments
    sys.argv = [kind, *arguments]
    try:
        if kind == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            main = sys.modules["__main__"] = ModuleType("__main__")
            exec(compile(what, "<string>", "exec"), vars(main))
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        sys.stderr.write(f"{ended.code}\n")
        return 1
    return 0


def _die(code: int) -> NoReturn:
    """Ends as the interpreter does, but for taking all modules apart again: that is a tenth of a second."""
    threading._shutdown()  # waits for the other threads
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _control = socket.socket(fileno=int(sys.argv[1]))
    _warm()
    if (_order := _Server(_control).serve()) is not None:
        _die(_live(_order))
