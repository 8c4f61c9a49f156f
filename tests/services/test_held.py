"""What is held back is told once, taken up again by itself when mended, and never doubled; on both databases."""

from datetime import datetime, timedelta

import pytest

from bot.domain.schedules import Delivery, DeliveryState, Schedule, ScheduleKind, TargetKind
from bot.services import guilds, members, permission_watch, restored
from bot.services.context import Context
from bot.services.delivery import (
    HistoryUnreadable,
    NotTried,
    PersonClosed,
    TargetDeleted,
    TargetGone,
    deliver_due,
    next_attention,
)
from bot.services.held import WAITS_FOR_ANSWER
from bot.services.schedules import add_schedule
from db.deliveries import fetch_deliveries, insert_missing
from tests.conftest import StoppedClock
from tests.services.channel_on_paper import ChannelOnPaper

GUILD, CHANNEL, FALLBACK, PERSON = 1, 2, 3, 4


@pytest.fixture
def channel() -> ChannelOnPaper:
    return ChannelOnPaper()


class Permissions:
    """What is wrong with channels, as a test says."""

    def __init__(self, **problems: str) -> None:
        self.problem: str | None = "I may not post in that channel."

    async def __call__(self, guild_id: int, channel_id: int) -> str | None:
        return self.problem


async def schedule(
    context: Context, kind: ScheduleKind = ScheduleKind.REMINDER, rule: str | None = "FREQ=DAILY"
) -> Schedule:
    """Due every day at 10:00 London, first an hour from the stopped clock's present."""
    made = Schedule(
        schedule_id="s1",
        guild_id=GUILD,
        kind=kind,
        title="Ballot papers",
        wordings=("Post your ballot paper.",),
        starts_wall=datetime(2025, 3, 31, 10, 0),
        zone="Europe/London",
        channel_id=CHANNEL,
        lead_times=(timedelta(),),
        rule=rule,
    )
    await guilds.change(context, GUILD, organisers_channel_id=9)
    async with context.database.write() as connection:
        await add_schedule(context, connection, made)
    return made


async def rows(context: Context) -> list[Delivery]:
    async with context.database.read() as connection:
        return list(await fetch_deliveries(connection, GUILD, "s1"))


async def states(context: Context, first: int) -> list[DeliveryState]:
    return [row.state for row in (await rows(context))[:first]]


async def test_a_closed_channel_is_told_once_and_mended_once(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    for _ in range(3):
        channel.before.append(TargetGone("I may not post in that channel."))
        await deliver_due(context, channel)
        clock.forward(days=1)
    clock.forward(days=-1)
    assert await states(context, 3) == [DeliveryState.HELD] * 3
    assert len(channel.alerts) == 1
    permissions = Permissions()
    await permission_watch.look_everywhere(context, channel, permissions)
    assert len(channel.alerts) == 1
    permissions.problem = None
    for _ in range(2):
        await permission_watch.look_everywhere(context, channel, permissions)
        await deliver_due(context, channel)
    assert await states(context, 3) == [DeliveryState.SKIPPED, DeliveryState.SKIPPED, DeliveryState.SENT]
    assert len(channel.posts) == 1
    (_, mended) = channel.alerts
    assert mended == (
        f"I may post in <#{CHANNEL}> again. 1 of the posts held back will be posted now. "
        "2 left out, because it is too late for them."
    )


async def test_what_may_have_been_posted_is_never_taken_up_by_itself(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.after.append(ConnectionResetError())
    await deliver_due(context, channel)
    clock.forward(minutes=3)
    channel.unreadable = HistoryUnreadable()
    await deliver_due(context, channel)
    permissions = Permissions()
    permissions.problem = None
    await permission_watch.look_everywhere(context, channel, permissions)
    await deliver_due(context, channel)
    assert await states(context, 1) == [DeliveryState.HELD]
    assert len(channel.posts) == 1


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (TargetGone("I may not see that channel."), DeliveryState.HELD),
        (TargetDeleted("Gone."), DeliveryState.SENT),
    ],
)
async def test_the_fallback_gets_only_what_certainly_stands_nowhere(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper, found: Exception, state: DeliveryState
) -> None:
    await schedule(context)
    await guilds.change(context, GUILD, fallback_channel_id=FALLBACK)
    clock.forward(hours=1)
    channel.before.append(ConnectionResetError())
    await deliver_due(context, channel)
    clock.forward(minutes=3)
    channel.unreadable = found
    await deliver_due(context, channel)
    assert await states(context, 1) == [state]
    assert len(channel.alerts) == 1


