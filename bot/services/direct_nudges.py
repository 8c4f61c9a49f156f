"""Nudges as direct messages, for members who asked for them: one each, once a channel has had its own."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.personal_data import DIRECT_NUDGES_KEPT
from bot.domain.schedules import Delivery, Schedule, ScheduleKind, TargetKind, planned
from bot.services import members
from bot.services.context import Context
from db import direct_nudges as queries
from db.deliveries import insert_missing
from db.members import fetch_opted_in

SLOT_PREFIX = "dm:"


async def spread(
    context: Context, connection: AsyncConnection, delivery: Delivery, schedule: Schedule
) -> None:
    """Writes one delivery for each member who wants nudges, due now, in the caller's transaction.

    It belongs into the transaction that marks a channel's nudge as sent; for anything else it does nothing. Doing it
    twice changes nothing. Call `context.wake()` once the transaction is committed.
    """
    if schedule.kind is not ScheduleKind.NUDGE or delivery.target_kind is not TargetKind.CHANNEL:
        return
    now = context.now()
    await queries.delete_settled(connection, delivery.guild_id, before=now - DIRECT_NUDGES_KEPT)
    slot = SLOT_PREFIX + delivery.slot
    batch = [
        planned(
            schedule,
            local_date=delivery.local_date,
            slot=slot,
            due_at=now,
            occurs_at=delivery.occurs_at,
            member=user_id,
        )
        for user_id in await fetch_opted_in(connection, delivery.guild_id)
    ]
    await insert_missing(connection, batch)


async def closed(context: Context, guild_id: int, user_id: int) -> None:
    """Switches a member's nudges off, because Discord does not deliver direct messages to them."""
    await members.set_nudges(context, guild_id, user_id, on=False)
