"""The way to Discord's own events: what a guild has, and making, changing and deleting those that are the bot's."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord

from bot.domain.language import later, say
from bot.domain.native_events import EventText
from bot.services.native_events import GuildEvents, Shown
from bot.services.sending import NotSent, NotTried, Refused, TargetGone

SECONDS = 45.0
REASON = later("As the meeting in the bot's diary says")
_OPEN = {discord.EventStatus.scheduled, discord.EventStatus.active}
_CLOSED_TO_US = {50001, 50013, 10004}
_UNKNOWN_EVENT = 10070
_FULL = 30038
_BUSY = 429
_THEIR_FAULT = 500


class DiscordCalendar:
    """Discord's events, guild by guild."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    def may_create(self, guild_id: int) -> bool:
        """Whether the bot may make events there, and change those that it made; not where it is no longer.

        Raises:
            NotTried: Discord cannot show the guild at present.
        """
        if self._client.get_guild(guild_id) is None:
            return False
        return self._guild(guild_id).me.guild_permissions.create_events

    def remembered(self, guild_id: int) -> tuple[Shown, ...]:
        """The bot's events as the gateway last told of them."""
        guild = self._client.get_guild(guild_id)
        return () if guild is None else tuple(self._own(list(guild.scheduled_events)))

    def channel_name(self, guild_id: int, channel_id: int) -> str | None:
        """What a channel is called, unless it is hidden from some: everybody in the server sees the events."""
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel_or_thread(channel_id) if guild else None
        try:
            is_open = channel is not None and channel.permissions_for(channel.guild.default_role).view_channel
        except discord.ClientException:
            return None  # a thread whose channel the bot cannot see
        return channel.name if channel is not None and is_open else None

    async def look(self, guild_id: int) -> GuildEvents:
        """Asks Discord for the guild's events.

        Raises:
            NotSent: it does not say at present.
            TargetGone: the guild is closed to the bot.
        """
        guild = self._guild(guild_id)
        async with _meaning():
            found = await guild.fetch_scheduled_events(with_counts=False)
        return _Board(guild, found, self._own)

    def _own(self, events: list[discord.ScheduledEvent]) -> dict[Shown, discord.ScheduledEvent]:
        me = self._client.user
        return {
            _shown(event): event
            for event in events
            if me is not None and event.creator_id == me.id and event.status in _OPEN
        }

    def _guild(self, guild_id: int) -> discord.Guild:
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            raise NotTried(later("Discord has not shown me that server yet."))
        return guild


class _Board:
    """The bot's events in one guild, as just listed."""

    def __init__(
        self,
        guild: discord.Guild,
        found: list[discord.ScheduledEvent],
        own: Callable[[list[discord.ScheduledEvent]], dict[Shown, discord.ScheduledEvent]],
    ) -> None:
        self._guild = guild
        self._events = own(found)

    @property
    def events(self) -> tuple[Shown, ...]:
        return tuple(self._events)

    async def create(self, text: EventText) -> Shown:
        async with _meaning():
            made = await self._guild.create_scheduled_event(
                name=text.name,
                description=text.description,
                start_time=text.starts_at,
                end_time=text.ends_at,
                location=text.location,
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
                reason=say(REASON),
            )
        return _shown(made)

    async def edit(self, event: Shown, text: EventText) -> Shown:
        changes = _changes(event.text, text)
        async with _meaning():
            edited = await self._events[event].edit(**changes, reason=say(REASON))
        return _shown(edited)

    async def delete(self, event: Shown) -> None:
        async with _meaning():
            try:
                await self._events[event].delete(reason=say(REASON))
            except discord.NotFound as error:
                if error.code != _UNKNOWN_EVENT:
                    raise


def _changes(said: EventText, text: EventText) -> dict[str, Any]:
    """What has to be sent so that an event says something else."""
    changes: dict[str, Any] = {}
    if said.name != text.name:
        changes["name"] = text.name
    if said.description != text.description:
        changes["description"] = text.description
    if said.starts_at != text.starts_at:
        changes["start_time"] = text.starts_at
    if said.ends_at != text.ends_at:
        changes["end_time"] = text.ends_at
    if said.location != text.location:
        # Somebody may have put it into a voice channel, and Discord wants all three of an event outside.
        changes["location"] = text.location
        changes["entity_type"] = discord.EntityType.external
        changes["end_time"] = text.ends_at
    return changes


def _shown(event: discord.ScheduledEvent) -> Shown:
    text = EventText(
        name=event.name,
        description=event.description or "",
        location=event.location or "",
        starts_at=event.start_time,
        ends_at=event.end_time or event.start_time,
    )
    return Shown(event.id, text, is_running=event.status is discord.EventStatus.active)


@asynccontextmanager
async def _meaning() -> AsyncGenerator[None]:
    """Says in our words why Discord did not do as asked. After NotSent it may have: the next look tells."""
    try:
        async with asyncio.timeout(SECONDS):
            yield
    except discord.HTTPException as error:
        if error.code in _CLOSED_TO_US:
            raise TargetGone(later("I may not make events there.")) from error
        if error.status == _BUSY or error.status >= _THEIR_FAULT or error.code == _UNKNOWN_EVENT:
            raise NotSent(later("Discord is busy.")) from error
        why = "it has as many as it may" if error.code == _FULL else f"code {error.code}"
        raise Refused(why) from error
    except (discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotSent(later("Discord could not be reached.")) from error
