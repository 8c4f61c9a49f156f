"""A few extra routes for benchmarks, which drive a stand-in that runs in a process of its own."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.server.bodies import json_answer, no_content

if TYPE_CHECKING:
    from tests.wire.server.members import Member
    from tests.wire.server.places import Channel
    from tests.wire.server.wire_discord import WireDiscord


class ControlRoutes:
    """Waiting for a bot, and acting as one member in one channel, from outside."""

    def __init__(self, server: "WireDiscord") -> None:
        self._server = server
        self._stage: tuple[Channel, Member] | None = None

    def routes(self) -> list[web.RouteDef]:
        """Return the routes; they lie outside the API path and are neither limited nor recorded."""
        return [
            web.post("/control/stage", self.stage),
            web.post("/control/forget", self.forget),
            web.get("/control/usable", self.usable),
            web.get("/control/idle", self.idle),
            web.post("/control/slash", self.slash),
            web.post("/control/autocomplete", self.autocomplete),
        ]

    async def stage(self, request: web.Request) -> web.Response:
        """Build the guild, channel and member that the other routes use; answer their ids."""
        guild = self._server.add_guild("Benchmark branch")
        channel = guild.add_channel("general")
        member = guild.add_member("Ada")
        self._stage = (channel, member)
        return json_answer({"guild": guild.id, "channel": channel.id, "member": member.id})

    async def forget(self, request: web.Request) -> web.Response:
        """Forget registered commands, as if the application were new."""
        self._server.world.commands.clear()
        return no_content()

    async def usable(self, request: web.Request) -> web.Response:
        """Answer as soon as a bot is connected and commands are registered: members can use it now."""
        await self._server.wait_connected(timeout=60)
        await self._server.wait_commands_synced(timeout=60)
        return json_answer({"syncs": self._server.world.syncs})

    async def idle(self, request: web.Request) -> web.Response:
        """Answer as soon as no bot is connected."""
        await self._server.wait_disconnected(timeout=60)
        return no_content()

    async def slash(self, request: web.Request) -> web.Response:
        """Run one command again and again, each time after the last was answered; answer the latencies in seconds."""
        if self._stage is None:
            raise web.HTTPConflict(text="POST /control/stage first")
        order: dict[str, Any] = await request.json()
        channel, member = self._stage
        latencies: list[float] = []
        text = ""
        for _ in range(order["times"]):
            answer = await member.slash(channel, order["command"], **order.get("options", {}))
            latencies.append(answer.latency)
            text = answer.text
        return json_answer({"latencies": latencies, "text": text})

    async def autocomplete(self, request: web.Request) -> web.Response:
        """Type texts into one option, one after the other; answer the latencies in seconds, and how often choices came."""
        if self._stage is None:
            raise web.HTTPConflict(text="POST /control/stage first")
        order: dict[str, Any] = await request.json()
        channel, member = self._stage
        answers = [
            await member.type_into(channel, order["command"], order["focused"], typed)
            for typed in order["typed"]
        ]
        return json_answer(
            {
                "latencies": [answer.latency for answer in answers],
                "answered": sum(bool(answer.choices) for answer in answers),
            }
        )
