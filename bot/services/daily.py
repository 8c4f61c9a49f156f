"""What is done once a day: deliveries written ahead, feedback handed over in a shuffled batch, old ledgers emptied.

The day's work is remembered by its date, so a machine that was off at the hour does it at the next start.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.when import resolve
from bot.services import attendance, digest, feedback, focus, participation, retention
from bot.services.context import Context
from bot.services.schedules import extend_horizon
from db.guilds import read_day, write_fact

DONE_ON = "daily_done_on"
TAKEN_UP_ON = "daily_taken_up_on:"
"""By a process that does not do the daily work itself, with what it serves."""


async def next_run(context: Context) -> datetime:
    """The instant of the next daily work; now or earlier when it is overdue."""
    async with context.database.read() as connection:
        done_on = await read_day(connection, DONE_ON)
    return _instant_on(context, done_on + timedelta(days=1)) if done_on else context.now()


async def run_if_due(context: Context) -> bool:
    """Does the day's work if its hour has come and it is not done yet. Returns whether it was done now."""
    due = await next_run(context)  # before the clock is read: overdue means "at this very instant"
    now = context.now()
    if now < due:
        return False
    await extend_horizon(context)
    await digest.note_waiting(context)
    await feedback.release_batches(context)
    await participation.empty_old_ledgers(context)
    await focus.empty_ledgers(context)
    await attendance.keep_only_numbers(context)
    await retention.expire(context)
    async with context.database.write() as connection:
        await write_fact(connection, DONE_ON, _latest_day(context, now).isoformat())
    return True


async def is_new_day(context: Context) -> bool:
    """Does the day's work if it is due, or learns whether the process that does it has done it. Returns whether it was.

    It is done once for the installation, by the process with the first share of the guilds. What a day brings for
    guilds, such as a word to their organisers, each process does for its own.
    """
    if context.share.is_first:
        return await run_if_due(context)
    async with context.database.read() as connection:
        done_on = await read_day(connection, DONE_ON)
        return done_on is not None and done_on != await read_day(connection, f"{TAKEN_UP_ON}{context.share}")


async def note_day(context: Context) -> None:
    """Remembers that what the day brings for the guilds of this process is done."""
    if context.share.is_first:
        return
    async with context.database.write() as connection:
        done_on = await read_day(connection, DONE_ON)
        if done_on is not None:
            await write_fact(connection, f"{TAKEN_UP_ON}{context.share}", done_on.isoformat())


async def next_turn(context: Context) -> datetime | None:
    """When to look again; `None` where another process does the daily work, and has not done it yet."""
    if context.share.is_first:
        return await next_run(context)
    return context.now() if await is_new_day(context) else None


def _latest_day(context: Context, now: datetime) -> date:
    """The latest day whose hour has come."""
    today = now.astimezone(ZoneInfo(context.settings.campaign.timezone)).date()
    return today if _instant_on(context, today) <= now else today - timedelta(days=1)


def _instant_on(context: Context, day: date) -> datetime:
    hour = time.fromisoformat(context.settings.feedback.batch_time)
    return resolve(datetime.combine(day, hour), context.settings.campaign.timezone)
