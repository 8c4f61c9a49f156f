"""Runs the practice server: a session, its page in the browser, and its plain lines on the terminal."""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.practice.clock import PracticeClock
from bot.practice.journal import ZONE, told
from bot.practice.page import PracticePage, free_port
from bot.practice.session import Practice, practising

DEFAULT_START: Final = datetime(2025, 3, 31, 9, tzinfo=ZoneInfo(ZONE))
REPUBLISH_SECONDS: Final = 0.05
_LAST_TIME: Final = "practice-clock.txt"


def run(
    port: int, start: datetime | None, data: Path | None, campaign: str, log: Callable[[str], None]
) -> None:
    """Runs the practice server until it is stopped; see `bot.practice.run_practice`."""
    with _directory(data) as directory:
        asyncio.run(_serve(port, start, directory, campaign, log))
    log("Stopped." if data else "Stopped; the practice data is removed.")


async def _serve(
    port: int, start: datetime | None, directory: Path, campaign: str, log: Callable[[str], None]
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    remembered = directory / _LAST_TIME
    begin = _first_instant(start, remembered, log)
    async with practising(directory, begin, log, campaign=campaign) as practice:
        page = PracticePage(
            practice.env, practice.world, lambda: told(practice.clock.now()), port=free_port(port)
        )
        practice.journal.changed = page.changed
        async with page:
            _greet(page, practice, log)
            await _until_stopped(page, stop, _keep_up_to_date(page, practice.clock, remembered))
            log("Stopping.")
    _remember(remembered, practice.clock)


async def _until_stopped(
    page: PracticePage, stop: asyncio.Event, meanwhile: Coroutine[Any, Any, None]
) -> None:
    tasks = {asyncio.create_task(work) for work in (page.wait_closed(), stop.wait(), meanwhile)}
    done, going_on = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in going_on:
        task.cancel()
    for task in done:
        task.result()


async def _keep_up_to_date(page: PracticePage, clock: PracticeClock, remembered: Path) -> None:
    """Shows what happens without anybody's click, such as a reminder that falls due, and remembers the time."""
    minute = clock.now()
    while True:
        page.republish()
        if abs(clock.now() - minute) >= timedelta(minutes=1):
            minute = clock.now()
            _remember(remembered, clock)
        await asyncio.sleep(REPUBLISH_SECONDS)


def _remember(remembered: Path, clock: PracticeClock) -> None:
    remembered.write_text(clock.now().isoformat())


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


@contextmanager
def _directory(data: Path | None) -> Generator[Path]:
    if data is not None:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="solidarity-practice-") as temporary:
        yield Path(temporary)
