"""Makes the roles and channels that a server still lacks, for `/setup start`; nothing that is there is changed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import discord

from bot.domain.language import later, say, speaking
from bot.domain.models import Guild
from bot.domain.problems import BadInput, TooMany
from bot.services import guilds, languages
from cogs._bot import Interaction, context_of
from cogs._channels import missing_permissions
from cogs._setup_pages import CHANNEL_FIELDS, ROLE_FIELDS

ROLE_NAMES = {"organiser": later("Campaign organiser"), "moderator": later("Campaign moderator")}
CHANNEL_NAMES = {
    "announcements": later("announcements"),
    "organisers": later("organisers"),
    "moderators": later("moderators"),
}
REASON = later("asked for with /setup start")

Maker: TypeAlias = Callable[[discord.Guild, Guild, dict[str, int]], Awaitable[None]]
"""Makes what is missing, and notes each under the setting that names it as soon as it is there."""

_being_made: set[int] = set()
"""The servers for which something is being made right now, so that a double click makes nothing twice."""


def usable_role(server: discord.Guild, role_id: int) -> discord.Role:
    """A role that can stand for organisers or moderators.

    Raises:
        BadInput: it is gone, or everybody or an app has it.
    """
    role = server.get_role(role_id)
    if role is None:
        raise BadInput(say("That role is gone."), next_step=say("Choose another one."))
    if role.is_default() or role.managed:
        raise BadInput(
            say("{role} cannot be used: everybody, or an app, has it.", role=role.name),
            next_step=say("Choose a role that you give to people one by one."),
        )
    return role


def usable_channel(server: discord.Guild, channel_id: int) -> discord.TextChannel:
    """A channel in which the bot may post.

    Raises:
        BadInput: it may not.
    """
    channel = server.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        raise BadInput(
            say("I cannot see that channel, so it was not stored."),
            next_step=say(
                "In that channel, under Edit Channel and Permissions, add me; then choose it again."
            ),
        )
    if missing := missing_permissions(channel):
        raise BadInput(
            say("I may not post in #{channel} yet, so it was not stored.", channel=channel.name),
            next_step=say(
                "In that channel, under Edit Channel and Permissions, grant me {permissions}; then "
                "choose it again.",
                permissions=", ".join(missing),
            ),
        )
    return channel


async def make_roles(interaction: Interaction, server: discord.Guild) -> str:
    """Makes the roles that are not chosen, stores them, and says which."""
    if not server.me.guild_permissions.manage_roles:
        raise BadInput(
            say("I may not make roles here."),
            next_step=say(
                "In Server Settings, Roles, make one for organisers and one for moderators, and "
                "choose them here; or give me Manage Roles there, and press the button again."
            ),
        )
    return await _once(interaction, server, _roles)


async def make_channels(interaction: Interaction, server: discord.Guild) -> str:
    """Makes the channels that are not chosen, stores them, and says which; two of them only its own role sees."""
    if not server.me.guild_permissions.manage_channels:
        raise BadInput(
            say("I may not make channels here."),
            next_step=say(
                "Make them yourself and choose them here; or give me Manage Channels in Server "
                "Settings, Roles, and press the button again."
            ),
        )
    return await _once(interaction, server, _channels)


async def _once(interaction: Interaction, server: discord.Guild, make: Maker) -> str:
    if server.id in _being_made:
        raise TooMany(
            say("They are being made already."), next_step=say("Wait a moment, then look at the step again.")
        )
    _being_made.add(server.id)
    made: dict[str, int] = {}
    try:
        guild = await guilds.get(context_of(interaction), server.id)
        await _make_and_store(interaction, server, guild, make, made)
    except discord.HTTPException as error:
        raise BadInput(
            say("Discord did not let me: {reason}.", reason=error.text)
            if error.text
            else say("Discord did not let me: it gave no reason."),
            next_step=say("Make them yourself and choose them here."),
            kept=f"{_told(made)}." if made else None,
        ) from error
    finally:
        _being_made.discard(server.id)
    return _told(made)


async def _make_and_store(
    interaction: Interaction, server: discord.Guild, guild: Guild, make: Maker, made: dict[str, int]
) -> None:
    """Stores what was made also where the next could not be: made again, it would stand there twice."""
    try:
        await make(server, guild, made)
    finally:
        if made:
            await guilds.change(context_of(interaction), server.id, **made)


def _told(made: Mapping[str, int]) -> str:
    mentions = [f"<@&{one}>" if field in ROLE_FIELDS.values() else f"<#{one}>" for field, one in made.items()]
    return (
        say("Made and stored: {what}", what=", ".join(mentions))
        if mentions
        else say("Nothing was missing, so nothing was made")
    )


async def _roles(server: discord.Guild, guild: Guild, made: dict[str, int]) -> None:
    missing = {name: field for name, field in ROLE_FIELDS.items() if not _has_role(server, guild, field)}
    names, reason = _in_their_language(guild, ROLE_NAMES)
    _refuse_names(missing, {role.name.casefold() for role in server.roles}, names)
    for name, field in missing.items():
        # Without any permission of its own: what its members may do, they may do through the bot.
        role = await server.create_role(
            name=names[name], permissions=discord.Permissions.none(), reason=reason
        )
        made[field] = role.id


async def _channels(server: discord.Guild, guild: Guild, made: dict[str, int]) -> None:
    missing = {
        name: field
        for name, field in CHANNEL_FIELDS.items()
        if server.get_channel(getattr(guild, field) or 0) is None
    }
    readers = {"organisers": guild.organiser_role_id, "moderators": guild.moderator_role_id}
    roles = {name: server.get_role(readers.get(name) or 0) for name in missing}
    if any(roles[name] is None for name in missing if name in readers):
        raise BadInput(
            say("Organisers and moderators get a channel that only they see, and nobody is either yet."),
            next_step=say("Go back to step 2 and choose or make the roles first."),
        )
    names, reason = _in_their_language(guild, CHANNEL_NAMES)
    _refuse_names(missing, {channel.name for channel in server.text_channels}, names)
    for name, field in missing.items():
        overwrites = _overwrites(server, roles[name])
        channel = await server.create_text_channel(names[name], overwrites=overwrites, reason=reason)
        made[field] = channel.id


def _in_their_language(guild: Guild, names: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """The names of what is made, and why it is made, in the server's language: all its members read them."""
    with speaking(languages.catalogue(guild.language)):
        return {key: say(name) for key, name in names.items()}, say(REASON)


def _has_role(server: discord.Guild, guild: Guild, field: str) -> bool:
    return server.get_role(getattr(guild, field) or 0) is not None


def _refuse_names(missing: Mapping[str, str], taken: set[str], names: Mapping[str, str]) -> None:
    """A second one of the same name would confuse; and what the first may do or show is not for the bot to judge."""
    for name in missing:
        wanted = names[name]
        if wanted.casefold() in taken:
            raise BadInput(
                say("There is a “{name}” here already, so I made nothing.", name=wanted),
                next_step=say("Choose it in the list above, or rename it, and press the button again."),
            )


def _overwrites(
    server: discord.Guild, reader: discord.Role | None
) -> dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]:
    mine = discord.PermissionOverwrite(
        view_channel=True, send_messages=True, embed_links=True, attach_files=True, read_message_history=True
    )
    if reader is None:
        return {server.default_role: discord.PermissionOverwrite(send_messages=False), server.me: mine}
    theirs = discord.PermissionOverwrite(view_channel=True, send_messages=True)
    return {
        server.default_role: discord.PermissionOverwrite(view_channel=False),
        reader: theirs,
        server.me: mine,
    }
