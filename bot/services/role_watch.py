"""Roles that posts should ping and that no longer exist: the posts come without a ping, and the organisers are told once."""

from collections.abc import Callable
from typing import TypeAlias

from bot.domain.language import say, speaking
from bot.services import languages
from bot.services.context import Context
from bot.services.sending import Sender
from db import guilds as guild_queries
from db.delivery_lists import fetch_pinged_roles

RoleGone: TypeAlias = Callable[[int, int], bool]
"""Says whether a guild's role certainly no longer exists."""


async def look_at_roles(context: Context, sender: Sender, gone: RoleGone, guild_id: int) -> None:
    """Looks whether the roles that a guild's posts are to ping are still there."""
    async with context.database.read() as connection:
        guild = await guild_queries.fetch_guild(connection, guild_id)
        roles = await fetch_pinged_roles(connection, guild_id)
    channel_id = guild.organisers_channel_id if guild else None
    for role_id, titles in roles.items():
        if not gone(guild_id, role_id):
            continue
        key = f"role-gone:{guild_id}:{role_id}"
        async with context.database.write() as connection:
            if await guild_queries.read_fact(connection, key) is not None:
                continue
            await guild_queries.write_fact(connection, key, "told")
        names = ", ".join(f"“{title}”" for title in titles)
        with speaking(await languages.of_guild(context, guild_id)):
            text = say(
                "The role that {names} should ping has been deleted. The posts still go out, but "
                "ping nobody. To ping another role, schedule them again with it.",
                names=names,
            )
        await sender.alert(guild_id, channel_id, text)


async def look_at_all_roles(context: Context, sender: Sender, gone: RoleGone) -> None:
    """Does the same for every guild."""
    async with context.database.read() as connection:
        guild_ids = await guild_queries.fetch_guild_ids(connection, context.share)
    for guild_id in guild_ids:
        await look_at_roles(context, sender, gone, guild_id)
