"""How the bot's process starts, stops, and says in one sentence why it cannot go on."""

import asyncio
import logging
import os
import re
import signal
import socket
import sqlite3
import ssl
import stat
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from aiohttp import web
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from sqlalchemy.exc import OperationalError

from bot.config import Settings
from bot.config_sections import DataSettings, DiscordSettings
from bot.connection import ConnectionProblem, connect_to
from bot.domain.problems import Problem
from bot.failures import CLOSED, report, sentence_for
from bot.logs import LineHandler
from bot.process import run_bot
from tests.wire.processes import BotProcess
from tests.wire.server import WireDiscord

TOKEN = "canary-token-of-the-process"


@pytest.fixture(autouse=True)
def _process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    monkeypatch.setattr(discord.VoiceClient, "warn_nacl", discord.VoiceClient.warn_nacl)
    monkeypatch.setattr(discord.VoiceClient, "warn_dave", discord.VoiceClient.warn_dave)
    root = logging.getLogger()
    before, level = os.umask(0o022), root.level
    os.umask(before)
    yield
    os.umask(before)
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    for handler in [one for one in root.handlers if isinstance(one, LineHandler)]:
        root.removeHandler(handler)


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


# Sentences


def in_a_context(error: BaseException, context: BaseException) -> BaseException:
    error.__context__ = context
    return error


def closed_with(code: int) -> discord.ConnectionClosed:
    return discord.ConnectionClosed(None, shard_id=None, code=code)  # type: ignore[arg-type]


def answered_with(kind: type[discord.HTTPException], status: int) -> discord.HTTPException:
    class Response:
        reason = "because"

    response: Any = Response()
    response.status = status
    return kind(response, "message")


def no_connection(
    kind: type[aiohttp.ClientConnectorError] = aiohttp.ClientConnectorError,
) -> aiohttp.ClientConnectorError:
    class Key:
        host, port, ssl, is_ssl = "discord.com", 443, True, True

    key: Any = Key()
    return kind(key, OSError(101, "Network is unreachable"))


FIRST_CONNECTION = AttributeError("'NoneType' object has no attribute 'sequence'", name="sequence", obj=None)
FAILURES: dict[str, tuple[BaseException, str]] = {
    "a problem": (Problem("The lamp is out.", next_step="Light it."), "The lamp is out. Light it."),
    "a refused token": (discord.LoginFailure("Improper token"), "Discord refused the token. Copy it again"),
    "disallowed intents": (discord.PrivilegedIntentsRequired(None), "does not need"),
    **{f"close {code}": (closed_with(code), sentence) for code, sentence in CLOSED.items()},
    "another close": (closed_with(4000), "closed the connection (code 4000)"),
    "no gateway": (discord.GatewayNotFound(), "where its gateway is"),
    "no network": (no_connection(), "Check the network"),
    "no name server": (no_connection(aiohttp.ClientConnectorDNSError), "Check the network"),
    "a reset connection": (ConnectionResetError(), "Check the network"),
    "no answer in time": (TimeoutError(), "Check the network"),
    "a dropped connection": (aiohttp.ServerDisconnectedError(), "Check the network"),
    "a bad certificate": (no_connection(aiohttp.ClientConnectorSSLError), "date and time"),
    "a bad certificate below": (ssl.SSLError("bad"), "date and time"),
    "Discord is down": (answered_with(discord.DiscordServerError, 503), "HTTP status 503"),
    "too many requests": (answered_with(discord.HTTPException, 429), "Wait ten minutes"),
    "banned": (answered_with(discord.Forbidden, 403), "Wait an hour"),
    "a file": (PermissionError(13, "denied", "data/secret.key"), "data/secret.key cannot be used"),
    "a locked database": (
        OperationalError("SELECT 'canary'", {}, sqlite3.OperationalError("database is locked")),
        "another program keeps the database locked",
    ),
    "a failed first connection": (in_a_context(FIRST_CONNECTION, no_connection()), "Check the network"),
    "a first connection, closed": (
        in_a_context(AttributeError("sequence", name="sequence", obj=None), closed_with(4012)),
        "Install a newer version",
    ),
    "a first connection, no reason": (AttributeError("sequence", name="sequence", obj=None), "Try again"),
    "a feature that fails to load": (
        commands.ExtensionFailed("cogs.x", Problem("The seed is bad.", next_step="Mend it.")),
        "The seed is bad. Mend it.",
    ),
}


@pytest.mark.parametrize(("error", "expected"), FAILURES.values(), ids=FAILURES.keys())
def test_every_failure_has_a_sentence_that_says_what_to_do(error: BaseException, expected: str) -> None:
    sentence = sentence_for(error)
    assert sentence is not None
    assert expected in sentence
    assert "canary" not in sentence
    assert re.search(r"\b(Check|Copy|Try|Wait|Install|Take|Tell|tell|Stop|Mend|Light)\b", sentence), (
        "it does not say what to do"
    )


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError(),
        AttributeError("sequence", name="sequence", obj=object()),
        answered_with(discord.HTTPException, 400),
        commands.ExtensionFailed("cogs.x", ZeroDivisionError()),
    ],
)
def test_a_defect_has_no_sentence_of_its_own(error: BaseException) -> None:
    assert sentence_for(error) is None


