"""Queries on what organisers change about actions."""

from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import Action
from bot.domain.schedules import ScheduleState
from db.campaign import action_of
from db.tables import actions, schedules

_ONE = select(actions).where(actions.c.guild_id == bindparam("guild"), actions.c.key == bindparam("action"))
"""Made once: to make a statement takes longer than to execute it, and everybody who presses waits for this one."""


async def fetch_action(connection: AsyncConnection, guild_id: int, key: str) -> Action | None:
    """One action, also a retired one; `None` when the guild has none with this key."""
    row = (await connection.execute(_ONE, {"guild": guild_id, "action": key})).one_or_none()
    return None if row is None else action_of(row)


async def fetch_all_actions(connection: AsyncConnection, guild_id: int) -> tuple[Action, ...]:
    """A guild's actions in their order, the retired ones last."""
    query = select(actions).where(actions.c.guild_id == guild_id)
    rows = await connection.execute(query.order_by(actions.c.position, actions.c.key))
    return tuple(sorted((action_of(row) for row in rows), key=lambda action: action.retired_on is not None))


async def fetch_next_position(connection: AsyncConnection, guild_id: int) -> int:
    """The position behind a guild's last action."""
    query = select(func.max(actions.c.position)).where(actions.c.guild_id == guild_id)
    return ((await connection.execute(query)).scalar_one() or 0) + 1


async def insert_action(connection: AsyncConnection, guild_id: int, **values: Any) -> None:
    """Stores a new action; the values are its columns."""
    await connection.execute(insert(actions).values(guild_id=guild_id, **values))


async def update_action(connection: AsyncConnection, guild_id: int, key: str, **values: Any) -> None:
    """Changes these columns of one action."""
    query = update(actions).where(actions.c.guild_id == guild_id, actions.c.key == key)
    await connection.execute(query.values(**values))


async def fetch_nudges_for(connection: AsyncConnection, guild_id: int, key: str) -> tuple[str, ...]:
    """The titles of the nudges that call for an action and are to be posted again."""
    query = select(schedules.c.title).where(
        schedules.c.guild_id == guild_id,
        schedules.c.action_key == key,
        schedules.c.state == ScheduleState.ACTIVE.value,
    )
    return tuple((await connection.execute(query.order_by(schedules.c.title))).scalars())
