"""How much is claimed and under way at once: no channel holds up another, and no claim outlasts its lease."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.config import Settings, load_settings
from bot.domain.schedules import Delivery, DeliveryState, Schedule, ScheduleKind, delivery_key
from bot.services.context import Context
from bot.services.delivery import LARGEST_CLAIM, MOST_PER_TARGET, Post, deliver_due
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from db.deliveries import count_by_state, insert_missing
from db.engine import Database
from db.schedules import insert_schedule
from db.tables import schedules
from tests.conftest import StoppedClock

GUILD, BUSY, CALM = 1, 2, 3
LEASE, LIMIT = 47, 45
# Two seconds are left when every send takes as long as it may, and 40 go out in a second.
SURE = 80


class Gate:
    """A sender whose sends wait until they are let through, and which knows how many wait for each channel."""

    def __init__(self) -> None:
        self.open, self.moved = asyncio.Event(), asyncio.Condition()
        self.under_way: list[int] = []
        self.sent: list[Post] = []
        self.most: dict[int, int] = {}

    async def send(self, post: Post) -> int:
        target = post.delivery.target_id
        self.under_way.append(target)
        self.most[target] = max(self.most.get(target, 0), self.under_way.count(target))
        await self._tell()
        if target == BUSY:
            await self.open.wait()
        self.under_way.remove(target)
        self.sent.append(post)
        await self._tell()
        return len(self.sent)

    async def is_full(self) -> None:
        """Waits until as many wait for the busy channel as may."""
        async with self.moved:
            await self.moved.wait_for(lambda: self.under_way.count(BUSY) >= MOST_PER_TARGET)

    async def passed(self, posts: int) -> None:
        """Waits until so many have gone through."""
        async with self.moved:
            await self.moved.wait_for(lambda: len(self.sent) >= posts)

    async def _tell(self) -> None:
        async with self.moved:
            self.moved.notify_all()

    async def find(self, post: Post) -> int | None:
        return None

    async def alert(self, guild_id: int, channel_id: int | None, text: str) -> None:
        raise AssertionError(text)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    given = {
        "SOLIDARITY_DATA__DIRECTORY": str(tmp_path / "data"),
        "SOLIDARITY_DELIVERY__LEASE_SECONDS": str(LEASE),
        "SOLIDARITY_DELIVERY__SEND_TIMEOUT_SECONDS": str(LIMIT),
    }
    return load_settings(None, given, need_token=False)


@pytest.fixture
def paced(sqlite_database: Database, clock: StoppedClock, settings: Settings) -> Context:
    return Context(sqlite_database, clock, settings, load_keys(settings.data.directory), SubmissionLimit(5))


async def due_now(context: Context, posts: int, target: int) -> None:
    """So many posts to one channel that are due now."""
    now, name = context.now(), f"to {target}"
    made = Schedule(
        schedule_id=name,
        guild_id=GUILD,
        kind=ScheduleKind.REMINDER,
        title="Ballot papers",
        wordings=("Post your ballot paper.",),
        starts_wall=datetime(2025, 3, 31, 9, 0),
        zone="Europe/London",
        channel_id=target,
        lead_times=(timedelta(),),
    )
    slots = [str(number) for number in range(posts)]
    batch = [
        Delivery(
            delivery_key(name, now.date(), slot, target), GUILD, name, now.date(), slot, target, now, now
        )
        for slot in slots
    ]
    async with context.database.write() as connection:
        await insert_schedule(connection, made)
        await insert_missing(connection, batch)


async def claimed(context: Context) -> int:
    async with context.database.read() as connection:
        return (await count_by_state(connection, GUILD)).get(DeliveryState.SENDING, 0)


async def test_a_slow_channel_keeps_no_other_waiting(paced: Context, clock: StoppedClock) -> None:
    await due_now(paced, 40, BUSY)
    await due_now(paced, 20, CALM)
    gate = Gate()
    running = asyncio.create_task(deliver_due(paced, gate))
    await gate.is_full()
    await gate.passed(20)
    assert {post.delivery.target_id for post in gate.sent} == {CALM}
    assert gate.under_way == [BUSY] * MOST_PER_TARGET
    gate.open.set()
    await running
    assert len(gate.sent) == 60
    assert gate.most[BUSY] == MOST_PER_TARGET
    assert sum(gate.most.values()) <= paced.settings.delivery.concurrency + MOST_PER_TARGET
    assert not any(post.late for post in gate.sent)
    assert await claimed(paced) == 0


async def test_a_channel_has_no_more_under_way_after_some_have_gone_through(paced: Context) -> None:
    await due_now(paced, 4 * MOST_PER_TARGET, BUSY)
    gate, turnstile = Gate(), asyncio.Semaphore(0)
    gate.open.wait = turnstile.acquire  # type: ignore[method-assign]
    running = asyncio.create_task(deliver_due(paced, gate))
    await gate.is_full()
    for passed in (2, 4 * MOST_PER_TARGET):
        for _ in range(passed):
            turnstile.release()
        await gate.passed(passed)
        for _ in range(50):  # more than it takes to begin all that may begin now
            await asyncio.sleep(0)
    await running
    assert gate.most[BUSY] == MOST_PER_TARGET


async def test_no_more_is_claimed_than_surely_goes_out_before_the_lease_ends(
    paced: Context, clock: StoppedClock
) -> None:
    await due_now(paced, SURE + 20, BUSY)
    gate = Gate()
    running = asyncio.create_task(deliver_due(paced, gate))
    await gate.is_full()
    assert await claimed(paced) == SURE
    gate.open.set()
    await running
    assert len(gate.sent) == SURE + 20


async def test_what_waited_until_its_lease_is_nearly_over_is_given_back_and_then_sent_once(
    paced: Context, clock: StoppedClock
) -> None:
    """A send may take 45 of the 47 seconds: after two of them it still begins, and after three it does not."""
    for waited, sent_by_the_first_claim in ((2, 20), (3, MOST_PER_TARGET)):
        gate = Gate()
        await _clear(paced)
        await due_now(paced, 20, BUSY)
        running = asyncio.create_task(deliver_due(paced, gate))
        await gate.is_full()
        clock.forward(seconds=waited)
        gate.open.set()
        await running
        fences = [post.delivery.fence for post in gate.sent]
        assert len({post.delivery.delivery_id for post in gate.sent}) == len(gate.sent) == 20
        assert fences.count(1) == sent_by_the_first_claim, fences
        assert await claimed(paced) == 0


async def _clear(context: Context) -> None:
    async with context.database.write() as connection:
        await connection.execute(delete(schedules))


async def test_no_claim_is_larger_than_memory_should_hold(
    sqlite_database: Database, clock: StoppedClock, tmp_path: Path
) -> None:
    usual = load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(tmp_path / "data")}, need_token=False)
    context = Context(sqlite_database, clock, usual, load_keys(usual.data.directory), SubmissionLimit(5))
    await due_now(context, LARGEST_CLAIM + 5, BUSY)
    gate, going_on = Gate(), [True]
    running = asyncio.create_task(deliver_due(context, gate, lambda: going_on[0]))
    await gate.is_full()
    assert await claimed(context) == LARGEST_CLAIM == 1_000
    going_on[0] = (
        False  # the bot is stopped: what is not under way is given back at once, and lost is nothing
    )
    gate.open.set()
    await running
    assert len(gate.sent) == MOST_PER_TARGET == 8
    assert await claimed(context) == 0
