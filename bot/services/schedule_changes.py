"""Changes to what is planned: pause, resume, leave one out, move one, delete.

Each change is one transaction. Nothing asks who made a schedule: it belongs to the campaign, and goes on without its
author. What was sent stays on record, and what will not be sent is settled as skipped with a reason, never deleted.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later, say
from bot.domain.problems import BadInput
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import Schedule, ScheduleKind, ScheduleState
from bot.domain.when import format_moment, moment_of, parse_moment, resolve
from bot.domain.when.moment import format_date
from bot.services import occurrence_changes
from bot.services.context import Context
from bot.services.occurrence_changes import is_hourly
from bot.services.planned import Planned, choose, coming_occurrences, missing, plan_of
from bot.services.schedules import deliveries_between
from db import deliveries as delivery_queries
from db import delivery_changes
from db import schedules as queries

PAUSED = later("It was paused.")
LEFT_OUT = later("An organiser left this one out.")
DELETED = later("An organiser deleted it.")

_INSTANT_BEFORE = timedelta(seconds=1)
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of a schedule.

    Args:
        plan: the schedule as it is now.
        already: it was so before, and nothing was changed.
        left_out: how many posts were settled as skipped.
    """

    plan: Planned
    already: bool = False
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Which day was left out; `already` if it was so before."""

    plan: Planned
    day: date
    already: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """One occurrence's instants before and after its move."""

    plan: Planned
    before: datetime
    after: datetime


async def pause(context: Context, guild_id: int, kind: ScheduleKind, typed: str) -> Changed:
    """Stops a schedule until somebody resumes it."""
    async with changing(context, guild_id, kind, typed) as (connection, schedule):
        paused = replace(schedule, state=ScheduleState.PAUSED)
        await queries.update_schedule(connection, guild_id, paused)
    return Changed(plan_of(paused, context.now()), already=schedule.state is ScheduleState.PAUSED)


async def resume(context: Context, guild_id: int, kind: ScheduleKind, typed: str) -> Changed:
    """Lets a paused schedule go on with what is still to come.

    What fell due in between is settled as skipped, also where the pause was so long that it was not written ahead.
    """
    now = context.now()
    async with changing(context, guild_id, kind, typed) as (connection, schedule):
        if schedule.state is ScheduleState.ACTIVE:
            return Changed(plan_of(schedule, now), already=True)
        written = schedule.materialised_until or now
        until = max(written, now + timedelta(days=context.settings.delivery.horizon_days))
        await delivery_queries.insert_missing(connection, list(deliveries_between(schedule, written, until)))
        left_out = await delivery_changes.leave_out(
            connection, guild_id, schedule.schedule_id, at=now, reason=PAUSED, due_by=now
        )
        resumed = replace(schedule, state=ScheduleState.ACTIVE, materialised_until=until)
        await queries.update_schedule(connection, guild_id, resumed)
    return Changed(plan_of(resumed, now), left_out=left_out)


async def skip(
    context: Context, guild_id: int, kind: ScheduleKind, typed: str, on: str | None = None
) -> LeftOut:
    """Leaves out one coming occurrence, the next unless a day is given.

    Raises:
        Problem: nothing is planned on that day, or the words are not understood.
    """
    now = context.now()
    async with changing(context, guild_id, kind, typed) as (connection, schedule):
        day = _day_of(schedule, on, now) if on else None
        if day is not None and day in schedule.skipped:
            return LeftOut(plan_of(schedule, now), day, already=True)
        occurrence = occurrence_on(schedule, day, now)
        skipped = await occurrence_changes.leave_out(
            connection, schedule, occurrence, now=now, reason=LEFT_OUT
        )
    return LeftOut(plan_of(skipped, now), occurrence.wall.date())


async def move(
    context: Context, guild_id: int, kind: ScheduleKind, typed: str, to: str, on: str | None = None
) -> Moved:
    """Moves one coming occurrence, the next unless a day is given, to another time; the others stay.

    Raises:
        Problem: nothing is planned on that day, the words are not understood, or it comes every hour.
    """
    now = context.now()
    async with changing(context, guild_id, kind, typed) as (connection, schedule):
        occurrence = occurrence_on(schedule, _day_of(schedule, on, now) if on else None, now)
        instant = parse_moment(to, now=now, zone=schedule.zone).instant
        moved, there = await occurrence_changes.move(connection, schedule, occurrence, instant, now=now)
    return Moved(plan_of(moved, now), before=occurrence.instant, after=there.instant)


async def delete(context: Context, guild_id: int, kind: ScheduleKind, schedule_id: str) -> Changed:
    """Ends a schedule for good; what it posted stays on record."""
    now = context.now()
    async with context.database.write() as connection:
        schedule = await queries.fetch_for_change(connection, guild_id, kind, schedule_id)
        if schedule is None:
            raise missing(kind, schedule_id)
        ended, left_out = await occurrence_changes.end(connection, schedule, now=now, reason=DELETED)
    context.wake()
    already = schedule.state is ScheduleState.ENDED
    return Changed(plan_of(ended, now), already=already, left_out=left_out)


@asynccontextmanager
async def changing(
    context: Context, guild_id: int, kind: ScheduleKind, typed: str
) -> AsyncGenerator[tuple[AsyncConnection, Schedule]]:
    """A transaction with the schedule that was meant, kept from others; the scheduler hears of it afterwards.

    Raises:
        Problem: nothing fits what was typed, or several do.
    """
    async with context.database.write() as connection:
        known = await queries.fetch_schedules(connection, guild_id, kind)
        meant = choose(known, kind, typed, context.now())
        schedule = await queries.fetch_for_change(connection, guild_id, kind, meant.schedule_id)
        if schedule is None or schedule.state is ScheduleState.ENDED:
            raise missing(kind, typed)
        yield connection, schedule
    context.wake()


def _day_of(schedule: Schedule, phrase: str, now: datetime) -> date:
    """The day that was meant; a weekday whose post is out already is next week's."""
    default = _LAST_MINUTE if is_hourly(schedule) else schedule.starts_wall.time()
    return parse_moment(phrase, now=now, zone=schedule.zone, default_time=default).wall.date()


def occurrence_on(schedule: Schedule, day: date | None, now: datetime) -> Occurrence:
    """The first occurrence that is still to come on that day, or on any.

    Raises:
        BadInput: there is none.
    """
    after, until = now, None
    if day is not None:
        midnight = resolve(datetime.combine(day, time()), schedule.zone)
        next_midnight = resolve(datetime.combine(day + timedelta(days=1), time()), schedule.zone)
        after, until = max(now, midnight - _INSTANT_BEFORE), next_midnight - _INSTANT_BEFORE
    found = coming_occurrences(schedule, after=after, until=until, count=1)
    if found:
        return found[0]
    coming = plan_of(schedule, now).occurrences
    dates = "; ".join(format_moment(moment_of(instant, schedule.zone)) for instant in coming)
    raise BadInput(
        say("Nothing is planned on {day}.", day=format_date(day))
        if day
        else say("Nothing more of it is to come."),
        next_step=say("The next times are: {dates}.", dates=dates) if dates else say("Schedule a new one."),
    )
