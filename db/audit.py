"""Queries on the audit log: who of the moderators did what, when, and why. It holds nothing about members."""

import secrets
from datetime import datetime

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import AuditEntry
from db.tables import audit

MOST = 500
"""As many of the latest entries as are shown; a page holds a few."""


async def insert_audit(
    connection: AsyncConnection,
    guild_id: int,
    *,
    at: datetime,
    actor_id: int,
    event: str,
    purpose: str,
    rows: int | None = None,
    sha256: str | None = None,
) -> None:
    """Adds an entry to a guild's audit log."""
    await connection.execute(
        insert(audit).values(
            audit_id=secrets.token_hex(16),
            guild_id=guild_id,
            at=at,
            actor_id=actor_id,
            event=event,
            purpose=purpose,
            rows=rows,
            sha256=sha256,
        )
    )


async def fetch_audit(
    connection: AsyncConnection, guild_id: int, since: datetime | None
) -> tuple[AuditEntry, ...]:
    """A guild's audit log since an instant, the latest first."""
    query = select(audit).where(audit.c.guild_id == guild_id)
    if since is not None:
        query = query.where(audit.c.at >= since)
    rows = await connection.execute(query.order_by(audit.c.at.desc(), audit.c.audit_id).limit(MOST))
    return tuple(_entry(row) for row in rows)


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry(row.at, row.actor_id, row.event, row.purpose, row.rows, row.sha256)
