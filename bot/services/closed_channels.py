"""Channels that are known to be closed, so that the organisers are told once of each, and once when it is mended."""

from sqlalchemy.ext.asyncio import AsyncConnection

from db.guilds import delete_fact, read_fact, read_facts, write_fact


async def note_closed(connection: AsyncConnection, guild_id: int, channel_id: int, reason: str) -> bool:
    """Remembers that a channel is closed, in the caller's transaction. Returns whether that is news."""
    key = _key(guild_id, channel_id)
    if await read_fact(connection, key) is not None:
        return False
    await write_fact(connection, key, reason)
    return True


async def note_mended(connection: AsyncConnection, guild_id: int, channel_id: int) -> bool:
    """Forgets that a channel was closed, in the caller's transaction. Returns whether it was known to be."""
    return await delete_fact(connection, _key(guild_id, channel_id))


async def known_closed(connection: AsyncConnection, guild_id: int) -> dict[int, str]:
    """A guild's channels that are known to be closed, each with the reason."""
    prefix = _key(guild_id, "")
    facts = await read_facts(connection, prefix)
    return {int(key.removeprefix(prefix)): reason for key, reason in facts.items()}


def _key(guild_id: int, channel_id: int | str) -> str:
    return f"closed:{guild_id}:{channel_id}"
