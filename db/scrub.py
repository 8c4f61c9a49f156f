"""Removes from the database's files what was deleted from its tables.

A deleted row is not gone by itself. SQLite overwrites it where it lay, but keeps copies in the gaps of pages that were
rearranged before; PostgreSQL keeps it where it lay. So the tables are written anew. (Of columns with people's words or ids
PostgreSQL takes no samples: see `db.tables.UNSAMPLED`.) Its log of recent writes is not ours to empty; the server reuses
that by and by.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from db.engine import Database

TABLES = (
    "audit",
    "deliveries",
    "demand_follows",
    "feedback",
    "feedback_messages",
    "feedback_tags",
    "focus_ballots",
    "focus_ledger",
    "focus_rounds",
    "focus_suggestions",
    "guilds",
    "meeting_answers",
    "members",
    "participation_ledger",
)
"""What may be deleted from for somebody's sake, or because its time has come."""

LARGE_BYTES = 64 * 2**20
"""Writing more than this anew would keep commands waiting; it is left to the hour of the daily work."""

WAIT_SECONDS = 5


async def scrub(database: Database, *, even_large: bool) -> bool:
    """Writes the tables anew, without what was deleted. Nothing else can use them meanwhile.

    Args:
        database: the database.
        even_large: also if there is so much of it that commands may have to wait.

    Returns:
        Whether it was done. It is not while others keep the database busy, or where it is large; try again later.
    """
    if database.path is not None:
        return await asyncio.to_thread(_scrub_file, database.path, even_large=even_large)
    return await _scrub_server(database, even_large=even_large)


def _scrub_file(path: Path, *, even_large: bool) -> bool:
    is_large = path.stat().st_size > LARGE_BYTES
    # A connection of its own, since neither statement can run within a transaction.
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        if not is_large:
            connection.execute("PRAGMA temp_store = MEMORY")
        try:
            if even_large or not is_large:
                connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy and (even_large or not is_large)


async def _scrub_server(database: Database, *, even_large: bool) -> bool:
    async with database.outside_transactions() as connection:
        sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in TABLES)
        size = (await connection.exec_driver_sql(f"SELECT {sizes}")).scalar_one()
        if size > LARGE_BYTES and not even_large:
            return False
        await connection.exec_driver_sql(f"SET lock_timeout = '{WAIT_SECONDS * 1000:.0f}ms'")
        try:
            await connection.exec_driver_sql(f"VACUUM FULL {', '.join(TABLES)}")
        except DBAPIError:
            return False
        finally:
            await connection.exec_driver_sql("RESET lock_timeout")
    return True
