"""Reminders in an organiser's own words, once or again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.domain.recurrence import parse_recurrence, parse_repeat
from bot.domain.schedules import Schedule, ScheduleKind
from bot.domain.text import clean_text
from bot.domain.when import parse_moment, told_in
from bot.services import guilds
from bot.services.context import Context
from bot.services.nudges import is_recurring
from bot.services.planned import Planned, plan_of
from bot.services.schedules import add_schedule, new_schedule_id

TEXT_LIMIT, TITLE_LENGTH = 1_500, 60


@dataclass(frozen=True, slots=True)
class ReminderRequest:
    """What an organiser typed."""

    text: str
    when: str
    channel_id: int
    repeat: str | None = None
    role_id: int | None = None
    zone: str | None = None
    """The zone in which the organiser types times, if not the guild's."""


@dataclass(frozen=True, slots=True)
class _Timing:
    starts_wall: datetime
    zone: str
    rule: str | None = None
    holidays: str | None = None


async def schedule_reminder(context: Context, guild_id: int, request: ReminderRequest) -> Planned:
    """Schedules a reminder, which happens once unless it says how it repeats.

    Raises:
        Problem: something that was typed cannot be used; nothing is stored then.
    """
    guild = await guilds.get(context, guild_id)
    text = clean_text(request.text, name=say("text"), most=TEXT_LIMIT)
    timing = _timing(request, now=context.now(), typed_in=request.zone or guild.zone, zone=guild.zone)
    schedule = Schedule(
        schedule_id=new_schedule_id(),
        guild_id=guild_id,
        kind=ScheduleKind.REMINDER,
        title=_title(text),
        wordings=(text,),
        starts_wall=timing.starts_wall,
        zone=timing.zone,
        channel_id=request.channel_id,
        lead_times=(timedelta(),),
        rule=timing.rule,
        holidays=timing.holidays,
        role_id=request.role_id,
    )
    plan = plan_of(schedule, context.now())
    if not plan.occurrences:
        raise BadInput(
            say("That is this very minute, so nothing was scheduled."),
            next_step=say("Give a time that is still to come, such as: in 5 minutes."),
        )
    async with context.database.write() as connection:
        await add_schedule(context, connection, schedule)
    context.wake()
    return plan


def _timing(request: ReminderRequest, *, now: datetime, typed_in: str, zone: str) -> _Timing:
    if not request.repeat and is_recurring(request.when):
        recurrence = parse_recurrence(request.when, now=now, zone=typed_in)
    else:
        first = told_in(parse_moment(request.when, now=now, zone=typed_in), zone)
        if not request.repeat:
            return _Timing(first.wall, first.zone)
        recurrence = parse_repeat(request.repeat, first=first)
    return _Timing(recurrence.start, recurrence.zone, recurrence.rule, recurrence.holidays)


def _title(text: str) -> str:
    """How lists and alerts name a reminder: the beginning of its text."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"
