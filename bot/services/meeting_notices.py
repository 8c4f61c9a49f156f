"""A direct message to members who said that they come, when their meeting changes or a seat becomes free.

It is a schedule that happens once, at once, with one delivery for each of them; so it comes once, restarts or not.
"""

from collections.abc import Collection
from datetime import UTC

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import Meeting
from bot.domain.schedules import Schedule, ScheduleKind, planned
from bot.services.context import Context
from bot.services.schedules import new_schedule_id
from db.deliveries import insert_missing
from db.schedules import insert_schedule

_SLOT = "notice"


async def notify(
    context: Context,
    connection: AsyncConnection,
    guild_id: int,
    meeting: Meeting,
    text: str,
    user_ids: Collection[int],
) -> None:
    """Plans one message to each of these members, in the caller's transaction; `context.wake()` comes after it."""
    if not user_ids:
        return
    now = context.now().astimezone(UTC).replace(microsecond=0)
    schedule = Schedule(
        schedule_id=new_schedule_id(),
        guild_id=guild_id,
        kind=ScheduleKind.NOTICE,
        title=meeting.title,
        wordings=(text,),
        starts_wall=now.replace(tzinfo=None),
        zone="UTC",
        channel_id=0,  # it goes to members, and to no channel
        lead_times=(),
        meeting_key=meeting.key,
        materialised_until=now,
    )
    await insert_schedule(connection, schedule)
    deliveries = [
        planned(
            schedule,
            local_date=now.date(),
            slot=_SLOT,
            due_at=now,
            occurs_at=meeting.starts_at,
            member=user_id,
        )
        for user_id in user_ids
    ]
    await insert_missing(connection, deliveries)
