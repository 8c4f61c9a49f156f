"""Exports for tests that want the one file, whatever else it is about."""

from bot.services import exports
from bot.services.context import Context
from bot.services.exports import Export, Wish


async def exported_files(
    context: Context, guild_id: int, actor_id: int, purpose: str, **asked: str
) -> list[Export]:
    """Every file of an export."""
    return [one async for one in exports.export_files(context, guild_id, actor_id, Wish(purpose, **asked))]


async def exported(context: Context, guild_id: int, actor_id: int, purpose: str, **asked: str) -> Export:
    """The one file of an export."""
    (one,) = await exported_files(context, guild_id, actor_id, purpose, **asked)
    return one
