"""Queries on meetings."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import Meeting, MeetingState
from db.slices import read_each
from db.tables import meetings

_FOR_CHANGE = (
    select(meetings)
    .where(meetings.c.guild_id == bindparam("guild"), meetings.c.key == bindparam("meeting"))
    .with_for_update()
)
"""Made once: to make a statement takes longer than to execute it, and a branch waits for this one."""


async def insert_meeting(
    connection: AsyncConnection, guild_id: int, meeting: Meeting, *, position: int, source_on: date
) -> None:
    """Stores a new meeting."""
    await connection.execute(
        insert(meetings).values(
            guild_id=guild_id,
            key=meeting.key,
            position=position,
            source_on=source_on,
            **_changeable(meeting),
        )
    )


async def update_meeting(connection: AsyncConnection, guild_id: int, meeting: Meeting) -> None:
    """Writes a changed meeting back under its key."""
    await connection.execute(
        update(meetings)
        .where(meetings.c.guild_id == guild_id, meetings.c.key == meeting.key)
        .values(**_changeable(meeting))
    )


async def fetch_meeting(connection: AsyncConnection, guild_id: int, key: str) -> Meeting | None:
    """One meeting by its key."""
    query = select(meetings).where(meetings.c.guild_id == guild_id, meetings.c.key == key)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _meeting_of(row)


async def fetch_meetings(connection: AsyncConnection, guild_id: int) -> tuple[Meeting, ...]:
    """All of a guild's meetings, earliest first."""
    query = (
        select(meetings).where(meetings.c.guild_id == guild_id).order_by(meetings.c.starts_at, meetings.c.key)
    )
    return await read_each(connection, query, _meeting_of)


async def fetch_for_change(connection: AsyncConnection, guild_id: int, key: str) -> Meeting | None:
    """One meeting by its key, locked until the transaction ends."""
    row = (await connection.execute(_FOR_CHANGE, {"guild": guild_id, "meeting": key})).one_or_none()
    return None if row is None else _meeting_of(row)


async def fetch_starting_at(
    connection: AsyncConnection, guild_id: int, starts_at: datetime
) -> tuple[Meeting, ...]:
    """The meetings that start at an instant."""
    query = select(meetings).where(meetings.c.guild_id == guild_id, meetings.c.starts_at == starts_at)
    return tuple(_meeting_of(row) for row in await connection.execute(query))


def _changeable(meeting: Meeting) -> dict[str, Any]:
    return {
        "title": meeting.title,
        "summary": meeting.summary,
        "source": meeting.source,
        "starts_wall": meeting.starts_wall,
        "zone": meeting.zone,
        "starts_at": meeting.starts_at,
        "duration_minutes": int(meeting.duration.total_seconds()) // 60,
        "link": meeting.link,
        "channel_id": meeting.channel_id,
        "state": meeting.state.value,
        "sequence": meeting.sequence,
        "repeat": meeting.repeat,
        "skipped": sorted(day.isoformat() for day in meeting.skipped),
        "moved": [[day.isoformat(), wall.isoformat()] for day, wall in meeting.moved],
        "cap": meeting.cap,
        "notes": meeting.notes or None,
    }


def _meeting_of(row: Row[Any]) -> Meeting:
    return Meeting(
        key=row.key,
        title=row.title,
        summary=row.summary,
        starts_wall=row.starts_wall,
        zone=row.zone,
        starts_at=row.starts_at,
        duration=timedelta(minutes=row.duration_minutes),
        source=row.source,
        link=row.link,
        channel_id=row.channel_id,
        state=MeetingState(row.state),
        sequence=row.sequence,
        repeat=row.repeat,
        skipped=frozenset(date.fromisoformat(day) for day in row.skipped),
        moved=tuple((date.fromisoformat(day), datetime.fromisoformat(wall)) for day, wall in row.moved),
        cap=row.cap,
        notes=row.notes or "",
    )
