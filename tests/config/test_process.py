"""How the bot's process starts, stops, and says why it cannot go on."""

import asyncio
import os
import re
import signal
import sqlite3
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.config.sections import DataSettings, DiscordSettings
from bot.failures import CLOSED
from bot.process import run_bot
from tests.config.helpers import closed_port
from tests.wire.processes import BotProcess
from tests.wire.server import WireDiscord

TOKEN = "canary-token-of-the-process"


# Runs that fail, in this process


def settings_for(tmp_path: Path, api_base: str, **more: Any) -> Settings:
    discord_settings = DiscordSettings.model_validate({"token": TOKEN, "api_base": api_base})
    return Settings(discord=discord_settings, data=DataSettings(directory=tmp_path), **more)


def test_without_a_network_it_says_so_in_one_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    address = f"http://127.0.0.1:{closed_port()}/api/v10"
    assert run_bot(settings_for(tmp_path, address)) == 1
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"Nothing answers at {address}. "
        "Check that the server runs, and correct api_base below [discord] if it is elsewhere.\n"
    )


def test_without_a_token_it_says_so_in_one_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run_bot(Settings(data=DataSettings(directory=tmp_path))) == 1
    assert capfd.readouterr().err == "There is no Discord token. Set DISCORD_TOKEN, then start again.\n"


def test_files_of_the_process_are_for_its_user_only(tmp_path: Path) -> None:
    run_bot(Settings(data=DataSettings(directory=tmp_path)))
    (tmp_path / "made").touch()
    assert stat.S_IMODE((tmp_path / "made").stat().st_mode) == 0o600


# Runs in a process of their own, against a Discord on the loopback


@pytest.fixture
async def wire() -> AsyncIterator[WireDiscord]:
    async with WireDiscord() as server:
        yield server


def started_bot(wire: WireDiscord, tmp_path: Path, *, afresh: bool = False, **environ: str) -> BotProcess:
    """From the nursery, or `afresh` as people start it, where it must be shown how a new interpreter starts and ends."""
    return BotProcess(
        [sys.executable, "-m", "bot", "run"],
        tmp_path / "log",
        {
            "DISCORD_TOKEN": wire.token,
            "SOLIDARITY_DISCORD__API_BASE": wire.api_base,
            "SOLIDARITY_DATA__DIRECTORY": str(tmp_path / "data"),
            **environ,
        },
        born=not afresh,
    )


async def failed(bot: BotProcess, *, within: float = 30.0) -> str:
    """Waits for a failing run; returns its last line, having looked at the others."""
    async with bot:
        assert await bot.wait(within) == 1
    text = bot.log()
    assert "Traceback" not in text
    *log_lines, last = text.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\S+Z (INFO|WARNING|ERROR) ", line) for line in log_lines)
    return last


async def test_a_refused_token_is_told_in_one_sentence_and_not_shown(
    wire: WireDiscord, tmp_path: Path
) -> None:
    bot = started_bot(wire, tmp_path, afresh=True, DISCORD_TOKEN=TOKEN)
    assert (await failed(bot)).startswith("Discord refused the token. Copy it again from https://")
    assert TOKEN not in bot.log()


async def test_a_locked_database_is_told_in_one_sentence(wire: WireDiscord, tmp_path: Path) -> None:
    """Whether another program reads and writes it, or only writes; at once, because each waits for five seconds."""
    others: list[sqlite3.Connection] = []
    bots: list[BotProcess] = []
    for kind in ("EXCLUSIVE", "IMMEDIATE"):
        folder = tmp_path / kind
        (folder / "data").mkdir(parents=True)
        others.append(sqlite3.connect(folder / "data" / "solidarity.sqlite3", isolation_level=None))
        others[-1].execute("CREATE TABLE theirs (id)" if kind == "EXCLUSIVE" else "PRAGMA user_version")
        others[-1].execute(f"BEGIN {kind}")
        bots.append(started_bot(wire, folder))
    try:
        for last in await asyncio.gather(*(failed(bot) for bot in bots)):
            assert "another program keeps the database locked. Stop the other program" in last
    finally:
        for other in others:
            other.close()


async def test_a_file_that_is_no_database_is_told_and_left_alone(wire: WireDiscord, tmp_path: Path) -> None:
    minutes = tmp_path / "minutes.txt"
    minutes.write_text("Minutes of the branch meeting. " * 100)
    before = minutes.read_bytes()
    last = await failed(
        started_bot(wire, tmp_path, SOLIDARITY_DATABASE__URL=f"sqlite+aiosqlite:///{minutes}")
    )
    assert last == (
        f"{minutes} is not a SQLite database. It was left untouched. "
        "Move that file away, or name another one in [database] url."
    )
    assert minutes.read_bytes() == before


