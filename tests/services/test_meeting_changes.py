"""What organisers change about a meeting, and what becomes of reminders, members' own reminders and messages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.domain.attendance import Answer
from bot.domain.meeting_days import next_of
from bot.domain.models import MeetingState
from bot.domain.problems import BadInput, NotFound
from bot.domain.schedules import ScheduleKind
from bot.services import guilds, meeting_answers, meeting_changes, members, retention
from bot.services.context import Context
from bot.services.delivery import deliver_due
from bot.services.meeting_changes import Edits
from bot.services.meetings import MeetingRequest, get_meeting, upcoming
from bot.services.standing_posts import standing_posts
from db.tables import schedules
from tests.conftest import StoppedClock
from tests.services.channel_on_paper import ChannelOnPaper
from tests.services.meetings import (
    ANA,
    BEN,
    CEM,
    CHANNEL,
    DAI,
    EVE,
    GUILD,
    WEEKLY,
    coming,
    messages,
    planned,
    schedule,
    seats_told,
)


async def test_a_moved_meeting_takes_everything_along(context: Context) -> None:
    meeting = await schedule(context)
    await coming(context, meeting, ANA, BEN)
    await meeting_answers.give(context, GUILD, CEM, meeting.key, meeting.day, Answer.NOT_COMING)
    await meeting_answers.remind(context, GUILD, ANA, meeting.key, meeting.day, timedelta(hours=2))
    change = await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 2pm")
    assert (change.before.starts_wall, change.after.starts_wall) == (
        datetime(2025, 4, 10, 12, 30),
        datetime(2025, 4, 11, 14, 0),
    )
    assert change.told == 2
    assert await planned(context) == [
        f"notice 31 Mar 08:00 to {ANA}",
        f"notice 31 Mar 08:00 to {BEN}",
        "meeting 04 Apr 13:00",
        "meeting 10 Apr 13:00",
        f"meeting 11 Apr 11:00 to {ANA}",
        "meeting 11 Apr 12:00",
        "meeting 11 Apr 13:00",
        "reminder 11 Apr 14:00",
    ]
    text = (await messages(context))[ANA]
    assert "Thursday 10 April 2025, 12.30pm BST" in text
    assert "Friday 11 April 2025, 2pm BST" in text
    moved = await get_meeting(context, GUILD, meeting.key)
    assert moved.sequence == meeting.sequence + 1
    counts = await meeting_answers.counts(context, GUILD, moved)
    assert (counts.coming, counts.not_coming) == (2, 1)


async def test_moved_twice_and_cancelled_leaves_one_of_each(context: Context) -> None:
    meeting = await schedule(context)
    await coming(context, meeting, ANA)
    for to in ("11 April 2pm", "10 April 12.30pm"):
        await meeting_changes.move(context, GUILD, meeting.key, to)
    posts = [line for line in await planned(context) if line.startswith(("meeting", "reminder"))]
    assert posts == [
        "meeting 03 Apr 11:30",
        "meeting 09 Apr 11:30",
        "meeting 10 Apr 10:30",
        "meeting 10 Apr 11:30",
        "reminder 10 Apr 12:30",
    ]
    assert len(await upcoming(context, GUILD)) == 1
    change = await meeting_changes.cancel(context, GUILD, meeting.key, "The employer has offered talks.")
    assert change.after.state is MeetingState.CANCELLED
    assert change.after.sequence == meeting.sequence + 3
    assert change.left_out == 5
    posts = [line for line in await planned(context) if line.startswith(("meeting", "reminder"))]
    assert posts == []
    again = await meeting_changes.cancel(context, GUILD, meeting.key)
    assert again.already
    assert again.told == 0
    with pytest.raises(BadInput, match="is cancelled"):
        await meeting_changes.move(context, GUILD, meeting.key, "12 April 2pm")
    with pytest.raises(BadInput, match="is cancelled"):
        await coming(context, meeting, BEN)


async def test_one_of_a_series_is_left_out_and_another_moved(context: Context, clock: StoppedClock) -> None:
    meeting = await schedule(context, WEEKLY)
    first = next_of(meeting, context.now())
    assert first is not None
    await coming(context, first, ANA)
    change = await meeting_changes.skip(context, GUILD, "drop-in", reason="It is half-term.")
    assert change.before.day == date(2025, 4, 10)
    assert change.after.day == date(2025, 4, 17)
    assert "half-term" in (await messages(context))[ANA]
    moved = await meeting_changes.move(context, GUILD, "drop-in", "18 April 7pm", on="17 April")
    assert (moved.before.day, moved.after.day) == (date(2025, 4, 17), date(2025, 4, 17))
    assert [line for line in await planned(context) if line.startswith("meeting")] == [
        "meeting 17 Apr 18:00",
        "meeting 23 Apr 17:00",
    ]
    with pytest.raises(NotFound, match="any more"):
        await coming(context, first, BEN)
    await coming(context, moved.after, BEN)
    back = await meeting_changes.move(context, GUILD, "drop-in", "17 April 6pm", on="18 April")
    assert back.told == 1
    assert (await upcoming(context, GUILD))[-1].starts_wall == datetime(2025, 4, 17, 18, 0)


async def test_an_occurrence_is_moved_to_an_instant(context: Context, clock: StoppedClock) -> None:
    await schedule(context, MeetingRequest("Meeting", "Friday 11 April 6pm", CHANNEL))
    meeting = await schedule(context, WEEKLY)
    key, day, there = meeting.key, date(2025, 4, 17), datetime(2025, 4, 18, 17, 0, 59, tzinfo=UTC)
    await meeting_answers.give(context, GUILD, ANA, key, day, Answer.COMING)
    moved = await meeting_changes.move_to(context, GUILD, key, day, there)
    assert (moved.told, moved.after.day, moved.after.starts_wall) == (1, day, datetime(2025, 4, 18, 18, 0))
    assert (await meeting_changes.move_to(context, GUILD, key, day, there)).already
    assert (await upcoming(context, GUILD))[0].starts_wall == datetime(2025, 4, 10, 18, 0), (
        "and only that one"
    )
    for wrong in (context.now() - timedelta(minutes=1), datetime(9999, 12, 31, tzinfo=UTC)):
        with pytest.raises(BadInput, match="past, or more than five years"):
            await meeting_changes.move_to(context, GUILD, key, day, wrong)
    for gone in ("meeting-0123456789", "drop-in"):
        with pytest.raises(NotFound, match="no longer in the diary"):
            await meeting_changes.move_to(context, GUILD, gone, day, there)
    clock.forward(days=11)
    with pytest.raises(BadInput, match="does not take place then"):
        await meeting_changes.move_to(context, GUILD, key, date(2025, 4, 10), there)


async def test_the_posts_of_a_day_stay_up_to_date_however_many_of_other_days_follow(
    context: Context, clock: StoppedClock
) -> None:
    daily = MeetingRequest(
        "Stand-up", "1 April 6pm", CHANNEL, repeat="every day", remind="3 h, 2 h, 1 h, start"
    )
    meeting, paper = await schedule(context, daily), ChannelOnPaper()
    for _ in range(6):
        clock.forward(days=1)
        for _ in range(12):
            clock.forward(hours=1)
            await deliver_due(context, paper)
        clock.forward(hours=-12)
    first = date(2025, 4, 1)
    posts = await standing_posts(context, GUILD, meeting.key, first)
    assert [(post.delivery.local_date, f"{post.delivery.due_at:%H}") for post in posts] == [
        (first, hour) for hour in ("17", "16", "15")
    ]
    assert {post.meeting and post.meeting.day for post in posts} == {first}


async def test_the_clocks_going_forward_changes_nothing_on_the_clock(
    context: Context, clock: StoppedClock
) -> None:
    clock.forward(days=200)
    meeting = await schedule(context, MeetingRequest("Winter call", "Thursday 30 October 6pm", CHANNEL))
    change = await meeting_changes.move(context, GUILD, meeting.key, "Thursday 6 November 6pm")
    assert change.after.starts_wall == datetime(2025, 11, 6, 18, 0)
    assert f"{change.after.starts_at:%H:%M}" == "18:00"


async def test_words_length_and_seats(context: Context) -> None:
    meeting = await schedule(context)
    edits = Edits(
        title="All-members' call", duration="90 minutes", link="https://join.example.org/1", cap="2"
    )
    change = await meeting_changes.edit(context, GUILD, "branch", edits)
    assert (change.after.title, change.after.cap) == ("All-members' call", 2)
    assert "reminder 10 Apr 13:00" in await planned(context)
    assert "reminder 10 Apr 12:30" not in await planned(context)
    assert (await meeting_changes.edit(context, GUILD, meeting.key, edits)).already
    for wrong in (Edits(cap="0"), Edits(cap="many"), Edits(link="http://x"), Edits(duration="soon")):
        with pytest.raises(BadInput):
            await meeting_changes.edit(context, GUILD, meeting.key, wrong)
    cleared = await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="none", link="none"))
    assert (cleared.after.cap, cleared.after.link) == (None, None)


async def test_all_days_to_come_are_told_of_and_nobody_twice(context: Context) -> None:
    meeting = await schedule(context, WEEKLY)
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="1"))
    said = {date(2025, 4, 10): (ANA, BEN), date(2025, 4, 17): (ANA, BEN, CEM), date(2025, 4, 24): (DAI,)}
    for day, people in said.items():
        for person in people:
            await meeting_answers.give(context, GUILD, person, meeting.key, day, Answer.COMING)
    await meeting_answers.give(context, GUILD, EVE, meeting.key, date(2025, 4, 24), Answer.NOT_COMING)
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="none"))
    seats = await messages(context)
    assert (set(seats), await seats_told(context)) == ({BEN, CEM}, 2), "one message for both of Ben's days"
    assert [f"{day} April" in seats[BEN] for day in (10, 17, 24)] == [True, True, False]
    assert [f"{day} April" in seats[CEM] for day in (10, 17, 24)] == [False, True, False]
    change = await meeting_changes.cancel(context, GUILD, meeting.key, "The hall is closed.")
    told = [line for line in await planned(context) if line.startswith("notice")]
    assert change.told == 4
    assert sorted(told) == sorted(
        f"notice 31 Mar 08:00 to {person}" for person in (BEN, CEM, ANA, BEN, CEM, DAI)
    )
    off = {person: text for person, text in (await messages(context)).items() if "cancelled" in text}
    assert "Thursday 10 April" in off[ANA]
    assert "Thursday 24 April" in off[DAI]


async def test_nothing_is_left_of_what_was_told_once_nobody_is_left_who_was_told(
    context: Context, clock: StoppedClock
) -> None:
    await guilds.welcome(context, [GUILD])
    meeting = await schedule(context)
    await coming(context, meeting, ANA)
    await meeting_changes.cancel(context, GUILD, meeting.key, "The hall is closed.")
    clock.forward(days=1)
    await retention.expire(context)
    assert await told_schedules(context) == 1
    await members.forget(context, GUILD, ANA)
    await retention.expire(context)
    assert await told_schedules(context) == 0


async def told_schedules(context: Context) -> int:
    query = select(func.count()).where(schedules.c.kind == ScheduleKind.NOTICE.value)
    async with context.database.read() as connection:
        return (await connection.execute(query)).scalar_one()
