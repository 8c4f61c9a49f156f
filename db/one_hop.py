"""An aiosqlite connection that crosses over to its thread once for each statement.

aiosqlite does so four times: to make a cursor, to execute, to fetch, and to close. Each crossing costs more than most of
the bot's statements do. SQLAlchemy reads all rows of a statement at once, so nothing is lost by doing it in one; and a
transaction begins together with its first statement. `at_once` does a whole transaction in one crossing: between two
waits a processor goes to sleep, and is slow for a while when it wakes up (docs/performance.md).
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Self, TypeVar

import aiosqlite

T = TypeVar("T")

CHUNK_ROWS = 64  # aiosqlite's own default; nothing here iterates over a cursor


class OneHopCursor:
    """What SQLAlchemy asks of an asynchronous cursor: to execute, and then to hand out what came of it."""

    arraysize = 1

    def __init__(self, connection: "OneHopConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount, self.lastrowid = -1, None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Executes one statement, and fetches all of its rows."""
        await self._connection.in_thread(self._execute, statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Executes one statement with each of several sets of parameters."""
        await self._connection.in_thread(self._executemany, statement, parameters)

    async def fetchall(self) -> list[Any]:
        """The rows of the last statement."""
        return self._rows

    async def close(self) -> None:
        """Nothing is open: the cursor of SQLite was closed with its statement."""

    def _execute(self, connection: sqlite3.Connection, statement: str, parameters: Sequence[Any]) -> None:
        self._keep(connection.execute(statement, parameters))

    def _executemany(
        self, connection: sqlite3.Connection, statement: str, parameters: Iterable[Sequence[Any]]
    ) -> None:
        self._keep(connection.executemany(statement, parameters))

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        self.description = cursor.description
        self._rows = cursor.fetchall()
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        cursor.close()


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors cross over once."""

    def cursor(self) -> OneHopCursor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """A cursor for SQLAlchemy's use."""
        return OneHopCursor(self)

    _to_begin: str | None = None

    async def at_once(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Does work in the connection's own thread, where each of its statements is executed without another crossing.

        Args:
            work: what is to be done; it may wait for nothing but this connection.

        Raises:
            RuntimeError: it waits for something else.
        """
        crossing = asyncio.ensure_future(self._execute(copy_context().run, _run_through, work))
        try:
            return await asyncio.shield(crossing)
        except asyncio.CancelledError:
            while not crossing.done():  # until then the thread works on this connection, and nobody else may
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({crossing})
            raise

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if threading.current_thread() is self._thread:
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # pyright: ignore[reportUnknownMemberType]

    def begin(self, statement: str) -> None:
        """Begins a transaction, as soon as there is something to do in it."""
        self._to_begin = statement

    async def commit(self) -> None:
        """Commits, if anything was done."""
        if not self._began_nothing():
            await super().commit()

    async def rollback(self) -> None:
        """Takes back what was done, if anything was."""
        if not self._began_nothing():
            await super().rollback()

    def _began_nothing(self) -> bool:
        to_begin, self._to_begin = self._to_begin, None
        return to_begin is not None

    def end_with_program(self) -> None:
        """Keeps the thread from outliving the program, as SQLAlchemy does for the connections that it makes itself."""
        self._thread.daemon = True

    async def in_thread(self, work: Any, *arguments: Any) -> None:
        """Runs work with SQLite's own connection, in the thread that owns it, in the transaction that is to begin."""
        await self._execute(self._begun, work, *arguments)  # pyright: ignore[reportUnknownMemberType]

    def _begun(self, work: Any, *arguments: Any) -> None:
        if self._to_begin is not None:
            self._conn.execute(self._to_begin)
            self._to_begin = None
        work(self._conn, *arguments)


def connect(path: str, timeout_seconds: float) -> OneHopConnection:
    """A connection to be awaited, whose thread ends with the program."""

    def opened() -> sqlite3.Connection:
        # SQLAlchemy sets the isolation level from outside the thread.
        return sqlite3.connect(path, timeout=timeout_seconds, check_same_thread=False)

    connection = OneHopConnection(opened, CHUNK_ROWS)
    connection.end_with_program()
    return connection


def _run_through(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs what waits for nothing from its beginning to its end."""
    steps = work().__await__()
    try:
        next(steps)
        steps.throw(RuntimeError("work that is done at once may wait for nothing but the database"))
    except StopIteration as end:
        return end.value
    raise RuntimeError("work that waits although it was told not to")
