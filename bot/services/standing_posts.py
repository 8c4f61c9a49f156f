"""The posts about a meeting that stand in channels, as they should read now."""

from datetime import date

from bot.services.context import Context
from bot.services.delivery import with_meeting
from bot.services.sending import Post
from db import delivery_lists as queries
from db import schedules as schedule_queries

MOST = 3
"""So many of the latest posts are kept up to date; above them nobody scrolls."""


async def standing_posts(context: Context, guild_id: int, meeting_key: str, day: date) -> list[Post]:
    """The latest posts about an occurrence of a meeting."""
    async with context.database.read() as connection:
        rows = await queries.fetch_standing(connection, guild_id, meeting_key, day, limit=MOST)
        schedules = await schedule_queries.fetch_by_ids(connection, [row.schedule_id for row in rows])
        return [
            await with_meeting(connection, Post(row, schedules[row.schedule_id], None, late=False))
            for row in rows
        ]
