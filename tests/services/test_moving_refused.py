"""What is not moved: refused, spoiled on the way, disturbed, killed. The databases are as they were then."""

import asyncio
import signal
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import asyncpg
import pytest
from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

import db.moving.rows
from bot.config import Settings
from bot.domain.problems import Problem
from bot.failures import sentence_for
from bot.services.moving import move
from bot.services.moving_rows import Step
from db.engine import Database
from db.moving import places
from db.moving.rows import Rows
from db.tables import members
from db.upgrade import HEAD, upgrade
from tests.conftest import postgres_execute
from tests.meta.two_guilds import A, fill
from tests.services.moving import at, is_there, moved, new_file, number_of, opened, raw, spoil, tables_in
from tests.wire.born import bear


@pytest.fixture
async def source(sqlite_settings: Settings) -> Settings:
    """An installation with rows in every table, in a file."""
    async with opened(sqlite_settings.database.url) as database, database.write() as connection:
        await fill(connection, A)
    return sqlite_settings


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Another program at the server."""
    connection = await asyncpg.connect(
        url.replace("postgresql+asyncpg", "postgresql"), server_settings={"application_name": "psql"}
    )
    yield connection
    await connection.close()


async def test_what_cannot_be_moved_is_refused(
    source: Settings, postgres_uri: str, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "WAIT_SECONDS", 1)
    url, there = source.database.url, at(source, postgres_url)
    before = raw(url)
    rows = number_of(before)

    async def refused(words: str, settings: Settings, target: str) -> None:
        with pytest.raises(Problem, match=words) as caught:
            await moved(settings, target)
        assert caught.value.next_step

    await refused("database that the bot uses now", source, url.replace("/solid", "/./solid"))
    await refused("cannot be used", source, "postgresql+asyncpg://bot:secret@127.0.0.1:1/none")
    await refused("no such database", source, postgres_url.replace("/test_", "/gone_"))
    (tmp_path / "minutes.txt").write_text("Minutes of the branch meeting.")
    await refused("is not a SQLite database", source, f"sqlite+aiosqlite:///{tmp_path}/minutes.txt")
    await refused("no database yet", at(source, new_file(source)), postgres_url)
    async with opened(url):
        await refused("A bot or another command uses", source, postgres_url)
    assert await tables_in(postgres_url) == []

    await postgres_execute(
        postgres_uri, "CREATE DATABASE latin ENCODING LATIN1 LOCALE 'C' TEMPLATE template0"
    )
    name = postgres_url.rpartition("/test_")[2].partition("?")[0]
    await refused("keeps text as LATIN1", source, postgres_url.replace(f"/test_{name}", "/latin"))
    await postgres_execute(postgres_uri, "DROP DATABASE latin WITH (FORCE)")

    async with connected(postgres_url) as their:
        await their.execute("CREATE TABLE theirs (id INTEGER)")
        await refused("belongs to another program", source, postgres_url)
        await their.execute("DROP TABLE theirs")
    await moved(source, postgres_url)
    await refused(f"The target is not empty: it holds {rows} rows", source, postgres_url)
    await refused("one and the same database", there, f"{postgres_url}&prepared_statement_cache_size=50")
    async with connected(postgres_url) as their:
        await refused("is in use by psql", there, new_file(source))
        async with their.transaction():
            await their.execute("DELETE FROM members")
            await refused("Somebody writes to", there, new_file(source))
            await their.execute("ROLLBACK; BEGIN")
    spoil(url, "UPDATE alembic_version SET version_num = '0001'")
    await refused("schema is not this version's", source, postgres_url)
    spoil(url, f"UPDATE alembic_version SET version_num = '{HEAD}'")
    async with connected(postgres_url) as their:
        await their.execute("UPDATE alembic_version SET version_num = '9999'")
    await refused("newer version", source, postgres_url)
    assert not is_there(new_file(source))
    assert raw(url) == before


async def test_a_copy_that_differs_is_not_kept(
    source: Settings, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever went wrong on the way, be it one row that is lost, one too many, or one letter."""
    write, fault = db.moving.rows.write, 0

    async def carelessly(connection: AsyncConnection, to: Table, rows: Rows) -> None:
        if to is members:
            rows = [rows[:-1], [*rows, (7, *rows[0][1:])], [(*rows[0][:-1], " "), *rows[1:]]][fault]
        await write(connection, to, rows)

    with monkeypatch.context() as careless:
        careless.setattr(db.moving.rows, "write", carelessly)
        for number, target in enumerate((postgres_url, new_file(source), postgres_url)):
            fault = number
            with pytest.raises(Problem, match="table members is not what stands in the source"):
                await moved(source, target)
    assert await tables_in(postgres_url) == []
    assert not is_there(new_file(source))
    assert (await moved(source, postgres_url)).rows == number_of(raw(source.database.url))


