"""People and what they post: users, attachments, messages, and whom a message really pings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.wire.server.basics import Json, MessageFlag, Permission, utc_now

if TYPE_CHECKING:
    from tests.wire.server.places import Channel


@dataclass(eq=False)
class User:
    """An account; ``takes_dms`` is its privacy setting."""

    id: str
    name: str
    bot: bool = False
    takes_dms: bool = True

    @property
    def mention(self) -> str:
        """The text that mentions this user."""
        return f"<@{self.id}>"

    def payload(self) -> Json:
        """Return Discord's user object."""
        return {
            "id": self.id,
            "username": self.name,
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(frozen=True)
class Upload:
    """A file as it travels in a request, or as a member hands it to a command."""

    name: str
    data: bytes
    content_type: str = "application/octet-stream"


@dataclass(eq=False)
class Attachment:
    """A file that the stand-in keeps and serves."""

    id: str
    name: str
    data: bytes
    url: str
    content_type: str = "application/octet-stream"
    description: str | None = None

    def payload(self) -> Json:
        """Return Discord's attachment object."""
        payload: Json = {
            "id": self.id,
            "filename": self.name,
            "size": len(self.data),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.description is not None:
            payload["description"] = self.description
        return payload


@dataclass(frozen=True)
class Pings:
    """Whom a message notified, after allowed mentions and permissions had their say; ids, not names."""

    everyone: bool
    users: frozenset[str]
    roles: frozenset[str]


def walk_components(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component of a message or modal, however deeply it is nested."""
    for component in components:
        yield component
        yield from walk_components(component.get("components", ()))
        for key in ("component", "accessory"):
            if key in component:
                yield from walk_components([component[key]])


@dataclass(eq=False)
class Message:
    """One message, with the request that made it kept as it came."""

    id: str
    channel: "Channel"
    author: User
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    allowed_mentions: Json | None = None
    nonce: str | None = None
    type: int = 0
    reference: Json | None = None
    interaction_metadata: Json | None = None
    application_id: str | None = None
    sent_as: Json = field(default_factory=dict)
    created_at: datetime = field(default_factory=utc_now)
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        """Whether only the member who caused it can see it."""
        return bool(self.flags & MessageFlag.EPHEMERAL)

    @property
    def text(self) -> str:
        """The content together with the text displays of a message made of components."""
        displays = (part["content"] for part in walk_components(self.components) if part["type"] == 10)
        return "\n".join([self.content, *displays]).strip("\n")

    @property
    def custom_ids(self) -> list[str]:
        """The custom ids of its buttons and menus, in order."""
        return [part["custom_id"] for part in walk_components(self.components) if "custom_id" in part]

    def apply(self, body: Json) -> None:
        """Take over the fields that a create or edit request names; attachments are the caller's business."""
        self.content = body["content"] or "" if "content" in body else self.content
        self.embeds = body["embeds"] or [] if "embeds" in body else self.embeds
        self.components = body["components"] or [] if "components" in body else self.components
        self.allowed_mentions = body.get("allowed_mentions", self.allowed_mentions)
        if body.get("flags") is not None:
            # Nobody can turn an open message into an ephemeral one, or back, after the fact.
            fixed = self.flags & MessageFlag.EPHEMERAL
            self.flags = body["flags"] & ~MessageFlag.EPHEMERAL | fixed

    def pings(self) -> Pings:
        """Return whom this message notifies, by Discord's rules."""
        allowed = self.allowed_mentions
        parse = {"everyone", "users", "roles"} if allowed is None else set(allowed.get("parse", ()))
        listed = allowed or {}
        users = set(re.findall(r"<@!?(\d+)>", self.text))
        roles = set(re.findall(r"<@&(\d+)>", self.text))
        if "users" not in parse:
            users &= {str(user) for user in listed.get("users", ())}
        if "roles" not in parse:
            roles &= {str(role) for role in listed.get("roles", ())}
        trusted = Permission.MENTION_EVERYONE in self.channel.permissions_for(self.author)
        everyone = "everyone" in parse and trusted and bool(re.search(r"@(everyone|here)\b", self.text))
        if not trusted:
            roles = {role for role in roles if self.channel.role_is_mentionable(role)}
        return Pings(everyone, frozenset(users), frozenset(roles))

    def payload(self) -> Json:
        """Return Discord's message object, as a bot without the message content intent gets to see it."""
        pings = self.pings()
        payload: Json = {
            "id": self.id,
            "channel_id": self.channel.id,
            "author": self.author.payload(),
            "content": "",
            "embeds": [],
            "components": [],
            "attachments": [],
            "timestamp": self.created_at.isoformat(),
            "edited_timestamp": self.edited_at and self.edited_at.isoformat(),
            "tts": False,
            "mention_everyone": pings.everyone,
            "mentions": self.channel.users_payload(pings.users),
            "mention_roles": sorted(pings.roles),
            "pinned": self.pinned_at is not None,
            "type": self.type,
            "flags": self.flags,
        }
        if self.author.bot:
            payload |= {
                "content": self.content,
                "embeds": [{"type": "rich", **embed} for embed in self.embeds],
                "components": self.components,
                "attachments": [attachment.payload() for attachment in self.attachments],
            }
        return payload | self._optional_fields()

    def _optional_fields(self) -> Json:
        fields: Json = {
            "nonce": self.nonce,
            "message_reference": self.reference,
            "interaction_metadata": self.interaction_metadata,
            "application_id": self.application_id,
            "webhook_id": self.application_id if self.interaction_metadata else None,
        }
        return {name: value for name, value in fields.items() if value is not None}
