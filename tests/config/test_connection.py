"""The library goes to the server that the configuration names, if that is like Discord."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import discord
import pytest
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.connection import ConnectionProblem, connect_to
from tests.config.helpers import CANARY

Answer = Callable[[web.Request], web.StreamResponse]


@pytest.fixture
async def server_that() -> AsyncIterator[Callable[[Answer], Any]]:
    runners: list[web.AppRunner] = []

    async def serve(answer: Answer) -> str:
        async def handle(request: web.Request) -> web.StreamResponse:
            return answer(request)

        application = web.Application()
        application.router.add_get("/api/v10/gateway/bot", handle)
        runner = web.AppRunner(application)
        runners.append(runner)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10"

    yield serve
    for runner in runners:
        await runner.cleanup()


async def test_the_library_is_pointed_at_another_server(server_that: Any) -> None:
    seen: list[str] = []

    def answer(request: web.Request) -> web.Response:
        seen.append(request.headers["Authorization"])
        return web.json_response({"url": "ws://127.0.0.1:9/gateway", "shards": 1})

    address = await server_that(answer)
    await connect_to(address, CANARY)
    assert seen == [f"Bot {CANARY}"]
    assert Route("GET", "/users/@me").url == f"{address}/users/@me"
    assert yarl.URL("ws://127.0.0.1:9/gateway") == DiscordWebSocket.DEFAULT_GATEWAY


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda _: web.Response(text="<html>"), "does not say where its gateway is"),
        (lambda _: web.Response(body=b"\xff\xfe"), "does not say where its gateway is"),
        (lambda _: web.json_response([1]), "does not say where its gateway is"),
        (lambda _: web.json_response({"url": 5}), "does not say where its gateway is"),
        (lambda _: web.json_response({"url": "https://example.org"}), "does not say where its gateway is"),
        (lambda _: web.json_response({"url": "ws://"}), "does not say where its gateway is"),
        (lambda _: web.Response(status=404), "does not answer as Discord does (HTTP status 404)"),
        (lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.1:1/"}), "HTTP status 302"),
        (lambda _: web.Response(status=503), "has a fault of its own (HTTP status 503)"),
    ],
)
async def test_a_server_that_is_not_like_discord_is_refused(
    server_that: Any, answer: Answer, expected: str
) -> None:
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    with pytest.raises(ConnectionProblem, match=re.escape(expected)):
        await connect_to(await server_that(answer), CANARY)
    assert (base, gateway) == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_a_server_may_refuse_the_token(server_that: Any) -> None:
    with pytest.raises(discord.LoginFailure):
        await connect_to(await server_that(lambda _: web.Response(status=401)), CANARY)
