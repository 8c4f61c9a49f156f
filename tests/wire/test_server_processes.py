"""The stand-in and processes that come and go: refused, killed, started again, and the stand-in on its own."""

import asyncio
import sys
from pathlib import Path

import aiohttp

from tests.wire.processes import REPOSITORY, BotProcess
from tests.wire.server import WireDiscord


async def test_a_wrong_token_is_refused(tmp_path: Path) -> None:
    async with (
        WireDiscord() as server,
        BotProcess.bare(server.api_base, "not.the.token", tmp_path / "log") as bot,
    ):
        assert await bot.wait() == 1
        assert "LoginFailure" in bot.log()


async def test_a_killed_bot_comes_back_to_the_same_commands(tmp_path: Path) -> None:
    async with WireDiscord() as server:
        member = server.add_guild("Branch").add_member("Ada")
        async with BotProcess.bare(server.api_base, server.token, tmp_path / "log") as bot:
            await server.wait_connected()
            before = {command["id"] for command in server.world.commands[None]}
            await bot.kill()
            await server.wait_disconnected()
            await bot.start()
            await server.wait_connected()
            assert {command["id"] for command in server.world.commands[None]} == before
            assert (await member.slash(member.dm, "ping")).content == "pong"
        assert "Traceback" not in bot.log()


async def test_it_runs_on_its_own() -> None:
    arguments = [sys.executable, "-m", "tests.wire.server"]
    standalone = await asyncio.create_subprocess_exec(
        *arguments, cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    assert standalone.stdout is not None
    try:
        api_base = (await standalone.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session, session.get(f"{api_base}/gateway") as response:
            assert (await response.json())["url"].startswith("ws://127.0.0.1:")
    finally:
        standalone.terminate()
        await standalone.communicate()
    assert standalone.returncode == 0
