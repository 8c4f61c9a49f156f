"""The stand-in and processes that come and go: refused, killed, started again, and the stand-in on its own."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import psutil

from tests.wire.born import Nursery, bear
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


async def test_what_is_born_lives_as_a_new_interpreter_would_and_no_longer_than_it_is_wanted(
    tmp_path: Path,
) -> None:
    """The processes of most tests are forks of one nursery; what they are told and what they leave must be theirs."""
    code = (
        "import os, random, signal, sys\n"
        "print(os.getcwd(), sys.argv, sorted(os.environ), os.umask(0), random.random(), flush=True)\n"
        "assert sys.stdin.read() == '' and signal.getsignal(signal.SIGINT) is signal.default_int_handler\n"
        "if sys.argv[1:] == ['stays']: signal.pause()\n"
        "sys.exit('no more')"
    )
    log, before = tmp_path / "log", os.umask(0)
    try:
        for mask in (0o027, 0o037):
            os.umask(mask)
            ended = await bear(["-c", code, "ends"], log, {"ONLY": "this"}, folder=tmp_path)
            assert await ended.wait() == 1
    finally:
        os.umask(before)
    first, said, second, _ = log.read_text().splitlines()
    assert first.startswith(f"{tmp_path} ['-c', 'ends'] ['ONLY'] {0o027} ")
    assert second.startswith(f"{tmp_path} ['-c', 'ends'] ['ONLY'] {0o037} ")
    assert said == "no more"
    assert first.split()[-1] != second.split()[-1], "each has its own randomness"

    stays = await bear(["-c", code, "stays"], log)
    stays.send_signal(signal.SIGTERM)
    assert await stays.wait() == stays.returncode == -signal.SIGTERM
    nursery = Nursery()
    with Path(os.devnull).open("r+b") as nothing:
        files = (nothing.fileno(),) * 3
        orphan = nursery.order(["-c", code, "stays"], files, environment={}, folder=tmp_path)
    with orphan, orphan.makefile("rb") as news:
        number = int(await asyncio.to_thread(news.readline))
        nursery.close()
        assert not psutil.pid_exists(number)
