"""Each delivery comes once, or somebody is told why not; on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from bot.domain.schedules import DeliveryState, Schedule, ScheduleKind, ScheduleState
from bot.services.context import Context
from bot.services.delivery import HistoryUnreadable, NotSent, Refused, TargetGone, deliver_due, next_attention
from bot.services.schedules import add_schedule, deliveries_between, extend_horizon
from db.deliveries import claim_due, fetch_deliveries, settle
from db.guilds import ensure_guild, update_guild
from db.tables import schedules
from tests.conftest import StoppedClock
from tests.services.channel_on_paper import ChannelOnPaper

GUILD, CHANNEL = 1, 2


@pytest.fixture
def channel() -> ChannelOnPaper:
    return ChannelOnPaper()


async def schedule(
    context: Context, *, rule: str | None = None, kind: ScheduleKind = ScheduleKind.REMINDER
) -> Schedule:
    """Something due on Monday 31 March 2025 at 10:00 London, an hour from the stopped clock's present."""
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
    async with context.database.write() as connection:
        await add_schedule(context, connection, made)
    return made


async def states(context: Context) -> list[DeliveryState]:
    async with context.database.read() as connection:
        return [delivery.state for delivery in await fetch_deliveries(connection, GUILD, "s1")]


async def test_nothing_is_sent_before_its_time(context: Context, channel: ChannelOnPaper) -> None:
    await schedule(context)
    await deliver_due(context, channel)
    assert channel.posts == []
    due = await next_attention(context)
    assert due is not None
    assert due == context.now() + timedelta(hours=1)


