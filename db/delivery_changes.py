"""Queries on deliveries that organisers' changes to a schedule bring about."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.schedules import Delivery, DeliveryState
from db.deliveries import delivery_of
from db.tables import deliveries

_PENDING = DeliveryState.PENDING.value


async def leave_out(
    connection: AsyncConnection,
    guild_id: int,
    schedule_id: str,
    *,
    at: datetime,
    reason: str,
    local_date: date | None = None,
    due_by: datetime | None = None,
    keep: Sequence[str] = (),
) -> int:
    """Settles what is still to come of one schedule as skipped.

    Args:
        connection: the caller's transaction.
        guild_id: whose schedule it is.
        schedule_id: which schedule.
        at: the present instant.
        reason: why, for the organisers.
        local_date: only those of this day of the rule.
        due_by: only those that are due by then.
        keep: keys of deliveries that stay as they are.

    Returns:
        How many there were. What was sent, or is being sent, stays as it is.
    """
    only = [deliveries.c.local_date == local_date] if local_date else []
    only += [deliveries.c.due_at <= due_by] if due_by else []
    only += [deliveries.c.delivery_id.not_in(keep)] if keep else []
    result = await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.schedule_id == schedule_id,
            deliveries.c.state == _PENDING,
            *only,
        )
        .values(state=DeliveryState.SKIPPED.value, reason=reason, settled_at=at, attention_at=None)
    )
    return result.rowcount


async def put_at(connection: AsyncConnection, guild_id: int, delivery: Delivery) -> None:
    """Makes a delivery that is to come, or was left out, due at the time that it now has; its fence stays."""
    await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.delivery_id == delivery.delivery_id,
            deliveries.c.state.in_([_PENDING, DeliveryState.SKIPPED.value]),
        )
        .values(
            state=_PENDING,
            due_at=delivery.due_at,
            occurs_at=delivery.occurs_at,
            attention_at=delivery.due_at,
            reason=None,
            settled_at=None,
        )
    )


async def fetch_delivery(connection: AsyncConnection, guild_id: int, delivery_id: str) -> Delivery | None:
    """One of a guild's deliveries, by its key."""
    query = select(deliveries).where(
        deliveries.c.guild_id == guild_id, deliveries.c.delivery_id == delivery_id
    )
    row = (await connection.execute(query)).one_or_none()
    return delivery_of(row) if row else None
