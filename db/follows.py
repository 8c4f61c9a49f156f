"""Queries on who follows which demand, and on the batches of answers that followers are told of.

An empty demand key stands for all demands. A batch is a schedule of the kind FOLLOW: its `wordings` are the ids of the
answers, and each follower has one delivery of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.schedules import DeliveryState, Schedule, ScheduleKind, ScheduleState, TargetKind
from db.schedules import schedule_of
from db.tables import deliveries, demand_follows, demand_responses, schedules
from db.upsert import insert_or

ALL = ""
_FOLLOW = ScheduleKind.FOLLOW.value


async def insert_follow(connection: AsyncConnection, guild_id: int, user_id: int, demand_key: str) -> bool:
    """Lets a member follow a demand. Returns whether they did not before."""
    row = {"guild_id": guild_id, "user_id": user_id, "demand_key": demand_key}
    statement = insert_or(connection, demand_follows).values(**row).on_conflict_do_nothing()
    result = await connection.execute(statement.returning(demand_follows.c.user_id))
    return result.scalar_one_or_none() is not None


async def delete_follows(
    connection: AsyncConnection, guild_id: int, user_id: int, demand_key: str | None = None
) -> int:
    """Ends that a member follows a demand, or everything without one. Returns how many rows that were."""
    query = delete(demand_follows).where(
        demand_follows.c.guild_id == guild_id, demand_follows.c.user_id == user_id
    )
    if demand_key is not None:
        query = query.where(demand_follows.c.demand_key == demand_key)
    return (await connection.execute(query)).rowcount


async def fetch_followed(
    connection: AsyncConnection, guild_id: int, user_ids: Collection[int]
) -> dict[int, frozenset[str]]:
    """The keys that each of these members follows; who follows nothing is left out."""
    query = select(demand_follows.c.user_id, demand_follows.c.demand_key).where(
        demand_follows.c.guild_id == guild_id, demand_follows.c.user_id.in_(user_ids)
    )
    found: dict[int, set[str]] = {}
    for user_id, key in await connection.execute(query):
        found.setdefault(user_id, set()).add(key)
    return {user_id: frozenset(keys) for user_id, keys in found.items()}


async def fetch_followers(connection: AsyncConnection, guild_id: int, demand_key: str) -> tuple[int, ...]:
    """The members who follow a demand, or all demands."""
    query = (
        select(demand_follows.c.user_id)
        .where(demand_follows.c.guild_id == guild_id, demand_follows.c.demand_key.in_((demand_key, ALL)))
        .distinct()
        .order_by(demand_follows.c.user_id)
    )
    return tuple((await connection.execute(query)).scalars())


async def fetch_open_batch(
    connection: AsyncConnection, guild_id: int, *, due_after: datetime
) -> Schedule | None:
    """The batch of answers that still takes more: the one that goes out after an instant, which is UTC and naive."""
    query = (
        select(schedules)
        .where(
            schedules.c.guild_id == guild_id,
            schedules.c.kind == _FOLLOW,
            schedules.c.state == ScheduleState.ACTIVE.value,
            schedules.c.starts_wall > due_after,
        )
        .order_by(schedules.c.starts_wall.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else schedule_of(row)


async def write_batch(
    connection: AsyncConnection, guild_id: int, schedule_id: str, response_ids: Sequence[str]
) -> None:
    """Stores the answers of which a batch tells."""
    await connection.execute(
        update(schedules)
        .where(schedules.c.guild_id == guild_id, schedules.c.schedule_id == schedule_id)
        .values(wordings=list(response_ids))
    )


async def fetch_demand_keys(
    connection: AsyncConnection, guild_id: int, response_ids: Collection[str]
) -> tuple[str, ...]:
    """The demands to which these answers belong; answers that are gone are left out."""
    query = (
        select(demand_responses.c.demand_key)
        .where(demand_responses.c.guild_id == guild_id, demand_responses.c.response_id.in_(response_ids))
        .distinct()
    )
    return tuple((await connection.execute(query.order_by(demand_responses.c.demand_key))).scalars())


async def delete_waiting(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    """Deletes what a member was still to be told of demands that they followed."""
    batches = select(schedules.c.schedule_id).where(
        schedules.c.guild_id == guild_id, schedules.c.kind == _FOLLOW
    )
    await connection.execute(
        delete(deliveries).where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.target_kind == TargetKind.MEMBER.value,
            deliveries.c.target_id == user_id,
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.schedule_id.in_(batches),
        )
    )
