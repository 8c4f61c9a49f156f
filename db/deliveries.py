"""Queries on deliveries: write them ahead, claim what is due, mark what became of it.

A claim is one short write transaction, committed before a byte goes out. `fence` rises with each claim, and only the
holder of the latest one can mark the row, so a process that was thought dead cannot overwrite what its successor did.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.schedules import Delivery, DeliveryState, ScheduleState, TargetKind
from bot.domain.shards import EVERYTHING, Share
from db.shares import belongs_to
from db.tables import deliveries, schedules
from db.types import Instant
from db.upsert import insert_or

_PENDING, _SENDING = DeliveryState.PENDING.value, DeliveryState.SENDING.value

# While a schedule is paused, what waits goes on waiting. What was under way is looked into all the same, and what an ended
# schedule left behind is settled, so that nothing stays open for ever.
_WANTS_ATTENTION = or_(schedules.c.state != ScheduleState.PAUSED.value, deliveries.c.state == _SENDING)
_NEVER_ATTEMPTED: dict[str, Any] = {"attempts": 0, "first_attempted_at": None, "may_stand": False}


async def insert_missing(connection: AsyncConnection, batch: Sequence[Delivery]) -> None:
    """Writes deliveries ahead; those that exist stay as they are, whatever became of them."""
    if not batch:
        return
    await connection.execute(
        insert_or(connection, deliveries).on_conflict_do_nothing(),
        [
            {
                "delivery_id": delivery.delivery_id,
                "guild_id": delivery.guild_id,
                "schedule_id": delivery.schedule_id,
                "local_date": delivery.local_date,
                "slot": delivery.slot,
                "target_id": delivery.target_id,
                "target_kind": delivery.target_kind.value,
                "due_at": delivery.due_at,
                "attention_at": delivery.due_at,
                "occurs_at": delivery.occurs_at,
                "state": delivery.state.value,
            }
            for delivery in batch
        ],
    )


async def fetch_next_attention(connection: AsyncConnection, share: Share = EVERYTHING) -> datetime | None:
    """The earliest instant at which some delivery wants attention, of every guild of a share; one indexed look-up."""
    query = (
        select(deliveries.c.attention_at)
        .join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id)
        .where(
            deliveries.c.attention_at.is_not(None),
            _WANTS_ATTENTION,
            belongs_to(deliveries.c.guild_id, share),
        )
        .order_by(deliveries.c.attention_at)
        .limit(1)
    )
    return (await connection.execute(query)).scalar()


async def claim_due(
    connection: AsyncConnection,
    *,
    now: datetime,
    lease_until: datetime,
    limit: int,
    share: Share = EVERYTHING,
) -> tuple[Delivery, ...]:
    """Takes what is due in a share's guilds into the state `sending`, earliest first.

    Also taken: rows whose earlier claimant let its lease run out, and so may or may not have sent them.
    """
    query = (
        select(deliveries.c.delivery_id)
        .join(schedules, schedules.c.schedule_id == deliveries.c.schedule_id)
        .where(deliveries.c.attention_at <= now, _WANTS_ATTENTION, belongs_to(deliveries.c.guild_id, share))
        .order_by(deliveries.c.attention_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=deliveries)
    )
    ids = (await connection.execute(query)).scalars().all()
    if not ids:
        return ()
    taken = await connection.execute(
        update(deliveries)
        .where(deliveries.c.delivery_id.in_(ids))
        .values(
            state=_SENDING,
            fence=deliveries.c.fence + 1,
            attempts=deliveries.c.attempts + 1,
            may_stand=or_(deliveries.c.may_stand, deliveries.c.state == _SENDING),
            attention_at=lease_until,
            # As an instant: a bare value would be stored by SQLite without its zone, and read back as local time.
            first_attempted_at=func.coalesce(deliveries.c.first_attempted_at, literal(now, Instant)),
        )
        .returning(deliveries)
    )
    return tuple(sorted((delivery_of(row) for row in taken), key=lambda delivery: delivery.due_at))


async def settle(
    connection: AsyncConnection,
    delivery: Delivery,
    state: DeliveryState,
    *,
    at: datetime,
    message_id: int | None = None,
    reason: str | None = None,
) -> bool:
    """Marks how a claimed delivery ended. Returns whether this claim still held."""
    return await _change(
        connection,
        delivery,
        state=state.value,
        message_id=message_id,
        reason=reason,
        settled_at=at,
        attention_at=None,
    )


async def put_back(
    connection: AsyncConnection, delivery: Delivery, *, retry_at: datetime, reason: str
) -> bool:
    """Returns a claimed delivery to `pending`, to be tried again. Returns whether this claim still held."""
    return await _change(connection, delivery, state=_PENDING, attention_at=retry_at, reason=reason)


async def give_back(
    connection: AsyncConnection, delivery: Delivery, *, at: datetime, reason: str | None = None
) -> bool:
    """Returns a claimed delivery as if it had not been claimed. Returns whether this claim still held."""
    first = None if delivery.attempts <= 1 else delivery.first_attempted_at
    return await _change(
        connection,
        delivery,
        state=_PENDING,
        attention_at=at,
        reason=reason,
        attempts=delivery.attempts - 1,
        first_attempted_at=first,
    )


async def hold_unsent(
    connection: AsyncConnection, delivery: Delivery, *, at: datetime, reason: str, target_id: int
) -> bool:
    """Holds a claimed delivery that certainly stands nowhere. Returns whether this claim still held."""
    return await _change(
        connection,
        delivery,
        state=DeliveryState.HELD.value,
        reason=reason,
        settled_at=at,
        attention_at=None,
        target_id=target_id,
        **_NEVER_ATTEMPTED,
    )


async def redirect(
    connection: AsyncConnection, delivery: Delivery, *, at: datetime, reason: str, target_id: int
) -> bool:
    """Sends a claimed delivery that certainly stands nowhere to another channel. Returns whether the claim still held.

    Written down before it is sent, so that it is looked for in the channel to which it went.
    """
    return await _change(
        connection,
        delivery,
        state=_PENDING,
        attention_at=at,
        reason=reason,
        target_id=target_id,
        **_NEVER_ATTEMPTED,
    )


async def _change(connection: AsyncConnection, delivery: Delivery, **values: Any) -> bool:
    result = await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.delivery_id == delivery.delivery_id,
            deliveries.c.fence == delivery.fence,
            deliveries.c.state == _SENDING,
        )
        .values(values)
    )
    return result.rowcount == 1


async def fetch_deliveries(
    connection: AsyncConnection, guild_id: int, schedule_id: str
) -> tuple[Delivery, ...]:
    """All deliveries of one schedule, in the order in which they are due."""
    query = (
        select(deliveries)
        .where(deliveries.c.guild_id == guild_id, deliveries.c.schedule_id == schedule_id)
        .order_by(deliveries.c.due_at)
    )
    return tuple(delivery_of(row) for row in await connection.execute(query))


async def fetch_upcoming(
    connection: AsyncConnection, guild_id: int, schedule_id: str, *, count: int
) -> tuple[Delivery, ...]:
    """The next deliveries of one schedule that are still to come."""
    query = (
        select(deliveries)
        .where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.schedule_id == schedule_id,
            deliveries.c.state == _PENDING,
        )
        .order_by(deliveries.c.due_at)
        .limit(count)
    )
    return tuple(delivery_of(row) for row in await connection.execute(query))


async def count_by_state(connection: AsyncConnection, guild_id: int) -> dict[DeliveryState, int]:
    """How many of a guild's deliveries stand in which state."""
    query = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.guild_id == guild_id)
        .group_by(deliveries.c.state)
    )
    return {DeliveryState(state): count for state, count in await connection.execute(query)}


def delivery_of(row: Row[Any]) -> Delivery:
    """The delivery that a row of the table holds."""
    return Delivery(
        delivery_id=row.delivery_id,
        guild_id=row.guild_id,
        schedule_id=row.schedule_id,
        local_date=row.local_date,
        slot=row.slot,
        target_id=row.target_id,
        target_kind=TargetKind(row.target_kind),
        due_at=row.due_at,
        occurs_at=row.occurs_at,
        state=DeliveryState(row.state),
        fence=row.fence,
        attempts=row.attempts,
        first_attempted_at=row.first_attempted_at,
        may_stand=row.may_stand,
        message_id=row.message_id,
        reason=row.reason,
        settled_at=row.settled_at,
    )
