"""Several processes on one database: each does for its own guilds what there is to do, and one what is done once."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.backing_up import back_up_if_due
from bot.domain.problems import Problem
from bot.domain.schedules import Schedule, ScheduleKind
from bot.domain.shards import Share, shares
from bot.services import daily, digest, feedback, guilds, restored
from bot.services.context import Context
from bot.services.delivery import deliver_due, next_attention
from bot.services.keys import load_keys
from bot.services.one_secret import check_secret
from bot.services.rate_limit import SubmissionLimit
from bot.services.schedules import add_schedule
from db.delivery_lists import count_backlog, fetch_overdue
from db.guilds import fetch_guild_ids
from tests.conftest import StoppedClock
from tests.services.channel_on_paper import ChannelOnPaper

HERE, THERE = 2 << 22, (3 << 22) + 5
"""A guild of the first share, and one of the second."""

CHANNEL = 7


def process(context: Context, share: Share) -> Context:
    """A process of the same installation, with nothing in its memory."""
    limit = SubmissionLimit(5)
    made = Context(context.database, context.clock, context.settings, context.keys, limit, share=share)
    made.pulse.leads = True
    return made


@pytest.fixture
async def both(context: Context) -> tuple[Context, Context]:
    """Two processes that share two guilds out between them."""
    first, second = (process(context, share) for share in shares(2, 2))
    for one, guild_id in ((first, HERE), (second, THERE)):
        await guilds.change(one, guild_id, moderators_channel_id=CHANNEL, organisers_channel_id=CHANNEL)
    return first, second


async def remind(context: Context, guild_id: int) -> None:
    schedule = Schedule(
        schedule_id=f"s{guild_id}",
        guild_id=guild_id,
        kind=ScheduleKind.REMINDER,
        title="Ballot papers",
        wordings=("Post your ballot paper.",),
        starts_wall=(context.now() + timedelta(hours=2)).replace(tzinfo=None),  # London is an hour ahead
        zone="Europe/London",
        channel_id=CHANNEL,
        lead_times=(timedelta(),),
    )
    async with context.database.write() as connection:
        await add_schedule(context, connection, schedule)


async def test_each_delivers_what_is_due_in_its_guilds(
    both: tuple[Context, Context], clock: StoppedClock
) -> None:
    first, second = both
    await remind(first, HERE)
    clock.forward(minutes=1)
    await remind(first, THERE)
    due = clock.now() + timedelta(hours=1)
    assert await next_attention(first) == due - timedelta(minutes=1)
    assert await next_attention(second) == due
    clock.forward(hours=2)
    async with first.database.read() as connection:
        for one, guild_id in ((first, HERE), (second, THERE)):
            assert await fetch_guild_ids(connection, one.share) == (guild_id,)
            assert await count_backlog(connection, clock.now(), one.share) == 1
            overdue = await fetch_overdue(connection, clock.now(), one.share)
            assert [delivery.guild_id for delivery in overdue] == [guild_id]
        assert await count_backlog(connection, clock.now()) == 2
    for one, guild_id in ((second, THERE), (first, HERE)):
        channel = ChannelOnPaper()
        await deliver_due(one, channel)
        assert [post.delivery.guild_id for post in channel.sent] == [guild_id]
        assert await next_attention(one) is None


async def test_the_days_work_is_done_once_and_what_it_brings_is_told_by_who_serves_the_guild(
    both: tuple[Context, Context], clock: StoppedClock
) -> None:
    first, second = both
    assert not await daily.is_new_day(second)
    assert await daily.next_turn(second) is None
    assert await daily.is_new_day(first)
    for one in (second, first):
        await daily.note_day(one)
        assert not await daily.is_new_day(one)
    await feedback.give(first, HERE, 1, "situation", "Too many cases.")
    await feedback.give(second, THERE, 2, "situation", "Too few of us.")
    clock.forward(days=1)

    assert not await daily.is_new_day(second), "it does not do what the first has to do"
    assert await daily.is_new_day(first)
    assert [one.guild_id for one in await digest.take(first)] == [HERE]
    assert await digest.take(first) == []
    assert await daily.next_turn(second) == clock.now()
    assert await daily.is_new_day(second)
    assert [one.guild_id for one in await digest.take(second)] == [THERE]
    # Killed before it was through, it is taken up by whoever serves the guilds next.
    assert await daily.is_new_day(process(second, second.share))
    await daily.note_day(second)
    assert not await daily.is_new_day(second)


async def test_backups_are_made_by_one(both: tuple[Context, Context]) -> None:
    first, second = both
    assert not await back_up_if_due(second)
    assert not second.pulse.backs_up
    await back_up_if_due(first)
    assert first.pulse.backs_up


async def test_what_others_serve_is_read_afresh(both: tuple[Context, Context]) -> None:
    first, second = both
    assert (await guilds.get(first, THERE)).feedback_weeks is None
    await guilds.change(second, THERE, feedback_weeks=52)
    assert (await guilds.get(first, THERE)).feedback_weeks == 52
    assert THERE in second.guilds
    assert THERE not in first.guilds


async def test_who_was_off_knows_it_although_the_others_were_not(
    both: tuple[Context, Context], clock: StoppedClock
) -> None:
    first, second = both
    await restored.note_alive(first, None)
    await restored.note_alive(second, None)
    clock.forward(hours=27)
    await restored.note_alive(first, None)
    assert await restored.doubtful_before(process(first, first.share)) is None
    assert await restored.doubtful_before(process(second, second.share)) == clock.now()
    whole = process(first, Share())
    assert await restored.doubtful_before(whole) is None
    await restored.note_alive(whole, None)
    clock.forward(minutes=1)
    assert await restored.doubtful_before(second) is None, "all guilds were served by one process meanwhile"


async def test_one_installation_has_one_secret(both: tuple[Context, Context], tmp_path: Path) -> None:
    first, second = both
    await check_secret(first, alone=False)
    await check_secret(second, alone=False)
    second.keys = load_keys(tmp_path / "another")
    with pytest.raises(Problem, match="another secret"):
        await check_secret(second, alone=False)
    await check_secret(second, alone=True)
    with pytest.raises(Problem, match="another secret"):
        await check_secret(first, alone=False)
