"""An installation that is split over several processes on one PostgreSQL: each serves its guilds, and only its own."""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import supervision
from bot.clock import SystemClock
from bot.config import load_settings
from bot.domain.problems import Problem
from bot.domain.shards import Share, shares
from bot.services import guilds, shard_lease
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.one_secret import check_secret
from bot.services.rate_limit import SubmissionLimit
from bot.turns import Turns
from db.engine import Database
from db.upgrade import upgrade
from tests.conftest import postgres_execute
from tests.services.test_shard_lease import END_HOLDERS
from tests.torture.reminders import add_all, reminder
from tests.wire.doubles import Doubles
from tests.wire.processes import BotProcess
from tests.wire.server import Channel, Guild, Member, NoAnswerError, WireDiscord
from tests.wire.server.basics import PATIENCE_SECONDS

SHARDS = 2
READY = "INFO bot.app ready"


@dataclass
class Union:
    """A stand-in Discord with a guild in each shard, and the files of an installation that is split."""

    server: WireDiscord
    folder: Path
    database_url: str
    guilds: list[Guild]
    channels: list[Channel]
    members: list[Member]

    def config(self, name: str, sharding: str = "") -> Path:
        """Writes the configuration of one process."""
        path = self.folder / f"{name}.toml"
        path.write_text(
            f'[discord]\ntoken = "{self.server.token}"\napi_base = "{self.server.api_base}"\n'
            f'[data]\ndirectory = "{self.folder}/data"\n[database]\nurl = "{self.database_url}"\n'
            f"[sharding]\ncount = {SHARDS}\nprocesses = {SHARDS}\n{sharding}"
        )
        return path

    def process(self, name: str, sharding: str = "") -> BotProcess:
        """A process, not yet started."""
        arguments = [sys.executable, "-m", "bot", "--config", str(self.config(name, sharding)), "run"]
        return BotProcess(arguments, self.folder / f"{name}.log", born=True)

    def sent(self, shard: int) -> int:
        """How many posts stand in the channel of a shard's guild."""
        return len(self.channels[shard].messages)

    async def remind(self, shard: int, times: int, at: datetime) -> None:
        """Schedules so many reminders at one instant, as an organiser would have an hour before."""
        async with opened(self.config("preparing")) as context:
            guild_id, channel_id = int(self.guilds[shard].id), int(self.channels[shard].id)
            planned = [
                reminder(f"{shard}-{number}-{at.timestamp()}", guild_id, channel_id, number, at)
                for number in range(times)
            ]
            await add_all(context, planned, before=at)


@asynccontextmanager
async def opened(config: Path) -> AsyncGenerator[Context]:
    settings = load_settings(config, {}, need_token=False)
    database = await Database.open(settings.database.url)
    await upgrade(database)
    keys = load_keys(settings.data.directory)
    yield Context(database, SystemClock(), settings, keys, SubmissionLimit(5))
    await database.close()


@pytest.fixture
async def union(tmp_path: Path, postgres_url: str) -> AsyncIterator[Union]:
    async with WireDiscord(token="aaa.bbb.ccc") as server:
        branches = [server.add_guild(f"Branch {shard}", shard=(shard, SHARDS)) for shard in range(SHARDS)]
        channels = [guild.add_channel("announcements") for guild in branches]
        members = [guild.add_member("Member") for guild in branches]
        union = Union(server, tmp_path, postgres_url, branches, channels, members)
        async with opened(union.config("preparing")) as context:
            await guilds.welcome(context, [int(guild.id) for guild in branches])
        yield union
        assert server.violations == []
        assert server.unsupported == []


async def test_each_process_serves_its_own_guilds_and_only_those(union: Union) -> None:
    due = datetime.now(UTC) - timedelta(seconds=5)
    await union.remind(0, 3, due)
    await union.remind(1, 3, due)
    async with union.process("a", 'shards = "0"') as first:
        await first.says(READY)
        await union.server.until(lambda: union.sent(0) == 3 or None, what="posts")
        assert (await union.members[0].slash(union.channels[0], "aims")).ephemeral
        assert union.sent(1) == 0
        async with union.process("b", 'shards = "1"') as second:
            await second.says(READY)
            await union.server.until(lambda: union.sent(1) == 3 or None, what="posts")
            assert (await union.members[1].slash(union.channels[1], "aims")).ephemeral
            assert first.returncode is None
    assert [union.sent(0), union.sent(1)] == [3, 3]
    assert union.server.world.syncs == 1
    assert "Traceback" not in first.log() + second.log()


async def answered(union: Union, shard: int) -> float:
    """Waits until a member of a shard's guild is answered; returns how many seconds that took.

    While nobody is connected Discord says so itself, and the member tries again.
    """
    loop = asyncio.get_running_loop()
    began = loop.time()
    union.server.world.interaction_deadline, usual = 1.5, union.server.world.interaction_deadline
    try:
        while True:
            try:
                answer = await union.members[shard].slash(union.channels[shard], "aims")
            except NoAnswerError:
                assert loop.time() - began < PATIENCE_SECONDS
            else:
                assert answer.ephemeral
                return loop.time() - began
    finally:
        union.server.world.interaction_deadline = usual


