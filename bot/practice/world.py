"""The simulated server in which people practise: an invented branch with its channels, roles and members.

Its ids are the same at every start, because the server is founded at the same instant and in the same order each time;
so a database that was kept with `--data` still knows its channels and roles.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import discord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.env import Env

FOUNDED: Final = datetime(2025, 1, 6, 9, tzinfo=UTC)
BOT_NAME: Final = "Solidarity Bot"
GUILD_NAME: Final = "Practice branch"
"""The server's name if there is no campaign to name it after."""

_READ_ONLY: Final = discord.PermissionOverwrite(send_messages=False)
_HIDDEN: Final = discord.PermissionOverwrite(view_channel=False)
_OPEN: Final = discord.PermissionOverwrite(view_channel=True, send_messages=True)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the page can be viewed as."""

    actor: MemberActor
    title: str


@dataclass(frozen=True, slots=True)
class World:
    """The founded server."""

    guild: GuildHandle
    roles: dict[str, RoleHandle]
    channels: dict[str, ChannelHandle]
    people: dict[str, Person]

    @property
    def settings(self) -> dict[str, int]:
        """The guild's settings, as an administrator would have chosen them with `/setup`."""
        return {
            "organiser_role_id": self.roles["Organiser"].id,
            "moderator_role_id": self.roles["Moderator"].id,
            "announcements_channel_id": self.channels["announcements"].id,
            "organisers_channel_id": self.channels["organisers"].id,
            "moderators_channel_id": self.channels["moderators"].id,
        }


def found(env: Env, name: str = GUILD_NAME) -> World:
    """Founds the server, under the campaign's name. Call it before the bot starts, with simcord's clock at `FOUNDED`."""
    env.backend.bot_user.name = BOT_NAME
    env.backend.bot_user.avatar = "practice"
    office = env.create_user("branch-office", global_name="Branch office")
    guild = env.create_guild(name, owner=office, preferred_locale="en-GB")
    roles = {
        "Member": guild.create_role("Member"),
        "Organiser": guild.create_role("Organiser", color=0xFFD500),
        "Moderator": guild.create_role("Moderator", color=0x5DADE2),
        "Administrator": guild.create_role(
            "Administrator", permissions=discord.Permissions(manage_guild=True), color=0xE59866
        ),
        "Nudges": guild.create_role("Nudges", mentionable=True),
    }
    return World(guild, roles, _channels(guild, roles), _people(env, guild, roles))


def _channels(guild: GuildHandle, roles: dict[str, RoleHandle]) -> dict[str, ChannelHandle]:
    # A bot sees a hidden channel only if its own role is let in; simcord names that role after the bot.
    bot_role = guild.roles[BOT_NAME]

    def open_to(role: RoleHandle) -> Any:
        return {guild.default_role: _HIDDEN, role: _OPEN, bot_role: _OPEN}

    read_only: Any = {guild.default_role: _READ_ONLY, bot_role: _OPEN}
    return {
        "welcome": guild.create_text_channel("welcome", topic="What you can try here", overwrites=read_only),
        "announcements": guild.create_text_channel(
            "announcements", topic="Meetings, reminders and nudges", overwrites=read_only
        ),
        "general": guild.create_text_channel("general", topic="Talk, and try commands"),
        "organisers": guild.create_text_channel(
            "organisers", topic="For organisers", overwrites=open_to(roles["Organiser"])
        ),
        "moderators": guild.create_text_channel(
            "moderators", topic="For moderators", overwrites=open_to(roles["Moderator"])
        ),
    }


def _people(env: Env, guild: GuildHandle, roles: dict[str, RoleHandle]) -> dict[str, Person]:
    def join(name: str, title: str, *held: str) -> Person:
        user = env.create_user(name.lower(), global_name=f"{name} ({title})")
        return Person(guild.add_member(user, roles=[roles[role] for role in held]), title)

    return {
        "Morgan": join("Morgan", "member", "Member", "Nudges"),
        "Sam": join("Sam", "organiser", "Member", "Organiser"),
        "Alex": join("Alex", "moderator", "Member", "Moderator"),
        "Robin": join("Robin", "administrator", "Member", "Administrator"),
    }
