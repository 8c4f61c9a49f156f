"""The migrations make exactly the schema that the code expects."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db.engine import Database
from db.tables import UNSAMPLED, metadata
from db.upgrade import HEAD, MIGRATIONS, current_revision, run_migrations, upgrade, verify
from tests.meta.two_guilds import A, fill


async def test_migrations_make_the_schema(empty_url: str) -> None:
    database = await Database.open(empty_url)
    async with database.write() as connection:
        await connection.run_sync(run_migrations, None)
    async with database.read() as connection:
        assert await connection.run_sync(_differences) == []
        assert await current_revision(database) == HEAD
    await _require_no_samples(database)
    await database.close()


async def test_a_new_database_is_as_if_migrated(empty_url: str, sqlite_url: str, tmp_path: Path) -> None:
    del sqlite_url
    made = await Database.open(empty_url)
    await upgrade(made)
    async with made.read() as connection:
        assert await connection.run_sync(_differences) == []
    await _require_no_samples(made)
    if made.is_sqlite:
        migrated = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/migrated.sqlite3")
        async with migrated.write() as connection:
            await connection.run_sync(run_migrations, None)
        assert await _statements(made) == await _statements(migrated)
        await migrated.close()
    await made.close()


async def test_a_database_with_rows_in_every_table_is_whole(sqlite_database: Database) -> None:
    """SQLite 3.40 takes some sound tables without rowid for damaged, and a backup of them would be refused."""
    async with sqlite_database.write() as connection:
        await fill(connection, A)
    assert await verify(sqlite_database) == []


async def _require_no_samples(database: Database) -> None:
    """PostgreSQL keeps samples of a column's values, and not of those that hold people's words or ids."""
    if database.is_sqlite:
        return
    query = (
        "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE attstattarget = 0 AND relkind = 'r'"
    )
    async with database.read() as connection:
        assert {tuple(row) for row in await connection.exec_driver_sql(query)} == set(UNSAMPLED)


async def _statements(database: Database) -> set[str]:
    query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'"
    async with database.read() as connection:
        found = (await connection.exec_driver_sql(query)).scalars().all()
    return {" ".join(sql.split()) for sql in found}


def test_the_newest_migration_is_the_one_the_code_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_every_table_but_the_installations_is_scoped_by_guild() -> None:
    unscoped = [table.name for table in metadata.sorted_tables if "guild_id" not in table.c]
    assert unscoped == ["installation"]


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": False}
    )
    return list(compare_metadata(context, metadata))
