"""Inserts that do something about a row that exists already; each database has its own statement for that."""

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_or(connection: AsyncConnection, table: Table) -> Any:
    """An insert that `on_conflict_do_nothing` or `on_conflict_do_update` can be asked of."""
    return insert_into(connection.dialect.name, table)


def put(connection: AsyncConnection, table: Table) -> Any:
    """An insert that takes the place of the row with the same primary key; executed with every column's value.

    It is made once for a table: to make a statement takes longer than to execute it, and members wait for this one.
    """
    return _put(connection.dialect.name, table)


@cache
def _put(dialect: str, table: Table) -> Any:
    statement = insert_into(dialect, table)
    keys = [column.name for column in table.primary_key]
    others = {column.name: column for column in statement.excluded if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


@cache
def insert_into(dialect: str, table: Table) -> Any:
    """The same as `insert_or`, for a statement that is made once for each kind of database."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow to import, and most installations are SQLite

        return postgresql.insert(table)
    return sqlite.insert(table)
