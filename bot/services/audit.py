"""Reading the audit log."""

from datetime import UTC, date, datetime, time

from bot.domain.audit import AuditEntry
from bot.domain.past_days import parse_past_day
from bot.domain.when import resolve
from bot.services import guilds
from bot.services.context import Context
from db.audit import fetch_audit


async def first_day(context: Context, guild_id: int, typed: str) -> date:
    """The day that somebody means by what they typed.

    Raises:
        BadInput: it is not a day, or one that is still to come.
    """
    zone = (await guilds.get(context, guild_id)).zone
    return parse_past_day(typed, now=context.now(), zone=zone)


async def entries(context: Context, guild_id: int, since: date | None = None) -> tuple[AuditEntry, ...]:
    """A guild's audit log, the latest first; from the beginning of a day on, if one is given."""
    zone = (await guilds.get(context, guild_id)).zone
    start = resolve(datetime.combine(since, time()), zone).astimezone(UTC) if since else None
    async with context.database.read() as connection:
        return await fetch_audit(connection, guild_id, start)
