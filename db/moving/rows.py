"""Rows of any table, read in the order of its key and written as they were read, on both kinds of database.

A row is a tuple of plain Python values. JSON and wall times go over as the text that they are stored as, so that not even
the spaces in them change; instants, dates, booleans and bytes by what they mean, since each database writes its own way.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    JSON,
    Column,
    ColumnClause,
    ColumnElement,
    String,
    Table,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from db.types import WallTime

Rows: TypeAlias = Sequence[tuple[Any, ...]]

_NARROW, _WIDE = 1_000, 100
"""How many rows are held at once; few of those in which a whole document may stand."""


async def count(connection: AsyncConnection, of: Table) -> int:
    """How many rows a table has."""
    return (await connection.execute(select(func.count()).select_from(of))).scalar_one()


def read(connection: AsyncConnection, of: Table) -> AsyncIterator[Rows]:
    """Every row of a table in the order of its key, a few at a time, so that it does not matter how many there are."""
    at_once = _WIDE if any(_may_be_long(one) for one in of.columns) else _NARROW
    if connection.dialect.name == "postgresql":
        return _streamed(connection, of, at_once)
    return _page_by_page(connection, of, at_once)


async def write(connection: AsyncConnection, to: Table, rows: Rows) -> None:
    """Adds rows, as they were read from the table of that name in the other database."""
    on_server = connection.dialect.name == "postgresql"
    given: dict[str, ColumnElement[Any]] = {}
    for one in to.columns:
        value = bindparam(_parameter(one.name), type_=_carried(one))
        given[one.name] = cast(value, JSON) if on_server and isinstance(one.type, JSON) else value
    names = [_parameter(one.name) for one in to.columns]
    statement = _plain(to).insert().values(given)
    await connection.execute(statement, [dict(zip(names, row, strict=True)) for row in rows])


async def _page_by_page(connection: AsyncConnection, of: Table, at_once: int) -> AsyncIterator[Rows]:
    plain, keys = _plain(of), list(of.primary_key.columns)
    key, places = [plain.c[one.name] for one in keys], [list(of.columns).index(one) for one in keys]
    query = page = select(plain).order_by(*key).limit(at_once)
    while True:
        rows = [tuple(row) for row in await connection.execute(page)]
        if rows:
            yield rows
        if len(rows) < at_once:
            return
        last = [literal(rows[-1][place], one.type) for place, one in zip(places, key, strict=True)]
        page = query.where(tuple_(*key) > tuple_(*last))


async def _streamed(connection: AsyncConnection, of: Table, at_once: int) -> AsyncIterator[Rows]:
    plain = _plain(of)
    key = [_by_numbers(plain.c[one.name]) for one in of.primary_key.columns]
    # The driver would take JSON apart by itself.
    values = [
        cast(plain.c[one.name], Text) if isinstance(one.type, JSON) else plain.c[one.name]
        for one in of.columns
    ]
    query = select(*values).order_by(*key)
    async with connection.stream(query, execution_options={"yield_per": at_once}) as result:
        async for rows in result.partitions():
            yield [tuple(row) for row in rows]


def _by_numbers(key: ColumnClause[Any]) -> ColumnElement[Any]:
    """Has PostgreSQL put letters into the order of their numbers, as SQLite does, and not into that of a language."""
    return key.collate("C") if isinstance(key.type, String) else key


def _plain(of: Table) -> TableClause:
    """The table with types that leave alone what is stored as text."""
    return table(of.name, *(column(one.name, _carried(one)) for one in of.columns))


def _carried(one: Column[Any]) -> Any:
    return Text() if isinstance(one.type, JSON | WallTime) else one.type


def _may_be_long(one: Column[Any]) -> bool:
    return isinstance(_carried(one), String) and getattr(_carried(one), "length", None) is None


def _parameter(name: str) -> str:
    """A name of its own: those of the columns are SQLAlchemy's in an insert."""
    return f"new_{name}"
