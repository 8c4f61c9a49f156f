"""The migrations make exactly the schema that the code expects."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db.engine import Database
from db.tables import metadata
from db.upgrade import HEAD, MIGRATIONS


async def test_schema_equals_migrations(database: Database) -> None:
    async with database.read() as connection:
        assert await connection.run_sync(_differences) == []


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
