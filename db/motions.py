"""Queries on motions, and on what was done about their resolutions. Progress is only ever added to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import Motion, MotionPoint, MotionProgress, PointKind, Source
from db.slices import read_each
from db.tables import motion_progress, motions
from db.upsert import insert_or


async def fetch_motions(connection: AsyncConnection, guild_id: int) -> tuple[Motion, ...]:
    """A guild's motions in their order, each with its progress from the oldest to the latest."""
    query = select(motions).where(motions.c.guild_id == guild_id).order_by(motions.c.position, motions.c.key)
    progress = await _fetch_progress(connection, motion_progress.c.guild_id == guild_id)
    return await read_each(connection, query, lambda row: _motion(row, progress.get(row.key, ())))


async def fetch_motion(connection: AsyncConnection, guild_id: int, key: str) -> Motion | None:
    """One motion with its progress, or `None` when the guild has no such motion."""
    query = select(motions).where(motions.c.guild_id == guild_id, motions.c.key == key)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    progress = await _fetch_progress(
        connection, motion_progress.c.guild_id == guild_id, motion_progress.c.motion_key == key
    )
    return _motion(row, progress.get(key, ()))


async def insert_progress(
    connection: AsyncConnection,
    guild_id: int,
    motion_key: str,
    progress: MotionProgress,
    *,
    progress_id: str,
    recorded_at: datetime,
) -> bool:
    """Adds what was done about one resolution to the history of a motion of this guild.

    Returns whether it was not there yet: its id says whether it is the same.
    """
    statement = insert_or(connection, motion_progress).values(
        guild_id=guild_id,
        progress_id=progress_id,
        motion_key=motion_key,
        label=progress.label,
        on=progress.on,
        text=progress.text,
        source=progress.source,
        recorded_at=recorded_at,
    )
    result = await connection.execute(
        statement.on_conflict_do_nothing().returning(motion_progress.c.progress_id)
    )
    return result.scalar_one_or_none() is not None


async def _fetch_progress(
    connection: AsyncConnection, *conditions: ColumnElement[bool]
) -> dict[str, tuple[MotionProgress, ...]]:
    table = motion_progress
    query = select(table).where(*conditions).order_by(table.c.on, table.c.recorded_at, table.c.progress_id)
    found: dict[str, list[MotionProgress]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.motion_key, []).append(MotionProgress(row.label, row.on, row.text, row.source))
    return {key: tuple(progress) for key, progress in found.items()}


def _motion(row: Row[Any], progress: tuple[MotionProgress, ...]) -> Motion:
    return Motion(
        key=row.key,
        position=row.position,
        title=row.title,
        summary=row.summary,
        conference=row.conference,
        decision=row.decision,
        calls_on=row.calls_on,
        points=tuple(
            MotionPoint(PointKind(point["kind"]), point["label"], point["text"], point.get("wording"))
            for point in row.points
        ),
        source=Source(row.source, row.source_on),
        wording=row.wording,
        progress=progress,
    )
