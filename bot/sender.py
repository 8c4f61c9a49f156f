"""The delivery engine's way into Discord."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeAlias

import aiohttp
import discord

from bot.domain.language import later, say
from bot.services.closed_channels import lacks
from bot.services.delivery import (
    HistoryUnreadable,
    NotSent,
    NotTried,
    PersonClosed,
    Post,
    Refused,
    TargetDeleted,
    TargetGone,
)
from cogs._channels import missing_permissions
from cogs._posts import message_of
from cogs._render import view_of

log = logging.getLogger(__name__)

GONE = {
    10003: later("The channel no longer exists."),
    10004: later("I am no longer in that server."),
    50001: later("I may not see that channel."),
    50013: later("I may not post in that channel."),
    50278: later("I may not write to that person."),
    50007: later("That person does not take direct messages."),
    50083: later("That thread is archived."),
}
DELETED = {10003, 10004}
OUR_FAULT = {50035, 50006, 200000, 240000}
DELIVERED_THEN_DELETED = 10008
HISTORY_BEFORE = timedelta(hours=2)
"""So much faster than Discord's may the machine's clock have been when a post was first attempted."""
HISTORY_LIMIT = 2_000
LATEST = 200
"""So many of the latest messages are looked at whatever the clock said: it may have been wrong by more."""
READ_HISTORY = "Read Message History"

Target: TypeAlias = discord.TextChannel | discord.Thread | discord.VoiceChannel


class DiscordSender:
    """Posts deliveries, finds them again, and alerts organisers."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def send(self, post: Post) -> int:
        """Sends the post and returns the message's id.

        Raises:
            TargetGone: the channel is gone or closed to the bot.
            Refused: Discord refuses the content.
            NotSent: it certainly was not sent, for a reason that may pass.
        """
        channel = await self._target(post)
        message = message_of(post)
        options: dict[str, Any] = {} if message.view is None else {"view": message.view}
        try:
            sent = await channel.send(
                self._content(post, message.content),
                embed=message.embed,
                nonce=post.delivery.delivery_id,
                allowed_mentions=message.allowed_mentions,
                **options,
            )
        except discord.HTTPException as error:
            raise _meaning(error, post) from error
        except aiohttp.ClientConnectorError as error:
            raise NotSent(later("Discord could not be reached.")) from error
        return sent.id

    async def find(self, post: Post) -> int | None:
        """Looks for the post in the channel's history by its marker.

        Raises:
            HistoryUnreadable: the bot may not read the history (Discord would answer with an empty list), or there is
                more of it than can be read.
            TargetGone: the channel is gone or closed to the bot.
        """
        channel = await self._target(post)
        if not isinstance(channel, discord.DMChannel):
            me = channel.guild.me
            if not channel.permissions_for(me).read_message_history:
                raise HistoryUnreadable
        attempted = post.delivery.first_attempted_at or post.delivery.due_at
        try:
            seen = 0
            async for message in channel.history(limit=HISTORY_LIMIT):
                seen += 1
                if message.author == self._client.user and _has_marker(message, post.delivery.delivery_id):
                    return message.id
                if seen >= LATEST and message.created_at < attempted - HISTORY_BEFORE:
                    return None
        except discord.HTTPException as error:
            raise _meaning(error, post) from error
        if seen == HISTORY_LIMIT:
            raise HistoryUnreadable  # too busy a channel to be sure
        return None

    async def edit(self, post: Post) -> None:
        """Lets a post that stands show what is true now; one that was deleted, or cannot be reached, stays as it is."""
        if post.delivery.message_id is None:
            return
        message = message_of(post)
        try:
            channel = await self._target(post)
            standing = channel.get_partial_message(post.delivery.message_id)
            await standing.edit(embed=message.embed, view=message.view)
        except (TargetGone, NotTried, discord.HTTPException, aiohttp.ClientError) as error:
            log.info("a post was not brought up to date", extra={"error": type(error).__name__})

    async def alert(
        self,
        guild_id: int,
        channel_id: int | None,
        text: str,
        buttons: Sequence[discord.ui.Button[Any]] = (),
        *,
        nonce: str | None = None,
    ) -> None:
        """Tells the organisers' channel; where there is none, the log says so. Discord takes a nonce once in minutes."""
        channel = self._client.get_channel(channel_id) if channel_id else None
        if not isinstance(channel, discord.abc.Messageable):
            log.warning("no organisers' channel to alert", extra={"guild": guild_id})
            return
        view = view_of(buttons)
        options: dict[str, Any] = {} if view is None else {"view": view}
        if nonce is not None:
            options["nonce"] = nonce
        try:
            await channel.send(text, allowed_mentions=discord.AllowedMentions.none(), **options)
        except (TimeoutError, discord.HTTPException, aiohttp.ClientError):
            log.warning("the organisers' channel could not be alerted", extra={"guild": guild_id})

    async def problem_with(self, guild_id: int, channel_id: int) -> str | None:
        """Why the bot may not post in a channel, in English, as it is stored; `None` when it may.

        Raises:
            NotSent: Discord does not say at present.
        """
        try:
            channel = await self._channel(guild_id, channel_id)
            missing = missing_permissions(channel)
        except TargetGone as error:
            return str(error)
        except discord.ClientException:
            return GONE[50001]  # a thread whose channel the bot cannot see
        if "View Channel" in missing:
            return GONE[50001]
        if isinstance(channel, discord.Thread) and channel.archived and channel.locked:
            return GONE[50083]
        lacking = [name for name in missing if name != READ_HISTORY]
        return lacks(GONE[50013], lacking) if lacking else None

    def role_gone(self, guild_id: int, role_id: int) -> bool:
        """Whether a role no longer exists; not while Discord has not shown the server."""
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable and guild.get_role(role_id) is None

    def _content(self, post: Post, content: str | None) -> str | None:
        if post.is_for_a_person:
            return None  # a role's mention means nothing there
        if post.schedule.role_id and self.role_gone(post.delivery.guild_id, post.schedule.role_id):
            content = None
        if not post.stands_in:
            return content
        said = say(
            "This was meant for <#{channel_id}>, where I may not post at present.",
            channel_id=post.schedule.channel_id,
        )
        return f"{content}\n{said}" if content else said

    async def _target(self, post: Post) -> "Target | discord.DMChannel":
        if not post.is_for_a_person:
            return await self._channel(post.delivery.guild_id, post.delivery.target_id)
        try:
            return await self._client.create_dm(discord.Object(post.delivery.target_id))
        except discord.HTTPException as error:
            raise _meaning(error, post) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotTried(later("Discord could not be reached.")) from error

    async def _channel(self, guild_id: int, channel_id: int) -> Target:
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable:
            raise NotTried(later("Discord has not shown me that server yet."))
        # An archived thread is not in the library's memory, but takes posts all the same.
        channel = guild.get_channel_or_thread(channel_id) or await self._fetched(guild_id, channel_id)
        if not isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel):
            raise TargetGone(later("That is not a channel for messages."))
        return channel

    async def _fetched(self, guild_id: int, channel_id: int) -> object:
        try:
            channel = await self._client.fetch_channel(channel_id)
        except discord.HTTPException as error:
            meaning = _meaning(error)
            raise (
                meaning if isinstance(meaning, TargetGone) else NotTried(later("Discord is busy."))
            ) from error
        except discord.InvalidData as error:
            raise TargetDeleted(GONE[10003]) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise NotTried(later("Discord could not be reached.")) from error
        if isinstance(channel, discord.abc.PrivateChannel) or channel.guild.id != guild_id:
            raise TargetDeleted(GONE[10003])
        return channel


def _meaning(error: discord.HTTPException, post: Post | None = None) -> Exception:
    if error.code in GONE:
        if post is not None and post.is_for_a_person:
            return PersonClosed(GONE[50007])
        return (TargetDeleted if error.code in DELETED else TargetGone)(GONE[error.code])
    if error.code in OUR_FAULT:
        return Refused(later("Discord refused the text of the post."))
    if error.status == 429 or error.code == 130000:  # noqa: PLR2004 - Discord's own numbers
        return NotSent(later("Discord is busy."))
    return error


def _has_marker(message: discord.Message, marker: str) -> bool:
    return any(
        marker in (getattr(child, "custom_id", None) or "").split("|")
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
    )
