"""The alarm: real APScheduler, rung by real time, told the campaign's time by a clock that a test moves."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.services import scheduler as module
from bot.services.scheduler import Scheduler
from tests.conftest import StoppedClock


class Work:
    """Notes each turn, and can be told to fail."""

    def __init__(self, clock: StoppedClock) -> None:
        self.clock = clock
        self.turns: list[datetime] = []
        self.due: datetime | None = None
        self.failures = 0
        self.changed = asyncio.Condition()

    async def work(self) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the database went away")
        async with self.changed:
            self.turns.append(self.clock.now())
            self.changed.notify_all()

    async def next_due(self) -> datetime | None:
        return self.due

    async def turned(self, times: int) -> None:
        """Waits until there were so many turns."""
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.turns) >= times)


@pytest.fixture
def work(clock: StoppedClock) -> Work:
    return Work(clock)


async def test_it_catches_up_at_the_start(clock: StoppedClock, work: Work) -> None:
    scheduler = Scheduler(clock, work=work.work, next_due=work.next_due)
    scheduler.start()
    await work.turned(1)
    await scheduler.stop()
    assert len(work.turns) == 1


async def test_it_rings_at_the_earliest_due_instant(clock: StoppedClock, work: Work) -> None:
    scheduler = Scheduler(clock, work=work.work, next_due=work.next_due)
    scheduler.start()
    await work.turned(1)
    work.due = clock.now() + timedelta(milliseconds=50)
    scheduler.wake()
    await work.turned(2)
    clock.instant = work.due
    await work.turned(3)
    await scheduler.stop()
    assert work.turns[-1] == work.due


async def test_a_clock_that_jumped_is_noticed(
    clock: StoppedClock, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_SLEEP", timedelta(milliseconds=20))
    scheduler = Scheduler(clock, work=work.work, next_due=work.next_due)
    work.due = clock.now() + timedelta(days=1)
    scheduler.start()
    await work.turned(1)
    work.due = None
    clock.forward(days=1)
    await work.turned(2)
    await scheduler.stop()
    assert len(work.turns) == 2


async def test_a_failed_turn_is_followed_by_another(
    clock: StoppedClock, work: Work, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "AFTER_FAILURE", timedelta())
    work.failures = 2
    scheduler = Scheduler(clock, work=work.work, next_due=work.next_due)
    scheduler.start()
    await work.turned(1)
    await scheduler.stop()
    assert len(work.turns) == 1
    assert "the scheduler's turn failed" in caplog.text


async def test_what_is_added_during_a_turn_is_not_overlooked(clock: StoppedClock, work: Work) -> None:
    async def add_while_looking() -> datetime | None:
        if len(work.turns) == 1:
            scheduler.wake()
        return None

    scheduler = Scheduler(clock, work=work.work, next_due=add_while_looking)
    scheduler.start()
    await work.turned(1)
    await work.turned(2)
    await scheduler.stop()
    assert len(work.turns) == 2


async def test_it_stops_only_when_its_work_is_done(clock: StoppedClock) -> None:
    started, finish = asyncio.Event(), asyncio.Event()
    finished: list[bool] = []

    async def slow() -> None:
        started.set()
        await finish.wait()
        finished.append(True)

    async def never() -> None:
        return None

    scheduler = Scheduler(clock, work=slow, next_due=never)
    scheduler.start()
    await asyncio.wait_for(started.wait(), 5)
    stopping = asyncio.create_task(scheduler.stop())
    await asyncio.sleep(0)
    finish.set()
    await stopping
    assert finished == [True]


async def test_work_that_takes_too_long_is_cancelled_at_the_end(
    clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", timedelta(milliseconds=10))
    started, cancelled = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async def never() -> None:
        return None

    scheduler = Scheduler(clock, work=endless, next_due=never)
    scheduler.start()
    await asyncio.wait_for(started.wait(), 5)
    await scheduler.stop()
    await asyncio.wait_for(cancelled.wait(), 5)


async def test_what_another_process_plans_is_found_without_being_woken(
    clock: StoppedClock, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_SLEEP", timedelta(milliseconds=20))
    work.due = clock.now() + timedelta(days=1)
    scheduler = Scheduler(clock, work=work.work, next_due=work.next_due)
    scheduler.start()
    await work.turned(1)
    work.due = clock.now()
    await work.turned(2)
    await scheduler.stop()
    assert len(work.turns) >= 2
