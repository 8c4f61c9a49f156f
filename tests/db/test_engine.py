"""What the database promises whoever uses it, on SQLite and on PostgreSQL."""

import asyncio
import os
import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Database, DatabaseProblem, safe_journal_mode
from db.tables import guilds, installation
from db.types import Instant, WallTime
from db.upgrade import HEAD, current_revision, upgrade, verify


async def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.write() as connection:
            await connection.execute(insert(guilds).values(guild_id=1, zone="Europe/London"))
            raise RuntimeError
    async with database.read() as connection:
        assert (await connection.execute(select(guilds))).all() == []


async def test_a_read_does_not_see_a_write_that_is_not_committed(database: Database) -> None:
    async with database.write() as writing:
        await writing.execute(insert(guilds).values(guild_id=1, zone="Europe/London"))
        async with database.read() as reading:
            assert (await reading.execute(select(guilds))).all() == []


async def test_discord_ids_of_64_bits_come_back_whole(database: Database) -> None:
    largest = 2**63 - 1
    async with database.write() as connection:
        await connection.execute(insert(guilds).values(guild_id=largest, zone="Europe/London"))
    async with database.read() as connection:
        assert (await connection.execute(select(guilds.c.guild_id))).scalar_one() == largest


async def test_instants_come_back_aware_in_utc_and_naive_ones_are_refused(database: Database) -> None:
    table = Table("times", MetaData(), Column("at", Instant), Column("wall", WallTime))
    east = datetime(2025, 4, 3, 17, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    async with database.write() as connection:
        await connection.run_sync(table.metadata.create_all)
        await connection.execute(insert(table).values(at=east, wall=datetime(2025, 4, 3, 12, 30)))
        row = (await connection.execute(select(table))).one()
        assert row.at == datetime(2025, 4, 3, 11, 30, tzinfo=UTC)
        assert row.at.tzinfo is UTC
        assert row.wall == datetime(2025, 4, 3, 12, 30)
    for values in ({"at": datetime(2025, 4, 3)}, {"wall": datetime(2025, 4, 3, tzinfo=UTC)}):
        with pytest.raises(StatementError, match="zone"):
            async with database.write() as connection:
                await connection.execute(insert(table).values(values))


async def test_upgrade_is_done_once(empty_url: str) -> None:
    database = await Database.open(empty_url)
    assert await current_revision(database) is None
    assert await upgrade(database) is True
    assert await upgrade(database) is False
    assert await current_revision(database) == HEAD
    assert await verify(database) == []
    await database.close()


async def test_a_newer_database_is_refused_and_left_alone(empty_url: str) -> None:
    database = await Database.open(empty_url)
    await upgrade(database)
    async with database.write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseProblem, match="newer version"):
        await upgrade(database)
    assert await current_revision(database) == "9999"
    await database.close()


async def test_another_programs_database_is_refused(empty_url: str) -> None:
    database = await Database.open(empty_url)
    async with database.write() as connection:
        await connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(DatabaseProblem, match="another program"):
        await upgrade(database)
    await database.close()


async def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "minutes.txt"
    path.write_text("Minutes of the branch meeting. " * 100)
    before = path.read_bytes()
    with pytest.raises(DatabaseProblem, match="not a SQLite database"):
        await Database.open(f"sqlite+aiosqlite:///{path}")
    assert path.read_bytes() == before


async def test_a_damaged_database_is_refused_and_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    database = await Database.open(sqlite_url)
    await upgrade(database)
    await database.close()
    path = tmp_path / "solidarity.sqlite3"
    damaged = path.read_bytes()[:100] + os.urandom(4000) + path.read_bytes()[4100:]
    path.write_bytes(damaged)
    with pytest.raises(DatabaseProblem, match=r"damaged|not a database"):
        await Database.open(sqlite_url)
    assert path.read_bytes() == damaged


async def test_a_server_that_is_not_there_is_said_in_plain_words() -> None:
    with pytest.raises(DatabaseProblem, match="cannot be used"):
        await Database.open("postgresql+asyncpg://nobody:secret@127.0.0.1:1/none")