async def test_a_bot_that_starts_meanwhile_loses_nothing(source: Settings, postgres_url: str) -> None:
    """Nobody can open the file; whoever writes to a server's database waits, and if it is the source, it stays there."""
    url, target = source.database.url, new_file(source)
    refusals: list[str] = []

    def start_bot(step: Step) -> None:
        if step.table == "members":
            with pytest.raises(Problem) as caught, ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, Database.open(url)).result()
            refusals.append(caught.value.what)
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, write_in_vain()).result()

    async def write_in_vain() -> None:
        async with connected(postgres_url) as their:
            await their.execute("SET lock_timeout = '50ms'")
            with pytest.raises(asyncpg.LockNotAvailableError):
                await their.execute("INSERT INTO installation VALUES ('early', 'early')")

    async with opened(postgres_url) as database:
        await upgrade(database)
    await move(source, postgres_url, start_bot)
    assert len(refusals) == 2
    assert all("moved at this moment" in what for what in refusals)

    connected_late, late = Event(), ThreadPoolExecutor(1)

    async def write_late() -> None:
        async with connected(postgres_url) as their:
            connected_late.set()
            await their.execute("INSERT INTO installation VALUES ('late', 'late')")

    def write(step: Step) -> None:
        if not connected_late.is_set():
            writing.append(late.submit(asyncio.run, write_late()))
            assert connected_late.wait(30)

    writing: list[Future[None]] = []
    with late, pytest.raises(Problem, match="Meanwhile somebody has connected"):
        await move(at(source, postgres_url), target, write)
    writing[0].result()
    assert not is_there(target)
    await moved(at(source, postgres_url), target)
    assert raw(target)["installation"] == [("late", "late")]


async def test_a_server_that_goes_away_is_told_in_words(source: Settings, postgres_url: str) -> None:
    async def end_all() -> None:
        async with connected(postgres_url) as their:
            query = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            )
            await their.execute(f"{query} AND pid <> pg_backend_pid()")

    def tell(step: Step) -> None:
        if step.table == "members":
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, end_all()).result()

    for settings, target in ((source, postgres_url), (at(source, postgres_url), new_file(source))):
        with pytest.raises(DBAPIError) as caught:
            await move(settings, target, tell)
        said = sentence_for(caught.value)
        assert said
        assert "cannot be used" in said
        assert (await moved(settings, target)).rows == number_of(raw(source.database.url))


async def test_a_killed_move_leaves_a_target_for_the_next(
    source: Settings, postgres_url: str, tmp_path: Path
) -> None:
    url, target = source.database.url, new_file(source)
    before = raw(url)
    for here, there, stage in ((url, postgres_url, "compared"), (postgres_url, target, "copied")):
        arguments = (str(source.data.directory), here, there, stage, "members")
        killed = await bear(["-m", "tests.services.move_victim", *arguments], tmp_path / "log")
        assert await killed.wait() == -signal.SIGKILL
        assert (await moved(at(source, here), there)).rows == number_of(raw(source.database.url))
    assert raw(url) == raw(target) == before
