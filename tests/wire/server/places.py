"""Guilds, roles and channels, and who may do what in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.wire.server.basics import (
    BOT_PERMISSIONS,
    EVERY_PERMISSION,
    MEMBER_PERMISSIONS,
    Intent,
    Json,
    Permission,
    utc_now,
)
from tests.wire.server.members import Member
from tests.wire.server.messages import Message, User

if TYPE_CHECKING:
    from tests.wire.server.state import World

TEXT, DIRECT, VOICE = 0, 1, 2


@dataclass(eq=False)
class Role:
    """A role of one guild."""

    id: str
    name: str
    permissions: Permission
    position: int
    mentionable: bool = False
    managed_by: str | None = None

    @property
    def mention(self) -> str:
        """The text that mentions this role."""
        return f"<@&{self.id}>"

    def payload(self) -> Json:
        """Return Discord's role object."""
        payload: Json = {
            "id": self.id,
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": self.managed_by is not None,
            "mentionable": self.mentionable,
            "flags": 0,
        }
        if self.managed_by is not None:
            payload["tags"] = {"bot_id": self.managed_by}
        return payload


@dataclass(eq=False)
class Channel:
    """A channel of a guild, or a direct message channel when ``guild`` is None."""

    world: "World"
    id: str
    name: str
    guild: "Guild | None" = None
    recipient: User | None = None
    type: int = TEXT
    messages: list[Message] = field(default_factory=list)
    denied: dict[str, Permission] = field(default_factory=dict)
    gone: bool = False

    @property
    def mention(self) -> str:
        """The text that mentions this channel."""
        return f"<#{self.id}>"

    def forbid(self, *permissions: Permission, to: "User | Role | None" = None, tell: bool = True) -> None:
        """Deny permissions here, to the bot unless told otherwise.

        Without ``tell`` the bot gets no CHANNEL_UPDATE and learns of it only by being refused.
        """
        target = (to or self.world.bot).id
        for permission in permissions:
            self.denied[target] = self.denied.get(target, Permission(0)) | permission
        if tell:
            self._tell("CHANNEL_UPDATE")

    def permit(self, *permissions: Permission, to: "User | Role | None" = None, tell: bool = True) -> None:
        """Take back what `forbid` denied."""
        target = (to or self.world.bot).id
        for permission in permissions:
            self.denied[target] = self.denied.get(target, Permission(0)) & ~permission
        if tell:
            self._tell("CHANNEL_UPDATE")

    def delete(self, *, tell: bool = True) -> None:
        """Remove the channel; its messages can no longer be reached."""
        self.gone = True
        self.world.channels.pop(self.id)
        if self.guild is not None:
            self.guild.channels.remove(self)
        if tell:
            self._tell("CHANNEL_DELETE")

    def permissions_for(self, user: User) -> Permission:
        """Return what a user may do here, roles and denials counted together."""
        if self.guild is None:
            return MEMBER_PERMISSIONS
        member = self.guild.members.get(user.id)
        if member is None:
            return Permission(0)
        base = self.guild.permissions_for(member)
        if Permission.ADMINISTRATOR in base:
            return EVERY_PERMISSION
        for target in (self.guild.id, *(role.id for role in member.roles), user.id):
            base &= ~self.denied.get(target, Permission(0))
        # Who cannot see a channel can do nothing else in it either.
        return base if Permission.VIEW_CHANNEL in base else Permission(0)

    def role_is_mentionable(self, role_id: str) -> bool:
        """Say whether everybody may ping this role."""
        role = self.guild.roles.get(role_id) if self.guild else None
        return role is not None and role.mentionable

    def users_payload(self, user_ids: Iterable[str]) -> list[Json]:
        """Return the user objects of those ids that exist."""
        return [self.world.users[user].payload() for user in sorted(user_ids) if user in self.world.users]

    def payload(self) -> Json:
        """Return Discord's channel object."""
        payload: Json = {"id": self.id, "type": self.type, "last_message_id": None, "flags": 0}
        if self.messages:
            payload["last_message_id"] = self.messages[-1].id
        if self.guild is None:
            return payload | {"recipients": [self.recipient.payload()] if self.recipient else []}
        return payload | {
            "guild_id": self.guild.id,
            "name": self.name,
            "position": self.guild.channels.index(self) if self in self.guild.channels else 0,
            "permission_overwrites": self._overwrites(self.guild),
            "topic": None,
            "nsfw": False,
            "parent_id": None,
            "rate_limit_per_user": 0,
            "bitrate": 64000,
            "user_limit": 0,
        }

    def _overwrites(self, guild: "Guild") -> list[Json]:
        return [
            {"id": target, "type": 0 if target in guild.roles else 1, "allow": "0", "deny": str(int(denied))}
            for target, denied in self.denied.items()
        ]

    def _tell(self, event: str) -> None:
        self.world.dispatch(event, self.payload(), Intent.GUILDS)


