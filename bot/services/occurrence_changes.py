"""What leaving out, moving and ending do to one schedule, in the caller's transaction.

What was sent stays on record, and what will not be sent is settled as skipped with a reason, never deleted.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import say, speaking_english
from bot.domain.problems import BadInput
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import Delivery, Schedule, ScheduleState
from bot.domain.when import format_moment, moment_of
from bot.services.schedules import deliveries_between, recurrence_of
from db import deliveries as delivery_queries
from db import delivery_changes
from db import schedules as queries

_INSTANT_BEFORE = timedelta(seconds=1)
_LONGEST_DAY = timedelta(hours=26)
"""Longer than a day on which the clocks go back, so that every hour of it is met."""


async def leave_out(
    connection: AsyncConnection, schedule: Schedule, occurrence: Occurrence, *, now: datetime, reason: str
) -> Schedule:
    """Leaves one occurrence out, and settles its posts."""
    skipped = replace(schedule, skipped=schedule.skipped | {occurrence.local_date})
    await delivery_queries.insert_missing(connection, deliveries_of(schedule, occurrence, now))
    await delivery_changes.leave_out(
        connection,
        schedule.guild_id,
        schedule.schedule_id,
        at=now,
        reason=reason,
        local_date=occurrence.local_date,
    )
    await queries.update_schedule(connection, schedule.guild_id, skipped)
    return skipped


async def move(
    connection: AsyncConnection,
    schedule: Schedule,
    occurrence: Occurrence,
    instant: datetime,
    *,
    now: datetime,
) -> tuple[Schedule, Occurrence]:
    """Moves one occurrence to another instant, its posts with it; the others stay.

    Raises:
        BadInput: it comes every hour.
    """
    there = _moved(schedule, occurrence, instant)
    moved = _with_move(schedule, occurrence, there)
    with speaking_english():  # it is stored with the posts that are not made
        reason = say(
            "An organiser moved it to {moment}.",
            moment=format_moment(moment_of(there.instant, schedule.zone)),
        )
    rows = deliveries_of(moved, there, now)
    await delivery_queries.insert_missing(connection, [*deliveries_of(schedule, occurrence, now), *rows])
    await delivery_changes.leave_out(
        connection,
        schedule.guild_id,
        schedule.schedule_id,
        at=now,
        reason=reason,
        local_date=occurrence.local_date,
        keep=[row.delivery_id for row in rows],
    )
    for row in rows:
        await delivery_changes.put_at(connection, schedule.guild_id, row)
    await queries.update_schedule(connection, schedule.guild_id, moved)
    return moved, there


async def replan(connection: AsyncConnection, schedule: Schedule, *, now: datetime, reason: str) -> None:
    """Writes a schedule back whose time of day has changed, and makes what is to come of it anew."""
    until = schedule.materialised_until or now
    rows = list(deliveries_between(schedule, now, until))
    await delivery_changes.leave_out(
        connection,
        schedule.guild_id,
        schedule.schedule_id,
        at=now,
        reason=reason,
        keep=[row.delivery_id for row in rows],
    )
    await delivery_queries.insert_missing(connection, rows)
    for row in rows:
        await delivery_changes.put_at(connection, schedule.guild_id, row)
    await queries.update_schedule(connection, schedule.guild_id, schedule)


async def end(
    connection: AsyncConnection, schedule: Schedule, *, now: datetime, reason: str
) -> tuple[Schedule, int]:
    """Ends a schedule for good; returns it, and how many of its posts were settled as skipped."""
    ended = replace(schedule, state=ScheduleState.ENDED)
    left_out = await delivery_changes.leave_out(
        connection, schedule.guild_id, schedule.schedule_id, at=now, reason=reason
    )
    await queries.update_schedule(connection, schedule.guild_id, ended)
    return ended, left_out


def is_hourly(schedule: Schedule) -> bool:
    """Whether it comes more than once a day, so that a day does not name one of its occurrences."""
    return schedule.rule is not None and recurrence_of(schedule).parts.frequency == "HOURLY"


def deliveries_of(schedule: Schedule, occurrence: Occurrence, now: datetime) -> list[Delivery]:
    """The deliveries of an occurrence's day, whether or not they lie within the horizon."""
    longest_lead = max(schedule.lead_times, default=timedelta())
    after = max(now, occurrence.instant - longest_lead - _INSTANT_BEFORE)
    rows = deliveries_between(schedule, after, occurrence.instant + _LONGEST_DAY)
    return [row for row in rows if row.local_date == occurrence.local_date]


def _moved(schedule: Schedule, occurrence: Occurrence, instant: datetime) -> Occurrence:
    """The occurrence at its new time. A rule goes on knowing it by its old date; what happens once has no other."""
    wall = instant.astimezone(ZoneInfo(schedule.zone)).replace(tzinfo=None, fold=0)
    return Occurrence(occurrence.local_date if schedule.rule else wall.date(), wall, instant)


def _with_move(schedule: Schedule, occurrence: Occurrence, there: Occurrence) -> Schedule:
    if schedule.rule is None:
        return replace(schedule, starts_wall=there.wall)
    if is_hourly(schedule):
        raise BadInput(
            say("It comes every hour, so one of them cannot be moved by itself."),
            next_step=say(
                "Leave the day out with `/organise {kind} skip`, or schedule another one.",
                kind=schedule.kind.value,
            ),
        )
    others = tuple(pair for pair in schedule.moved if pair[0] != occurrence.local_date)
    return replace(schedule, moved=(*others, (occurrence.local_date, there.wall)))