async def test_a_post_to_the_fallback_whose_answer_was_lost_is_found_there(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    await guilds.change(context, GUILD, fallback_channel_id=FALLBACK)
    clock.forward(hours=1)
    channel.before.append(TargetGone("I may not post in that channel."))
    channel.after.append(ConnectionResetError())
    await deliver_due(context, channel)
    (row, *_) = await rows(context)
    assert (row.target_id, row.state) == (FALLBACK, DeliveryState.SENDING)
    clock.forward(minutes=3)
    await deliver_due(context, channel)
    assert await states(context, 1) == [DeliveryState.SENT]
    assert len(channel.posts) == 1
    (alert,) = channel.alerts
    assert f"goes to <#{FALLBACK}> instead" in alert


async def test_what_could_not_be_tried_counts_as_no_attempt(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.before.extend(NotTried("Not yet.") for _ in range(20))
    for _ in range(20):
        await deliver_due(context, channel)
        due = await next_attention(context)
        assert due is not None
        clock.instant = due
    (row, *_) = await rows(context)
    assert (row.attempts, row.first_attempted_at, row.state) == (0, None, DeliveryState.PENDING)
    await deliver_due(context, channel)
    assert await states(context, 1) == [DeliveryState.SENT]


async def test_quiet_hours_put_a_nudge_back_without_an_attempt(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context, ScheduleKind.NUDGE)
    await guilds.change(context, GUILD, quiet_from="09:00", quiet_until="11:00")
    clock.forward(hours=1)
    await deliver_due(context, channel)
    (row, *_) = await rows(context)
    assert (row.attempts, row.first_attempted_at, row.state) == (0, None, DeliveryState.PENDING)
    assert channel.posts == []
    assert await next_attention(context) == clock.now() + timedelta(hours=1)
    clock.forward(hours=1)
    await deliver_due(context, channel)
    assert await states(context, 1) == [DeliveryState.SENT]
    assert channel.alerts == []


async def test_a_weekly_limit_leaves_a_nudge_out_without_an_alert(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context, ScheduleKind.NUDGE)
    await guilds.change(context, GUILD, weekly_cap=1)
    clock.forward(hours=1)
    await deliver_due(context, channel)
    clock.forward(days=1)
    await deliver_due(context, channel)
    assert await states(context, 2) == [DeliveryState.SENT, DeliveryState.SKIPPED]
    assert len(channel.posts) == 1
    assert channel.alerts == []


async def test_a_nudge_is_spread_to_members_and_closed_doors_are_quiet(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context, ScheduleKind.NUDGE, rule=None)
    await members.set_nudges(context, GUILD, PERSON, on=True)
    clock.forward(hours=1)
    channel.before.extend([])
    await deliver_due(context, channel)
    direct = [row for row in await rows(context) if row.target_kind is TargetKind.MEMBER]
    assert [row.target_id for row in direct] == [PERSON]
    assert [row.state for row in direct] == [DeliveryState.SENT]


async def test_a_member_who_takes_no_messages_is_left_out_quietly(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    made = await schedule(context, ScheduleKind.NUDGE)
    await members.set_nudges(context, GUILD, PERSON, on=True)
    row = Delivery(
        "direct", GUILD, made.schedule_id, clock.now().date(), "dm:0", PERSON, clock.now(), clock.now(),
        target_kind=TargetKind.MEMBER,
    )  # fmt: skip
    async with context.database.write() as connection:
        await insert_missing(connection, [row])
    channel.before.append(PersonClosed("That person does not take direct messages."))
    await deliver_due(context, channel)
    (found,) = [one for one in await rows(context) if one.target_kind is TargetKind.MEMBER]
    assert found.state is DeliveryState.SKIPPED
    assert channel.alerts == []
    assert not (await members.choices(context, GUILD, PERSON)).nudges


async def test_after_a_long_time_off_an_organiser_is_asked(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    await restored.note_alive(context, None)
    clock.forward(days=3)
    assert [question.posts for question in await restored.pause_overdue(context)] == [1]
    assert await restored.waiting(context, GUILD) == 1
    await deliver_due(context, channel)
    assert channel.posts == []
    (held,) = [row for row in await rows(context) if row.state is DeliveryState.HELD]
    assert held.reason == WAITS_FOR_ANSWER
    channel.posts.append(held.delivery_id)  # posted before the backup's loss
    assert (await restored.post_useful(context, GUILD)).tried == 1
    await deliver_due(context, channel)
    assert channel.posts == [held.delivery_id]
    assert await restored.waiting(context, GUILD) == 0


async def test_after_a_long_time_off_it_can_be_left_out(context: Context, clock: StoppedClock) -> None:
    await schedule(context)
    await restored.note_alive(context, None)
    clock.forward(days=3)
    await restored.pause_overdue(context)
    assert await restored.leave_out(context, GUILD) == 1
    assert await restored.leave_out(context, GUILD) == 0


async def test_after_a_short_time_off_nobody_is_asked(context: Context, clock: StoppedClock) -> None:
    await schedule(context)
    await restored.note_alive(context, None)
    clock.forward(hours=25)
    assert await restored.pause_overdue(context) == []


async def test_what_is_claimed_is_given_back_at_the_stop(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    answers = iter([True])
    await deliver_due(context, channel, lambda: next(answers, False))
    (row, *_) = await rows(context)
    assert row.state in {DeliveryState.SENT, DeliveryState.PENDING}
    assert len(channel.posts) == (row.state is DeliveryState.SENT)
