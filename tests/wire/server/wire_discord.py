"""The stand-in as tests use it: start it, build guilds, wait, act as a member, break things."""

from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from tests.wire.server.basics import API_PATH, BOT_PERMISSIONS, PATIENCE_SECONDS, Permission
from tests.wire.server.contracts import DESCRIPTION, Contract
from tests.wire.server.control import ControlRoutes
from tests.wire.server.faults import Faults
from tests.wire.server.gateway import Gateway
from tests.wire.server.messages import Message, User
from tests.wire.server.places import Channel, Guild
from tests.wire.server.ratelimits import RateLimits
from tests.wire.server.rest import build_application
from tests.wire.server.state import DEFAULT_TOKEN, RequestRecord, World

Result = TypeVar("Result")


class WireDiscord:
    """A Discord on a loopback port, for bots in other processes.

    Use it as an asynchronous context manager. Settings such as ``world.interaction_deadline`` and
    ``world.nonce_window`` (both in seconds) may be changed at any time.
    """

    def __init__(self, port: int = 0, token: str = DEFAULT_TOKEN, *, checked: bool = True) -> None:
        self.world = World(token=token)
        self.gateway = Gateway(self.world)
        self.limits = RateLimits()
        self.faults = Faults()
        self.contract = Contract(self.world.violations, DESCRIPTION if checked else None)
        self.world.send_event = self.gateway.dispatch
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = build_application(self.world, self.gateway, self.limits, self.faults, self.contract)
        application.add_routes(ControlRoutes(self).routes())
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.world.base_url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.release()
        self.gateway.accepts_connections = False
        await self.gateway.close_gateway(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        """What the bot takes for ``https://discord.com/api/v10``."""
        return self.world.base_url + API_PATH

    @property
    def token(self) -> str:
        """The only bot token that is accepted."""
        return self.world.token

    @property
    def bot(self) -> User:
        """The bot's own user."""
        return self.world.bot

    @property
    def requests(self) -> list[RequestRecord]:
        """Every API request so far, oldest first."""
        return list(self.world.requests)

    @property
    def violations(self) -> list[str]:
        """Where requests broke Discord's published description; always empty where that file is missing."""
        return self.world.violations

    @property
    def unsupported(self) -> list[str]:
        """What the bot asked for that the stand-in does not do."""
        return self.world.unsupported

    def add_guild(
        self, name: str, bot_permissions: Permission = BOT_PERMISSIONS, shard: tuple[int, int] = (0, 1)
    ) -> Guild:
        """Create a guild with the bot in it, in one of so many shards."""
        return self.world.add_guild(name, bot_permissions, shard)

    async def wait_connected(self, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until a bot is connected to the gateway and has been sent READY."""
        await self.until(lambda: self.gateway.connected, what="a bot to connect", timeout=timeout)

    async def wait_disconnected(self, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until no bot is connected."""
        await self.until(lambda: not self.gateway.connected, what="the bot to disconnect", timeout=timeout)

    async def wait_resumed(self, times: int = 1, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until sessions have been resumed so many times in all."""
        await self.until(lambda: self.gateway.resumes >= times, what=f"resume {times}", timeout=timeout)

    async def wait_identified(self, times: int = 1, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until bots have identified so many times in all."""
        await self.until(lambda: self.gateway.identifies >= times, what=f"identify {times}", timeout=timeout)

    async def wait_commands_synced(self, timeout: float = PATIENCE_SECONDS) -> None:
        """Wait until commands are registered; a restarted bot whose commands are unchanged need not sync again."""
        await self.until(lambda: any(self.world.commands.values()), what="commands", timeout=timeout)

    async def wait_message(
        self,
        channel: Channel,
        predicate: Callable[[Message], object] = bool,
        timeout: float = PATIENCE_SECONDS,
    ) -> Message:
        """Return the first message of a channel that fits, waiting for it if need be."""
        return await self.until(
            lambda: next((message for message in channel.messages if predicate(message)), None),
            what=f"a message in #{channel.name}",
            timeout=timeout,
        )

    async def wait_request(
        self, method: str, path_end: str, status: int | None = None, timeout: float = PATIENCE_SECONDS
    ) -> RequestRecord:
        """Return the first recorded request whose path ends like this, waiting for it if need be."""
        return await self.until(
            lambda: next(
                (each for each in self.world.requests if _fits(each, method, path_end, status)), None
            ),
            what=f"{method} …{path_end} {status or ''}",
            timeout=timeout,
        )

    async def until(
        self, condition: Callable[[], Result | None], *, what: str, timeout: float = PATIENCE_SECONDS
    ) -> Result:
        """Return the first true outcome of any condition about this server."""
        return await self.world.changes.until(condition, what=what, timeout=timeout)


def _fits(record: RequestRecord, method: str, path_end: str, status: int | None) -> bool:
    return record.method == method and record.path.endswith(path_end) and status in (None, record.status)
