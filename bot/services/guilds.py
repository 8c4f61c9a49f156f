"""A guild's settings: read at nearly every command, so kept in memory; changed only here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import Guild
from bot.services.context import Context
from db import guilds as queries
from db.audit import insert_audit


async def welcome(context: Context, guild_ids: Sequence[int]) -> None:
    """Gives guilds their settings and their campaign's facts; what is there already stays as it is.

    A guild that has no campaign yet gets the configured one, and that is remembered. A guild that was given another
    keeps that: its facts are brought up to date if the campaign comes with the bot, and else left as they are.
    """
    if not guild_ids:
        return
    from seeds.loader import change_campaign  # noqa: PLC0415 - slow to import, and needed only once connected
    from seeds.reader import read_campaign, shipped_names  # noqa: PLC0415

    name, zone = context.settings.campaign.name, context.settings.campaign.timezone
    known = {seed.name: seed for seed in [read_campaign(name)]} if name else {}
    configured = next(iter(known), None)
    for guild_id in guild_ids:
        async with context.database.write() as connection:
            await queries.ensure_guild(connection, guild_id, zone)
            guild = await queries.fetch_guild(connection, guild_id)
        wanted = (guild.campaign if guild else None) or configured
        if wanted in shipped_names() and wanted not in known:
            known[wanted] = read_campaign(wanted)
        if wanted in known:
            await change_campaign(context.database, guild_id, known[wanted], zone=zone)
        _forget(context, guild_id)


def _forget(context: Context, guild_id: int) -> None:
    context.snapshots.forget(guild_id)
    context.guilds.pop(guild_id, None)


async def is_new(context: Context, guild_id: int) -> bool:
    """Whether the guild was never welcomed."""
    async with context.database.read() as connection:
        return await queries.fetch_guild(connection, guild_id) is None


async def get(context: Context, guild_id: int) -> Guild:
    """A guild's settings; those of a guild that was never set up are the defaults."""
    known = context.guilds.get(guild_id)
    if known is not None:
        return known
    async with context.database.read() as connection:
        found = await queries.fetch_guild(connection, guild_id)
    guild = found or Guild(guild_id, context.settings.campaign.timezone)
    if context.share.has(guild_id):  # whoever serves the others changes them without a word to this process
        context.guilds[guild_id] = guild
    return guild


async def change(context: Context, guild_id: int, **values: int | str | None) -> Guild:
    """Changes some of a guild's settings and returns them all."""
    async with context.database.write() as connection:
        await _change(context, connection, guild_id, values)
    context.guilds.pop(guild_id, None)
    return await get(context, guild_id)


async def change_and_record(
    context: Context, guild_id: int, actor_id: int, event: str, purpose: str, **values: int | str | None
) -> Guild:
    """The same, written into the audit log in the same transaction: no change without its record."""
    async with context.database.write() as connection:
        await _change(context, connection, guild_id, values)
        await insert_audit(
            connection, guild_id, at=context.now(), actor_id=actor_id, event=event, purpose=purpose
        )
    context.guilds.pop(guild_id, None)
    return await get(context, guild_id)


async def _change(
    context: Context, connection: AsyncConnection, guild_id: int, values: Mapping[str, int | str | None]
) -> None:
    await queries.ensure_guild(connection, guild_id, context.settings.campaign.timezone)
    await queries.update_guild(connection, guild_id, **values)


async def local_now(context: Context, guild_id: int) -> datetime:
    """The current time in the guild's zone, aware."""
    guild = await get(context, guild_id)
    return context.now().astimezone(ZoneInfo(guild.zone))
