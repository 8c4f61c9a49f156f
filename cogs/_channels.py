"""Where the bot may post, checked before anything is promised."""

from typing import TypeAlias

import discord

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.services import guilds
from bot.services.policy import may_ping
from cogs._bot import Interaction, context_of, guild_id_of

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
"""What a channel must allow; without its history, whether a post went out before a crash could not be known.

The names are those in Discord's own settings, for which it has no Welsh.
"""

Postable: TypeAlias = discord.TextChannel | discord.Thread | discord.VoiceChannel


def missing_permissions(channel: discord.abc.GuildChannel | discord.Thread) -> list[str]:
    """What the bot still needs in that channel, as Discord's settings call it."""
    me = channel.guild.me
    allowed = channel.permissions_for(me)
    return [name for attribute, name in NEEDED.items() if not getattr(allowed, attribute)]


async def channel_for_posts(
    interaction: Interaction, chosen: discord.TextChannel | None
) -> discord.TextChannel:
    """The channel that was chosen, or else the guild's announcements channel.

    Raises:
        BadInput: there is none, it is gone, or the bot may not post there.
    """
    channel = chosen or await _announcements(interaction)
    guild = interaction.guild
    known = guild.get_channel(channel.id) if guild else None
    missing = missing_permissions(known or channel)
    if missing:
        raise BadInput(
            say(
                "I may not post in {channel} yet: {permissions} is missing.",
                channel=channel.mention,
                permissions=", ".join(missing),
            ),
            next_step=say(
                "Grant it in that channel's settings under Permissions, or choose another channel."
            ),
        )
    return channel


def text_channel(interaction: Interaction, channel_id: int | None) -> discord.TextChannel | None:
    """A text channel of the guild; `None` where there is none any more."""
    channel = interaction.guild.get_channel(channel_id) if interaction.guild and channel_id else None
    return channel if isinstance(channel, discord.TextChannel) else None


async def _announcements(interaction: Interaction) -> discord.TextChannel:
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    channel = text_channel(interaction, guild.announcements_channel_id)
    if channel is None:
        raise BadInput(
            say("I do not know in which channel to post."),
            next_step=say(
                "Choose one with the option `channel`, or ask an administrator to set `/setup channels`."
            ),
        )
    return channel


async def role_for_pings(interaction: Interaction, role: discord.Role | None) -> int | None:
    """The role that a post may ping.

    Raises:
        BadInput: it is @everyone, Discord would not let the bot ping it, or the server has listed other roles only.
    """
    role_id = pingable(role)
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    if role is not None and not may_ping(guild, role.id):
        either = say("or")
        allowed = f" {either} ".join(f"<@&{one}>" for one in guild.ping_role_ids)
        raise BadInput(
            say("Posts may not ping {role} on this server.", role=role.name),
            next_step=say(
                "Choose {roles}, leave the option out, or ask an administrator to add the role "
                "with `/setup nudges add_ping_role:`.",
                roles=allowed,
            ),
        )
    return role_id


def pingable(role: discord.Role | None) -> int | None:
    """The role that Discord lets the bot ping; `role_for_pings` asks the server's own list too.

    Raises:
        BadInput: it is @everyone, which would wake the whole server each time, or nobody may mention it.
    """
    if role is None:
        return None
    if role.is_default():
        raise BadInput(
            say("Posts of mine never ping @everyone."),
            next_step=say("Choose a role that people take on purpose, or leave the option out."),
        )
    if not role.mentionable and not role.guild.me.guild_permissions.mention_everyone:
        raise BadInput(
            say("I may not ping {role} yet, so its members would not notice.", role=role.name),
            next_step=say(
                "In Server Settings, Roles, allow anyone to @mention that role, or leave the option out."
            ),
        )
    return role.id
