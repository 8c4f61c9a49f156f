"""Nudges wait for the end of quiet hours and keep to the weekly limit; meetings do neither; on both databases."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.problems import BadInput, TooMany
from bot.domain.schedules import Delivery, DeliveryState, Schedule, ScheduleKind, TargetKind
from bot.services import guilds, members, policy
from bot.services.context import Context
from bot.services.policy import PolicyChange
from db.deliveries import claim_due, settle
from tests.services.nudges import CHANNEL, GUILD, LONDON, delivery_of, nudge, store

OTHER_GUILD = 1_002


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(LONDON))


async def limit(context: Context, **wanted: str | int) -> None:
    await policy.change(context, GUILD, PolicyChange(**wanted))  # type: ignore[arg-type]


async def wait_of(context: Context, schedule: Schedule, now: datetime) -> datetime | None:
    async with context.database.read() as connection:
        return await policy.postponed_until(context, connection, delivery_of(schedule), schedule, now)


async def refusal_of(
    context: Context, schedule: Schedule, now: datetime, delivery: Delivery | None = None
) -> str | None:
    async with context.database.write() as connection:
        return await policy.refusal(context, connection, delivery or delivery_of(schedule), schedule, now)


async def sent(context: Context, name: str, at: datetime, **values: object) -> None:
    """Another nudge that went out."""
    schedule = nudge(schedule_id=name, wall=at.astimezone(ZoneInfo(LONDON)).replace(tzinfo=None), **values)  # type: ignore[arg-type]
    async with context.database.write() as connection:
        await store(connection, schedule, deliveries=True)
        claimed = await claim_due(connection, now=at, lease_until=at + timedelta(minutes=2), limit=50)
        mine = next(one for one in claimed if one.schedule_id == name)
        assert await settle(connection, mine, DeliveryState.SENT, at=at, message_id=1)


# Quiet hours.


@pytest.mark.parametrize("kind", list(ScheduleKind))
async def test_nothing_waits_where_nothing_was_set(context: Context, kind: ScheduleKind) -> None:
    schedule = nudge(kind=kind)
    assert await wait_of(context, schedule, context.now()) is None
    assert await refusal_of(context, schedule, context.now()) is None


async def test_a_nudge_waits_for_the_end_of_the_quiet_hours(context: Context) -> None:
    await limit(context, quiet_from="9pm", quiet_until="8am")
    schedule = nudge(wall=datetime(2025, 4, 1, 6, 30))
    assert await wait_of(context, schedule, local("2025-04-01T06:30")) == local("2025-04-01T08:00")
    assert await refusal_of(context, schedule, local("2025-04-01T06:30")) is None
    assert await wait_of(context, schedule, local("2025-04-01T08:00")) is None


async def test_a_nudge_does_not_wait_into_the_next_day(context: Context) -> None:
    await limit(context, quiet_from="9pm", quiet_until="8am")
    schedule = nudge(wall=datetime(2025, 4, 1, 22, 0))
    assert await wait_of(context, schedule, local("2025-04-01T22:00")) is None
    reason = await refusal_of(context, schedule, local("2025-04-01T22:00"))
    assert reason is not None
    assert "quiet hours" in reason


@pytest.mark.parametrize("kind", [ScheduleKind.MEETING, ScheduleKind.REMINDER])
async def test_meetings_and_other_reminders_come_when_they_are_due(
    context: Context, kind: ScheduleKind
) -> None:
    await limit(context, quiet_from="9pm", quiet_until="8am", weekly_cap="1")
    now = local("2025-04-01T22:00")
    await sent(context, "earlier", now - timedelta(hours=5))
    schedule = nudge(kind=kind, wall=datetime(2025, 4, 1, 22, 0))
    assert await wait_of(context, schedule, now) is None
    assert await refusal_of(context, schedule, now) is None


async def test_quiet_hours_are_those_of_the_guilds_own_clock(context: Context) -> None:
    await limit(context, quiet_from="21:00", quiet_until="08:00")
    await guilds.change(context, GUILD, zone="America/New_York")
    schedule = nudge(wall=datetime(2025, 4, 1, 10, 0))
    assert await wait_of(context, schedule, local("2025-04-01T10:00")) == local("2025-04-01T13:00")


async def test_the_settings_are_read_where_they_are_not_in_memory(context: Context) -> None:
    await limit(context, quiet_from="9pm", quiet_until="8am")
    context.guilds.clear()
    schedule = nudge(wall=datetime(2025, 4, 1, 6, 30))
    assert await wait_of(context, schedule, local("2025-04-01T06:30")) is not None


# The weekly limit.


async def test_a_channel_gets_as_many_nudges_a_week_as_the_limit_says(context: Context) -> None:
    await limit(context, weekly_cap="2")
    wednesday = local("2025-04-02T10:00")
    schedule = nudge(wall=wednesday.replace(tzinfo=None))
    await sent(context, "monday", local("2025-03-31T00:00"))
    assert await refusal_of(context, schedule, wednesday) is None
    await sent(context, "tuesday", local("2025-04-01T09:00"))
    assert await refusal_of(context, schedule, wednesday) == "The channel's weekly limit of 2 was reached."
    assert await refusal_of(context, schedule, local("2025-04-06T23:59")) is not None
    assert await refusal_of(context, schedule, local("2025-04-07T00:00")) is None


async def test_only_nudges_of_that_channel_in_that_week_count(context: Context) -> None:
    await limit(context, weekly_cap="1")
    await policy.change(context, OTHER_GUILD, PolicyChange(weekly_cap="1"))
    await sent(context, "last-week", local("2025-03-30T23:59"))
    await sent(context, "elsewhere", local("2025-03-31T09:00"), channel_id=CHANNEL + 1)
    await sent(context, "meeting", local("2025-03-31T09:01"), kind=ScheduleKind.MEETING)
    await sent(context, "other-guild", local("2025-03-31T09:02"), guild_id=OTHER_GUILD)
    schedule = nudge(wall=datetime(2025, 4, 1, 10, 0))
    assert await refusal_of(context, schedule, local("2025-04-01T10:00")) is None


async def test_what_is_due_together_does_not_pass_the_limit_together(context: Context) -> None:
    await limit(context, weekly_cap="2")
    now = local("2025-03-31T10:00")
    schedules = [nudge(schedule_id=f"s{number}") for number in range(5)]
    async with context.database.write() as connection:
        for schedule in schedules:
            await store(connection, schedule, deliveries=True)
        claimed = await claim_due(connection, now=now, lease_until=now + timedelta(minutes=2), limit=10)
    assert len(claimed) == 5
    refused = [await refusal_of(context, schedules[0], now, delivery) for delivery in claimed]
    assert sum(reason is None for reason in refused) == 2


async def test_a_direct_message_keeps_to_no_limit_but_to_the_members_choice(context: Context) -> None:
    from dataclasses import replace

    await limit(context, weekly_cap="1")
    await sent(context, "earlier", local("2025-03-31T09:00"))
    schedule = nudge()
    to_member = replace(delivery_of(schedule), target_kind=TargetKind.MEMBER, target_id=77)
    now = local("2025-03-31T10:00")
    assert await refusal_of(context, schedule, now, to_member) == "The member has switched nudges off."
    await members.set_nudges(context, GUILD, 77, on=True)
    assert await refusal_of(context, schedule, now, to_member) is None


def test_the_weeks_of_the_clock_changes_have_an_hour_less_and_more() -> None:
    lengths = []
    for day in (datetime(2026, 3, 25, 12, tzinfo=UTC), datetime(2026, 10, 21, 12, tzinfo=UTC)):
        starts, ends = policy.local_week(day, LONDON)
        assert starts <= day < ends
        assert starts.astimezone(ZoneInfo(LONDON)).weekday() == 0
        lengths.append(ends - starts)
    assert lengths == [timedelta(days=7, hours=-1), timedelta(days=7, hours=1)]


# What administrators set.


async def test_each_limit_is_set_alone_and_taken_away_with_none(context: Context) -> None:
    await limit(context, quiet_from="9pm", quiet_until="08:00")
    await limit(context, weekly_cap="3")
    guild = await guilds.get(context, GUILD)
    assert (guild.quiet_from, guild.quiet_until, guild.weekly_cap) == ("21:00", "08:00", 3)
    await limit(context, quiet_until="7.30am")
    guild = await guilds.get(context, GUILD)
    assert (guild.quiet_from, guild.quiet_until, guild.weekly_cap) == ("21:00", "07:30", 3)
    await limit(context, quiet_from="None")
    await limit(context, weekly_cap=" none ")
    guild = await guilds.get(context, GUILD)
    assert (guild.quiet_from, guild.quiet_until, guild.weekly_cap) == (None, None, None)


@pytest.mark.parametrize(
    "typed",
    [
        {"quiet_from": "9pm"},
        {"quiet_until": "9pm"},
        {"quiet_from": "9pm", "quiet_until": "21:00"},
        {"quiet_from": "late", "quiet_until": "8am"},
        {"weekly_cap": "0"},
        {"weekly_cap": "-1"},
        {"weekly_cap": "51"},
        {"weekly_cap": "٣"},
        {"weekly_cap": "two"},
        {"weekly_cap": "9" * 30},
    ],
)
async def test_what_cannot_be_used_changes_nothing(context: Context, typed: dict[str, str]) -> None:
    before = await guilds.get(context, GUILD)
    with pytest.raises(BadInput):
        await limit(context, add_role_id=5, **typed)
    assert await guilds.get(context, GUILD) == before


async def test_roles_are_listed_once_and_taken_off(context: Context) -> None:
    for role_id in (5, 6, 5):
        await limit(context, add_role_id=role_id)
    assert (await guilds.get(context, GUILD)).ping_role_ids == (5, 6)
    await limit(context, remove_role_id=5, add_role_id=7)
    guild = await guilds.get(context, GUILD)
    assert guild.ping_role_ids == (6, 7)
    assert [policy.may_ping(guild, role_id) for role_id in (5, 6, 7)] == [False, True, True]
    await limit(context, remove_role_id=6)
    await limit(context, remove_role_id=7)
    assert policy.may_ping(await guilds.get(context, GUILD), 5)


async def test_the_list_of_roles_has_an_end(context: Context) -> None:
    for role_id in range(policy.MOST_ROLES):
        await limit(context, add_role_id=role_id + 1)
    with pytest.raises(TooMany):
        await limit(context, add_role_id=1_000)
