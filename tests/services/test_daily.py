"""The work of each day is done once, at its hour, or at the next start."""

from datetime import UTC, datetime, timedelta

from bot.services import daily, feedback
from bot.services.context import Context
from db.feedback import fetch_guilds_with_waiting
from tests.conftest import StoppedClock

SIX_LONDON = datetime(2025, 4, 1, 5, 0, tzinfo=UTC)


class TickingClock:
    """Like a real one, it is later each time that it is read."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        self.instant += timedelta(microseconds=1)
        return self.instant


async def waiting(context: Context) -> bool:
    async with context.database.read() as connection:
        return bool(await fetch_guilds_with_waiting(connection))


async def test_a_new_installation_settles_into_the_rhythm(context: Context) -> None:
    context.clock = TickingClock(datetime(2025, 3, 31, 8, 0, tzinfo=UTC))
    await daily.run_if_due(context)
    assert await daily.next_run(context) == SIX_LONDON


async def test_feedback_is_handed_over_at_the_hour_and_not_before(
    context: Context, clock: StoppedClock
) -> None:
    await daily.run_if_due(context)
    await feedback.give(context, 1, 2, "situation", "Too many cases.")
    clock.instant = SIX_LONDON - timedelta(seconds=1)
    await daily.run_if_due(context)
    assert await waiting(context)
    clock.instant = SIX_LONDON
    await daily.run_if_due(context)
    assert not await waiting(context)
    assert await daily.next_run(context) == SIX_LONDON + timedelta(days=1)


async def test_what_was_missed_while_off_is_made_good_once(context: Context, clock: StoppedClock) -> None:
    await daily.run_if_due(context)
    await feedback.give(context, 1, 2, "situation", "Too many cases.")
    clock.forward(days=9)
    await daily.run_if_due(context)
    assert not await waiting(context)
    assert await daily.next_run(context) > clock.now()


async def test_the_hour_follows_the_clock_change(context: Context, clock: StoppedClock) -> None:
    clock.instant = datetime(2025, 10, 25, 12, 0, tzinfo=UTC)
    await daily.run_if_due(context)
    assert await daily.next_run(context) == datetime(2025, 10, 26, 6, 0, tzinfo=UTC)