@dataclass(eq=False)
class Guild:
    """A guild that the bot is in, until `remove_bot`."""

    world: "World"
    id: str
    name: str
    bot_permissions: Permission = BOT_PERMISSIONS
    roles: dict[str, Role] = field(default_factory=dict)
    channels: list[Channel] = field(default_factory=list)
    members: dict[str, Member] = field(default_factory=dict)
    events: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.everyone = Role(self.id, "@everyone", MEMBER_PERMISSIONS, 0)
        self.bot_role = Role(
            self.world.ids.next(), self.world.bot.name, self.bot_permissions, 50, managed_by=self.world.bot.id
        )
        self.roles = {role.id: role for role in (self.everyone, self.bot_role)}
        self.bot_member = Member(self.world, self, self.world.bot, [self.bot_role])
        self.members[self.world.bot.id] = self.bot_member
        self.owner = self.add_member(f"Owner of {self.name}")

    def add_channel(self, name: str, *, kind: int = TEXT) -> Channel:
        """Create a text channel, or another kind by its number."""
        channel = Channel(self.world, self.world.ids.next(), name, self, type=kind)
        self.channels.append(channel)
        self.world.channels[channel.id] = channel
        self.world.dispatch("CHANNEL_CREATE", channel.payload(), Intent.GUILDS)
        return channel

    def add_role(
        self, name: str, *permissions: Permission, mentionable: bool = False, position: int = 1
    ) -> Role:
        """Create a role; a position over 50 puts it above the bot's own."""
        combined = Permission(0)
        for permission in permissions:
            combined |= permission
        role = Role(self.world.ids.next(), name, combined, position, mentionable)
        self.roles[role.id] = role
        self.world.dispatch("GUILD_ROLE_CREATE", {"guild_id": self.id, "role": role.payload()}, Intent.GUILDS)
        return role

    def add_member(self, name: str, roles: Iterable[Role] = ()) -> Member:
        """Let a person join."""
        user = self.world.add_user(name)
        return self.join(user, roles)

    def join(self, user: User, roles: Iterable[Role] = ()) -> Member:
        """Let somebody join who already has an account, from another guild for instance."""
        member = Member(self.world, self, user, list(roles))
        self.members[user.id] = member
        self.world.dispatch("GUILD_MEMBER_ADD", member.payload(), Intent.GUILD_MEMBERS)
        return member

    def remove_bot(self) -> None:
        """Throw the bot out: the guild and its channels vanish for it."""
        for channel in self.channels:
            self.world.channels.pop(channel.id, None)
        self.world.guilds.pop(self.id)
        self.world.dispatch("GUILD_DELETE", {"id": self.id}, Intent.GUILDS)

    def permissions_for(self, member: Member) -> Permission:
        """Return what a member may do in the guild at large."""
        if member is self.owner:
            return EVERY_PERMISSION
        combined = self.everyone.permissions
        for role in member.roles:
            combined |= role.permissions
        return combined

    def payload(self) -> Json:
        """Return Discord's guild object."""
        return {
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner.id,
            "roles": [role.payload() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "icon": None,
            "afk_timeout": 300,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "en-GB",
            "system_channel_flags": 0,
        }

    def create_payload(self) -> Json:
        """Return what GUILD_CREATE carries; without the members intent that is nobody but the bot."""
        return self.payload() | {
            "unavailable": False,
            "large": False,
            "joined_at": utc_now().isoformat(),
            "member_count": len(self.members),
            "members": [self.bot_member.payload()],
            "channels": [channel.payload() for channel in self.channels],
            "guild_scheduled_events": list(self.events.values()),
            "threads": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "soundboard_sounds": [],
        }
