"""Queries on many deliveries at once: what is held, what is overdue, and what became of everything."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.schedules import Delivery, DeliveryState, ScheduleKind, ScheduleState, TargetKind
from bot.domain.shards import EVERYTHING, Share
from db.deliveries import delivery_of
from db.shares import belongs_to
from db.tables import deliveries, schedules

_HELD = DeliveryState.HELD.value


async def fetch_held(connection: AsyncConnection, guild_id: int) -> tuple[Delivery, ...]:
    """What is held back in a guild, earliest first."""
    query = (
        select(deliveries)
        .where(deliveries.c.guild_id == guild_id, deliveries.c.state == _HELD)
        .order_by(deliveries.c.due_at)
    )
    return tuple(delivery_of(row) for row in await connection.execute(query))


async def release(
    connection: AsyncConnection, guild_id: int, ids: Sequence[str], *, at: datetime, may_stand: bool = False
) -> None:
    """Lets held deliveries be tried again.

    Args:
        connection: a write transaction.
        guild_id: whose deliveries they are.
        ids: which; those that are no longer held stay as they are.
        at: when they are to be tried.
        may_stand: look in the channel's history first, because they may have been posted.
    """
    values = {"state": DeliveryState.PENDING.value, "attention_at": at, "settled_at": None, "reason": None}
    if may_stand:
        values |= {
            "may_stand": True,
            "first_attempted_at": func.coalesce(
                deliveries.c.first_attempted_at, deliveries.c.due_at, type_=deliveries.c.due_at.type
            ),
        }
    await connection.execute(_held_among(guild_id, ids).values(values))


async def skip_held(
    connection: AsyncConnection, guild_id: int, ids: Sequence[str], *, at: datetime, reason: str
) -> None:
    """Leaves held deliveries out for good."""
    await connection.execute(
        _held_among(guild_id, ids).values(state=DeliveryState.SKIPPED.value, settled_at=at, reason=reason)
    )


def _held_among(guild_id: int, ids: Sequence[str]):  # noqa: ANN202 - SQLAlchemy's own type, told by the call
    return update(deliveries).where(
        deliveries.c.guild_id == guild_id, deliveries.c.delivery_id.in_(ids), deliveries.c.state == _HELD
    )


async def fetch_standing(
    connection: AsyncConnection, guild_id: int, meeting_key: str, day: date, *, limit: int
) -> tuple[Delivery, ...]:
    """The latest reminders of an occurrence that stand in channels, the latest first.

    Those of a meeting that happens once are all of that one, whatever day they were made for.
    """
    query = (
        select(deliveries)
        .join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.state == DeliveryState.SENT.value,
            deliveries.c.target_kind == TargetKind.CHANNEL.value,
            deliveries.c.message_id.is_not(None),
            schedules.c.meeting_key == meeting_key,
            schedules.c.kind == ScheduleKind.MEETING.value,
            or_(schedules.c.rule.is_(None), deliveries.c.local_date == day),
        )
        .order_by(deliveries.c.settled_at.desc())
        .limit(limit)
    )
    return tuple(delivery_of(row) for row in await connection.execute(query))


async def fetch_overdue(
    connection: AsyncConnection, now: datetime, share: Share = EVERYTHING
) -> tuple[Delivery, ...]:
    """What wanted attention before now, of every guild of a share, earliest first."""
    query = (
        select(deliveries)
        .join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id)
        .where(
            deliveries.c.attention_at < now,
            schedules.c.state == ScheduleState.ACTIVE.value,
            belongs_to(deliveries.c.guild_id, share),
        )
        .order_by(deliveries.c.due_at)
    )
    return tuple(delivery_of(row) for row in await connection.execute(query))


async def count_overdue(connection: AsyncConnection, guild_id: int, before: datetime) -> int:
    """How many of a guild's deliveries have wanted attention since before an instant."""
    query = (
        select(func.count())
        .select_from(deliveries.join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id))
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.attention_at < before,
            schedules.c.state == ScheduleState.ACTIVE.value,
        )
    )
    return (await connection.execute(query)).scalar_one()


