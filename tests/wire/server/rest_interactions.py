"""Over HTTP: registering commands, answering interactions, and what an interaction's token allows afterwards."""

import time

from aiohttp import web

from tests.wire.server.basics import API_PATH, Json
from tests.wire.server.bodies import json_answer, no_content, read_body
from tests.wire.server.contracts import Contract
from tests.wire.server.errors import ApiError, unknown
from tests.wire.server.interactions import Interaction
from tests.wire.server.limits import check_commands, check_message
from tests.wire.server.state import World

_GLOBAL = API_PATH + "/applications/{application_id}/commands"
_OF_GUILD = API_PATH + "/applications/{application_id}/guilds/{guild_id}/commands"
_WEBHOOK = API_PATH + "/webhooks/{application_id}/{token}"


class CommandRoutes:
    """Reading and overwriting the registered commands, global ones and those of a guild."""

    def __init__(self, world: World, contract: Contract) -> None:
        self._world = world
        self._contract = contract

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            route
            for path in (_GLOBAL, _OF_GUILD)
            for route in (web.get(path, self.read), web.put(path, self.overwrite))
        ]

    async def read(self, request: web.Request) -> web.Response:
        """Return the registered commands."""
        return json_answer(self._world.commands.get(self._scope(request), []))

    async def overwrite(self, request: web.Request) -> web.Response:
        """Replace all commands of a scope; those that keep their name keep their id."""
        body, _ = await read_body(request)
        scope = self._scope(request)
        kind = "commands" if scope is None else "guilds/{guild_id}/commands"
        self._contract.check("put", "/applications/{application_id}/" + kind, body)
        check_commands(body)
        known = {(each["type"], each["name"]): each["id"] for each in self._world.commands.get(scope, ())}
        registered = [self._registered(command, scope, known) for command in body]
        self._world.commands[scope] = registered
        self._world.syncs += 1
        return json_answer(registered)

    def _scope(self, request: web.Request) -> str | None:
        if request.match_info["application_id"] != self._world.application_id:
            raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
        guild_id = request.match_info.get("guild_id")
        return None if guild_id is None else self._world.guild(guild_id).id

    def _registered(self, command: Json, scope: str | None, known: dict[tuple[int, str], str]) -> Json:
        kind = command.get("type", 1)
        permissions = command.get("default_member_permissions")
        registered: Json = {
            "description": "",
            "options": [],
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
            **command,
            "type": kind,
            "id": known.get((kind, command["name"])) or self._world.ids.next(),
            "application_id": self._world.application_id,
            "version": self._world.ids.next(),
            # Sent as a number, returned as a string: whoever compares the two has to know.
            "default_member_permissions": None if permissions is None else str(permissions),
        }
        return registered if scope is None else registered | {"guild_id": scope}


class InteractionRoutes:
    """The callback, and the webhook that an interaction's token opens for fifteen minutes."""

    def __init__(self, world: World, contract: Contract) -> None:
        self._world = world
        self._contract = contract

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        message = _WEBHOOK + "/messages/{message_id}"
        return [
            web.post(API_PATH + "/interactions/{interaction_id}/{token}/callback", self.callback),
            web.post(_WEBHOOK, self.follow_up),
            web.get(message, self.get),
            web.patch(message, self.edit),
            web.delete(message, self.delete),
        ]

    async def callback(self, request: web.Request) -> web.Response:
        """Take the first answer to an interaction."""
        arrived = time.perf_counter()
        interaction = self._world.interactions.get(request.match_info["token"])
        if interaction is None or interaction.id != request.match_info["interaction_id"]:
            raise unknown("Interaction")
        body, files = await read_body(request)
        self._contract.check("post", "/interactions/{interaction_id}/{interaction_token}/callback", body)
        payload = interaction.respond(body, files, arrived)
        return json_answer(payload) if request.query.get("with_response") in ("1", "true") else no_content()

    async def follow_up(self, request: web.Request) -> web.Response:
        """Post a followup message."""
        interaction = self._by_token(request)
        body, files = await read_body(request)
        self._contract.check("post", "/webhooks/{webhook_id}/{webhook_token}", body)
        message = interaction.follow_up(body, files)
        waits = request.query.get("wait") in ("1", "true")
        return json_answer(message.payload()) if waits else no_content()

    async def get(self, request: web.Request) -> web.Response:
        """Return the original answer or a followup."""
        return json_answer(self._by_token(request).message(request.match_info["message_id"]).payload())

    async def edit(self, request: web.Request) -> web.Response:
        """Edit the original answer, filling it in if it was deferred, or a followup."""
        interaction = self._by_token(request)
        body, files = await read_body(request)
        self._contract.check("patch", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", body)
        message = interaction.message(request.match_info["message_id"])
        check_message(body, files, editing=True, flags=message.flags)
        self._world.edit(message, body, files)
        return json_answer(message.payload())

    async def delete(self, request: web.Request) -> web.Response:
        """Delete the original answer or a followup."""
        self._world.delete(self._by_token(request).message(request.match_info["message_id"]))
        return no_content()

    def _by_token(self, request: web.Request) -> Interaction:
        interaction = self._world.interactions.get(request.match_info["token"])
        if interaction is None or request.match_info["application_id"] != self._world.application_id:
            raise unknown("Webhook")
        return interaction
