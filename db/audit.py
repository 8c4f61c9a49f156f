"""Queries on the audit log: who of the moderators did what, when, and why. It holds nothing about members."""

import secrets
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import audit


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
