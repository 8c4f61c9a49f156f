"""Queries on nudges: how many a channel had, and what is on its way to members."""

from datetime import UTC, datetime

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.schedules import Delivery, DeliveryState, ScheduleKind, TargetKind
from db.tables import deliveries, schedules

_MEMBER = TargetKind.MEMBER.value


async def count_nudges(
    connection: AsyncConnection, guild_id: int, delivery: Delivery, *, since: datetime, until: datetime
) -> int:
    """How many nudges a delivery's channel had from one instant until another.

    Those that are being sent and come before this one count too: what is due together must not pass the limit together.
    """
    before = or_(
        deliveries.c.due_at < delivery.due_at,
        and_(deliveries.c.due_at == delivery.due_at, deliveries.c.delivery_id < delivery.delivery_id),
    )
    counted = or_(
        and_(
            deliveries.c.state == DeliveryState.SENT.value,
            deliveries.c.settled_at >= since,
            deliveries.c.settled_at < until,
        ),
        and_(deliveries.c.state == DeliveryState.SENDING.value, before),
    )
    query = (
        select(func.count())
        .select_from(deliveries)
        .join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.target_id == delivery.target_id,
            deliveries.c.target_kind == TargetKind.CHANNEL.value,
            deliveries.c.delivery_id != delivery.delivery_id,
            schedules.c.kind == ScheduleKind.NUDGE.value,
            counted,
        )
    )
    return (await connection.execute(query)).scalar_one()


async def delete_waiting(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    """Deletes the nudges that are still to be sent to a member."""
    nudges = select(schedules.c.schedule_id).where(
        schedules.c.guild_id == guild_id, schedules.c.kind == ScheduleKind.NUDGE.value
    )
    await connection.execute(
        delete(deliveries).where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.target_kind == _MEMBER,
            deliveries.c.target_id == user_id,
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.schedule_id.in_(nudges),
        )
    )


async def delete_settled(connection: AsyncConnection, guild_id: int, *, before: datetime) -> int:
    """Deletes the record of what was sent to a guild's members and was over before an instant; returns how many."""
    result = await connection.execute(
        delete(deliveries).where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.target_kind == _MEMBER,
            deliveries.c.settled_at < before,
        )
    )
    return result.rowcount


async def delete_told(connection: AsyncConnection, guild_id: int, *, before: datetime) -> None:
    """Deletes what was told to members once, before an instant, and of which no delivery is kept any more."""
    kept = exists().where(deliveries.c.schedule_id == schedules.c.schedule_id)
    await connection.execute(
        delete(schedules).where(
            schedules.c.guild_id == guild_id,
            schedules.c.kind.in_((ScheduleKind.FOLLOW.value, ScheduleKind.NOTICE.value)),
            schedules.c.starts_wall < before.astimezone(UTC).replace(tzinfo=None),
            ~kept,
        )
    )
