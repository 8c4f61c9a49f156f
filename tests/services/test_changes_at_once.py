"""Two organisers who change the same schedule, or the same list, at the same moment; on both databases."""

import asyncio
from datetime import date

import pytest

from bot.domain.problems import BadInput
from bot.domain.schedules import DeliveryState
from bot.services import actions
from bot.services import schedule_changes as changes
from bot.services.actions import ActionForm
from bot.services.context import Context
from bot.services.posts_on_request import send_now
from db.guilds import ensure_guild
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


async def test_actions_that_are_added_and_edited_at_once_overwrite_none(context: Context) -> None:
    async with context.database.write() as connection:
        await ensure_guild(connection, GUILD, "Europe/London")
    form = ActionForm("Leaflets", "Hand them out.")
    added = await asyncio.gather(*(actions.add(context, GUILD, form, None) for _ in range(5)))
    assert {one.position for one in added} == {1, 2, 3, 4, 5}
    assert len({one.key for one in added}) == 5
    edits = (
        actions.edit(
            context,
            GUILD,
            added[0].key,
            ActionForm("Leaflets", f"Hand out {number}."),
            None,
            as_seen=actions.seen(added[0]),
        )
        for number in range(5)
    )
    (changed,), refused = _apart(await asyncio.gather(*edits, return_exceptions=True))
    assert (await actions.get(context, GUILD, added[0].key)) == changed
    assert len(refused) == 4
    with pytest.raises(BadInput, match="Somebody has changed that action"):
        raise refused[0]


def _apart(ends: list[object]) -> tuple[list[object], list[BadInput]]:
    refused = [end for end in ends if isinstance(end, BadInput)]
    return [end for end in ends if not isinstance(end, BaseException)], refused
