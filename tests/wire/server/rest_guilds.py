"""Guilds over HTTP: the guild itself, its roles, members and scheduled events."""

from datetime import datetime

from aiohttp import web

from tests.wire.server.basics import API_PATH, Intent, Json, Permission, utc_now
from tests.wire.server.bodies import json_answer, no_content, read_body
from tests.wire.server.contracts import Contract
from tests.wire.server.errors import FormErrors, missing_permissions, unknown
from tests.wire.server.members import Member
from tests.wire.server.places import Guild, Role
from tests.wire.server.state import World

_GUILD = API_PATH + "/guilds/{guild_id}"
_EVENTS = _GUILD + "/scheduled-events"
_MEMBER_ROLE = _GUILD + "/members/{user_id}/roles/{role_id}"
EXTERNAL = 3


class GuildRoutes:
    """What a bot can read and change in a guild beyond messages."""

    def __init__(self, world: World, contract: Contract) -> None:
        self._world = world
        self._contract = contract

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get(_GUILD, self.guild),
            web.get(_GUILD + "/channels", self.channels),
            web.get(_GUILD + "/roles", self.roles),
            web.get(_GUILD + "/members/{user_id}", self.member),
            web.put(_MEMBER_ROLE, self.give_role),
            web.delete(_MEMBER_ROLE, self.take_role),
            web.get(_EVENTS, self.events),
            web.post(_EVENTS, self.create_event),
            web.get(_EVENTS + "/{event_id}", self.event),
            web.patch(_EVENTS + "/{event_id}", self.edit_event),
            web.delete(_EVENTS + "/{event_id}", self.delete_event),
        ]

    async def guild(self, request: web.Request) -> web.Response:
        """Return a guild."""
        guild = self._guild(request)
        return json_answer(guild.payload() | {"approximate_member_count": len(guild.members)})

    async def channels(self, request: web.Request) -> web.Response:
        """Return a guild's channels."""
        return json_answer([channel.payload() for channel in self._guild(request).channels])

    async def roles(self, request: web.Request) -> web.Response:
        """Return a guild's roles."""
        return json_answer([role.payload() for role in self._guild(request).roles.values()])

    async def member(self, request: web.Request) -> web.Response:
        """Return one member."""
        return json_answer(self._member(request).payload())

    async def give_role(self, request: web.Request) -> web.Response:
        """Give a member a role that ranks below the bot's own."""
        member, role = self._member(request), self._manageable_role(request)
        if role not in member.roles:
            member.roles.append(role)
        return no_content()

    async def take_role(self, request: web.Request) -> web.Response:
        """Take a role from a member."""
        member, role = self._member(request), self._manageable_role(request)
        if role in member.roles:
            member.roles.remove(role)
        return no_content()

    async def events(self, request: web.Request) -> web.Response:
        """Return a guild's scheduled events."""
        return json_answer(list(self._guild(request).events.values()))

    async def event(self, request: web.Request) -> web.Response:
        """Return one scheduled event."""
        return json_answer(self._event(request))

    async def create_event(self, request: web.Request) -> web.Response:
        """Create a scheduled event."""
        body, _ = await read_body(request)
        self._contract.check("post", "/guilds/{guild_id}/scheduled-events", body)
        guild = self._guild(request)
        self._require(guild, Permission.CREATE_EVENTS)
        event = self._new_event(guild, body)
        _check_event(event, body)
        guild.events[event["id"]] = event
        self._world.dispatch("GUILD_SCHEDULED_EVENT_CREATE", event, Intent.GUILD_SCHEDULED_EVENTS)
        return json_answer(event)

    async def edit_event(self, request: web.Request) -> web.Response:
        """Change a scheduled event."""
        body, _ = await read_body(request)
        self._contract.check("patch", "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}", body)
        event = self._event(request)
        self._require_own_or_manager(self._guild(request))
        _check_event({**event, **body}, body)
        event.update(body)
        self._world.dispatch("GUILD_SCHEDULED_EVENT_UPDATE", event, Intent.GUILD_SCHEDULED_EVENTS)
        return json_answer(event)

    async def delete_event(self, request: web.Request) -> web.Response:
        """Delete a scheduled event."""
        event = self._event(request)
        guild = self._guild(request)
        self._require_own_or_manager(guild)
        del guild.events[event["id"]]
        self._world.dispatch("GUILD_SCHEDULED_EVENT_DELETE", event, Intent.GUILD_SCHEDULED_EVENTS)
        return no_content()

    def _guild(self, request: web.Request) -> Guild:
        return self._world.guild(request.match_info["guild_id"])

    def _member(self, request: web.Request) -> Member:
        member = self._guild(request).members.get(request.match_info["user_id"])
        if member is None:
            raise unknown("Member")
        return member

    def _manageable_role(self, request: web.Request) -> Role:
        guild = self._guild(request)
        role = guild.roles.get(request.match_info["role_id"])
        if role is None:
            raise unknown("Role")
        self._require(guild, Permission.MANAGE_ROLES)
        if role.position >= guild.bot_role.position or role.managed_by is not None or role is guild.everyone:
            raise missing_permissions()
        return role

    def _event(self, request: web.Request) -> Json:
        event = self._guild(request).events.get(request.match_info["event_id"])
        if event is None:
            raise unknown("Guild Scheduled Event")
        return event

    def _require(self, guild: Guild, *anything_of: Permission) -> None:
        if not any(permission in guild.permissions_for(guild.bot_member) for permission in anything_of):
            raise missing_permissions()

    def _require_own_or_manager(self, guild: Guild) -> None:
        # Every event here is the bot's own, and those may be changed by who may create them.
        self._require(guild, Permission.CREATE_EVENTS, Permission.MANAGE_EVENTS)

    def _new_event(self, guild: Guild, body: Json) -> Json:
        return {
            "channel_id": None,
            "description": None,
            "scheduled_end_time": None,
            "entity_metadata": None,
            "status": 1,
            **body,
            "id": self._world.ids.next(),
            "guild_id": guild.id,
            "creator_id": self._world.bot.id,
            "creator": self._world.bot.payload(),
            "entity_id": None,
            "user_count": 0,
        }


def _check_event(event: Json, body: Json) -> None:
    errors = FormErrors()
    errors.limit_text("name", event.get("name"), 100, least=1)
    errors.limit_text("description", event.get("description"), 1000)
    start, end = event.get("scheduled_start_time"), event.get("scheduled_end_time")
    if start is None:
        errors.add("scheduled_start_time", "This field is required", "BASE_TYPE_REQUIRED")
    elif "scheduled_start_time" in body and datetime.fromisoformat(start) <= utc_now():
        errors.add(
            "scheduled_start_time",
            "Cannot schedule event in the past.",
            "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST",
        )
    if start and end and datetime.fromisoformat(end) <= datetime.fromisoformat(start):
        errors.add(
            "scheduled_end_time", "Cannot end before it starts.", "GUILD_SCHEDULED_EVENT_END_BEFORE_START"
        )
    if event.get("entity_type") == EXTERNAL:
        location = (event.get("entity_metadata") or {}).get("location")
        errors.limit_text("entity_metadata.location", location, 100, least=1)
        if end is None:
            errors.add("scheduled_end_time", "This field is required", "BASE_TYPE_REQUIRED")
    errors.raise_if_any()
