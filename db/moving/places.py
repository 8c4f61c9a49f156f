"""The two databases of a move: whether each may be used for it, and what it needs before and after."""

from typing import TypeAlias

from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import DatabaseProblem
from db.moving.rows import count
from db.tables import metadata

MOVING_KEY = 0x501D_0002
"""PostgreSQL's advisory lock by which two moves, or the two ends of one, notice each other."""

WAIT_SECONDS = 5
"""A server may need a moment to notice that a process was killed, and to take back what that one did."""


OneTable: TypeAlias = Table


def tables() -> list[OneTable]:
    """Every table, those to which others refer before these."""
    return list(metadata.sorted_tables)


async def hold(connection: AsyncConnection) -> bool:
    """Keeps the source as it is until the transaction ends, which this begins: nobody else can write there meanwhile.

    Returns:
        Whether that could be done; it cannot while somebody writes there.
    """
    if not _on_server(connection):
        return True  # the file is ours alone already
    await connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    await _wait_no_longer(connection)
    try:
        await connection.exec_driver_sql(f"LOCK TABLE {_names()} IN SHARE MODE")
    except DBAPIError as error:
        if "lock timeout" not in str(error.orig):
            raise
        return False
    return True


async def keep_others_from(connection: AsyncConnection) -> None:
    """Lets nobody write to the target, in which all tables are, until the transaction ends."""
    if _on_server(connection):
        await _wait_no_longer(connection)
        await connection.exec_driver_sql(f"LOCK TABLE {_names()} IN EXCLUSIVE MODE")


async def claim(connection: AsyncConnection) -> bool:
    """Has a database for this move alone until the transaction ends. It fails for the second end of one database, too."""
    if not _on_server(connection):
        return True
    given = {"key": MOVING_KEY}
    for _ in range(WAIT_SECONDS * 10):
        if (await connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), given)).scalar_one():
            return True
        await connection.execute(text("SELECT pg_sleep(0.1)"))
    return False


async def others_at(connection: AsyncConnection) -> list[str]:
    """By what names other programs say that they are connected to the same database; empty where a file is ours alone."""
    if not _on_server(connection):
        return []
    query = (
        "SELECT coalesce(nullif(application_name, ''), 'a program without a name') FROM pg_stat_activity"
        " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    await connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")  # it would answer as it did before
    return sorted((await connection.exec_driver_sql(query)).scalars().all())


async def require_unicode(connection: AsyncConnection) -> None:
    """Refuses a PostgreSQL database that cannot hold every letter.

    Raises:
        DatabaseProblem: it has another encoding.
    """
    if not _on_server(connection):
        return
    encoding = (await connection.exec_driver_sql("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise DatabaseProblem(
            f"The target keeps text as {encoding}, which does not know every letter. Nothing was moved.",
            next_step="Make it anew: createdb --encoding=UTF8 --template=template0 NAME.",
        )


async def rows_in(connection: AsyncConnection) -> int:
    """How many rows there are, in all tables together."""
    return sum([await count(connection, one) for one in tables()])


async def go_on_numbering(connection: AsyncConnection, of: Table) -> None:
    """Lets PostgreSQL number the next row of a table after the highest one, where it gives the numbers itself."""
    numbered = of.autoincrement_column
    if numbered is None or not _on_server(connection):
        return
    await connection.exec_driver_sql(
        f"SELECT setval(pg_get_serial_sequence('{of.name}', '{numbered.name}'),"  # noqa: S608 - names of our own
        f" coalesce(max({numbered.name}), 0) + 1, false) FROM {of.name}"
    )


def _names() -> str:
    return ", ".join(one.name for one in tables())


def _on_server(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "postgresql"


async def _wait_no_longer(connection: AsyncConnection) -> None:
    await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
