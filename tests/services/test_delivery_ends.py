"""What is left when deliveries end in another way than by being sent; on both databases."""

import asyncio
from datetime import UTC, date, datetime

from bot.domain.schedules import DeliveryState
from bot.services import policy
from bot.services.context import Context
from bot.services.delivery import Post, deliver_due, with_meeting
from bot.services.meeting_changes import skip
from bot.services.policy import PolicyChange
from db.deliveries import fetch_deliveries
from db.schedules import fetch_of_meeting
from tests.conftest import StoppedClock
from tests.services.channel_on_paper import ChannelOnPaper
from tests.services.meetings import GUILD, WEEKLY, schedule
from tests.services.nudges import nudge, store
from tests.services.test_delivery_pace import BUSY, Gate, due_now

LEFT_OUT = date(2025, 4, 17)


class SlowToEnd(Gate):
    """One that has something to put away when it is broken off."""

    async def send(self, post: Post) -> int:
        try:
            return await super().send(post)
        finally:
            for _ in range(10):
                await asyncio.sleep(0)


async def test_what_the_limits_keep_back_is_counted_with_its_delay(
    context: Context, clock: StoppedClock
) -> None:
    await policy.change(context, GUILD, PolicyChange(weekly_cap="1"))
    async with context.database.write() as connection:
        for name in ("s1", "s2"):
            await store(connection, nudge(schedule_id=name), deliveries=True)
    counted: list[tuple[DeliveryState, float]] = []
    context.pulse.count = lambda state, lag: counted.append((state, lag))
    clock.forward(hours=1, minutes=1)
    channel = ChannelOnPaper()
    await deliver_due(context, channel)
    assert len(channel.posts) == 1
    assert sorted(counted) == [(DeliveryState.SENT, 60.0), (DeliveryState.SKIPPED, 60.0)]
    assert context.pulse.last_settled == clock.now()


async def test_a_post_about_a_day_that_was_left_out_tells_of_that_day(context: Context) -> None:
    """It stands already, and is edited to say that the meeting does not take place then."""
    meeting = await schedule(context, WEEKLY)
    await skip(context, GUILD, meeting.key, "17 April")
    async with context.database.read() as connection:
        (reminders, *_) = await fetch_of_meeting(connection, GUILD, meeting.key)
        posted = await fetch_deliveries(connection, GUILD, reminders.schedule_id)
        (about_it,) = {one.occurs_at: one for one in posted if one.local_date == LEFT_OUT}.values()
        post = await with_meeting(connection, Post(about_it, reminders, None, False))
    assert post.meeting is not None
    assert post.meeting.starts_at == datetime(2025, 4, 17, 17, 0, tzinfo=UTC)
    assert post.meeting.day == LEFT_OUT


async def test_whoever_stops_delivering_leaves_nothing_under_way(context: Context) -> None:
    await due_now(context, 3, BUSY)
    gate = SlowToEnd()
    before = asyncio.all_tasks()
    running = asyncio.create_task(deliver_due(context, gate))
    while len(gate.under_way) < 3:
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait({running}, timeout=5)  # a send may take longer than that
    assert running.cancelled()
    assert asyncio.all_tasks() == before
    assert gate.sent == []
