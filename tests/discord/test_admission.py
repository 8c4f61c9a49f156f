"""Only what Discord still waits for is dealt with, and only so much at a time."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import admission
from bot.admission import AT_ONCE, LATEST_TURN_SECONDS, Admission, Arrivals

START = datetime(2026, 1, 1, tzinfo=UTC)
seconds = st.floats(0, 1_000, allow_nan=False)


class SetClock:
    """A machine's clock that goes wrong by so much."""

    def __init__(self, wrong_by: timedelta = timedelta()) -> None:
        self.wrong_by = wrong_by

    def now(self) -> datetime:
        return datetime.now(UTC) + self.wrong_by


def made(ago: float) -> int:
    """The id of an interaction that Discord made so many seconds ago."""
    return discord.utils.time_snowflake(datetime.now(UTC) - timedelta(seconds=ago))


@given(
    wrong_by=st.floats(-1e6, 1e6),
    gaps=st.lists(seconds, min_size=1, max_size=20),
    under_way=st.floats(0, 2.5),
)
def test_a_clock_that_is_wrong_makes_nothing_late(
    wrong_by: float, gaps: list[float], under_way: float
) -> None:
    arrivals, passed = Arrivals(), 0.0
    for gap in gaps:
        passed += gap
        made_at = START + timedelta(seconds=passed)
        now = made_at + timedelta(seconds=wrong_by + under_way)
        assert arrivals.late_by(made_at, now, passed) < 0.001


@given(step=st.one_of(st.floats(-1e6, -1), st.floats(1, 1e6)), gap=seconds)
def test_a_clock_that_is_set_makes_nothing_late(step: float, gap: float) -> None:
    arrivals = Arrivals()
    arrivals.late_by(START, START, 0.0)
    made_at = START + timedelta(seconds=gap)
    assert arrivals.late_by(made_at, made_at + timedelta(seconds=step), gap) < 0.001


def test_a_clock_that_is_corrected_gently_makes_nothing_late() -> None:
    arrivals = Arrivals()
    for second in range(0, 3600, 4):
        made_at = START + timedelta(seconds=second)
        ahead = timedelta(seconds=second * 0.08)
        assert arrivals.late_by(made_at, made_at + ahead, second * 1.08) < 0.5


def test_what_was_held_up_on_its_way_is_late_by_that_much() -> None:
    arrivals = Arrivals()
    arrivals.late_by(START, START + timedelta(seconds=0.1), 0.1)
    made_at = START + timedelta(seconds=10)
    assert arrivals.late_by(made_at, made_at + timedelta(seconds=4.1), 14.1) == pytest.approx(4.0 - 1.4)


async def test_what_discord_has_given_up_on_has_no_turn(caplog: pytest.LogCaptureFixture) -> None:
    gate = Admission(SetClock(timedelta(hours=-7)))
    async with gate.turn(made(0.0)) as first:
        assert first == pytest.approx(0.0, abs=0.1)
    async with gate.turn(made(3.5)) as late:
        assert late is None
    async with gate.turn(made(1.0)) as in_time:
        assert in_time == pytest.approx(1.0, abs=0.3)
    assert "Discord had given up" in caplog.text


async def test_so_many_at_once_and_the_rest_in_the_order_of_their_arrival() -> None:
    gate, done = Admission(SetClock()), list[int]()
    busy, most = 0, 0

    async def deal_with(number: int) -> None:
        nonlocal busy, most
        async with gate.turn(made(0.0)):
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0)
            busy -= 1
            done.append(number)

    await asyncio.gather(*(deal_with(number) for number in range(5 * AT_ONCE)))
    assert most == AT_ONCE
    assert done == list(range(5 * AT_ONCE))


async def test_whoever_had_to_wait_too_long_has_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "AT_ONCE", 1)
    gate = Admission(SetClock())
    ages = {"waited": LATEST_TURN_SECONDS + 0.1, "came now": 0.0}
    had: dict[str, float | None] = {}

    async def ask(who: str) -> None:
        async with gate.turn(made(ages[who])) as waited:
            had[who] = waited

    async with AsyncExitStack() as stack:
        await stack.enter_async_context(gate.turn(made(0.0)))
        waiting = [asyncio.create_task(ask(who)) for who in ages]
        await asyncio.sleep(0)
        assert had == {}
    await asyncio.gather(*waiting)
    assert had["waited"] is None
    assert had["came now"] is not None


async def test_whoever_gives_up_waiting_takes_no_turn_from_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "AT_ONCE", 1)
    gate = Admission(SetClock())

    async def ask() -> float | None:
        async with gate.turn(made(0.0)) as waited:
            return waited

    async with gate.turn(made(0.0)):
        first, second = asyncio.create_task(ask()), asyncio.create_task(ask())
        await asyncio.sleep(0)
        first.cancel()
    assert await second is not None
