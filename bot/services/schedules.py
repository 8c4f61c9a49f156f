"""Writes the deliveries of schedules ahead, up to the horizon."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.recurrence import Occurrence, Recurrence, occurrences
from bot.domain.schedules import Delivery, Schedule, planned
from bot.domain.when import resolve
from bot.services.context import Context
from db import deliveries as delivery_queries
from db import schedules as schedule_queries


def new_schedule_id() -> str:
    """A random identity for a schedule: 16 hexadecimal characters."""
    return secrets.token_hex(8)


async def add_schedule(context: Context, connection: AsyncConnection, schedule: Schedule) -> None:
    """Stores a schedule with its deliveries up to the horizon, in the caller's transaction.

    Deliveries that would have been due already are left out: a meeting three days away gets no reminder of the week
    before. Call `context.wake()` once the transaction is committed.
    """
    now = context.now()
    until = now + timedelta(days=context.settings.delivery.horizon_days)
    await schedule_queries.insert_schedule(connection, replace(schedule, materialised_until=until))
    await delivery_queries.insert_missing(connection, list(deliveries_between(schedule, now, until)))


async def extend_horizon(context: Context) -> None:
    """Writes ahead what the passing days have brought inside the horizon."""
    until = context.now() + timedelta(days=context.settings.delivery.horizon_days)
    async with context.database.read() as connection:
        short = await schedule_queries.fetch_short_of(connection, until)
    for schedule in short:
        async with context.database.write() as connection:
            after = schedule.materialised_until or context.now()
            await delivery_queries.insert_missing(
                connection, list(deliveries_between(schedule, after, until))
            )
            await schedule_queries.mark_materialised(connection, schedule.schedule_id, until)


def deliveries_between(schedule: Schedule, after: datetime, until: datetime) -> Iterator[Delivery]:
    """The deliveries of a schedule that fall due after one instant and up to another."""
    longest_lead = max(schedule.lead_times, default=timedelta())
    # What follows an occurrence, as the question after a meeting may, is still to come when that has begun already.
    longest_after = max(-min(schedule.lead_times, default=timedelta()), timedelta())
    for occurrence in _occurrences(schedule, after - longest_after, until + longest_lead):
        for lead in schedule.lead_times:
            due_at = occurrence.instant - lead
            if after < due_at <= until:
                yield _delivery(schedule, occurrence, lead, due_at)


def _occurrences(schedule: Schedule, after: datetime, until: datetime) -> Iterator[Occurrence]:
    if schedule.rule is None:
        instant = resolve(schedule.starts_wall, schedule.zone)
        if after < instant <= until:
            yield Occurrence(schedule.starts_wall.date(), schedule.starts_wall, instant)
        return
    yield from occurrences(recurrence_of(schedule), after=after, until=until)


def recurrence_of(schedule: Schedule) -> Recurrence:
    """The recurrence of a schedule that repeats.

    Raises:
        ValueError: the schedule happens once.
    """
    if schedule.rule is None:
        raise ValueError("a schedule without a rule does not recur")
    return Recurrence(
        rule=schedule.rule,
        start=schedule.starts_wall,
        zone=schedule.zone,
        holidays=schedule.holidays,
        skipped=schedule.skipped,
        moved=schedule.moved,
    )


def _delivery(schedule: Schedule, occurrence: Occurrence, lead: timedelta, due_at: datetime) -> Delivery:
    slot = f"{int(lead.total_seconds())}@{occurrence.wall:%H:%M}"
    return planned(
        schedule,
        local_date=occurrence.local_date,
        slot=slot,
        due_at=due_at,
        occurs_at=occurrence.instant,
    )


async def posting_channels(context: Context, guild_id: int) -> tuple[int, ...]:
    """The channels into which a guild's active schedules post."""
    async with context.database.read() as connection:
        return await schedule_queries.fetch_channels(connection, guild_id)