async def test_who_stands_by_takes_over_from_the_hung_and_nobody_is_answered_twice(union: Union) -> None:
    """One that is frozen and woken again is told of everything too, by its old connection; it leaves instead."""
    async with (
        union.process("a", 'shards = "0"') as first,
        union.process("b", 'shards = "1"') as second,
        union.process("c") as third,
    ):
        for one, text in ((first, READY), (second, READY), (third, "standing by")):
            await one.says(text)
        assert len(union.server.gateway.connected) == SHARDS
        os.kill(second.pid, signal.SIGSTOP)
        await union.remind(1, 5, datetime.now(UTC) - timedelta(seconds=5))
        await answered(union, 1)  # how soon it must be, the torture says
        for _ in range(5):  # the frozen one finds them when it wakes up
            assert (await union.members[1].slash(union.channels[1], "aims")).ephemeral
        os.kill(second.pid, signal.SIGCONT)
        for _ in range(5):
            assert (await union.members[1].slash(union.channels[1], "aims")).ephemeral
        await second.says("leaving these shards")
        await union.server.until(lambda: union.sent(1) == 5 or None, what="posts")
        assert (await union.members[0].slash(union.channels[0], "aims")).ephemeral
        doubles = Doubles(union.server)
        doubles.look([first.pid, second.pid, third.pid])
    assert [union.sent(0), union.sent(1)] == [0, 5]
    assert doubles.doubled == 0
    assert union.server.world.syncs == 1


@asynccontextmanager
async def serving_here(
    union: Union, sharding: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[asyncio.Task[None]]:
    """A process's turns in this process, so that its patience can be changed."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    environ = {name: value for name, value in os.environ.items() if name.startswith("SOLIDARITY_")}
    settings = load_settings(union.config("here", sharding), environ, need_token=True)
    asked = asyncio.Event()
    running = asyncio.create_task(Turns(settings, asked).run())
    try:
        yield running
    finally:
        asked.set()
        await asyncio.wait({running}, timeout=PATIENCE_SECONDS)


async def test_a_connection_that_comes_to_nothing_is_left_to_a_fresh_bot(
    union: Union, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the process stands by, it says so to who monitors it."""
    monkeypatch.setattr(supervision, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(supervision, "LOOK_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(shard_lease, "FREE_SECONDS", 0.5)
    caplog.set_level(logging.INFO)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with serving_here(union, f"[monitoring]\nport = {port}", monkeypatch) as running:
        assert (await health_at(port))["scheduler"] == {"role": "stands by"}
        await logged(caplog, "ready")
        assert (await health_at(port))["scheduler"]["role"] == "leads"
        union.server.gateway.accepts_connections = False
        union.server.gateway.forget_sessions()
        union.server.gateway.drop_gateway()
        await logged(caplog, "serving ended; trying again, if nobody else does")
        union.server.gateway.accepts_connections = True
        await union.server.wait_connected()
        assert not running.done()


async def test_a_process_with_another_secret_does_not_serve(
    union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would not know the receipts that the others have given out."""
    beside = shard_lease.lease_of(union.database_url, shares(SHARDS, SHARDS), Share(SHARDS, 1, 1))
    async with opened(union.config("preparing")) as context:
        await check_secret(context, alone=True)
    async with closed(beside):
        await beside.obtain(at_once=True)
        monkeypatch.setenv("SOLIDARITY_DATA__DIRECTORY", str(union.folder / "elsewhere"))
        async with serving_here(union, 'shards = "0"', monkeypatch) as running:
            await asyncio.wait({running}, timeout=PATIENCE_SECONDS)
            assert isinstance(running.exception(), Problem)
    assert union.server.gateway.identifies == 0


@asynccontextmanager
async def closed(lease: shard_lease.Lease) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        await lease.close()


async def test_who_does_not_know_yet_that_it_was_followed_answers_nobody(
    union: Union, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It was away for so long that another has its shards; what Discord tells it is the other's to answer."""
    monkeypatch.setattr(shard_lease, "BEAT_SECONDS", 600)
    monkeypatch.setattr(shard_lease, "FREE_SECONDS", 0.5)
    monkeypatch.setattr(shard_lease, "SURE_SECONDS", 0.5)
    caplog.set_level(logging.INFO)
    beside, other = (
        shard_lease.lease_of(union.database_url, shares(SHARDS, SHARDS), one)
        for one in (Share(SHARDS, 1, 1), None)
    )
    async with closed(beside), closed(other), serving_here(union, 'shards = "0"', monkeypatch):
        await logged(caplog, READY.removeprefix("INFO bot.app "))
        assert (await union.members[0].slash(union.channels[0], "aims")).ephemeral
        await postgres_execute(union.database_url.replace("+asyncpg", ""), END_HOLDERS)
        assert await beside.obtain(at_once=True) == Share(SHARDS, 1, 1)
        assert await other.obtain(at_once=False) == Share(SHARDS, 0, 0)
        with pytest.raises(NoAnswerError):
            await union.members[0].slash(union.channels[0], "aims")
        await logged(caplog, "leaving these shards to the process that took them over")


async def logged(caplog: pytest.LogCaptureFixture, message: str) -> None:
    async with asyncio.timeout(30):
        while message not in caplog.messages:
            await asyncio.sleep(0.05)


async def health_at(port: int) -> dict[str, Any]:
    """What the process tells who monitors it, as soon as it listens."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(15):
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/healthz") as reply:
                    return await reply.json()
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
