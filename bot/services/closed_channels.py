"""Channels that are known to be closed, so that the organisers are told once of each, and once when it is mended."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later, say
from db.guilds import delete_fact, read_fact, read_facts, write_fact

LACKING = later("I lack {permissions}.")
_LACKING_BEGINS = f" {LACKING.partition('{')[0]}"


def lacks(what: str, permissions: Iterable[str]) -> str:
    """Why a channel is closed, with the permissions that are missing there; in English, as it is stored."""
    return f"{what} {LACKING.format(permissions=', '.join(permissions))}"


def say_why(reason: str) -> str:
    """Why a channel is closed, in the reader's language, from how it is stored."""
    what, is_lacking, permissions = reason.partition(_LACKING_BEGINS)
    if not is_lacking:
        return say(reason)
    return f"{say(what)} {say(LACKING, permissions=permissions.removesuffix('.'))}"


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
