"""What is too old goes, with a warning before and nothing left after; how long is too old is the administrators' choice."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

import db.scrub
from bot.domain.language import WELSH, speaking
from bot.domain.problems import BadInput
from bot.services import audit, daily, feedback, guilds, languages, retention
from bot.services.context import Context
from db import tables
from db.guilds import ensure_guild, read_fact
from tests.conftest import StoppedClock
from tests.services.exporting import exported

GUILD, OTHER, ADMIN, MEMBER = 1_001, 1_002, 77, 9_001
CHANNEL = 4_711


class Told:
    """Stands where Discord would: keeps what the moderators' channel was told."""

    def __init__(self) -> None:
        self.said: list[tuple[int, int | None, str]] = []

    async def alert(self, guild_id: int, channel_id: int | None, text: str) -> None:
        self.said.append((guild_id, channel_id, text))


async def count(context: Context, table, guild_id: int = GUILD) -> int:
    async with context.database.read() as connection:
        query = select(func.count()).select_from(table).where(table.c.guild_id == guild_id)
        return (await connection.execute(query)).scalar_one()


async def give(context: Context, number: int, guild_id: int = GUILD) -> None:
    async with context.database.write() as connection:
        await ensure_guild(connection, guild_id, "Europe/London")
    for one in range(number):
        await feedback.give(context, guild_id, MEMBER + one, "other", f"Words {one} of {number}")


async def with_tag_and_reply(context: Context) -> None:
    """Gives every piece of feedback a tag and a reply."""
    async with context.database.write() as connection:
        ids = (await connection.execute(select(tables.feedback.c.feedback_id))).scalars().all()
        for one in ids:
            belongs = {"guild_id": GUILD, "feedback_id": one}
            await connection.execute(insert(tables.feedback_tags).values(tag="overtime", **belongs))
            await connection.execute(
                insert(tables.feedback_messages).values(
                    message_id=one,
                    number=1,
                    from_moderators=True,
                    waiting=False,
                    iso_week="2025-W14",
                    text="A reply",
                    **belongs,
                )
            )


async def day(context: Context, told: Told) -> None:
    """One day's work, as the engine does it."""
    await daily.run_if_due(context)
    await retention.warn(context, told)


@pytest.fixture
def told() -> Told:
    return Told()


async def test_a_choice_without_its_record_is_not_stored(context: Context) -> None:
    await retention.change_periods(context, GUILD, ADMIN, feedback=8, audit=None)
    async with context.database.write() as connection:
        await connection.execute(text("ALTER TABLE audit RENAME TO audit_away"))
    try:
        for choice in (
            retention.change_periods(context, GUILD, ADMIN, feedback=9, audit=9),
            retention.change_contact(context, GUILD, ADMIN, "branch@example.org"),
        ):
            with pytest.raises(DBAPIError):
                await choice
    finally:
        async with context.database.write() as connection:
            await connection.execute(text("ALTER TABLE audit_away RENAME TO audit"))
    context.guilds.clear()
    assert (await retention.periods(context, GUILD)).feedback_weeks == 8
    assert (await guilds.get(context, GUILD)).privacy_contact is None
    assert await count(context, tables.audit) == 1


async def test_feedback_goes_after_its_weeks_and_a_warning_with_all_that_belongs_to_it(
    context: Context, clock: StoppedClock, told: Told
) -> None:
    await guilds.change(context, GUILD, moderators_channel_id=CHANNEL)
    await retention.change_periods(context, GUILD, ADMIN, feedback=4, audit=None)
    await give(context, 6)
    await with_tag_and_reply(context)
    clock.forward(weeks=2)
    await give(context, 1)
    await day(context, told)
    assert told.said == []
    clock.forward(weeks=2)  # the week of the first six is the last that is kept
    for _ in range(7):
        await day(context, told)
        clock.forward(days=1)
    ((guild_id, channel_id, text),) = told.said
    assert (guild_id, channel_id) == (GUILD, CHANNEL)
    assert "6 pieces" in text
    assert "/setup retention" in text
    assert "Words" not in text
    assert await count(context, tables.feedback) == 7
    await day(context, told)
    assert [await count(context, one) for one in (tables.feedback, tables.feedback_tags)] == [1, 0]
    assert await count(context, tables.feedback_messages) == 0
    expired = next(one for one in await audit.entries(context, GUILD) if one.event == "expired")
    assert (expired.actor_id, expired.rows) == (0, 6)


async def test_a_shorter_period_deletes_nothing_before_the_moderators_had_a_week(
    context: Context, clock: StoppedClock, told: Told
) -> None:
    await give(context, 3)
    clock.forward(weeks=20)
    await day(context, told)
    await retention.change_periods(context, GUILD, ADMIN, feedback=10, audit=None)
    clock.forward(days=1)
    await day(context, told)
    ((_, _, text),) = told.said
    assert "Fewer than 5 pieces" in text
    clock.forward(days=6)
    await day(context, told)
    assert await count(context, tables.feedback) == 3
    clock.forward(days=1)
    await day(context, told)
    assert await count(context, tables.feedback) == 0


