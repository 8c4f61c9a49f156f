"""A backup of the database is put back: what was posted since it was made is found in the channel, and not posted again."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.schedules import DeliveryState
from tests.conftest import StoppedClock
from tests.simulation.machine import Machine, Weather, schedule

NOON = datetime(2026, 6, 10, 11, 5, tzinfo=UTC)


@pytest.fixture
async def machine(tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Machine]:
    clock.instant = NOON
    booted = await Machine.boot(tmp_path, clock)
    await booted.add(schedule("hourly", datetime(2026, 6, 10, 13), rule="FREQ=HOURLY"))
    yield booted
    await booted.off()


async def restore(machine: Machine, backup: Path) -> None:
    path = machine.context.database.path
    assert path is not None
    await machine.off()
    for leftover in path.parent.glob(f"{path.name}-*"):
        leftover.unlink()
    shutil.copy(backup, path)
    await machine.on()


@pytest.mark.parametrize("age", [timedelta(minutes=70), timedelta(hours=6), timedelta(hours=25)])
async def test_what_was_posted_since_the_backup_is_not_posted_again(
    machine: Machine, tmp_path: Path, age: timedelta
) -> None:
    await machine.run_until(NOON + timedelta(hours=2))
    backup = tmp_path / "backup.sqlite3"
    assert machine.context.database.path is not None
    shutil.copy(machine.context.database.path, backup)
    await machine.run_until(machine.clock.now() + age)
    await restore(machine, backup)
    await machine.run_until(machine.clock.now() + timedelta(hours=3))
    deliveries = await machine.deliveries("hourly")
    assert {each.state for each in deliveries} == {DeliveryState.SENT}
    assert [len(machine.posted(each)) for each in deliveries] == [1] * len(deliveries)
    assert len(deliveries) == 5 + age // timedelta(hours=1)


async def test_where_the_history_is_closed_what_fell_due_while_it_was_off_is_posted(machine: Machine) -> None:
    machine.clock.instant += timedelta(hours=3)
    machine.discord.weather = lambda: Weather(unreadable=True)
    await machine.restart()
    await machine.run_until(machine.clock.now())
    deliveries = await machine.deliveries("hourly")
    assert [len(machine.posted(each)) for each in deliveries] == [1, 1, 1]
