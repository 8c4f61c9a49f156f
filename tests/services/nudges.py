"""A nudge and its deliveries, for tests of what is decided about them."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.schedules import Delivery, Schedule, ScheduleKind, delivery_key
from bot.domain.when import resolve
from db.deliveries import insert_missing
from db.schedules import insert_schedule

GUILD, CHANNEL = 1_001, 2
LONDON = "Europe/London"


def nudge(
    *,
    schedule_id: str = "s1",
    guild_id: int = GUILD,
    channel_id: int = CHANNEL,
    kind: ScheduleKind = ScheduleKind.NUDGE,
    wall: datetime = datetime(2025, 3, 31, 10, 0),
) -> Schedule:
    """A nudge that is due once, on Monday 31 March 2025 at 10:00 London unless another time is given."""
    return Schedule(
        schedule_id=schedule_id,
        guild_id=guild_id,
        kind=kind,
        title="Wear yellow",
        wordings=("Wear yellow today.",),
        starts_wall=wall,
        zone=LONDON,
        channel_id=channel_id,
        lead_times=(timedelta(),),
    )


def delivery_of(schedule: Schedule, slot: str = "0@10:00") -> Delivery:
    """The delivery of a nudge to its channel."""
    due_at = resolve(schedule.starts_wall, schedule.zone)
    day = schedule.starts_wall.date()
    return Delivery(
        delivery_id=delivery_key(schedule.schedule_id, day, slot, schedule.channel_id),
        guild_id=schedule.guild_id,
        schedule_id=schedule.schedule_id,
        local_date=day,
        slot=slot,
        target_id=schedule.channel_id,
        due_at=due_at,
        occurs_at=due_at,
    )


async def store(connection: AsyncConnection, schedule: Schedule, *, deliveries: bool = False) -> None:
    """Stores a nudge, with the delivery to its channel if wanted."""
    await insert_schedule(connection, schedule)
    if deliveries:
        await insert_missing(connection, [delivery_of(schedule)])
