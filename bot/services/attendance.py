"""Who came to a meeting: numbers for organisers, names only where administrators allow that, and neither for ever."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attendance import Answer, Counts
from bot.domain.language import say
from bot.domain.meeting_days import at_day, latest_of, taking_place_on
from bot.domain.models import Guild, Meeting
from bot.domain.problems import BadInput
from bot.services import guilds
from bot.services.context import Context
from bot.services.meeting_answers import counts_in
from bot.services.meetings import choose_meeting
from db import meeting_answers as queries
from db import meetings as meeting_queries
from db.audit import insert_audit
from db.meeting_answers import Occasion

ATTENDANCE, ATTENDANCE_CHANGED = "attendance", "attendance set"
USUAL_DAYS = 14
LEAST_DAYS, MOST_DAYS = 1, 365


@dataclass(frozen=True, slots=True)
class Attendance:
    """How many answered what to one occurrence of a meeting; who, where that may be seen and is still kept."""

    meeting: Meeting
    counts: Counts
    people: tuple[tuple[int, Answer], ...] | None


def days_of(guild: Guild) -> int:
    """For how many days after a meeting a guild keeps who answered."""
    return guild.attendance_days or USUAL_DAYS


async def attendance(
    context: Context, guild_id: int, actor_id: int, typed: str, on: date | None = None
) -> Attendance:
    """Who comes to the occurrence of a meeting that began last, or is the first to come; or to that of a day.

    Names are entered into the audit log before they are handed out.

    Raises:
        NotFound: no meeting fits.
        BadInput: it does not take place on that day.
    """
    guild = await guilds.get(context, guild_id)
    async with _transaction(context, guild) as connection:
        stored = choose_meeting(await meeting_queries.fetch_meetings(connection, guild_id), typed)
        meeting = taking_place_on(stored, on) if on else latest_of(stored, context.now())
        if meeting is None:
            raise BadInput(
                say("{title} does not take place then.", title=stored.title),
                next_step=say("`/meeting list` shows what is on."),
            )
        people = await _people(context, connection, guild, actor_id, meeting)
        return Attendance(meeting, await counts_in(connection, guild_id, meeting), people)


def _transaction(context: Context, guild: Guild) -> AbstractAsyncContextManager[AsyncConnection]:
    """One that writes only where names are handed out, and that into the audit log: numbers keep nobody waiting."""
    return context.database.write() if guild.attendance_names else context.database.read()


async def _people(
    context: Context, connection: AsyncConnection, guild: Guild, actor_id: int, meeting: Meeting
) -> tuple[tuple[int, Answer], ...] | None:
    if not guild.attendance_names:
        return None
    occasion = Occasion(meeting.key, meeting.day)
    answers = await queries.fetch_answers(connection, guild.guild_id, occasion)
    await insert_audit(
        connection,
        guild.guild_id,
        at=context.now(),
        actor_id=actor_id,
        event=ATTENDANCE,
        purpose=f"{meeting.title}, {meeting.day.isoformat()}",
        rows=len(answers),
    )
    return tuple((one.user_id, one.answer) for one in answers)


async def change(
    context: Context, guild_id: int, administrator_id: int, *, names: bool | None, days: int | None
) -> Guild:
    """Sets whether organisers may see who comes, for how many days that is kept, or both; the audit log says who did it.

    Raises:
        BadInput: the number of days is out of bounds; nothing is changed then.
    """
    if days is not None and not LEAST_DAYS <= days <= MOST_DAYS:
        raise BadInput(
            say(
                "Names can be kept for {least} to {most} days.",
                least=LEAST_DAYS,
                most=MOST_DAYS,
            ),
            next_step=say("Give such a number."),
        )
    values: dict[str, int | str | None] = {}
    if names is not None:
        values["attendance_names"] = names
    if days is not None:
        values["attendance_days"] = days
    purpose = ", ".join(f"{name} {value}" for name, value in values.items())
    return await guilds.change_and_record(
        context, guild_id, administrator_id, ATTENDANCE_CHANGED, purpose, **values
    )


async def keep_only_numbers(context: Context) -> None:
    """Deletes who answered to meetings that are over for as long as their guild keeps that; the numbers stay."""
    now = context.now()
    async with context.database.read() as connection:
        candidates = await queries.fetch_answered_before(
            connection, (now - timedelta(days=LEAST_DAYS)).date()
        )
    for guild_id, occasion in candidates:
        kept_for = timedelta(days=days_of(await guilds.get(context, guild_id)))
        async with context.database.write() as connection:
            stored = await meeting_queries.fetch_meeting(connection, guild_id, occasion.meeting_key)
            meeting = at_day(stored, occasion.day) if stored else None
            if meeting is None or meeting.ends_at + kept_for <= now:
                await queries.keep_only_counts(connection, guild_id, occasion)