def test_a_defect_is_named_and_its_details_are_in_the_log(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    report(ZeroDivisionError("division by zero"), sys.stderr)
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1
    assert "fault of its own (ZeroDivisionError); details in the log" in shown
    assert caplog.records[-1].levelno == logging.ERROR


def test_a_sentence_never_shows_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    report(Problem(f"It was {TOKEN}.", next_step="Hide it."), sys.stderr, [TOKEN])
    assert capsys.readouterr().err == "It was [hidden]. Hide it.\n"


# Which server


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
    await connect_to(address, TOKEN)
    assert seen == [f"Bot {TOKEN}"]
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
        await connect_to(await server_that(answer), TOKEN)
    assert (base, gateway) == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


async def test_a_server_may_refuse_the_token(server_that: Any) -> None:
    with pytest.raises(discord.LoginFailure):
        await connect_to(await server_that(lambda _: web.Response(status=401)), TOKEN)


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


def started_bot(wire: WireDiscord, tmp_path: Path, **environ: str) -> BotProcess:
    return BotProcess(
        [sys.executable, "-m", "bot", "run"],
        tmp_path / "log",
        {
            "DISCORD_TOKEN": wire.token,
            "SOLIDARITY_DISCORD__API_BASE": wire.api_base,
            "SOLIDARITY_DATA__DIRECTORY": str(tmp_path / "data"),
            **environ,
        },
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
    bot = started_bot(wire, tmp_path, DISCORD_TOKEN=TOKEN)
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


@pytest.mark.parametrize("code", [4004, 4013, 4014])
async def test_a_fatal_close_is_told_in_one_sentence(wire: WireDiscord, tmp_path: Path, code: int) -> None:
    bot = started_bot(wire, tmp_path)
    async with bot:
        await wire.wait_connected()
        await wire.gateway.close_gateway(code)
        assert await bot.wait() == 1
    assert bot.log().splitlines()[-1] == CLOSED[code]
    assert "Traceback" not in bot.log()


async def test_debugging_shows_tracebacks_and_still_no_secret(wire: WireDiscord, tmp_path: Path) -> None:
    bot = started_bot(wire, tmp_path, SOLIDARITY_LOG__LEVEL="debug")
    async with bot:
        await wire.wait_connected()
        await wire.gateway.close_gateway(4014)
        assert await bot.wait() == 1
    assert "  | Traceback" in bot.log()
    assert wire.token not in bot.log()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_cleanly_within_five_seconds(
    wire: WireDiscord, tmp_path: Path, number: signal.Signals
) -> None:
    bot = started_bot(wire, tmp_path)
    async with bot:
        await wire.wait_connected()
        await bot_says(bot, "ready")
        os.kill(bot.pid, number)
        assert await bot.wait(5.0) == 0
        await wire.wait_disconnected()
    assert "ERROR" not in bot.log()
    assert bot.log().splitlines()[-1].endswith("INFO bot.process stopping")


async def test_a_signal_stops_it_while_it_starts(wire: WireDiscord, tmp_path: Path) -> None:
    bot = started_bot(wire, tmp_path)
    async with bot:
        await bot_says(bot, "logging in")
        os.kill(bot.pid, signal.SIGTERM)
        assert await bot.wait(5.0) == 0
    assert "ERROR" not in bot.log()


async def bot_says(bot: BotProcess, text: str) -> None:
    async with asyncio.timeout(15):
        while text not in bot.log():
            await asyncio.sleep(0.02)


STUCK = """
import asyncio, sys
from pathlib import Path
import bot.app
from bot.config import Settings
from bot.config_sections import DataSettings, DiscordSettings
from bot.process import run_bot

class Stuck:
    def is_ready(self):
        return True

    async def start(self, token):
        print("started", flush=True)
        await asyncio.Event().wait()

    async def close(self):
        print("closing", flush=True)
        await asyncio.sleep(60)

bot.app.create_bot = lambda settings: Stuck()
sys.exit(run_bot(Settings(discord=DiscordSettings.model_validate({"token": "one.two.three"}))))
"""


async def test_a_second_signal_stops_it_at_once(tmp_path: Path) -> None:
    bot = BotProcess([sys.executable, "-c", STUCK], tmp_path / "log")
    async with bot:
        await bot_says(bot, "started")
        os.kill(bot.pid, signal.SIGTERM)
        await bot_says(bot, "closing")
        os.kill(bot.pid, signal.SIGINT)
        assert await bot.wait(1.0) == 1
    assert bot.log().splitlines()[-1] == "Stopped at once, as asked."


async def test_a_bot_that_does_not_close_is_ended_after_five_seconds(tmp_path: Path) -> None:
    bot = BotProcess([sys.executable, "-c", STUCK], tmp_path / "log")
    async with bot:
        await bot_says(bot, "started")
        os.kill(bot.pid, signal.SIGTERM)
        assert await bot.wait(5.5) == 1
    assert "Nothing is lost" in bot.log().splitlines()[-1]
