"""One installation under torture: a stand-in Discord, a database with due deliveries, and the comparison of the two."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.config import load_settings
from bot.domain.schedules import DeliveryState
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.engine import Database
from db.upgrade import upgrade
from tests.torture.reminders import At, add_all, reminder
from tests.torture.victim import Point, born_to_die
from tests.wire.born import Born
from tests.wire.server import BOT_PERMISSIONS, Channel, Permission, WireDiscord

OVERDUE = timedelta(seconds=30)
CONCURRENCY = 4
_ENDS = {DeliveryState.SENT, DeliveryState.HELD, DeliveryState.SKIPPED, DeliveryState.FAILED}

CONFIGURATION = """\
[discord]
token = "{token}"
api_base = "{api_base}"

[data]
directory = "{folder}/data"

[database]
url = "sqlite+aiosqlite:///{folder}/torture.sqlite3"

[delivery]
send_timeout_seconds = 1
lease_seconds = 2
concurrency = {concurrency}
"""


@dataclass(frozen=True)
class Found:
    """What the database says of one occurrence, and how often it stands in its channel."""

    delivery_id: str
    state: DeliveryState
    reason: str | None
    posts: int

    @property
    def verdict(self) -> str:
        """`once`, `held`, `lost` or `doubled`."""
        if self.posts > 1:
            return "doubled"
        if self.state is DeliveryState.SENT and self.posts == 1:
            return "once"
        return "held" if self.state is DeliveryState.HELD and self.reason else "lost"


@dataclass
class Installation:
    """A configured product with deliveries that are due, each alone in a channel of its own."""

    server: WireDiscord
    folder: Path
    channels: list[Channel]

    @property
    def log(self) -> Path:
        """All that its processes have printed."""
        return self.folder / "bot.log"

    async def start(self, die_at: str = Point.NEVER) -> Born:
        """Starts the product, or a victim that dies at `POINT:NTH`."""
        arguments = ["run", "--config", str(self.folder / "config.toml")]
        return await born_to_die(die_at, arguments, self.log)

    def states(self, patience_seconds: float = 5) -> list[tuple[str, int, DeliveryState, str | None]]:
        """Key, channel, state and reason of every delivery, as the database has them."""
        with closing(
            sqlite3.connect(self.folder / "torture.sqlite3", timeout=patience_seconds)
        ) as connection:
            rows = connection.execute("SELECT delivery_id, target_id, state, reason FROM deliveries")
            return [(key, channel, DeliveryState(state), reason) for key, channel, state, reason in rows]

    def settled(self) -> bool:
        """Whether every delivery has come to an end, as far as the database can be read at this moment."""
        try:
            return all(state in _ENDS for _, _, state, _ in self.states(patience_seconds=0))
        except sqlite3.OperationalError:  # the product is writing; waiting for it would hold up its Discord
            return False

    def compare(self) -> list[Found]:
        """Compares each delivery with its channel."""
        posted = Counter(
            (channel.id, part)
            for channel in self.channels
            for message in channel.messages
            for part in set(message.custom_ids[0].split("|") if message.custom_ids else ())
        )
        found = [
            Found(key, state, reason, posted[str(channel), key])
            for key, channel, state, reason in self.states()
        ]
        assert len(found) == len(self.channels), "a delivery has vanished from the database"
        assert sum(len(channel.messages) for channel in self.channels) == sum(each.posts for each in found), (
            "something was posted that nobody asked for"
        )
        return found


async def empty_database(folder: Path) -> Path:
    """Makes the database of which every installation gets a copy."""
    path = folder / "template.sqlite3"
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    await upgrade(database)
    await database.close()
    return path


@asynccontextmanager
async def installed(
    template: Path,
    folder: Path,
    *,
    occurrences: int,
    nonce_window: float | None,
    readable: bool,
) -> AsyncIterator[Installation]:
    """Prepares an installation with so many occurrences due, and takes it down in the end.

    Args:
        template: an empty database.
        folder: a place for its files.
        occurrences: how many deliveries are due at the first start.
        nonce_window: for how many seconds Discord recognises a repetition; its own when not given.
        readable: whether the bot may read the history of channels.
    """
    folder.mkdir()
    async with WireDiscord(token="aaa.bbb.ccc") as server:
        if nonce_window is not None:
            server.world.nonce_window = nonce_window
        permissions = BOT_PERMISSIONS if readable else BOT_PERMISSIONS & ~Permission.READ_MESSAGE_HISTORY
        guild = server.add_guild("Torture branch", permissions)
        if not readable:
            guild.everyone.permissions &= ~Permission.READ_MESSAGE_HISTORY
        channels = [guild.add_channel(f"channel-{number}") for number in range(occurrences)]
        configuration = folder / "config.toml"
        configuration.write_text(
            CONFIGURATION.format(
                token=server.token, api_base=server.api_base, folder=folder, concurrency=CONCURRENCY
            )
        )
        shutil.copy(template, folder / "torture.sqlite3")
        await _schedule(configuration, int(guild.id), channels)
        yield Installation(server, folder, channels)


async def _schedule(configuration: Path, guild_id: int, channels: list[Channel]) -> None:
    settings = load_settings(configuration, {}, need_token=False)
    database = await Database.open(settings.database.url)
    due_at = datetime.now(UTC) - OVERDUE
    keys = load_keys(settings.data.directory)
    context = Context(database, At(due_at), settings, keys, SubmissionLimit(5))
    planned = [
        reminder(f"torture-{number}", guild_id, int(channel.id), number, due_at)
        for number, channel in enumerate(channels)
    ]
    await add_all(context, planned, before=due_at)
    await database.close()


Progress = Callable[[int], None]
"""Is told how many runs have been finished since it was last told."""
