"""Brings a database to this version's schema, and refuses one that it must not touch.

The revision is read with one plain query first, and an empty database gets its tables at once, so that only an upgrade
imports Alembic.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from db.engine import Database, DatabaseProblem, explain
from db.tables import metadata

HEAD = "0003"
MIGRATIONS = Path(__file__).parent / "migrations"


async def upgrade(database: Database) -> bool:
    """Migrates the database to the newest schema, in one transaction.

    Returns:
        Whether there was anything to do.

    Raises:
        DatabaseProblem: it was made by a newer version, belongs to another program, is locked, or is damaged.
    """
    try:
        if await current_revision(database) == HEAD:
            return False
        async with database.write() as connection:
            return await connection.run_sync(migrate)
    except DBAPIError as error:
        raise explain(error) from error


async def current_revision(database: Database) -> str | None:
    """The revision that the database says it has; `None` for an empty one.

    Raises:
        DatabaseProblem: it holds tables, but none of ours.
    """
    async with database.read() as connection:
        return await connection.run_sync(_read_revision)


def known_revisions() -> set[str]:
    """Every schema that this version can read, or bring up to its own."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}


async def verify(database: Database) -> list[str]:
    """Looks for damage and for a schema that is not this version's.

    Returns:
        What is wrong, a sentence each; empty when all is well.
    """
    problems: list[str] = []
    if await current_revision(database) != HEAD:
        problems.append("The schema is not this version's. Run: solidarity-bot db upgrade")
    if database.is_sqlite:
        async with database.read() as connection:
            found = (await connection.exec_driver_sql("PRAGMA integrity_check")).scalars().all()
            loose = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
        problems += [f"SQLite reports: {line}" for line in found if line != "ok"]
        problems += [f"A row of {row[0]} refers to one that is gone." for row in loose]
    return problems


def _read_revision(connection: Connection) -> str | None:
    names = inspect(connection).get_table_names()
    if "alembic_version" in names:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if names:
        raise DatabaseProblem(
            "That database belongs to another program. It was left untouched.",
            next_step="Name an empty or new database in [database] url.",
        )
    return None


def migrate(connection: Connection) -> bool:
    """Does what `upgrade` does, within a transaction that is open already."""
    # Read again inside the transaction: another process may have migrated meanwhile.
    revision = _read_revision(connection)
    if revision == HEAD:
        return False
    if revision is None:
        _make_schema(connection)
    else:
        run_migrations(connection, revision)
    return True


def _make_schema(connection: Connection) -> None:
    """Makes every table at once; tests hold the result against what the migrations make, step by step."""
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def run_migrations(connection: Connection, revision: str | None) -> None:
    """Runs every migration after a revision.

    Raises:
        DatabaseProblem: that revision is not one of ours.
    """
    from alembic import command  # noqa: PLC0415 - slow to import, and needed only when there is something to migrate
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseProblem(
            "That database was written by a newer version of Solidarity Bot. It was left untouched.",
            next_step="Install that version or a newer one, or restore a backup from before its upgrade.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
