"""Queries on schedules."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.schedules import Schedule, ScheduleKind, ScheduleState
from db.tables import schedules


async def insert_schedule(connection: AsyncConnection, schedule: Schedule) -> None:
    """Stores a new schedule."""
    await connection.execute(
        insert(schedules).values(
            schedule_id=schedule.schedule_id,
            guild_id=schedule.guild_id,
            kind=schedule.kind.value,
            title=schedule.title,
            wordings=list(schedule.wordings),
            starts_wall=schedule.starts_wall,
            zone=schedule.zone,
            channel_id=schedule.channel_id,
            lead_seconds=[int(lead.total_seconds()) for lead in schedule.lead_times],
            rule=schedule.rule,
            holidays=schedule.holidays,
            role_id=schedule.role_id,
            meeting_key=schedule.meeting_key,
            action_key=schedule.action_key,
            skipped=sorted(day.isoformat() for day in schedule.skipped),
            moved=[[day.isoformat(), wall.isoformat()] for day, wall in schedule.moved],
            state=schedule.state.value,
            materialised_until=schedule.materialised_until,
        )
    )


async def fetch_schedules(
    connection: AsyncConnection, guild_id: int, kind: ScheduleKind
) -> tuple[Schedule, ...]:
    """A guild's schedules of one kind that are not ended, in the order of their titles."""
    query = (
        select(schedules)
        .where(
            schedules.c.guild_id == guild_id,
            schedules.c.kind == kind.value,
            schedules.c.state != ScheduleState.ENDED.value,
        )
        .order_by(schedules.c.title, schedules.c.schedule_id)
    )
    return tuple(schedule_of(row) for row in await connection.execute(query))


async def fetch_of_meeting(
    connection: AsyncConnection, guild_id: int, meeting_key: str
) -> tuple[Schedule, ...]:
    """What is posted about a meeting, reminders first: its schedules that are not ended, locked until the end."""
    query = (
        select(schedules)
        .where(
            schedules.c.guild_id == guild_id,
            schedules.c.meeting_key == meeting_key,
            schedules.c.kind.in_((ScheduleKind.MEETING.value, ScheduleKind.REMINDER.value)),
            schedules.c.state != ScheduleState.ENDED.value,
        )
        .order_by(schedules.c.kind, schedules.c.schedule_id)
        .with_for_update()
    )
    return tuple(schedule_of(row) for row in await connection.execute(query))


async def fetch_by_ids(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, Schedule]:
    """The schedules of these deliveries, by id; for the delivery engine, which serves every guild."""
    rows = await connection.execute(select(schedules).where(schedules.c.schedule_id.in_(ids)))
    return {row.schedule_id: schedule_of(row) for row in rows}


async def fetch_short_of(connection: AsyncConnection, horizon: datetime) -> tuple[Schedule, ...]:
    """Active schedules whose deliveries are not written up to the horizon yet, of every guild."""
    query = select(schedules).where(
        schedules.c.state == ScheduleState.ACTIVE.value,
        or_(schedules.c.materialised_until.is_(None), schedules.c.materialised_until < horizon),
    )
    return tuple(schedule_of(row) for row in await connection.execute(query))


async def mark_materialised(connection: AsyncConnection, schedule_id: str, until: datetime) -> None:
    """Records up to when a schedule's deliveries are written."""
    await connection.execute(
        update(schedules).where(schedules.c.schedule_id == schedule_id).values(materialised_until=until)
    )


async def fetch_channels(connection: AsyncConnection, guild_id: int) -> tuple[int, ...]:
    """The channels into which a guild's active schedules post."""
    query = (
        select(schedules.c.channel_id)
        .where(
            schedules.c.guild_id == guild_id,
            schedules.c.state == ScheduleState.ACTIVE.value,
            schedules.c.kind != ScheduleKind.FOLLOW.value,  # that goes to members
        )
        .distinct()
    )
    return tuple((await connection.execute(query)).scalars())


def schedule_of(row: Row[Any]) -> Schedule:
    """The schedule that a row of the table holds."""
    return Schedule(
        schedule_id=row.schedule_id,
        guild_id=row.guild_id,
        kind=ScheduleKind(row.kind),
        title=row.title,
        wordings=tuple(row.wordings),
        starts_wall=row.starts_wall,
        zone=row.zone,
        channel_id=row.channel_id,
        lead_times=tuple(timedelta(seconds=seconds) for seconds in row.lead_seconds),
        rule=row.rule,
        holidays=row.holidays,
        role_id=row.role_id,
        meeting_key=row.meeting_key,
        action_key=row.action_key,
        skipped=frozenset(date.fromisoformat(day) for day in row.skipped),
        moved=tuple((date.fromisoformat(day), datetime.fromisoformat(wall)) for day, wall in row.moved),
        state=ScheduleState(row.state),
        materialised_until=row.materialised_until,
    )


async def fetch_for_change(
    connection: AsyncConnection, guild_id: int, kind: ScheduleKind, schedule_id: str
) -> Schedule | None:
    """One schedule of a guild, whatever its state; nobody else can change it before this transaction ends."""
    query = (
        select(schedules)
        .where(
            schedules.c.guild_id == guild_id,
            schedules.c.kind == kind.value,
            schedules.c.schedule_id == schedule_id,
        )
        .with_for_update()
    )
    row = (await connection.execute(query)).one_or_none()
    return schedule_of(row) if row else None


async def update_schedule(connection: AsyncConnection, guild_id: int, schedule: Schedule) -> None:
    """Stores what can change in a schedule's life: its name, its days and times, its state, how far it is written ahead."""
    await connection.execute(
        update(schedules)
        .where(schedules.c.guild_id == guild_id, schedules.c.schedule_id == schedule.schedule_id)
        .values(
            title=schedule.title,
            starts_wall=schedule.starts_wall,
            lead_seconds=[int(lead.total_seconds()) for lead in schedule.lead_times],
            skipped=sorted(day.isoformat() for day in schedule.skipped),
            moved=[[day.isoformat(), wall.isoformat()] for day, wall in schedule.moved],
            state=schedule.state.value,
            materialised_until=schedule.materialised_until,
        )
    )
