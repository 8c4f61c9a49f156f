"""Reminders that fall due at a given instant, scheduled as an organiser would have done an hour before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.schedules import Schedule, ScheduleKind
from bot.services.context import Context
from bot.services.schedules import add_schedule

LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class At:
    """A clock that stands at one instant."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def reminder(key: str, guild_id: int, channel_id: int, number: int, due_at: datetime) -> Schedule:
    """One that happens once."""
    return Schedule(
        schedule_id=key,
        guild_id=guild_id,
        kind=ScheduleKind.REMINDER,
        title=f"Reminder {number}",
        wordings=("Post your ballot paper.",),
        starts_wall=due_at.astimezone(LONDON).replace(tzinfo=None),
        zone=LONDON.key,
        channel_id=channel_id,
        lead_times=(timedelta(),),
    )


async def add_all(context: Context, schedules: Iterable[Schedule], *, before: datetime) -> None:
    """Stores them an hour before an instant, in one transaction."""
    context.clock = At(before - timedelta(hours=1))
    async with context.database.write() as connection:
        for schedule in schedules:
            await add_schedule(context, connection, schedule)