async def test_a_password_is_never_shown() -> None:
    with pytest.raises(DatabaseProblem) as caught:
        await Database.open("postgresql+asyncpg://nobody:canary-password@127.0.0.1:1/none")
    assert "canary-password" not in str(caught.value)


async def test_only_the_owner_may_read_the_file(sqlite_database: Database) -> None:
    path = sqlite_database.path
    assert path is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_sqlite_is_set_up_for_safety(sqlite_database: Database) -> None:
    async with sqlite_database.write() as connection:
        expected = {"foreign_keys": 1, "secure_delete": 1, "synchronous": 2, "temp_store": 2}
        for pragma, value in expected.items():
            assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar() == value
        mode = (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
        assert mode.upper() == safe_journal_mode(sqlite3.sqlite_version_info)


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 40, 1), "TRUNCATE"), ((3, 51, 2), "TRUNCATE"), ((3, 51, 3), "WAL"), ((3, 52, 0), "WAL")],
)
def test_the_journal_is_safe_for_the_version(version: tuple[int, ...], mode: str) -> None:
    assert safe_journal_mode(version) == mode


async def test_a_write_takes_the_lock_with_its_first_statement(sqlite_database: Database) -> None:
    """And not with its first change: what it has read must still be true when it writes."""
    async with sqlite_database.write() as connection:
        await connection.execute(select(installation))
        other = sqlite3.connect(str(sqlite_database.path), timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


async def test_readers_cannot_write(sqlite_database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with sqlite_database.read() as connection:
            await connection.execute(insert(installation).values(key="a", value="b"))


async def test_deleted_text_is_gone_from_every_file(sqlite_database: Database, tmp_path: Path) -> None:
    canary = "canary-of-deleted-text"
    async with sqlite_database.write() as connection:
        await connection.execute(insert(installation).values(key="a", value=canary))
    assert any(canary.encode() in path.read_bytes() for path in tmp_path.iterdir())
    async with sqlite_database.write() as connection:
        await connection.execute(installation.delete())
    assert not any(canary.encode() in path.read_bytes() for path in tmp_path.iterdir())


async def put(connection: AsyncConnection, key: str) -> None:
    await connection.execute(insert(installation).values(key=key, value=""))


async def keys(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(select(installation.c.key).order_by("key"))).scalars())


async def test_a_transaction_in_one_crossing_is_kept_whole_or_not_at_all(database: Database) -> None:
    async def stored(connection: AsyncConnection) -> str:
        await put(connection, "a")
        return (
            await connection.execute(select(installation.c.key).where(installation.c.key == "a"))
        ).scalar_one()

    async def broken_off(connection: AsyncConnection) -> None:
        await put(connection, "b")
        raise KeyError("b")

    before = await keys(database)
    assert await database.write_through(stored) == "a"
    with pytest.raises(KeyError):
        await database.write_through(broken_off)
    assert await keys(database) == sorted([*before, "a"])


async def test_work_in_one_crossing_may_not_wait_for_anything_else(sqlite_database: Database) -> None:
    async def waits(connection: AsyncConnection) -> None:
        await put(connection, "a")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="nothing but the database"):
        await sqlite_database.write_through(waits)
    assert "a" not in await keys(sqlite_database)
    await sqlite_database.write_through(lambda connection: put(connection, "b"))
    assert "b" in await keys(sqlite_database)


@pytest.mark.parametrize("times", [1, 2])
async def test_whoever_gives_up_a_crossing_leaves_a_connection_that_works(
    sqlite_database: Database, times: int
) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    async def slowly(connection: AsyncConnection) -> None:
        await put(connection, "a")
        begun.set()
        goes_on.wait()
        await put(connection, "b")

    async def next_one() -> None:
        async with sqlite_database.write() as connection:
            await put(connection, "c")

    writing = asyncio.create_task(sqlite_database.write_through(slowly))
    await asyncio.to_thread(begun.wait)
    following = asyncio.create_task(next_one())
    for _ in range(times):
        writing.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await following
    assert {"a", "b", "c"} <= set(await keys(sqlite_database))
