"""Queries for changing the ledger of demands."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import guilds


async def lock_ledger(connection: AsyncConnection, guild_id: int) -> None:
    """Lets only one transaction at a time change a guild's ledger.

    SQLite has one writer anyway; on PostgreSQL the guild's own row stands for its ledger.
    """
    query = select(guilds.c.guild_id).where(guilds.c.guild_id == guild_id).with_for_update()
    await connection.execute(query)
