"""Who asked for nudges gets each once, after its channel; nobody else gets any; on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.personal_data import DIRECT_NUDGES_KEPT
from bot.domain.schedules import Delivery, DeliveryState, Schedule, ScheduleKind, TargetKind
from bot.services import direct_nudges, members
from bot.services.context import Context
from db.deliveries import claim_due, fetch_deliveries, settle
from tests.services.nudges import CHANNEL, GUILD, delivery_of, nudge, store

ANA, BEN, OTHER_GUILD = 11, 12, 1_002


async def spread(context: Context, schedule: Schedule, delivery: Delivery | None = None) -> None:
    async with context.database.write() as connection:
        await direct_nudges.spread(context, connection, delivery or delivery_of(schedule), schedule)


async def stored(context: Context, **values: object) -> Schedule:
    schedule = nudge(**values)  # type: ignore[arg-type]
    async with context.database.write() as connection:
        await store(connection, schedule, deliveries=True)
    return schedule


async def to_members(context: Context, name: str = "s1", guild_id: int = GUILD) -> list[Delivery]:
    async with context.database.read() as connection:
        found = await fetch_deliveries(connection, guild_id, name)
    return [one for one in found if one.target_kind is TargetKind.MEMBER]


async def settle_all(context: Context) -> None:
    now = context.now()
    async with context.database.write() as connection:
        for one in await claim_due(connection, now=now, lease_until=now + timedelta(minutes=2), limit=50):
            await settle(connection, one, DeliveryState.SENT, at=now, message_id=1)


@pytest.fixture
async def opted_in(context: Context) -> Context:
    for user_id in (ANA, BEN):
        await members.set_nudges(context, GUILD, user_id, on=True)
    await members.set_nudges(context, OTHER_GUILD, 13, on=True)
    await members.set_zone(context, GUILD, 14, "Dublin")
    return context


async def test_everybody_who_asked_gets_one(opted_in: Context) -> None:
    schedule = await stored(opted_in)
    await spread(opted_in, schedule)
    found = await to_members(opted_in)
    assert {one.target_id for one in found} == {ANA, BEN}
    of_channel = delivery_of(schedule)
    for one in found:
        assert one.slot == "dm:0@10:00"
        assert (one.local_date, one.occurs_at) == (of_channel.local_date, of_channel.occurs_at)
        assert one.due_at == opted_in.now()
        assert one.state is DeliveryState.PENDING


async def test_twice_changes_nothing_whatever_became_of_them(opted_in: Context, clock) -> None:
    schedule = await stored(opted_in)
    await spread(opted_in, schedule)
    await settle_all(opted_in)
    clock.forward(minutes=5)
    await spread(opted_in, schedule)
    assert [one.state for one in await to_members(opted_in)] == [DeliveryState.SENT] * 2


@pytest.mark.parametrize("kind", [ScheduleKind.MEETING, ScheduleKind.REMINDER])
async def test_only_nudges_are_spread(opted_in: Context, kind: ScheduleKind) -> None:
    await spread(opted_in, await stored(opted_in, kind=kind))
    assert await to_members(opted_in) == []


async def test_a_direct_message_is_not_spread_again(opted_in: Context) -> None:
    schedule = await stored(opted_in)
    to_member = replace(delivery_of(schedule), target_kind=TargetKind.MEMBER, target_id=ANA)
    await spread(opted_in, schedule, to_member)
    assert await to_members(opted_in) == []


async def test_nobody_in_another_guild_gets_it(opted_in: Context) -> None:
    await spread(opted_in, await stored(opted_in, schedule_id="s2", guild_id=OTHER_GUILD))
    assert [one.target_id for one in await to_members(opted_in, "s2", OTHER_GUILD)] == [13]
    assert await to_members(opted_in, "s2") == []


async def test_switching_off_takes_back_what_waits_and_keeps_what_was_sent(opted_in: Context) -> None:
    await spread(opted_in, await stored(opted_in))
    await settle_all(opted_in)
    await spread(opted_in, await stored(opted_in, schedule_id="s2"))
    await members.set_nudges(opted_in, GUILD, ANA, on=False)
    assert {one.target_id for one in await to_members(opted_in)} == {ANA, BEN}
    assert {one.target_id for one in await to_members(opted_in, "s2")} == {BEN}


async def test_closed_messages_switch_nudges_off(opted_in: Context) -> None:
    await members.set_zone(opted_in, GUILD, ANA, "Dublin")
    await spread(opted_in, await stored(opted_in))
    await direct_nudges.closed(opted_in, GUILD, ANA)
    chosen = await members.choices(opted_in, GUILD, ANA)
    assert (chosen.nudges, chosen.zone) == (False, "Europe/Dublin")
    assert {one.target_id for one in await to_members(opted_in)} == {BEN}
    await spread(opted_in, await stored(opted_in, schedule_id="s2"))
    assert {one.target_id for one in await to_members(opted_in, "s2")} == {BEN}


async def test_the_record_of_what_was_sent_goes_after_its_time(opted_in: Context, clock) -> None:
    await spread(opted_in, await stored(opted_in))
    await settle_all(opted_in)
    clock.forward(seconds=DIRECT_NUDGES_KEPT.total_seconds())
    await spread(opted_in, await stored(opted_in, schedule_id="s2"))
    assert len(await to_members(opted_in)) == 2, "to the very day"
    clock.forward(seconds=1)
    await spread(opted_in, await stored(opted_in, schedule_id="s3"))
    assert await to_members(opted_in) == []
    assert len(await to_members(opted_in, "s3")) == 2
    async with opted_in.database.read() as connection:
        (to_channel,) = await fetch_deliveries(connection, GUILD, "s1")
    assert to_channel.target_id == CHANNEL


async def test_who_is_forgotten_gets_none(opted_in: Context) -> None:
    await spread(opted_in, await stored(opted_in))
    await members.forget(opted_in, GUILD, ANA)
    assert {one.target_id for one in await to_members(opted_in)} == {BEN}