async def test_a_database_server_that_is_not_there_is_told_without_its_password(
    wire: WireDiscord, tmp_path: Path
) -> None:
    url = f"postgresql+asyncpg://bot:canary-password@127.0.0.1:{closed_port()}/bot"
    bot = started_bot(wire, tmp_path, SOLIDARITY_DATABASE__URL=url)
    assert "cannot be used" in await failed(bot)
    assert "canary-password" not in bot.log()


async def test_a_gateway_that_fails_at_the_first_try_is_told_in_one_sentence(
    wire: WireDiscord, tmp_path: Path
) -> None:
    wire.gateway.accepts_connections = False
    assert (await failed(started_bot(wire, tmp_path))).startswith(
        "Discord could not be reached. Check the network"
    )


async def test_a_fatal_close_is_told_in_one_sentence(wire: WireDiscord, tmp_path: Path) -> None:
    bot = started_bot(wire, tmp_path)
    async with bot:
        await wire.wait_connected()
        await wire.gateway.close_gateway(4014)
        assert await bot.wait() == 1
    assert bot.log().splitlines()[-1] == CLOSED[4014]
    assert "Traceback" not in bot.log()


async def test_debugging_shows_tracebacks_and_still_no_secret(wire: WireDiscord, tmp_path: Path) -> None:
    bot = started_bot(wire, tmp_path, SOLIDARITY_LOG__LEVEL="debug")
    async with bot:
        await wire.wait_connected()
        await wire.gateway.close_gateway(4004)
        assert await bot.wait() == 1
    assert "  | Traceback" in bot.log()
    assert wire.token not in bot.log()


async def test_a_signal_stops_it_cleanly_within_five_seconds(wire: WireDiscord, tmp_path: Path) -> None:
    """If that took longer, it would end itself, with another exit code."""
    bot = started_bot(wire, tmp_path, afresh=True)
    async with bot:
        await wire.wait_connected()
        await bot.says("this process delivers")  # the last that a start says, after "ready"
        os.kill(bot.pid, signal.SIGTERM)
        assert await bot.wait() == 0
        await wire.wait_disconnected()
    assert "ERROR" not in bot.log()
    assert bot.log().splitlines()[-1].endswith("INFO bot.process stopping")


async def test_a_signal_stops_it_while_it_starts(wire: WireDiscord, tmp_path: Path) -> None:
    bot = started_bot(wire, tmp_path, afresh=True)
    async with bot:
        await bot.says("logging in")
        os.kill(bot.pid, signal.SIGINT)
        assert await bot.wait() == 0
    assert "ERROR" not in bot.log()


STUCK = """
import asyncio, sys, time
from pathlib import Path
import bot.app
from bot.config import Settings
from bot.config.sections import DiscordSettings
from bot.process import run_bot

class Stuck:
    def is_ready(self):
        return True

    async def start(self, token):
        if {thread}:
            asyncio.get_running_loop().run_in_executor(None, time.sleep, 60)
        print("started", flush=True)
        await asyncio.Event().wait()

    async def close(self):
        print("closing", flush=True)
        {close}

bot.app.create_bot = lambda settings: Stuck()
sys.exit(run_bot(Settings(discord=DiscordSettings.model_validate({{"token": "one.two.three"}}))))
"""


def stuck_bot(log: Path, *, close: str = "pass", thread: bool = False) -> BotProcess:
    return BotProcess([sys.executable, "-c", STUCK.format(close=close, thread=thread)], log, born=True)


async def test_a_second_signal_stops_it_at_once(tmp_path: Path) -> None:
    bot = stuck_bot(tmp_path / "log", close="await asyncio.sleep(60)")
    async with bot:
        await bot.says("started")
        os.kill(bot.pid, signal.SIGTERM)
        await bot.says("closing")
        os.kill(bot.pid, signal.SIGINT)
        assert await bot.wait() == 1
    assert bot.log().splitlines()[-1] == "Stopped at once, as asked."


async def test_whatever_is_late_it_ends_within_five_seconds(tmp_path: Path) -> None:
    """A bot that does not close, one that blocks the event loop, and one that has closed but left a thread."""
    bots = [
        stuck_bot(tmp_path / "waits", close="await asyncio.sleep(60)"),
        stuck_bot(tmp_path / "blocks", close="time.sleep(60)"),
        stuck_bot(tmp_path / "closed", thread=True),
    ]
    async with bots[0], bots[1], bots[2]:
        await asyncio.gather(*(bot.says("started") for bot in bots))
        for bot in bots:
            os.kill(bot.pid, signal.SIGTERM)
        assert await asyncio.gather(*(bot.wait() for bot in bots)) == [1, 1, 0]
    assert "Nothing is lost" in bots[0].log()
    assert "Nothing is lost" in bots[1].log()
    assert "Nothing is lost" not in bots[2].log()