async def count_backlog(connection: AsyncConnection, before: datetime, share: Share = EVERYTHING) -> int:
    """How many deliveries have wanted attention since before an instant, of every guild of a share."""
    query = (
        select(func.count())
        .select_from(deliveries.join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id))
        .where(
            deliveries.c.attention_at < before,
            schedules.c.state == ScheduleState.ACTIVE.value,
            belongs_to(deliveries.c.guild_id, share),
        )
    )
    return (await connection.execute(query)).scalar_one()


async def hold_all(connection: AsyncConnection, ids: Sequence[str], *, at: datetime, reason: str) -> None:
    """Holds deliveries that are not settled yet, by their keys."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.delivery_id.in_(ids), deliveries.c.attention_at.is_not(None))
        .values(state=_HELD, settled_at=at, attention_at=None, reason=reason)
    )


async def fetch_posts_by_state(
    connection: AsyncConnection,
    guild_id: int,
    states: Sequence[DeliveryState],
    *,
    newest_first: bool,
    limit: int,
) -> tuple[tuple[Delivery, str], ...]:
    """A guild's posts into channels in some states, each with its schedule's title."""
    order = deliveries.c.due_at.desc() if newest_first else deliveries.c.due_at
    query = (
        select(deliveries, schedules.c.title)
        .join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.target_kind == TargetKind.CHANNEL.value,
            deliveries.c.state.in_([state.value for state in states]),
        )
        .order_by(order, deliveries.c.delivery_id)
        .limit(limit)
    )
    return tuple((delivery_of(row), row.title) for row in await connection.execute(query))


async def count_posts(connection: AsyncConnection, guild_id: int) -> dict[DeliveryState, int]:
    """How many of a guild's posts into channels stand in which state."""
    query = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.guild_id == guild_id, deliveries.c.target_kind == TargetKind.CHANNEL.value)
        .group_by(deliveries.c.state)
    )
    return {DeliveryState(state): count for state, count in await connection.execute(query)}


async def count_settled(
    connection: AsyncConnection, guild_id: int, since: datetime
) -> dict[DeliveryState, int]:
    """How many of a guild's posts into channels have ended in which state since an instant."""
    query = (
        select(deliveries.c.state, func.count())
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.target_kind == TargetKind.CHANNEL.value,
            deliveries.c.settled_at >= since,
        )
        .group_by(deliveries.c.state)
    )
    return {DeliveryState(state): count for state, count in await connection.execute(query)}


async def fetch_coming(
    connection: AsyncConnection, guild_id: int, *, since: datetime, until: datetime, limit: int
) -> tuple[tuple[Delivery, str], ...]:
    """A guild's posts into channels that are to go out between two instants, each with its schedule's title."""
    query = (
        select(deliveries, schedules.c.title)
        .join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.target_kind == TargetKind.CHANNEL.value,
            deliveries.c.state == DeliveryState.PENDING.value,
            schedules.c.state == ScheduleState.ACTIVE.value,
            deliveries.c.due_at.between(since, until),
        )
        .order_by(deliveries.c.due_at, deliveries.c.delivery_id)
        .limit(limit)
    )
    return tuple((delivery_of(row), row.title) for row in await connection.execute(query))


async def fetch_pinged_roles(connection: AsyncConnection, guild_id: int) -> dict[int, list[str]]:
    """The roles that a guild's active schedules ping, each with the schedules' titles."""
    query = (
        select(schedules.c.role_id, schedules.c.title)
        .where(
            schedules.c.guild_id == guild_id,
            schedules.c.role_id.is_not(None),
            schedules.c.state == ScheduleState.ACTIVE.value,
        )
        .order_by(schedules.c.title)
    )
    roles: dict[int, list[str]] = {}
    for role_id, title in await connection.execute(query):
        roles.setdefault(role_id, []).append(title)
    return roles
