"""Queries on participation: how many members did what in a week, and the ledger by which each counts once."""

from functools import cache
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import actions, participation, participation_ledger
from db.upsert import insert_into


# Made once: to make a statement takes longer than to execute it, and everybody who presses waits for these.
@cache
def _enter(dialect: str) -> Any:
    statement = insert_into(dialect, participation_ledger).on_conflict_do_nothing()
    return statement.returning(participation_ledger.c.entry_hash)


@cache
def _add(dialect: str) -> Any:
    return (
        insert_into(dialect, participation)
        .on_conflict_do_update(
            index_elements=["guild_id", "action_key", "iso_week"],
            set_={"members": participation.c.members + 1},
        )
        .returning(participation.c.members)
    )


async def enter_ledger(connection: AsyncConnection, guild_id: int, iso_week: str, entry_hash: str) -> bool:
    """Writes a member's entry for the week. Returns whether it was not there yet."""
    entry = {"entry_hash": entry_hash, "guild_id": guild_id, "iso_week": iso_week}
    result = await connection.execute(_enter(connection.dialect.name), entry)
    return result.scalar_one_or_none() is not None


async def add_member(connection: AsyncConnection, guild_id: int, action_key: str, iso_week: str) -> int:
    """Counts one more member for an action in a week; returns how many it has now."""
    row = {"guild_id": guild_id, "action_key": action_key, "iso_week": iso_week, "members": 1}
    return (await connection.execute(_add(connection.dialect.name), row)).scalar_one()


async def fetch_week(connection: AsyncConnection, guild_id: int, iso_week: str) -> dict[str, int]:
    """How many members did each of a guild's actions in a week; actions that nobody did are left out."""
    query = select(participation.c.action_key, participation.c.members).where(
        participation.c.guild_id == guild_id, participation.c.iso_week == iso_week
    )
    return {row.action_key: row.members for row in await connection.execute(query)}


async def fetch_most_done(
    connection: AsyncConnection, guild_id: int, since_week: str, until_week: str, *, least: int
) -> str | None:
    """The key of the action that most members did in the last of these weeks in which at least so many did one.

    Retired actions are left out.
    """
    counted = participation.c
    present = select(actions.c.key).where(actions.c.guild_id == guild_id, actions.c.retired_on.is_(None))
    query = select(counted.action_key).where(
        counted.guild_id == guild_id,
        counted.iso_week.between(since_week, until_week),
        counted.members >= least,
        counted.action_key.in_(present),
    )
    in_order = query.order_by(counted.iso_week.desc(), counted.members.desc(), counted.action_key.desc())
    return (await connection.execute(in_order.limit(1))).scalar_one_or_none()


async def fetch_guilds_in_ledger(connection: AsyncConnection) -> tuple[int, ...]:
    """The guilds that have entries in the ledger."""
    return tuple((await connection.execute(select(participation_ledger.c.guild_id).distinct())).scalars())


async def empty_ledger_before(connection: AsyncConnection, guild_id: int, iso_week: str) -> None:
    """Deletes a guild's entries of the weeks before this one."""
    await connection.execute(
        delete(participation_ledger).where(
            participation_ledger.c.guild_id == guild_id, participation_ledger.c.iso_week < iso_week
        )
    )


async def fetch_action_weeks(connection: AsyncConnection, guild_id: int, action_key: str) -> dict[str, int]:
    """How many members did one of a guild's actions in each week in which anybody did."""
    query = select(participation.c.iso_week, participation.c.members).where(
        participation.c.guild_id == guild_id, participation.c.action_key == action_key
    )
    return {row.iso_week: row.members for row in await connection.execute(query)}
