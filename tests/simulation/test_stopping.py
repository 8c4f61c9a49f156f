"""The product is switched off in the middle of a turn: what that turn begins ends before the database is closed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.services.delivery import Post
from tests.conftest import StoppedClock
from tests.simulation.machine import GUILD, Machine, schedule

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
async def machine(tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Machine]:
    clock.instant = NOON - timedelta(hours=1)
    booted = await Machine.boot(tmp_path, clock)
    yield booted
    await booted.off()


async def test_nothing_goes_on_once_it_is_stopped(machine: Machine) -> None:
    arrives, goes_on = asyncio.Event(), asyncio.Event()
    send = machine.bot.engine.sender.send

    async def held(post: Post) -> int:
        arrives.set()
        await goes_on.wait()
        return await send(post)

    machine.bot.engine.sender.send = held  # type: ignore[method-assign]
    await machine.add(schedule("noon", datetime(2026, 1, 1, 12)))
    machine.clock.instant = NOON
    before = asyncio.all_tasks()
    turn = asyncio.create_task(machine.bot.scheduler.turn())
    async with asyncio.timeout(10):
        await arrives.wait()
    stopping = asyncio.create_task(machine.bot.engine.stop())
    await asyncio.sleep(0)
    goes_on.set()
    await asyncio.gather(turn, stopping)
    assert asyncio.all_tasks() == before
    machine.bot.engine.native_events.changed(GUILD)
    assert asyncio.all_tasks() == before
