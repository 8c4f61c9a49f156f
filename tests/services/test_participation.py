"""Participation: each member once a week and action, and nobody by name."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from bot.domain.problems import NotFound
from bot.services import guilds
from bot.services import participation as service
from bot.services.context import Context
from db.actions import update_action
from db.tables import participation, participation_ledger
from seeds.loader import load_campaign
from seeds.reader import read_campaign

A, B = 1_001, 1_002
ANA, BEN = 11, 12
YELLOW, LOGO = "wear-yellow", "logo-on-calls"


@pytest.fixture
async def campaign(context: Context) -> Context:
    for guild_id in (A, B):
        await load_campaign(context.database, guild_id, read_campaign("operation_protect"))
    return context


async def ledger(context: Context) -> list:
    async with context.database.read() as connection:
        return list((await connection.execute(select(participation_ledger))).all())


async def test_a_member_counts_once_a_week_and_action(campaign, clock):
    first = await service.record_done(campaign, A, ANA, YELLOW)
    again = await service.record_done(campaign, A, ANA, YELLOW)
    other = await service.record_done(campaign, A, BEN, YELLOW)
    assert (first.counted, first.members_this_week) == (True, 1)
    assert (again.counted, again.members_this_week) == (False, 1)
    assert (other.counted, other.members_this_week) == (True, 2)
    assert (await service.record_done(campaign, A, ANA, LOGO)).counted
    assert (await service.record_done(campaign, B, ANA, YELLOW)).counted
    assert await service.this_week(campaign, A) == {YELLOW: 2, LOGO: 1}
    clock.forward(weeks=1)
    assert await service.this_week(campaign, A) == {}
    assert (await service.record_done(campaign, A, ANA, YELLOW)).counted


async def test_a_hundred_presses_at_once_count_once(campaign):
    results = await asyncio.gather(*(service.record_done(campaign, A, ANA, YELLOW) for _ in range(100)))
    assert sum(result.counted for result in results) == 1
    assert {result.members_this_week for result in results} == {1}


async def test_a_hundred_members_at_once_all_count(campaign):
    results = await asyncio.gather(
        *(service.record_done(campaign, A, member, YELLOW) for member in range(100))
    )
    assert all(result.counted for result in results)
    assert await service.this_week(campaign, A) == {YELLOW: 100}


async def test_the_action_that_most_did_in_the_last_week_that_tells_is_found_by_one_question(campaign, clock):
    for members, key in ((6, YELLOW), (5, LOGO), (4, YELLOW)):
        for member in range(members):
            await service.record_done(campaign, A, member, key)
        clock.forward(weeks=1)
    asked: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert await service.most_done(campaign, A) == LOGO
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([one for one in asked if "participation" in one]) == 1
    async with campaign.database.write() as connection:
        await update_action(connection, A, LOGO, retired_on=date(2025, 4, 1))
    assert await service.most_done(campaign, A) == YELLOW
    assert await service.most_done(campaign, B) is None
    clock.forward(weeks=9)
    assert (
        await service.most_done(campaign, A) is None
    )  # week 14 is the thirteenth, counted back from week 26
    clock.forward(weeks=-1)
    assert await service.most_done(campaign, A) == YELLOW


@pytest.mark.parametrize("key", ["nonsense", "", "Wear yellow at work"])
async def test_an_unknown_action_is_refused_and_leaves_nothing(campaign, key):
    with pytest.raises(NotFound):
        await service.record_done(campaign, A, ANA, key)
    assert await ledger(campaign) == []


async def test_the_ledger_is_kept_for_the_week_only_and_the_numbers_stay(campaign, clock):
    await service.record_done(campaign, A, ANA, YELLOW)
    await service.empty_old_ledgers(campaign)
    assert len(await ledger(campaign)) == 1
    assert not (await service.record_done(campaign, A, ANA, YELLOW)).counted
    clock.forward(weeks=1)
    await service.record_done(campaign, A, BEN, YELLOW)
    await service.empty_old_ledgers(campaign)
    assert [row.iso_week for row in await ledger(campaign)] == ["2025-W15"]
    async with campaign.database.read() as connection:
        kept = (await connection.execute(select(participation).order_by(participation.c.iso_week))).all()
    assert [(row.iso_week, row.members) for row in kept] == [("2025-W14", 1), ("2025-W15", 1)]


async def test_each_guilds_week_ends_in_its_own_zone(campaign, clock):
    await guilds.change(campaign, B, zone="Pacific/Auckland")
    clock.instant = datetime(2025, 3, 30, 10, 0, tzinfo=UTC)
    for guild_id in (A, B):
        await service.record_done(campaign, guild_id, ANA, YELLOW)
    clock.instant = datetime(2025, 3, 30, 20, 0, tzinfo=UTC)  # still Sunday in London, Monday in Auckland
    await service.empty_old_ledgers(campaign)
    assert [row.guild_id for row in await ledger(campaign)] == [A]
    assert not (await service.record_done(campaign, A, ANA, YELLOW)).counted
    assert (await service.record_done(campaign, B, ANA, YELLOW)).counted


async def test_the_year_change_is_a_change_of_week(campaign, clock):
    clock.instant = datetime(2024, 12, 29, 12, 0, tzinfo=UTC)
    await service.record_done(campaign, A, ANA, YELLOW)
    clock.instant = datetime(2024, 12, 30, 12, 0, tzinfo=UTC)
    assert (await service.record_done(campaign, A, ANA, YELLOW)).counted
    await service.empty_old_ledgers(campaign)
    assert [row.iso_week for row in await ledger(campaign)] == ["2025-W01"]


async def test_presses_of_the_same_moment_are_counted_each_for_its_own_action_guild_and_member(campaign):
    unknown = service.record_done(campaign, A, ANA, "nonsense")
    crowd = [(guild_id, key, member) for guild_id in (A, B) for key in (YELLOW, LOGO) for member in range(40)]
    presses = [service.record_done(campaign, guild_id, member, key) for guild_id, key, member in crowd * 2]
    refused, *results = await asyncio.gather(unknown, *presses, return_exceptions=True)
    assert isinstance(refused, NotFound)
    assert [result.counted for result in results].count(True) == len(crowd)
    assert max(result.members_this_week for result in results) == 40
    for guild_id in (A, B):
        assert await service.this_week(campaign, guild_id) == {YELLOW: 40, LOGO: 40}


async def test_when_the_database_fails_everybody_is_told_and_the_next_press_counts(campaign, monkeypatch):
    async def broken(*arguments):
        raise OSError("disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("db.participation.add_member", broken)
        presses = [service.record_done(campaign, A, member, YELLOW) for member in range(10)]
        failed = await asyncio.gather(*presses, return_exceptions=True)
    assert [type(error) for error in failed] == [OSError] * 10
    assert await ledger(campaign) == []
    assert (await service.record_done(campaign, A, ANA, YELLOW)).counted
