"""The delivery engine's way into Discord."""

import logging
from datetime import timedelta
from typing import Any

import aiohttp
import discord

from bot.services.delivery import HistoryUnreadable, NotSent, Post, Refused, TargetGone
from cogs._posts import message_of

log = logging.getLogger(__name__)

GONE = {
    10003: "The channel no longer exists.",
    10004: "I am no longer in that server.",
    50001: "I may not see that channel.",
    50013: "I may not post in that channel.",
    50278: "I may not write to that person.",
    50007: "That person does not take direct messages.",
    50083: "That thread is archived.",
}
OUR_FAULT = {50035, 50006, 200000, 240000}
DELIVERED_THEN_DELETED = 10008
HISTORY_BEFORE = timedelta(minutes=5)
HISTORY_LIMIT = 2_000


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
        channel = await self._channel(post)
        message = message_of(post)
        options: dict[str, Any] = {} if message.view is None else {"view": message.view}
        try:
            sent = await channel.send(
                message.content,
                embed=message.embed,
                nonce=post.delivery.delivery_id,
                allowed_mentions=message.allowed_mentions,
                **options,
            )
        except discord.HTTPException as error:
            raise _meaning(error) from error
        except aiohttp.ClientConnectorError as error:
            raise NotSent("Discord could not be reached.") from error
        return sent.id

    async def find(self, post: Post) -> int | None:
        """Looks for the post in the channel's history by its marker.

        Raises:
            HistoryUnreadable: the bot may not read the history (Discord would answer with an empty list), or there is
                more of it than can be read.
            TargetGone: the channel is gone or closed to the bot.
        """
        channel = await self._channel(post)
        me = channel.guild.me
        if not channel.permissions_for(me).read_message_history:
            raise HistoryUnreadable
        attempted = post.delivery.first_attempted_at or post.delivery.due_at
        try:
            seen = 0
            async for message in channel.history(after=attempted - HISTORY_BEFORE, limit=HISTORY_LIMIT):
                seen += 1
                if message.author == self._client.user and _has_marker(message, post.delivery.delivery_id):
                    return message.id
        except discord.HTTPException as error:
            raise _meaning(error) from error
        if seen == HISTORY_LIMIT:
            raise HistoryUnreadable  # too busy a channel to be sure
        return None

    async def alert(self, guild_id: int, channel_id: int | None, text: str) -> None:
        """Tells the organisers' channel; where there is none, the log says so."""
        channel = self._client.get_channel(channel_id) if channel_id else None
        if not isinstance(channel, discord.abc.Messageable):
            log.warning("no organisers' channel to alert", extra={"guild": guild_id})
            return
        try:
            await channel.send(text, allowed_mentions=discord.AllowedMentions.none())
        except (TimeoutError, discord.HTTPException, aiohttp.ClientError):
            log.warning("the organisers' channel could not be alerted", extra={"guild": guild_id})

    async def _channel(self, post: Post) -> "discord.TextChannel | discord.Thread | discord.VoiceChannel":
        channel = self._client.get_channel(post.delivery.target_id)
        if channel is None:
            guild = self._client.get_guild(post.delivery.guild_id)
            if guild is None or guild.unavailable:
                raise NotSent("Discord has not shown me that server yet.")
            raise TargetGone(GONE[10003])
        if not isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel):
            raise TargetGone("That is not a channel for messages.")
        return channel


def _meaning(error: discord.HTTPException) -> Exception:
    if error.code in GONE:
        return TargetGone(GONE[error.code])
    if error.code in OUR_FAULT:
        return Refused("Discord refused the text of the post.")
    if error.status == 429 or error.code == 130000:  # noqa: PLR2004 - Discord's own numbers
        return NotSent("Discord is busy.")
    return error


def _has_marker(message: discord.Message, marker: str) -> bool:
    return any(
        marker in (getattr(child, "custom_id", None) or "").split("|")
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for child in row.children
    )
