"""The whole simulated Discord in memory, and the few rules that concern more than one part of it."""

import base64
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tests.wire.server.basics import (
    BOT_PERMISSIONS,
    Changes,
    Intent,
    Json,
    MessageFlag,
    Permission,
    Snowflakes,
    utc_now,
)
from tests.wire.server.errors import unknown
from tests.wire.server.messages import Attachment, Message, Upload, User
from tests.wire.server.places import DIRECT, Channel, Guild

if TYPE_CHECKING:
    from tests.wire.server.interactions import Interaction

# Shaped like a bot token (an id in base64, two more parts) so that a shape check passes; it opens nothing.
DEFAULT_BOT_ID = "1000000000000000001"
DEFAULT_TOKEN = base64.b64encode(DEFAULT_BOT_ID.encode()).decode().rstrip("=") + ".wire00." + "0" * 38


class Dispatch(Protocol):
    """Sends one gateway event to every session that asked for its intent; 0 means all sessions."""

    def __call__(self, event: str, data: Json, intent: int) -> None:
        """Send the event."""


@dataclass(frozen=True)
class RequestRecord:
    """One HTTP request that the bot made, and how it was answered; status 0 means that no answer was sent."""

    method: str
    path: str
    status: int
    code: int
    at: float
    port: int = 0
    """From which the bot sent it; it tells which of several processes that was."""


@dataclass(eq=False)
class World:
    """Everything that exists, with the settings that tests turn."""

    token: str = DEFAULT_TOKEN
    base_url: str = ""
    nonce_window: float = 180.0
    interaction_deadline: float = 3.0
    interaction_lifetime: float = 900.0

    ids: Snowflakes = field(default_factory=Snowflakes)
    changes: Changes = field(default_factory=Changes)
    guilds: dict[str, Guild] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    # Registered commands by guild id, the global ones under None.
    commands: dict[str | None, list[Json]] = field(default_factory=dict)
    interactions: "dict[str, Interaction]" = field(default_factory=dict)
    requests: deque[RequestRecord] = field(default_factory=lambda: deque(maxlen=20_000))
    violations: list[str] = field(default_factory=list)
    # What the bot asked for and the stand-in does not do: better a visible gap than a silent fake.
    unsupported: list[str] = field(default_factory=list)
    syncs: int = 0

    def __post_init__(self) -> None:
        self.bot = User(DEFAULT_BOT_ID, "Solidarity", bot=True)
        self.users[self.bot.id] = self.bot
        # A bot account made today shares its id with its application.
        self.application_id = self.bot.id
        self._nonces: dict[tuple[str, str], tuple[Message, float]] = {}
        self.send_event: Dispatch = lambda event, data, intent: None

    def dispatch(self, event: str, data: Json, intent: int = 0) -> None:
        """Send a gateway event and wake whoever waits for a change."""
        self.send_event(event, data, intent)
        self.changes.announce()

    def add_user(self, name: str) -> User:
        """Create an account."""
        user = User(self.ids.next(), name)
        self.users[user.id] = user
        return user

    def add_guild(
        self, name: str, bot_permissions: Permission = BOT_PERMISSIONS, shard: tuple[int, int] = (0, 1)
    ) -> Guild:
        """Create a guild with the bot in it, in one of so many shards."""
        guild = Guild(self, self.ids.next_in(*shard), name, bot_permissions)
        self.guilds[guild.id] = guild
        self.dispatch("GUILD_CREATE", guild.create_payload(), Intent.GUILDS)
        return guild

    def direct_channel(self, user: User) -> Channel:
        """Return the direct message channel between the bot and a user, opened on first use."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self, self.ids.next(), user.name, recipient=user, type=DIRECT)
        self.channels[channel.id] = channel
        return channel

    def channel(self, channel_id: str) -> Channel:
        """Return a channel.

        Raises:
            ApiError: 404 with code 10003.
        """
        if channel_id not in self.channels:
            raise unknown("Channel")
        return self.channels[channel_id]

    def guild(self, guild_id: str) -> Guild:
        """Return a guild.

        Raises:
            ApiError: 404 with code 10004.
        """
        if guild_id not in self.guilds:
            raise unknown("Guild")
        return self.guilds[guild_id]

    def store_file(self, upload: Upload, description: str | None = None) -> Attachment:
        """Keep a file and give it an address that the bot can read it from."""
        file_id = self.ids.next()
        url = f"{self.base_url}/cdn/attachments/{file_id}/{upload.name}"
        attachment = Attachment(file_id, upload.name, upload.data, url, upload.content_type, description)
        self.attachments[file_id] = attachment
        return attachment

    def post(
        self, channel: Channel, author: User, body: Json, files: Sequence[Upload] = (), **extra: Any
    ) -> Message:
        """Create a message, honouring an enforced nonce.

        Raises:
            ApiError: 404 with code 10008 when the nonce's message was deleted meanwhile.
        """
        nonce = None if body.get("nonce") is None else str(body["nonce"])
        earlier = self._posted_with(author, nonce) if body.get("enforce_nonce") else None
        if earlier is not None:
            if earlier.deleted:
                raise unknown("Message")
            return earlier
        message = Message(self.ids.next(), channel, author, nonce=nonce, sent_as=body, **extra)
        self.revise(message, body, files)
        self.messages[message.id] = message
        if nonce is not None:
            self._nonces[author.id, nonce] = (message, time.monotonic())
        if not message.ephemeral:
            channel.messages.append(message)
            self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, body: Json, files: Sequence[Upload] = ()) -> None:
        """Apply an edit request and tell the bot's sessions of it."""
        self.revise(message, body, files)
        message.flags &= ~MessageFlag.LOADING
        message.edited_at = utc_now()
        if not message.ephemeral:
            self._tell("MESSAGE_UPDATE", message)
        self.changes.announce()

    def revise(self, message: Message, body: Json, files: Sequence[Upload]) -> None:
        """Apply the fields of a request to a message, files included."""
        message.apply(body)
        listed = body.get("attachments")
        kept = message.attachments
        if listed is not None:
            kept = [old for old in kept if any(str(entry["id"]) == old.id for entry in listed)]
        descriptions = {str(entry["id"]): entry.get("description") for entry in listed or ()}
        fresh = [self.store_file(file, descriptions.get(str(index))) for index, file in enumerate(files)]
        message.attachments = [*kept, *fresh]

    def delete(self, message: Message) -> None:
        """Remove a message; its id answers 10008 from now on."""
        message.deleted = True
        self.messages.pop(message.id, None)
        if message in message.channel.messages:
            message.channel.messages.remove(message)
            self._tell("MESSAGE_DELETE", message)
        self.changes.announce()

    def _posted_with(self, author: User, nonce: str | None) -> Message | None:
        message, at = self._nonces.get((author.id, nonce or ""), (None, 0.0))
        return message if time.monotonic() - at < self.nonce_window else None

    def _tell(self, event: str, message: Message) -> None:
        data = {"id": message.id, "channel_id": message.channel.id}
        guild = message.channel.guild
        if event != "MESSAGE_DELETE":
            data = message.payload()
        if guild is not None:
            data["guild_id"] = guild.id
        self.dispatch(event, data, Intent.GUILD_MESSAGES if guild else Intent.DIRECT_MESSAGES)
