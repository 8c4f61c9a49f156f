"""Databases that hold as many reminders as a measurement needs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.schedules import Delivery, Schedule, ScheduleKind, delivery_key
from db.deliveries import insert_missing
from db.engine import Database
from db.schedules import insert_schedule
from db.upgrade import upgrade

_LONDON = ZoneInfo("Europe/London")
_PER_SCHEDULE = 1_000
_FAR_AHEAD = timedelta(days=3650)

CONFIGURATION = """\
[discord]
token = "{token}"
api_base = "{api_base}"

[data]
directory = "{folder}/data"

[database]
url = "sqlite+aiosqlite:///{database}"
"""


async def write_reminders(
    file: Path, guild_id: int, channels: Sequence[int], first: datetime, apart: timedelta, count: int
) -> None:
    """Write so many pending reminders into a database, due one after the other, in turn to each channel."""
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    await upgrade(database)
    async with database.write() as connection:
        for start in range(0, count, _PER_SCHEDULE):
            name = f"benchmark-{start}"
            await insert_schedule(connection, _schedule(name, guild_id, channels[0], first))
            batch = [
                _delivery(name, guild_id, channels[number % len(channels)], first + number * apart, number)
                for number in range(start, min(count, start + _PER_SCHEDULE))
            ]
            await insert_missing(connection, batch)
    await database.close()


def _schedule(schedule_id: str, guild_id: int, channel_id: int, first: datetime) -> Schedule:
    return Schedule(
        schedule_id=schedule_id,
        guild_id=guild_id,
        kind=ScheduleKind.REMINDER,
        title="Ballot papers",
        wordings=("Post your ballot paper.",),
        starts_wall=first.astimezone(_LONDON).replace(tzinfo=None),
        zone=_LONDON.key,
        channel_id=channel_id,
        lead_times=(timedelta(),),
        materialised_until=datetime.now(UTC) + _FAR_AHEAD,
    )


def _delivery(schedule_id: str, guild_id: int, channel_id: int, due_at: datetime, number: int) -> Delivery:
    local = due_at.astimezone(_LONDON)
    slot = f"{number}@{local:%H:%M}"
    return Delivery(
        delivery_id=delivery_key(schedule_id, local.date(), slot, channel_id),
        guild_id=guild_id,
        schedule_id=schedule_id,
        local_date=local.date(),
        slot=slot,
        target_id=channel_id,
        due_at=due_at,
        occurs_at=due_at,
    )