async def test_who_keeps_it_for_longer_after_the_warning_keeps_it(
    context: Context, clock: StoppedClock, told: Told
) -> None:
    await retention.change_periods(context, GUILD, ADMIN, feedback=10, audit=None)
    await give(context, 1)
    clock.forward(weeks=10)
    await day(context, told)
    assert len(told.said) == 1
    await retention.change_periods(context, GUILD, ADMIN, feedback=52, audit=None)
    clock.forward(weeks=2)
    await day(context, told)
    assert await count(context, tables.feedback) == 1


async def test_the_warning_is_in_the_language_of_the_server_and_the_record_in_english(
    context: Context, clock: StoppedClock, told: Told
) -> None:
    await guilds.change(context, GUILD, language=WELSH)
    with speaking(languages.catalogue(WELSH)):
        await retention.change_periods(context, GUILD, ADMIN, feedback=10, audit=None)
    await give(context, 1)
    clock.forward(weeks=10)
    await day(context, told)
    ((_, _, warning),) = told.said
    assert warning.startswith("Caiff llai na 5 darn o adborth eu dileu ymhen wythnos")
    (entry,) = await audit.entries(context, GUILD)
    assert entry.purpose.startswith("Feedback 10 weeks")


async def test_every_guild_has_its_own_periods(context: Context, clock: StoppedClock, told: Told) -> None:
    for guild_id, weeks in ((GUILD, 4), (OTHER, 52)):
        await retention.change_periods(context, guild_id, ADMIN, feedback=weeks, audit=weeks)
        await give(context, 1, guild_id)
        await exported(context, guild_id, ADMIN, "Briefing")
    clock.forward(weeks=6)
    await day(context, told)
    clock.forward(weeks=1)
    await day(context, told)
    assert [one[0] for one in told.said] == [GUILD]
    assert await count(context, tables.feedback) == 0
    assert await count(context, tables.feedback, OTHER) == 1
    assert "export" not in {one.event for one in await audit.entries(context, GUILD)}
    assert "export" in {one.event for one in await audit.entries(context, OTHER)}


async def test_the_installations_periods_hold_until_a_guild_chooses(context: Context) -> None:
    assert (await retention.periods(context, GUILD)).feedback_weeks == 104
    changed = await retention.change_periods(context, GUILD, ADMIN, feedback=None, audit=12)
    assert (changed.feedback_weeks, changed.audit_weeks) == (104, 12)
    for weeks in (3, 521, -1):
        with pytest.raises(BadInput):
            await retention.change_periods(context, GUILD, ADMIN, feedback=weeks, audit=None)
    assert await retention.periods(context, GUILD) == changed
    (entry,) = await audit.entries(context, GUILD)
    assert (entry.actor_id, entry.purpose) == (ADMIN, "Feedback 104 weeks, audit log 12 weeks")


async def test_the_audit_log_is_read_by_guild_and_day_the_latest_first(
    context: Context, clock: StoppedClock
) -> None:
    for purpose in ("First", "Second"):
        await exported(context, GUILD, ADMIN, purpose)
        clock.forward(days=10)
    await exported(context, OTHER, ADMIN, "Elsewhere")
    assert [one.purpose for one in await audit.entries(context, GUILD)] == ["Second", "First"]
    since = await audit.first_day(context, GUILD, "9 April")
    assert [one.purpose for one in await audit.entries(context, GUILD, since)] == ["Second"]
    with pytest.raises(BadInput):
        await audit.first_day(context, GUILD, "gibberish")


async def test_what_is_too_large_to_wipe_at_once_is_wiped_by_the_daily_work(
    context: Context, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await daily.run_if_due(context)
    monkeypatch.setattr(db.scrub, "LARGE_BYTES", 10)
    await retention.wipe(context)
    assert await wiped_in(context) == retention.WIPE_DUE
    clock.instant = datetime(2025, 4, 1, 6, tzinfo=UTC)
    await daily.run_if_due(context)
    assert await wiped_in(context) == "2025-W14"


async def test_a_busy_database_is_wiped_later(
    context: Context, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.scrub, "WAIT_SECONDS", 0.05)
    await daily.run_if_due(context)
    await give(context, 1)
    async with context.database.read() as connection:
        assert (await connection.execute(select(tables.feedback))).all()
        assert not await db.scrub.scrub(context.database, even_large=True)
    assert await db.scrub.scrub(context.database, even_large=True)


async def wiped_in(context: Context) -> str | None:
    async with context.database.read() as connection:
        return await read_fact(connection, retention.WIPED_IN)
