"""Followers hear of each answer once although the processes that record and send are killed; real processes, SQLite."""

import asyncio
import signal
from pathlib import Path

from sqlalchemy import func, select

from bot.services import follows
from bot.services.context import Context
from db.engine import Database
from db.tables import deliveries, demand_responses
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.services.followed_victim import BEGINNING, DIES_AFTER, GUILD
from tests.wire.born import bear

FOLLOWERS = range(11, 17)
PATIENCE_SECONDS = 60


async def run(folder: Path, *arguments: str) -> int:
    process = await bear(["-m", "tests.services.followed_victim", str(folder), *arguments], folder / "log")
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await process.wait()


async def counted(database: Database) -> tuple[int, int]:
    """How many answers are recorded, and how many messages planned."""
    async with database.read() as connection:
        answers = await connection.execute(select(func.count()).select_from(demand_responses))
        planned = await connection.execute(select(func.count()).select_from(deliveries))
        return answers.scalar_one(), planned.scalar_one()


async def test_each_follower_hears_once_whatever_is_killed(
    sqlite_database: Database, tmp_path: Path, clock, settings
) -> None:
    context = Context(sqlite_database, clock, settings, None, None)  # type: ignore[arg-type] - following needs neither
    assert clock.now() == BEGINNING
    await load_campaign(sqlite_database, GUILD, read_campaign("operation_protect"))
    for user_id in FOLLOWERS:
        await follows.follow(context, GUILD, user_id)

    assert await run(tmp_path, "record", "0", "die") == -signal.SIGKILL
    assert await counted(sqlite_database) == (1, len(FOLLOWERS)), "all of the first, nothing of the second"
    assert await run(tmp_path, "record", "5") == 0
    assert await counted(sqlite_database) == (2, len(FOLLOWERS))

    sent = tmp_path / "sent"
    assert await run(tmp_path, "send", "15", "die") == -signal.SIGKILL
    assert len(sent.read_text().splitlines()) == DIES_AFTER
    for minute in ("16", "20"):  # before the dead one's lease is over, and after
        assert await run(tmp_path, "send", minute) == 0
    told = sorted(line.split()[:2] for line in sent.read_text().splitlines())
    assert told == [[str(user_id), "First+Second"] for user_id in FOLLOWERS]