async def test_what_is_due_is_sent_once(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    await deliver_due(context, channel)
    await deliver_due(context, channel)
    assert len(channel.posts) == 1
    assert await states(context) == [DeliveryState.SENT]
    assert await next_attention(context) is None


async def test_writing_ahead_twice_changes_nothing(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    made = await schedule(context, rule="FREQ=WEEKLY")
    clock.forward(hours=1)
    await deliver_due(context, channel)
    await extend_horizon(context)
    before = await states(context)
    await extend_horizon(context)
    assert await states(context) == before
    ahead = list(deliveries_between(made, clock.now() - timedelta(hours=2), clock.now() + timedelta(days=35)))
    assert len(before) == len(ahead) == 6


async def test_the_horizon_moves_with_the_days(context: Context, clock: StoppedClock) -> None:
    await schedule(context, rule="FREQ=WEEKLY")
    clock.forward(days=14)
    await extend_horizon(context)
    async with context.database.read() as connection:
        found = await fetch_deliveries(connection, GUILD, "s1")
    days = [delivery.local_date for delivery in found]
    assert len(days) == len(set(days)) == 7
    assert days[-1] - days[0] == timedelta(weeks=6)


async def test_a_claim_keeps_others_away(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    async with context.database.write() as connection:
        (claimed,) = await claim_due(
            connection, now=clock.now(), lease_until=clock.now() + timedelta(minutes=2), limit=10
        )
    await deliver_due(context, channel)
    assert channel.posts == []
    assert claimed.fence == 1
    assert claimed.first_attempted_at == clock.now()
    assert await next_attention(context) == clock.now() + timedelta(minutes=2)


async def test_who_was_overtaken_cannot_mark(context: Context, clock: StoppedClock) -> None:
    await schedule(context)
    clock.forward(hours=1)
    async with context.database.write() as connection:
        (first,) = await claim_due(connection, now=clock.now(), lease_until=clock.now(), limit=10)
        (second,) = await claim_due(connection, now=clock.now(), lease_until=clock.now(), limit=10)
    async with context.database.write() as connection:
        assert not await settle(connection, first, DeliveryState.FAILED, at=clock.now())
        assert await settle(connection, second, DeliveryState.SENT, at=clock.now(), message_id=7)
    assert await states(context) == [DeliveryState.SENT]


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(), RuntimeError("odd")])
async def test_an_unknown_outcome_that_arrived_is_not_sent_again(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper, error: Exception
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.after.append(error)
    await deliver_due(context, channel)
    assert await states(context) == [DeliveryState.SENDING]
    clock.forward(minutes=3)
    await deliver_due(context, channel)
    assert len(channel.posts) == 1
    assert await states(context) == [DeliveryState.SENT]


async def test_an_unknown_outcome_that_did_not_arrive_is_sent_again(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.before.append(ConnectionResetError())
    await deliver_due(context, channel)
    clock.forward(minutes=3)
    await deliver_due(context, channel)
    assert len(channel.posts) == 1
    assert await states(context) == [DeliveryState.SENT]


async def test_an_unknown_outcome_in_an_unreadable_channel_is_held_and_told(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.after.append(ConnectionResetError())
    channel.unreadable = HistoryUnreadable()
    await deliver_due(context, channel)
    clock.forward(minutes=3)
    await deliver_due(context, channel)
    await deliver_due(context, channel)
    assert len(channel.posts) == 1
    assert await states(context) == [DeliveryState.HELD]
    assert len(channel.alerts) == 1
    assert "not certain" in channel.alerts[0]


@pytest.mark.parametrize(
    ("error", "state"),
    [(TargetGone("Gone."), DeliveryState.HELD), (Refused("No."), DeliveryState.FAILED)],
)
async def test_a_final_refusal_is_told_once(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper, error: Exception, state: DeliveryState
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.before.append(error)
    await deliver_due(context, channel)
    await deliver_due(context, channel)
    assert await states(context) == [state]
    assert len(channel.alerts) == 1
    assert "Ballot papers" in channel.alerts[0]
    assert channel.posts == []


async def test_what_certainly_was_not_sent_is_tried_again_later(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.before.append(NotSent("Busy."))
    await deliver_due(context, channel)
    assert await states(context) == [DeliveryState.PENDING]
    due = await next_attention(context)
    assert due is not None
    clock.instant = due
    await deliver_due(context, channel)
    assert await states(context) == [DeliveryState.SENT]


async def test_what_certainly_was_not_sent_needs_no_history_to_be_tried_again(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.unreadable = HistoryUnreadable()
    channel.before.extend((NotSent("Discord is busy."), NotSent("Discord is busy.")))
    for _ in range(3):
        await deliver_due(context, channel)
        clock.forward(minutes=2)
    assert (await states(context))[0] is DeliveryState.SENT
    assert len(channel.posts) == 1


async def test_trying_ends_at_last_and_is_told(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    channel.before.extend(NotSent("Busy.") for _ in range(20))
    while (due := await next_attention(context)) is not None:
        clock.instant = max(due, clock.instant)
        await deliver_due(context, channel)
    assert await states(context) == [DeliveryState.FAILED]
    assert len(channel.alerts) == 1


@pytest.mark.parametrize(
    ("kind", "late_by", "state"),
    [
        (ScheduleKind.REMINDER, timedelta(hours=23), DeliveryState.SENT),
        (ScheduleKind.REMINDER, timedelta(hours=25), DeliveryState.SKIPPED),
        (ScheduleKind.NUDGE, timedelta(hours=13), DeliveryState.SENT),
        (ScheduleKind.NUDGE, timedelta(hours=15), DeliveryState.SKIPPED),
        (ScheduleKind.MEETING, timedelta(minutes=10), DeliveryState.SENT),
        (ScheduleKind.MEETING, timedelta(minutes=20), DeliveryState.SKIPPED),
    ],
)
async def test_lateness_is_judged_by_kind(
    context: Context,
    clock: StoppedClock,
    channel: ChannelOnPaper,
    kind: ScheduleKind,
    late_by: timedelta,
    state: DeliveryState,
) -> None:
    await schedule(context, kind=kind)
    clock.forward(hours=1)
    clock.instant += late_by
    await deliver_due(context, channel)
    assert await states(context) == [state]
    assert len(channel.alerts) == (state is DeliveryState.SKIPPED)


async def set_state(context: Context, state: ScheduleState) -> None:
    async with context.database.write() as connection:
        await connection.execute(update(schedules).values(state=state.value))


@pytest.mark.parametrize("state", [ScheduleState.PAUSED, ScheduleState.ENDED])
@pytest.mark.parametrize("arrived", [True, False])
async def test_what_was_under_way_when_its_schedule_stopped_is_settled(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper, state: ScheduleState, arrived: bool
) -> None:
    await schedule(context)
    clock.forward(hours=1)
    (channel.after if arrived else channel.before).append(ConnectionResetError())
    await deliver_due(context, channel)
    await set_state(context, state)
    clock.forward(minutes=3)
    await deliver_due(context, channel)
    assert await states(context) == [DeliveryState.SENT if arrived else DeliveryState.SKIPPED]
    assert len(channel.posts) == arrived
    assert await next_attention(context) is None


async def test_what_waits_under_a_paused_schedule_goes_on_waiting(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    await set_state(context, ScheduleState.PAUSED)
    clock.forward(hours=1)
    await deliver_due(context, channel)
    assert await states(context) == [DeliveryState.PENDING]
    assert await next_attention(context) is None


async def test_what_an_ended_schedule_left_behind_is_skipped(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    await set_state(context, ScheduleState.ENDED)
    clock.forward(hours=1)
    await deliver_due(context, channel)
    assert await states(context) == [DeliveryState.SKIPPED]
    assert channel.posts == []


async def test_a_role_taken_off_the_list_is_no_longer_pinged(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    async with context.database.write() as connection:
        await connection.execute(update(schedules).values(role_id=77))
        await ensure_guild(connection, GUILD, "Europe/London")
        await update_guild(connection, GUILD, ping_role_ids=[88])
    clock.forward(hours=1)
    await deliver_due(context, channel)
    assert [post.schedule.role_id for post in channel.sent] == [None]
