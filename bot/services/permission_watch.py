"""Looks whether the bot may post where something is scheduled: once a day, and whenever something changes.

The organisers are told once of each closed channel, and once when it is mended.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.language import say, speaking
from bot.domain.models import Guild
from bot.domain.schedules import Delivery
from bot.services import languages
from bot.services.closed_channels import known_closed, note_closed, note_mended, say_why
from bot.services.context import Context
from bot.services.held import let_go, waits_for_channel
from bot.services.sending import NotSent, Sender
from db import delivery_lists
from db import guilds as guild_queries
from db import schedules as schedule_queries

Closed: TypeAlias = Callable[[int, int], Awaitable[str | None]]
"""Says of a guild's channel why the bot may not post there; `None` when it may. Raises NotSent when it cannot tell."""


@dataclass(frozen=True, slots=True)
class _Watched:
    guild: Guild
    held: dict[int, list[Delivery]]
    known: dict[int, str]
    scheduled: tuple[int, ...]


async def look_everywhere(context: Context, sender: Sender, closed: Closed) -> None:
    """Looks at every channel of every guild that has something scheduled."""
    async with context.database.read() as connection:
        guild_ids = await guild_queries.fetch_guild_ids(connection, context.share)
    for guild_id in guild_ids:
        await look(context, sender, closed, guild_id)


async def look(
    context: Context, sender: Sender, closed: Closed, guild_id: int, *, only_mended: bool = False
) -> None:
    """Looks at the channels of one guild.

    Args:
        context: the running installation.
        sender: the way to the organisers.
        closed: says why a channel is closed.
        guild_id: the guild.
        only_mended: look only at what is known to be closed. An administrator who is changing permissions is told of
            trouble when a post meets it, or at the daily check, and not of every state in between.
    """
    watched = await _watched(context, guild_id)
    if watched is None:
        return
    channels = {*watched.held, *watched.known, *(() if only_mended else watched.scheduled)}
    with speaking(languages.catalogue(watched.guild.language)):
        for channel_id in sorted(channels):
            try:
                reason = await closed(guild_id, channel_id)
            except NotSent:
                continue
            if reason is None:
                await _mended(context, sender, watched, channel_id)
            elif not only_mended:
                await _closed(context, sender, watched, channel_id, reason)


async def _watched(context: Context, guild_id: int) -> _Watched | None:
    held: dict[int, list[Delivery]] = {}
    async with context.database.read() as connection:
        guild = await guild_queries.fetch_guild(connection, guild_id)
        if guild is None:
            return None
        for delivery in await delivery_lists.fetch_held(connection, guild_id):
            if waits_for_channel(delivery):
                held.setdefault(delivery.target_id, []).append(delivery)
        known = await known_closed(connection, guild_id)
        scheduled = await schedule_queries.fetch_channels(connection, guild_id)
    return _Watched(guild, held, known, scheduled)


async def _mended(context: Context, sender: Sender, watched: _Watched, channel_id: int) -> None:
    held = watched.held.get(channel_id, [])
    if not held and channel_id not in watched.known:
        return
    guild = watched.guild
    async with context.database.write() as connection:
        was_closed = await note_mended(connection, guild.guild_id, channel_id)
        released = await let_go(context, connection, guild.guild_id, held)
    if was_closed:
        again = say("I may post in <#{channel_id}> again.", channel_id=channel_id)
        text = f"{again} {released}".strip()
        await sender.alert(guild.guild_id, guild.organisers_channel_id, text)
    if released.tried:
        context.wake()


async def _closed(context: Context, sender: Sender, watched: _Watched, channel_id: int, reason: str) -> None:
    guild, fallback = watched.guild, watched.guild.fallback_channel_id
    instead = fallback is not None and fallback != channel_id
    async with context.database.write() as connection:
        is_news = await note_closed(connection, guild.guild_id, channel_id, reason)
        held = watched.held.get(channel_id, []) if instead else []
        released = await let_go(context, connection, guild.guild_id, held)
    if is_news:
        text = (
            say(
                "Posts are scheduled for <#{channel_id}>, and cannot go out there. {reason} They go to "
                "<#{fallback}> instead until that is mended; nothing was deleted. `/setup check` shows what to "
                "do.",
                channel_id=channel_id,
                reason=say_why(reason),
                fallback=fallback,
            )
            if instead
            else say(
                "Posts are scheduled for <#{channel_id}>, and cannot go out there. {reason} They are held back "
                "until that is mended; nothing was deleted. `/setup check` shows what to do.",
                channel_id=channel_id,
                reason=say_why(reason),
            )
        )
        await sender.alert(guild.guild_id, guild.organisers_channel_id, text)
    if released.tried:
        context.wake()
