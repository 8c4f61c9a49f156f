"""What the tests of moving an installation share."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from bot.config import Settings
from bot.services.moving import Moved, move
from db.engine import Database
from db.tables import metadata


def at(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"database": settings.database.model_copy(update={"url": url})})


def new_file(settings: Settings) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite+aiosqlite:///{settings.data.directory.parent}/new/back.sqlite3"


def is_there(url: str) -> bool:
    return Path(url.removeprefix("sqlite+aiosqlite:///")).exists()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = await Database.open(url)
    yield database
    await database.close()


async def moved(settings: Settings, target: str, *, without_nul: bool = False) -> Moved:
    return await move(settings, target, lambda step: None, without_nul=without_nul)


def raw(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a file, as SQLite itself stores it."""
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection:
        names = [*metadata.tables, "alembic_version"]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def number_of(rows: dict[str, list[tuple[Any, ...]]]) -> int:
    """How many rows there are to move."""
    return sum(len(found) for name, found in rows.items() if name in metadata.tables)


async def tables_in(url: str) -> list[str]:
    async with opened(url) as database, database.read() as connection:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return list((await connection.exec_driver_sql(query)).scalars())


def spoil(url: str, statement: str) -> None:
    """Writes what the bot's own statements would not."""
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection:
        assert connection.execute(statement).rowcount
        connection.commit()
