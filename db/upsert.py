"""Inserts that do something about a row that exists already; each database has its own statement for that."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_or(connection: AsyncConnection, table: Table) -> Any:
    """An insert that `on_conflict_do_nothing` or `on_conflict_do_update` can be asked of."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow to import, and most installations are SQLite

        return postgresql.insert(table)
    return sqlite.insert(table)
