"""Members: people who type commands, press buttons and fill in forms, the way Discord's client would for them."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tests.wire.server.answers import Answer, NoAnswerError, RefusedByClientError
from tests.wire.server.basics import Json, Permission, utc_now
from tests.wire.server.command_data import Resolved, build_options, check_offered, find_command
from tests.wire.server.forms import fill_form
from tests.wire.server.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction
from tests.wire.server.limits import BUTTON, FILE_BYTES, STRING_SELECT
from tests.wire.server.messages import Message, User, walk_components

if TYPE_CHECKING:
    from tests.wire.server.places import Channel, Guild, Role
    from tests.wire.server.state import World

_GRACE_SECONDS = 0.5


class Member:
    """A user in one guild; what it does returns the bot's answer."""

    def __init__(self, world: "World", guild: "Guild", user: User, roles: Iterable["Role"] = ()) -> None:
        self.world = world
        self.guild = guild
        self.user = user
        self.roles = list(roles)
        self.joined_at = utc_now()

    def __repr__(self) -> str:
        return f"<Member {self.user.name!r} of {self.guild.name!r}>"

    @property
    def id(self) -> str:
        """The user's id."""
        return self.user.id

    @property
    def mention(self) -> str:
        """The text that mentions this member."""
        return self.user.mention

    @property
    def dm(self) -> "Channel":
        """The direct message channel between the bot and this member."""
        return self.world.direct_channel(self.user)

    def payload(self) -> Json:
        """Return Discord's member object."""
        return {
            "user": self.user.payload(),
            "nick": None,
            "roles": [role.id for role in self.roles],
            "joined_at": self.joined_at.isoformat(),
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }

    def say(self, channel: "Channel", content: str) -> Message:
        """Post an ordinary message; without the message content intent the bot cannot read its text."""
        return self.world.post(channel, self.user, {"content": content})

    async def slash(self, channel: "Channel", command: str, /, **options: Any) -> Answer:
        """Type a slash command, for instance ``slash(channel, "demand show", demand="wmt")``.

        Raises:
            RefusedByClientError: Discord's menus do not offer it, or not with these options.
            NoAnswerError: the bot did not answer in time.
        """
        return await self._slash(channel, command, options, by_menu=True)

    async def force_slash(self, channel: "Channel", command: str, /, **options: Any) -> Answer:
        """Send a slash command even where Discord's menus hide it: permissions there are for admins to change."""
        return await self._slash(channel, command, options, by_menu=False)

    async def autocomplete(
        self, channel: "Channel", command: str, focused: str, typed: Any, /, **options: Any
    ) -> list[Json]:
        """Type into one option and return the choices that appear, each with ``name`` and ``value``."""
        return (await self.type_into(channel, command, focused, typed, **options)).choices

    async def type_into(
        self, channel: "Channel", command: str, focused: str, typed: Any, /, **options: Any
    ) -> Answer:
        """Type into one option and return the whole answer."""
        found = find_command(self.world, channel.guild and channel.guild.id, command)
        resolved = Resolved(self.world, channel)
        built = build_options(found, {**options, focused: typed}, resolved, focused)
        return await self._do(AUTOCOMPLETE, channel, found.data(built, resolved))

    async def click(self, target: Message | Answer, custom_id: str) -> Answer:
        """Press a button."""
        message, part = self._visible_part(target, custom_id)
        if part["type"] != BUTTON:
            raise RefusedByClientError(f"{custom_id} is no button")
        data: Json = {"custom_id": custom_id, "component_type": BUTTON}
        return await self._do(COMPONENT, message.channel, data, message)

    async def choose(self, target: Message | Answer, custom_id: str, *values: Any) -> Answer:
        """Pick entries of a menu: texts for a text menu, members, roles or channels for the others."""
        message, part = self._visible_part(target, custom_id)
        if not part.get("min_values", 1) <= len(values) <= part.get("max_values", 1):
            raise RefusedByClientError(f"{custom_id} does not take {len(values)} values")
        resolved = Resolved(self.world, message.channel)
        data: Json = {"custom_id": custom_id, "component_type": part["type"]}
        if part["type"] == STRING_SELECT:
            offered = {option["value"] for option in part["options"]}
            if not offered.issuperset(values):
                raise RefusedByClientError(f"{custom_id} offers {sorted(offered)}")
            data["values"] = list(values)
        else:
            data["values"] = [resolved.refer(value) for value in values]
            data["resolved"] = resolved.data
        return await self._do(COMPONENT, message.channel, data, message)

    async def submit_modal(self, answer: Answer, values: Mapping[str, Any]) -> Answer:
        """Fill in a form by the custom ids of its inputs, and send it."""
        modal = answer.modal
        channel = answer.interaction.channel
        resolved = Resolved(self.world, channel)
        components = fill_form(modal["components"], values, resolved)
        data: Json = {"custom_id": modal["custom_id"], "components": components, "resolved": resolved.data}
        return await self._do(MODAL_SUBMIT, channel, data, answer.interaction.source)

    async def _slash(
        self, channel: "Channel", command: str, options: Mapping[str, Any], *, by_menu: bool
    ) -> Answer:
        found = find_command(self.world, channel.guild and channel.guild.id, command)
        if by_menu:
            check_offered(found, channel.permissions_for(self.user), channel.guild is not None)
        resolved = Resolved(self.world, channel)
        return await self._do(COMMAND, channel, found.data(build_options(found, options, resolved), resolved))

    def _visible_part(self, target: Message | Answer, custom_id: str) -> tuple[Message, Json]:
        message = target.message if isinstance(target, Answer) else target
        if message.deleted:
            raise RefusedByClientError("the message was deleted")
        if message.ephemeral and (message.interaction_metadata or {})["user"]["id"] != self.id:
            raise RefusedByClientError("the message is for somebody else's eyes only")
        part = next(
            (each for each in walk_components(message.components) if each.get("custom_id") == custom_id), None
        )
        if part is None:
            raise RefusedByClientError(f"there is no {custom_id!r}; there are {message.custom_ids}")
        if part.get("disabled"):
            raise RefusedByClientError(f"{custom_id} is disabled")
        return message, part

    async def _do(self, kind: int, channel: "Channel", data: Json, source: Message | None = None) -> Answer:
        interaction = Interaction(self.world, kind, self, channel, source)
        payload = self._event(interaction, data)
        interaction.dispatched_at = time.perf_counter()
        self.world.dispatch("INTERACTION_CREATE", payload)
        try:
            async with asyncio.timeout(self.world.interaction_deadline + _GRACE_SECONDS):
                await interaction.decided.wait()
        except TimeoutError:
            raise NoAnswerError(f"no answer to {data}") from None
        if interaction.kind is None:
            raise NoAnswerError(f"the answer to {data} came too late")
        return Answer(interaction)

    def _event(self, interaction: Interaction, data: Json) -> Json:
        channel = interaction.channel
        event: Json = {
            "id": interaction.id,
            "application_id": self.world.application_id,
            "type": interaction.type,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": channel.id,
            "channel": channel.payload() | {"permissions": str(int(channel.permissions_for(self.user)))},
            "app_permissions": str(int(channel.permissions_for(self.world.bot))),
            "locale": "en-GB",
            "entitlements": [],
            "attachment_size_limit": FILE_BYTES,
        }
        if interaction.source is not None:
            event["message"] = interaction.source.payload()
        return event | (self._in_guild(channel, channel.guild) if channel.guild else self._in_dm())

    def _in_guild(self, channel: "Channel", guild: "Guild") -> Json:
        permissions: Permission = channel.permissions_for(self.user)
        return {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": "en-GB", "features": []},
            "guild_locale": "en-GB",
            "member": guild.members[self.id].payload() | {"permissions": str(int(permissions))},
            "authorizing_integration_owners": {"0": guild.id},
            "context": 0,
        }

    def _in_dm(self) -> Json:
        return {"user": self.user.payload(), "authorizing_integration_owners": {"0": "0"}, "context": 1}
