"""2026 in seconds, compared occurrence by occurrence with a calendar written by hand; STORMS=1 takes the whole year."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.schedules import DeliveryState
from bot.services import retention
from bot.services.context import Context
from bot.services.nudges import NudgeRequest, schedule_nudge
from tests.conftest import StoppedClock
from tests.simulation.calendar_2026 import (
    CLOCKS_BACK,
    CLOCKS_FORWARD,
    END,
    NEW_YEAR,
    NEXT_YEAR,
    fridays_at_eight,
    full_hours,
)
from tests.simulation.machine import CHANNEL, GUILD, Machine, Weather, schedule

NOON = datetime(2026, 6, 10, 11, 5, tzinfo=UTC)  # Wednesday, 12.05pm in London


@pytest.fixture
async def machine(tmp_path: Path, clock: StoppedClock) -> AsyncIterator[Machine]:
    clock.instant = NEW_YEAR
    booted = await Machine.boot(tmp_path, clock)
    yield booted
    await booted.off()


async def test_every_friday_except_bank_holidays(machine: Machine) -> None:
    nudge = await schedule_nudge(
        machine.context,
        GUILD,
        NudgeRequest("yellow", "every Friday 08:00", CHANNEL, holidays="england-and-wales"),
    )
    assert nudge.rule == "every Friday at 08:00, except bank holidays in England and Wales"
    await machine.run_until(END)
    posted = [machine.posted(each) for each in await machine.deliveries(nudge.schedule.schedule_id)]
    expected = [instant for instant in fridays_at_eight() if instant < END]
    assert [one for one in posted if one] == [[instant] for instant in expected]
    assert len(expected) == (50 if END == NEXT_YEAR else 14)
    assert machine.discord.alerts == []
    assert machine.discord.late == set()


@pytest.mark.parametrize(("change", "minute"), [(CLOCKS_FORWARD, 0), (CLOCKS_FORWARD, 30), (CLOCKS_BACK, 30)])
async def test_every_hour_around_a_clock_change(machine: Machine, change: datetime, minute: int) -> None:
    first, last = change - timedelta(hours=25), change + timedelta(hours=24)
    machine.clock.instant = first - timedelta(days=3)
    # In both nights the wall clock of the day before runs on the offset that ends.
    summer = timedelta(hours=change == CLOCKS_BACK)
    starts = (first + summer).replace(tzinfo=None) + timedelta(minutes=minute)
    await machine.add(schedule("hourly", starts, rule="FREQ=HOURLY"))
    await machine.run_until(last - timedelta(seconds=1))
    deliveries = await machine.deliveries("hourly")
    assert [machine.posted(each) for each in deliveries] == [
        [instant] for instant in full_hours(first, last, minute)
    ]
    assert [each.due_at for each in deliveries] == full_hours(first, last, minute)
    walls = {(each.local_date, each.slot) for each in deliveries}
    assert len(walls) == len(deliveries)


@pytest.mark.parametrize(
    ("jump", "skipped"), [(timedelta(hours=1), 0), (timedelta(days=1), 0), (timedelta(hours=49), 25)]
)
async def test_the_clock_jumps_forward(machine: Machine, jump: timedelta, skipped: int) -> None:
    machine.clock.instant = NOON
    await machine.add(schedule("hourly", datetime(2026, 6, 10, 13), rule="FREQ=HOURLY"))
    machine.clock.instant += timedelta(hours=3)
    await machine.run_until(machine.clock.now())
    machine.clock.instant += jump
    await machine.run_until(NOON + timedelta(days=4))
    deliveries = await machine.deliveries("hourly")
    due = [datetime(2026, 6, 10, 12, tzinfo=UTC) + timedelta(hours=number) for number in range(96)]
    assert [each.due_at for each in deliveries] == due
    left_out = [each for each in deliveries if each.state is DeliveryState.SKIPPED]
    assert len(left_out) == skipped
    # Each is told, several in one message.
    assert sum(text.count("was left out") for text in machine.discord.alerts) == skipped
    for each in deliveries:
        assert len(machine.posted(each)) == (each.state is DeliveryState.SENT)
        assert each.state is DeliveryState.SENT or each.reason


async def test_the_clock_jumps_back_an_hour(machine: Machine) -> None:
    machine.clock.instant = NOON
    await machine.add(schedule("hourly", datetime(2026, 6, 10, 13), rule="FREQ=HOURLY"))
    await machine.run_until(NOON + timedelta(hours=3))
    machine.clock.instant -= timedelta(hours=1)
    await machine.run_until(NOON + timedelta(hours=6))
    deliveries = await machine.deliveries("hourly")
    assert [machine.posted(each) for each in deliveries] == [[each.due_at] for each in deliveries]
    assert len(deliveries) == 6


async def test_a_claim_from_before_the_clock_went_back_is_looked_into(machine: Machine) -> None:
    """Its lease ends an hour late by the new clock, and no later."""
    machine.clock.instant = NOON
    await machine.add(schedule("once", datetime(2026, 6, 10, 13)))
    machine.clock.instant = datetime(2026, 6, 10, 12, tzinfo=UTC)
    machine.discord.weather = lambda: Weather(after=TimeoutError())
    await machine.run_until(machine.clock.now())
    machine.discord.weather = Weather
    machine.clock.instant -= timedelta(hours=1)
    await machine.run_until(NOON + timedelta(hours=2))
    (delivery,) = await machine.deliveries("once")
    assert delivery.state is DeliveryState.SENT
    assert len(machine.posted(delivery)) == 1


async def test_no_post_waits_for_daily_work_that_fails(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(context: object) -> None:
        raise RuntimeError("broken")

    machine.clock.instant = NOON
    await machine.add(schedule("once", datetime(2026, 6, 10, 13)))
    machine.clock.instant = datetime(2026, 6, 10, 12, tzinfo=UTC)
    monkeypatch.setattr("bot.services.retention.expire", fails)
    await machine.run_until(machine.clock.now())
    (delivery,) = await machine.deliveries("once")
    assert machine.posted(delivery) == [datetime(2026, 6, 10, 12, tzinfo=UTC)]


async def test_posts_go_out_before_the_daily_work_begins(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: list[list[datetime]] = []
    expire = retention.expire

    async def looks(context: Context) -> None:
        posted.append(machine.posted((await machine.deliveries("once"))[0]))
        await expire(context)

    machine.clock.instant = NOON
    await machine.add(schedule("once", datetime(2026, 6, 10, 13)))
    machine.clock.instant = datetime(2026, 6, 10, 12, tzinfo=UTC)
    monkeypatch.setattr("bot.services.retention.expire", looks)
    await machine.run_until(machine.clock.now())
    assert posted[0] == [datetime(2026, 6, 10, 12, tzinfo=UTC)]
