"""Queries on what is older than it may become."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import audit, feedback, import_drafts


async def count_feedback_before(connection: AsyncConnection, guild_id: int, iso_week: str) -> int:
    """How many pieces of feedback a guild has of the weeks before this one."""
    query = select(func.count()).where(feedback.c.guild_id == guild_id, feedback.c.iso_week < iso_week)
    return (await connection.execute(query)).scalar_one()


async def delete_feedback_before(connection: AsyncConnection, guild_id: int, iso_week: str) -> int:
    """Deletes a guild's feedback of the weeks before this one, with its tags and messages. Returns how many there were."""
    result = await connection.execute(
        delete(feedback).where(feedback.c.guild_id == guild_id, feedback.c.iso_week < iso_week)
    )
    return result.rowcount


async def delete_audit_before(connection: AsyncConnection, guild_id: int, instant: datetime) -> int:
    """Deletes a guild's entries of the audit log from before an instant. Returns how many there were."""
    result = await connection.execute(delete(audit).where(audit.c.guild_id == guild_id, audit.c.at < instant))
    return result.rowcount


async def delete_drafts_before(connection: AsyncConnection, guild_id: int, before: datetime) -> int:
    """Deletes drafts that nobody came back to. Returns how many there were."""
    result = await connection.execute(
        delete(import_drafts).where(import_drafts.c.guild_id == guild_id, import_drafts.c.created_at < before)
    )
    return result.rowcount
