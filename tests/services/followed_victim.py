"""A process that records answers or sends them to followers, and may kill itself on the way.

Run as ``python -m tests.services.followed_victim FOLDER record|send MINUTES [die]``: over the database in the folder, with
a clock that stands so many minutes after the beginning. What is sent is appended to the file `sent` there.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.config import load_settings
from bot.domain.models import DemandStatus
from bot.services import demand_ledger
from bot.services.context import Context
from bot.services.delivery import Post, deliver_due
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.engine import Database
from tests.conftest import StoppedClock

BEGINNING = datetime(2025, 3, 31, 8, 0, tzinfo=UTC)
GUILD = 1_001
DIES_AFTER = 3
"""So many messages arrive before the victim that sends dies."""


class Mailbox:
    """Stands for the members' direct messages: each message that arrives is a line in a file."""

    def __init__(self, path: Path, *, deadly: bool) -> None:
        self._path, self._deadly = path, deadly

    def arrived(self) -> list[str]:
        return self._path.read_text().splitlines() if self._path.exists() else []

    async def send(self, post: Post) -> int:
        texts = "+".join(change.response.text for change in post.answers)
        with self._path.open("a") as file:
            file.write(f"{post.delivery.target_id} {texts} {post.delivery.delivery_id}\n")
        if self._deadly and len(self.arrived()) == DIES_AFTER:
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(0)
        return 1

    async def find(self, post: Post) -> int | None:
        return 1 if any(post.delivery.delivery_id in line for line in self.arrived()) else None

    async def alert(self, guild_id: int, channel_id: int | None, text: str) -> None:
        raise AssertionError(text)


async def record(context: Context, *, deadly: bool) -> None:
    """Records two answers; a victim dies when all of the second is written, and nothing of it committed."""
    await _record(context, "First")
    if deadly:
        tell = demand_ledger.follows.tell

        async def tell_and_die(inside: Context, connection: AsyncConnection, *more: object) -> None:
            await tell(inside, connection, *more)  # type: ignore[arg-type]
            os.kill(os.getpid(), signal.SIGKILL)

        demand_ledger.follows.tell = tell_and_die  # type: ignore[assignment]
    await _record(context, "Second")


async def _record(context: Context, text: str) -> None:
    await demand_ledger.record_response(
        context, GUILD, 21, "extend-overtime", DemandStatus.REFUSED, text, date(2025, 3, 28), "Letter"
    )


async def main(folder: Path, what: str, minutes: str, *more: str) -> None:
    """Does one thing over the database in the folder."""
    settings = load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(folder)}, need_token=False)
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/solidarity.sqlite3")
    clock = StoppedClock(BEGINNING + timedelta(minutes=float(minutes)))
    context = Context(database, clock, settings, load_keys(folder), SubmissionLimit(3))
    if what == "record":
        await record(context, deadly=bool(more))
    else:
        await deliver_due(context, Mailbox(folder / "sent", deadly=bool(more)))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
