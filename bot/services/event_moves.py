"""A meeting takes over the time that somebody gave to Discord's event of it."""

from datetime import date, datetime

from bot.domain.meeting_days import at_day
from bot.domain.when import moment_of
from bot.services import meeting_changes, meetings
from bot.services.context import Context
from bot.services.meeting_changes import MeetingChange
from db import meetings as queries


async def take_over(context: Context, guild_id: int, key: str, day: date, instant: datetime) -> MeetingChange:
    """Moves the occurrence that its rule puts on a day, as `/organise meeting move` would.

    Raises:
        NotFound: there is no such meeting any more.
        BadInput: it is over or cancelled, or the time is past.
    """
    async with context.database.read() as connection:
        stored = await queries.fetch_meeting(connection, guild_id, key)
    if stored is None:
        stored = await meetings.get_meeting(context, guild_id, key)
    to = moment_of(instant, stored.zone)
    occurrence = at_day(stored, day) if stored.repeat else None
    on = f"{(occurrence.starts_wall.date() if occurrence else day):%Y-%m-%d}" if stored.repeat else None
    return await meeting_changes.move(context, guild_id, key, f"{to.instant:%Y-%m-%dT%H:%MZ}", on)
