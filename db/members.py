"""Queries on what is held about a member: their choices, and whatever names them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.personal_data import Choices, PersonalColumn
from db.tables import members, metadata, participation, participation_ledger
from db.upsert import insert_or

_PARAMETERS = 500


async def fetch_choices(connection: AsyncConnection, guild_id: int, user_id: int) -> Choices:
    """What a member chose; the defaults, where nothing is stored."""
    query = select(members.c.nudges, members.c.zone, members.c.language).where(
        members.c.guild_id == guild_id, members.c.user_id == user_id
    )
    row = (await connection.execute(query)).one_or_none()
    return Choices() if row is None else Choices(row.nudges, row.zone, row.language)


async def write_choices(connection: AsyncConnection, guild_id: int, user_id: int, chosen: Choices) -> None:
    """Stores what a member chose. Who has chosen nothing leaves no row behind."""
    if chosen == Choices():
        await connection.execute(
            delete(members).where(members.c.guild_id == guild_id, members.c.user_id == user_id)
        )
        return
    values = {"nudges": chosen.nudges, "zone": chosen.zone, "language": chosen.language}
    statement = insert_or(connection, members).values(guild_id=guild_id, user_id=user_id, **values)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["guild_id", "user_id"], set_=values)
    )


async def fetch_languages(connection: AsyncConnection, guild_id: int) -> dict[int, str]:
    """The language of each member of a guild who chose one."""
    query = select(members.c.user_id, members.c.language).where(
        members.c.guild_id == guild_id, members.c.language.is_not(None)
    )
    return {row.user_id: row.language for row in await connection.execute(query)}


async def fetch_opted_in(connection: AsyncConnection, guild_id: int) -> tuple[int, ...]:
    """The members of a guild who want nudges as direct messages."""
    query = select(members.c.user_id).where(members.c.guild_id == guild_id, members.c.nudges)
    return tuple((await connection.execute(query.order_by(members.c.user_id))).scalars())


async def fetch_counted(connection: AsyncConnection, guild_id: int) -> tuple[tuple[str, str], ...]:
    """The actions, each with its week, for which somebody in a guild may still be marked in the ledger."""
    weeks = select(participation_ledger.c.iso_week).where(participation_ledger.c.guild_id == guild_id)
    query = select(participation.c.action_key, participation.c.iso_week).where(
        participation.c.guild_id == guild_id, participation.c.iso_week.in_(weeks)
    )
    return tuple((row.action_key, row.iso_week) for row in await connection.execute(query))


async def take_out(connection: AsyncConnection, guild_id: int, action_key: str, iso_week: str) -> None:
    """Counts one member less for an action in a week."""
    await connection.execute(
        update(participation)
        .where(
            participation.c.guild_id == guild_id,
            participation.c.action_key == action_key,
            participation.c.iso_week == iso_week,
            participation.c.members > 0,
        )
        .values(members=participation.c.members - 1)
    )


async def fetch_rows(
    connection: AsyncConnection, guild_id: int, personal: PersonalColumn, values: Sequence[int | str]
) -> list[dict[str, Any]]:
    """The rows of a guild in which a column that names a person holds one of these values."""
    table = metadata.tables[personal.table]
    found: list[dict[str, Any]] = []
    for start in range(0, len(values), _PARAMETERS):
        mine = _mine(table, guild_id, personal, values[start : start + _PARAMETERS])
        found += [dict(row) for row in (await connection.execute(select(table).where(*mine))).mappings()]
    return found


async def erase_rows(
    connection: AsyncConnection, guild_id: int, personal: PersonalColumn, values: Sequence[int | str]
) -> None:
    """Deletes the rows that `fetch_rows` finds."""
    table = metadata.tables[personal.table]
    for start in range(0, len(values), _PARAMETERS):
        mine = _mine(table, guild_id, personal, values[start : start + _PARAMETERS])
        await connection.execute(delete(table).where(*mine))


def _mine(
    table: Table, guild_id: int, personal: PersonalColumn, values: Sequence[int | str]
) -> list[ColumnElement[bool]]:
    narrowed = [table.c[name] == value for name, value in personal.only]
    return [table.c.guild_id == guild_id, table.c[personal.column].in_(values), *narrowed]
