"""Runs the practice server: the real bot, its database and its scheduler, on a simulated Discord in the browser."""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from simcord.env import Env

from bot.app import SolidarityBot, create_bot
from bot.config import Settings
from bot.config_sections import DataSettings
from bot.practice.clock import PracticeClock, SimcordClock
from bot.practice.forward import apart
from bot.practice.journal import ZONE, Journal, told
from bot.practice.page import PracticePage, free_port
from bot.practice.welcome import post_welcome
from bot.practice.world import FOUNDED, World, found
from bot.services import guilds

DEFAULT_START: Final = datetime(2025, 3, 31, 9, tzinfo=ZoneInfo(ZONE))
COMMANDS: Final = "bot.practice.commands"
LONGEST_COMMAND_SECONDS: Final = 300.0
REPUBLISH_SECONDS: Final = 0.05
_LAST_TIME: Final = "practice-clock.txt"


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice server that is running."""

    env: Env
    bot: SolidarityBot
    clock: PracticeClock
    journal: Journal
    world: World


def run(port: int, start: datetime | None, data: Path | None, log: Callable[[str], None]) -> None:
    """Runs the practice server until it is stopped; see `bot.practice.run_practice`."""
    with _directory(data) as directory:
        asyncio.run(_serve(port, start, directory, log))
    log("Stopped." if data else "Stopped; the practice data is removed.")


@asynccontextmanager
async def practising(
    directory: Path, start: datetime, log: Callable[[str], None]
) -> AsyncIterator[Practice]:
    """Starts the bot on the simulated server, without a page, and stops it at the end."""
    clock = PracticeClock(start)
    settings = Settings(data=DataSettings(directory=directory))
    bot = create_bot(settings, clock=clock, extra_extensions=(COMMANDS,), always_sync=True)
    env = Env(bot, check_errors=False, settle_timeout=LONGEST_COMMAND_SECONDS)
    world = _found_long_ago(env)
    env.backend.clock = cast("Any", SimcordClock(clock))
    await env.start()
    try:
        await _settle_in(bot, world)
        journal = Journal(env, clock, log)
        setattr(bot, "journal", journal)  # noqa: B010 - only the practice commands know of it
        yield Practice(env, bot, clock, journal, world)
    finally:
        await env.shutdown()
        await bot.close()


def _found_long_ago(env: Env) -> World:
    founding = PracticeClock(FOUNDED)
    with founding.stopped():
        env.backend.clock = cast("Any", SimcordClock(founding))
        return found(env)


async def _settle_in(bot: SolidarityBot, world: World) -> None:
    """Chooses roles and channels, unless an earlier run did; posts the welcome; frees the alarm from simcord."""
    guild = await guilds.get(bot.context, world.guild.id)
    if guild.organiser_role_id is None:
        await guilds.change(bot.context, world.guild.id, **world.settings)
    await post_welcome(bot, world)
    bot.context.wake = apart(bot.scheduler.wake)
    bot.context.wake()


async def _serve(port: int, start: datetime | None, directory: Path, log: Callable[[str], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    remembered = directory / _LAST_TIME
    async with practising(directory, _first_instant(start, remembered, log), log) as practice:
        page = PracticePage(practice.env, practice.world, lambda: told(practice.clock.now()), port=free_port(port))
        practice.journal.changed = page.changed
        async with page:
            _greet(page, practice, log)
            keeper = asyncio.create_task(_keep_up_to_date(page))
            closed = asyncio.create_task(page.wait_closed())
            asked = asyncio.create_task(stop.wait())
            await asyncio.wait({closed, asked}, return_when=asyncio.FIRST_COMPLETED)
            for task in (keeper, closed, asked):
                task.cancel()
            remembered.write_text(practice.clock.now().isoformat())
            log("Stopping.")


def _first_instant(start: datetime | None, remembered: Path, log: Callable[[str], None]) -> datetime:
    """Where to start; never before the time that this data has already reached."""
    reached = None
    with contextlib.suppress(OSError, ValueError):
        reached = datetime.fromisoformat(remembered.read_text())
    if reached is None or (start is not None and start >= reached):
        return start or DEFAULT_START
    if start is not None:
        log(f"This data has already reached {told(reached)}; the clock starts there.")
    return reached


def _greet(page: PracticePage, practice: Practice, log: Callable[[str], None]) -> None:
    log("Solidarity Bot, practice server: everything is invented, and nothing leaves this computer.")
    log(f"It is {told(practice.clock.now())} there.")
    log("")
    log(f"  Open this address in your browser:  {page.url}")
    log("  Stop with Ctrl+C.")
    log("")


async def _keep_up_to_date(page: PracticePage) -> None:
    """Shows what happened without anybody's click, such as a reminder that fell due."""
    while True:
        page.republish()
        await asyncio.sleep(REPUBLISH_SECONDS)


@contextmanager
def _directory(data: Path | None) -> Iterator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="solidarity-practice-") as temporary:
        yield Path(temporary)
