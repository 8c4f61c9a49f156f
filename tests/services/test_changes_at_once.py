"""Two organisers who change the same schedule at the same moment; on both databases."""

import asyncio
from datetime import date

from bot.domain.schedules import DeliveryState
from bot.services import schedule_changes as changes
from bot.services.context import Context
from bot.services.posts_on_request import send_now
from tests.services.test_schedule_changes import GUILD, KIND, rows, schedule


async def test_neither_change_is_lost(context: Context) -> None:
    await schedule(context)
    days = ["4 April", "11 April", "18 April", "25 April"]
    await asyncio.gather(*(changes.skip(context, GUILD, KIND, "s1", day) for day in days))
    found = {row.local_date for row in await rows(context) if row.state is DeliveryState.SKIPPED}
    assert found == {date(2025, 4, day) for day in (4, 11, 18, 25)}
    again = await changes.skip(context, GUILD, KIND, "s1")
    assert again.plan.schedule.skipped == found | {date(2025, 5, 2)}


async def test_the_same_button_pressed_by_two_at_once_posts_once(context: Context) -> None:
    await schedule(context)
    asked = int(context.now().timestamp())
    await asyncio.gather(*(send_now(context, GUILD, KIND, "s1", asked) for _ in range(5)))
    assert len([row for row in await rows(context) if row.slot.startswith("now@")]) == 1
