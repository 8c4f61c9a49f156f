"""What organisers change about a schedule, and what becomes of its deliveries; on both databases."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.problems import BadInput, NotFound
from bot.domain.schedules import Delivery, DeliveryState, Schedule, ScheduleKind
from bot.services import schedule_changes as changes
from bot.services.context import Context
from bot.services.delivery import deliver_due, next_attention
from bot.services.planned import get_planned, list_planned, suggest_planned
from bot.services.posts_on_request import next_post, post_now, send_now
from bot.services.schedules import add_schedule, extend_horizon
from db.deliveries import fetch_deliveries
from tests.conftest import StoppedClock
from tests.services.channel_on_paper import ChannelOnPaper

GUILD, CHANNEL = 1, 2
KIND = ScheduleKind.NUDGE
WEEKLY = "FREQ=WEEKLY;BYDAY=FR"
FIRST_FRIDAY = date(2025, 4, 4)


@pytest.fixture
def channel() -> ChannelOnPaper:
    return ChannelOnPaper()


async def schedule(
    context: Context, schedule_id: str = "s1", *, rule: str | None = WEEKLY, title: str = "Wear Yellow"
) -> Schedule:
    """Due on Fridays at 08:00 London from 4 April 2025; the stopped clock stands on Monday 31 March."""
    made = Schedule(
        schedule_id=schedule_id,
        guild_id=GUILD,
        kind=KIND,
        title=title,
        wordings=("One.", "Two.", "Three."),
        starts_wall=datetime(2025, 4, 4, 8, 0),
        zone="Europe/London",
        channel_id=CHANNEL,
        lead_times=(timedelta(),),
        rule=rule,
    )
    async with context.database.write() as connection:
        await add_schedule(context, connection, made)
    return made


async def rows(context: Context, schedule_id: str = "s1") -> tuple[Delivery, ...]:
    async with context.database.read() as connection:
        return await fetch_deliveries(connection, GUILD, schedule_id)


async def by_day(context: Context) -> dict[date, tuple[DeliveryState, str | None]]:
    return {row.local_date: (row.state, row.reason) for row in await rows(context)}


async def until(context: Context, clock: StoppedClock, channel: ChannelOnPaper, end: datetime) -> None:
    """Lets time pass, with the engine working at each alarm, and the writing ahead well before it runs out."""
    while clock.now() < end:
        due = await next_attention(context)
        clock.instant = min(end, clock.now() + timedelta(days=6), due or end)
        await extend_horizon(context)
        await deliver_due(context, channel)


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Europe/London"))  # type: ignore[misc]


async def test_nothing_is_posted_while_paused_nor_late_in_a_heap_afterwards(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    assert not (await changes.pause(context, GUILD, KIND, "s1")).already
    assert (await changes.pause(context, GUILD, KIND, "s1")).already
    await until(context, clock, channel, london(2025, 4, 14, 9))
    assert channel.posts == []
    resumed = await changes.resume(context, GUILD, KIND, "s1")
    assert resumed.left_out == 2
    assert resumed.plan.occurrences[0] == london(2025, 4, 18, 8)
    await deliver_due(context, channel)
    assert channel.posts == []
    found = await by_day(context)
    assert found[date(2025, 4, 4)] == found[date(2025, 4, 11)] == (DeliveryState.SKIPPED, changes.PAUSED)
    await until(context, clock, channel, london(2025, 4, 18, 9))
    assert len(channel.posts) == 1
    again = await changes.resume(context, GUILD, KIND, "s1")
    assert (again.already, again.left_out) == (True, 0)


async def test_a_pause_beyond_the_horizon_leaves_every_day_of_it_on_record(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    await changes.pause(context, GUILD, KIND, "s1")
    await until(context, clock, channel, london(2025, 7, 1, 9))
    resumed = await changes.resume(context, GUILD, KIND, "s1")
    fridays = [FIRST_FRIDAY + timedelta(weeks=week) for week in range(13)]
    found = await by_day(context)
    assert [day for day, (state, _) in sorted(found.items()) if state is DeliveryState.SKIPPED] == fridays
    assert resumed.left_out == 13
    await until(context, clock, channel, london(2025, 7, 12, 9))
    assert len(channel.posts) == 2


async def test_one_occurrence_is_left_out_and_the_others_come(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    left_out = await changes.skip(context, GUILD, KIND, "s1")
    assert left_out.day == FIRST_FRIDAY
    assert left_out.plan.occurrences[0] == london(2025, 4, 11, 8)
    again = await changes.skip(context, GUILD, KIND, "s1", "4 April")
    assert again.already and again.plan.occurrences == left_out.plan.occurrences
    await until(context, clock, channel, london(2025, 4, 19, 0))
    assert len(channel.posts) == 2
    assert (await by_day(context))[FIRST_FRIDAY] == (DeliveryState.SKIPPED, changes.LEFT_OUT)


@pytest.mark.parametrize("rule", [WEEKLY, None])
async def test_a_day_beyond_the_horizon_can_be_left_out(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper, rule: str | None
) -> None:
    await schedule(context, rule=rule)
    await changes.skip(context, GUILD, KIND, "s1", "4 July" if rule else "4 April")
    await until(context, clock, channel, london(2025, 7, 5, 0))
    assert len(channel.posts) == (13 if rule else 0)
    on = date(2025, 7, 4) if rule else FIRST_FRIDAY
    assert (await by_day(context))[on] == (DeliveryState.SKIPPED, changes.LEFT_OUT)


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [("Thursday 3 April", "Nothing is planned on Thursday 3 April"), ("yesterday", "past"), ("soon", "soon")],
)
async def test_a_day_that_is_none_of_its_days_is_refused(
    context: Context, phrase: str, expected: str
) -> None:
    await schedule(context)
    with pytest.raises(BadInput, match=expected):
        await changes.skip(context, GUILD, KIND, "s1", phrase)
    assert {state for state, _ in (await by_day(context)).values()} == {DeliveryState.PENDING}


async def test_every_hour_of_a_day_is_left_out(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context, rule="FREQ=HOURLY")
    await changes.skip(context, GUILD, KIND, "s1", "Saturday 5 April")
    await until(context, clock, channel, london(2025, 4, 6, 1))
    assert len(channel.posts) == 16 + 2
    with pytest.raises(BadInput, match="every hour"):
        await changes.move(context, GUILD, KIND, "s1", "tomorrow 9am")


@pytest.mark.parametrize(
    "to", ["Saturday 5 April 8am", "Friday 4 April 10am", "Thursday 3 April 6pm", "3 May 8am"]
)
@pytest.mark.parametrize("rule", [WEEKLY, None])
async def test_one_occurrence_is_moved_and_comes_once(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper, to: str, rule: str | None
) -> None:
    await schedule(context, rule=rule)
    moved = await changes.move(context, GUILD, KIND, "s1", to)
    assert moved.before == london(2025, 4, 4, 8)
    await until(context, clock, channel, london(2025, 5, 6, 0))
    sent = [row.due_at for row in await rows(context) if row.state is DeliveryState.SENT]
    assert moved.after in sent
    assert london(2025, 4, 4, 8) not in sent
    assert len(sent) == len(set(sent)) == len(channel.posts) == (5 if rule else 1)


@pytest.mark.parametrize("rule", [WEEKLY, None])
async def test_what_was_moved_can_be_moved_back_or_left_out(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper, rule: str | None
) -> None:
    await schedule(context, rule=rule)
    await changes.move(context, GUILD, KIND, "s1", "Thursday 3 April 6pm")
    back = await changes.move(context, GUILD, KIND, "s1", "Friday 4 April 8am")
    assert back.before == london(2025, 4, 3, 18)
    await changes.move(context, GUILD, KIND, "s1", "Friday 4 April 9am", "4 April")
    left_out = await changes.skip(context, GUILD, KIND, "s1")
    assert left_out.day == FIRST_FRIDAY
    await until(context, clock, channel, london(2025, 4, 5, 0))
    assert channel.posts == []
    assert {row.state for row in await rows(context) if row.due_at < clock.now()} == {DeliveryState.SKIPPED}


async def test_moved_onto_another_day_of_the_rule_both_come(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    await changes.move(context, GUILD, KIND, "s1", "Friday 11 April 8am")
    await until(context, clock, channel, london(2025, 4, 12, 0))
    assert len(channel.posts) == 2


async def test_what_is_deleted_ends_and_what_it_posted_stays(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    await until(context, clock, channel, london(2025, 4, 4, 9))
    assert (await changes.delete(context, GUILD, KIND, "s1")).left_out == 5
    assert (await changes.delete(context, GUILD, KIND, "s1")).already
    await until(context, clock, channel, london(2025, 5, 30, 0))
    assert len(channel.posts) == 1
    found = await by_day(context)
    assert found.pop(FIRST_FRIDAY)[0] is DeliveryState.SENT
    assert set(found.values()) == {(DeliveryState.SKIPPED, changes.DELETED)}
    assert await list_planned(context, GUILD, KIND) == ()
    with pytest.raises(NotFound):
        await changes.pause(context, GUILD, KIND, "s1")


async def test_sent_now_comes_once_however_often_the_button_is_pressed(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    asked = int(clock.now().timestamp())
    clock.forward(seconds=5)
    shown = await post_now(context, GUILD, KIND, "yellow", asked)
    first = await send_now(context, GUILD, KIND, "s1", asked)
    assert first.delivery.slot == f"now@{asked}"
    assert shown.wording == first.wording
    await send_now(context, GUILD, KIND, "s1", asked)
    await deliver_due(context, channel)
    await send_now(context, GUILD, KIND, "s1", asked)
    await deliver_due(context, channel)
    assert channel.posts == [first.delivery.delivery_id]
    await until(context, clock, channel, london(2025, 4, 4, 9))
    assert len(channel.posts) == 2


async def test_an_old_question_and_a_paused_schedule_post_nothing(
    context: Context, clock: StoppedClock
) -> None:
    await schedule(context)
    asked = int(clock.now().timestamp())
    for wrong in (0, asked + 60, asked - 3_700):
        with pytest.raises(BadInput, match="too old"):
            await send_now(context, GUILD, KIND, "s1", wrong)
    await changes.pause(context, GUILD, KIND, "s1")
    for ask in (send_now, post_now):
        with pytest.raises(BadInput, match="paused"):
            await ask(context, GUILD, KIND, "s1", asked)
    assert len(await rows(context)) == 5


async def test_a_preview_is_what_will_be_posted_and_stores_nothing(
    context: Context, clock: StoppedClock, channel: ChannelOnPaper
) -> None:
    await schedule(context)
    before = await rows(context)
    post = await next_post(context, GUILD, KIND, "s1")
    assert await rows(context) == before
    assert post.delivery.delivery_id == before[0].delivery_id
    await until(context, clock, channel, london(2025, 4, 4, 9))
    assert channel.posts == [post.delivery.delivery_id]


async def test_words_find_one_schedule_and_never_guess_between_two(context: Context) -> None:
    await schedule(context)
    assert (await get_planned(context, GUILD, KIND, "yelow")).schedule.schedule_id == "s1"
    await schedule(context, "s2")
    with pytest.raises(BadInput, match="More than one nudge fits"):
        await changes.pause(context, GUILD, KIND, "wear yellow")
    for words in ("bananas", " ", ""):
        with pytest.raises(NotFound):
            await changes.pause(context, GUILD, KIND, words)
    suggested = await suggest_planned(context, GUILD, "yell", kind=KIND)
    assert [key for _, key in suggested] == ["s1", "s2"]
    assert suggested[0][0] == "Wear Yellow · every Friday at 08:00 · Fri 4 Apr 2025, 08:00"


async def test_other_guilds_and_other_kinds_reach_nothing(context: Context) -> None:
    await schedule(context)
    for guild, kind in ((2, KIND), (GUILD, ScheduleKind.REMINDER)):
        for change in (changes.pause, changes.resume, changes.skip, changes.delete, next_post):
            with pytest.raises(NotFound):
                await change(context, guild, kind, "s1")  # type: ignore[operator]
    assert {state for state, _ in (await by_day(context)).values()} == {DeliveryState.PENDING}


async def test_what_has_run_its_course_leaves_the_list_unless_it_is_paused(
    context: Context, clock: StoppedClock
) -> None:
    await schedule(context, rule=None)
    (plan,) = await list_planned(context, GUILD, KIND)
    assert plan.rule == "once"
    await changes.pause(context, GUILD, KIND, "s1")
    clock.forward(days=10)
    assert len(await list_planned(context, GUILD, KIND)) == 1
    assert (await suggest_planned(context, GUILD, "", kind=KIND))[0][0].endswith("· paused")
    resumed = await changes.resume(context, GUILD, KIND, "s1")
    assert resumed.left_out == 1
    assert await list_planned(context, GUILD, KIND) == ()
