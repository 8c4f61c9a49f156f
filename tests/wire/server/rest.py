"""The HTTP side: one place where every request is authorised, limited, broken on purpose, answered and recorded."""

import time

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.wire.server.basics import API_PATH, Json
from tests.wire.server.bodies import json_answer, read_body
from tests.wire.server.contracts import Contract
from tests.wire.server.errors import ApiError, unknown
from tests.wire.server.faults import Faults
from tests.wire.server.gateway import Gateway
from tests.wire.server.ratelimits import RateLimits
from tests.wire.server.rest_guilds import GuildRoutes
from tests.wire.server.rest_interactions import CommandRoutes, InteractionRoutes
from tests.wire.server.rest_messages import MessageRoutes
from tests.wire.server.state import RequestRecord, World

_MOST_BODY_BYTES = 120 * 1024 * 1024
# These carry their secret in the path, as on Discord.
_WITHOUT_TOKEN = ("/interactions/", "/webhooks/")


class Front:
    """Wraps every API handler; the order of its steps is the order in which Discord would refuse."""

    def __init__(self, world: World, limits: RateLimits, faults: Faults) -> None:
        self._world = world
        self._limits = limits
        self._faults = faults

    def middleware(self) -> Middleware:
        """Return the middleware for the application."""

        @web.middleware
        async def serve(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith(API_PATH):
                return await handler(request)
            return await self._serve(request, handler)

        return serve

    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(API_PATH)
        code = 0
        status = 0
        try:
            response = await self._answer(request, path, handler)
            status = response.status
        except ApiError as error:
            status, code = error.status, error.code
            response = json_answer(error.body(), error.status, self._rate_headers(request, path))
        except web.HTTPException as error:
            status = error.status
            self._world.unsupported.append(f"{request.method} {path}")
            response = json_answer({"message": f"{status}: {error.reason}", "code": 0}, status)
        except Exception as error:  # noqa: BLE001 -- a shape nobody foresaw: the test sees it, the bot gets a 500
            status = 500
            self._world.unsupported.append(f"{request.method} {path}: {error!r}")
            response = json_answer({"message": "500: Internal Server Error", "code": 0}, status)
        finally:
            peer = request.transport.get_extra_info("peername") if request.transport else None
            port = peer[1] if peer else 0
            self._world.requests.append(
                RequestRecord(request.method, path, status, code, time.monotonic(), port)
            )
            self._world.changes.announce()
        return response

    async def _answer(self, request: web.Request, path: str, handler: Handler) -> web.StreamResponse:
        rejection = self._limits.admit(request.method, path)
        if rejection is not None:
            headers = self._rate_headers(request, path) | rejection.headers()
            return json_answer(rejection.body(), 429, headers)
        self._authorise(request, path)

        async def proceed() -> web.StreamResponse:
            response = await handler(request)
            response.headers.update(self._rate_headers(request, path))
            return response

        return await self._faults.carry_out(request, path, proceed)

    def _authorise(self, request: web.Request, path: str) -> None:
        if path.startswith(_WITHOUT_TOKEN) or path == "/gateway":
            return
        if request.headers.get("Authorization") != f"Bot {self._world.token}":
            raise ApiError(401, 0, "401: Unauthorized")

    def _rate_headers(self, request: web.Request, path: str) -> dict[str, str]:
        resource = request.match_info.route.resource
        return self._limits.headers(request.method, path, resource.canonical if resource else path)


class AccountRoutes:
    """The bot's own account, its application, other users, the gateway's address, and files."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get(API_PATH + "/users/@me", self.me),
            web.get(API_PATH + "/users/{user_id}", self.user),
            web.post(API_PATH + "/users/@me/channels", self.open_dm),
            web.get(API_PATH + "/oauth2/applications/@me", self.application),
            web.get(API_PATH + "/gateway", self.gateway_address),
            web.get(API_PATH + "/gateway/bot", self.gateway_address),
            web.get("/gateway", self._gateway.serve),
            web.get("/gateway/", self._gateway.serve),
            web.get("/cdn/attachments/{attachment_id}/{name}", self.attachment),
        ]

    async def me(self, request: web.Request) -> web.Response:
        """Return the bot's user."""
        return json_answer(self._world.bot.payload())

    async def user(self, request: web.Request) -> web.Response:
        """Return any user."""
        user = self._world.users.get(request.match_info["user_id"])
        if user is None:
            raise unknown("User")
        return json_answer(user.payload())

    async def open_dm(self, request: web.Request) -> web.Response:
        """Open a direct message channel; Discord does so even where messages are then refused."""
        body, _ = await read_body(request)
        user = self._world.users.get(str(body["recipient_id"]))
        if user is None:
            raise unknown("User")
        return json_answer(self._world.direct_channel(user).payload())

    async def application(self, request: web.Request) -> web.Response:
        """Return the application that the bot belongs to."""
        return json_answer(
            {
                "id": self._world.application_id,
                "name": self._world.bot.name,
                "icon": None,
                "description": "",
                "bot_public": False,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "owner": {**self._world.bot.payload(), "id": "1000000000000000009", "bot": False},
                "team": None,
            }
        )

    async def gateway_address(self, request: web.Request) -> web.Response:
        """Say where the gateway is, and how many times a bot may still identify today."""
        body: Json = {"url": self._gateway.url}
        if request.path.endswith("/bot"):
            left = max(0, 1000 - self._gateway.identifies)
            limit = {"total": 1000, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1}
            body |= {"shards": 1, "session_start_limit": limit}
        return json_answer(body)

    async def attachment(self, request: web.Request) -> web.Response:
        """Serve a file."""
        attachment = self._world.attachments.get(request.match_info["attachment_id"])
        if attachment is None:
            raise web.HTTPNotFound
        return web.Response(body=attachment.data, content_type=attachment.content_type.partition(";")[0])


def build_application(
    world: World, gateway: Gateway, limits: RateLimits, faults: Faults, contract: Contract
) -> web.Application:
    """Put the whole HTTP side together."""
    front = Front(world, limits, faults)
    application = web.Application(middlewares=[front.middleware()], client_max_size=_MOST_BODY_BYTES)
    parts = (
        AccountRoutes(world, gateway),
        MessageRoutes(world, contract),
        GuildRoutes(world, contract),
        CommandRoutes(world, contract),
        InteractionRoutes(world, contract),
    )
    for part in parts:
        application.add_routes(part.routes())
    return application
