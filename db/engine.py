"""Connections and transactions, the same way on SQLite and PostgreSQL.

SQLite: one connection writes, a few read, and each transaction has a connection to itself, since two coroutines on one
connection would commit each other's half-done work. Writes start with `BEGIN IMMEDIATE`; a deferred one that turns into a
write fails at once with SQLITE_BUSY_SNAPSHOT. The write-ahead log is used from SQLite 3.51.3 on; older ones can corrupt it
when several connections write and checkpoint (sqlite.org, release notes of 3.51.3), so they keep a rollback journal.
"""

import os
import sqlite3
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.domain.problems import Problem
from db.backup import InUse
from db.in_use import share, take_alone
from db.one_hop import OneHopConnection, connect
from db.quiet_errors import hide_values

T = TypeVar("T")

WAL_IS_SAFE_FROM = (3, 51, 3)
BUSY_TIMEOUT_MILLISECONDS = 5_000
SQLITE_HEADER = b"SQLite format 3\x00"
READERS = 4


class DatabaseProblem(Problem):
    """The database cannot be used as it is; nothing in it was changed."""


class Database:
    """The two ways into the database: `read()` and `write()`."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, *, in_use: int | None = None) -> None:
        self._writer = writer
        self._reader = reader
        self._in_use = in_use
        self.wrote: Callable[[float], None] | None = None
        """Is told how many seconds each write transaction took, with the wait for its turn."""

    @classmethod
    async def open(cls, url: str, *, alone: bool = False) -> "Database":
        """Opens the database and proves that it answers.

        Args:
            url: an SQLAlchemy address, `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`.
            alone: keep every other process from a file until it is closed; a server's database is not kept from anybody.

        Raises:
            DatabaseProblem: it cannot be reached, or is not a database of the kind that the address says.
        """
        address = make_url(url)
        database = (
            _open_sqlite(address, alone=alone)
            if address.get_backend_name() == "sqlite"
            else _open_postgres(address)
        )
        try:
            async with database.read() as connection:
                await connection.exec_driver_sql(
                    "SELECT count(*) FROM sqlite_master" if database.is_sqlite else "SELECT 1"
                )
        except (DBAPIError, OSError) as error:
            await database.close()
            raise explain(error, address) from error
        return database

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; otherwise it is PostgreSQL."""
        return self._writer.dialect.name == "sqlite"

    @property
    def path(self) -> Path | None:
        """The database file, where there is one."""
        return Path(self._writer.url.database) if self.is_sqlite and self._writer.url.database else None

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that sees one state of the database and changes nothing."""
        async with self._reader.connect() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that is committed whole at the end of the block, or not at all when it raises."""
        with self._timed():
            async with self._writer.begin() as connection:
                yield connection

    async def write_through(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Does work in a transaction like that of `write`, the quickest way; it may wait for nothing but the database."""
        if not self.is_sqlite:
            async with self.write() as connection:
                return await work(connection)
        with self._timed():
            async with self._writer.connect() as connection:
                raw = await connection.get_raw_connection()

                async def whole() -> T:
                    async with connection.begin():
                        return await work(connection)

                return await cast("OneHopConnection", raw.driver_connection).at_once(whole)

    @contextmanager
    def _timed(self) -> Generator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            if self.wrote is not None:
                self.wrote(time.perf_counter() - began)

    @asynccontextmanager
    async def outside_transactions(self) -> AsyncGenerator[AsyncConnection]:
        """A connection whose every statement stands alone, for what PostgreSQL does only so."""
        async with self._writer.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def close(self) -> None:
        """Closes every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()
        in_use, self._in_use = self._in_use, None
        if in_use is not None:
            os.close(in_use)


def exists(url: str) -> bool:
    """Whether there is something to open; a server is taken to be there until it is asked."""
    address = make_url(url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").exists()


def sqlite_file(url: str) -> Path | None:
    """The database file; none where a server keeps it."""
    address = make_url(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def _open_postgres(address: URL) -> Database:
    engine = create_async_engine(
        address,
        pool_size=10,
        max_overflow=0,
        pool_pre_ping=True,
        pool_reset_on_return=None,  # read() and write() end every transaction themselves
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "handle_error", hide_values)
    return Database(engine, engine)


def _open_sqlite(address: URL, *, alone: bool) -> Database:
    in_use = None
    if address.database:
        _prepare_file(Path(address.database))
        in_use = _say_in_use(Path(address.database), alone=alone)
    writer, reader = _sqlite_engine(address, connections=1), _sqlite_engine(address, connections=READERS)
    event.listen(writer.sync_engine, "begin", _begin_immediate)
    event.listen(reader.sync_engine, "begin", _begin_deferred)
    event.listen(reader.sync_engine, "connect", _refuse_writes)
    return Database(writer, reader, in_use=in_use)


def _sqlite_engine(address: URL, *, connections: int) -> AsyncEngine:
    engine = create_async_engine(
        address,
        async_creator=lambda: connect(address.database or "", BUSY_TIMEOUT_MILLISECONDS / 1000),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=30,
        pool_reset_on_return=None,  # read() and write() end every transaction themselves
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _prepare_connection)
    return engine


def _prepare_file(path: Path) -> None:
    """Makes the file readable by its owner only, and refuses what is not ours before SQLite touches it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        return
    with path.open("rb") as file:
        start = file.read(len(SQLITE_HEADER))
    if start and start != SQLITE_HEADER:
        raise DatabaseProblem(
            f"{path} is not a SQLite database. It was left untouched.",
            next_step="Move that file away, or name another one in [database] url.",
        )


def _say_in_use(path: Path, *, alone: bool) -> int | None:
    try:
        return take_alone(path) if alone else share(path)
    except InUse as error:
        if alone:
            raise DatabaseProblem(
                f"A bot or another command uses {path}.",
                next_step="Stop it, every process of it; then try again.",
            ) from error
        raise DatabaseProblem(
            f"{path} is being put in place or moved at this moment.",
            next_step="Wait until that is done, then start again.",
        ) from error


def _prepare_connection(connection: Any, record: object) -> None:
    del record
    connection.isolation_level = None  # SQLAlchemy's own begin events start the transactions
    cursor = connection.cursor()
    # Deleted text must not stay in the file, nor in the journal or a temporary file.
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MILLISECONDS}",
        "foreign_keys = ON",
        "secure_delete = ON",
        "temp_store = MEMORY",
        "synchronous = FULL",
        f"journal_mode = {safe_journal_mode(sqlite3.sqlite_version_info)}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def safe_journal_mode(version: tuple[int, ...]) -> str:
    """The journal mode that is safe with several connections on this version of SQLite."""
    return "WAL" if version >= WAL_IS_SAFE_FROM else "TRUNCATE"


def _refuse_writes(connection: Any, record: object) -> None:
    del record
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.connection.driver_connection.begin("BEGIN IMMEDIATE")


def _begin_deferred(connection: Any) -> None:
    connection.connection.driver_connection.begin("BEGIN")


def explain(error: BaseException, address: URL | None = None) -> DatabaseProblem:
    """What an error of the database means for the person who runs the bot."""
    text = str(getattr(error, "orig", None) or error)
    where = address.render_as_string(hide_password=True) if address is not None else "The database"
    for sign, what, fix in _MEANINGS:
        if sign in text:
            return DatabaseProblem(f"{where}: {what}", next_step=fix)
    return DatabaseProblem(
        f"{where} cannot be used: {text.splitlines()[0][:200] if text else type(error).__name__}.",
        next_step="Check [database] url, that the server runs, and that this user may write there.",
    )


_MEANINGS = (
    (
        "database is locked",
        "another program keeps the database locked.",
        "Stop the other program (a second bot, a backup, a database viewer), then start again. Nothing was changed.",
    ),
    (
        "file is not a database",
        "the file is not a database, or is damaged. It was left untouched.",
        "Restore your latest backup beside it, and point [database] url there.",
    ),
    (
        "malformed",
        "the database is damaged. It was left untouched.",
        "Keep the file, restore your latest backup, and point [database] url there.",
    ),
    (
        "unable to open database file",
        "the file cannot be opened.",
        "Check that the folder exists and that this user may write in it.",
    ),
    (
        "readonly database",
        "the database is read-only for this user.",
        "Give this user permission to write to the file and its folder.",
    ),
    ("disk is full", "the disk is full.", "Free some space, then start again. Nothing was lost."),
    (
        "password authentication failed",
        "PostgreSQL refused the user name or password.",
        "Correct them in [database] url.",
    ),
    ("does not exist", "PostgreSQL has no such database or user.", "Create it, or correct [database] url."),
)
