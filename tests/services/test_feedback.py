"""Feedback is stored whole or not at all, limited without identity, and handed over in shuffled batches."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from bot.domain.problems import BadInput, TooMany
from bot.domain.receipts import normalise_receipt
from bot.services import feedback as service
from bot.services import guilds
from bot.services.context import Context
from db.feedback import Wanted, fetch_released
from db.tables import feedback, metadata

A, B = 1_001, 1_002
ANA, BEN = 11, 12


async def rows(context: Context) -> list:
    async with context.database.read() as connection:
        return list((await connection.execute(select(feedback))).all())


async def released(context: Context, guild_id: int) -> tuple:
    async with context.database.read() as connection:
        return await fetch_released(connection, guild_id, Wanted())


async def test_what_is_stored(context):
    receipt = await service.give(context, A, ANA, "meeting", " Too early.\0 ", "wales", "po")
    (row,) = await rows(context)
    assert len(row.feedback_id) == 32
    assert {**row._asdict(), "feedback_id": "", "receipt_hash": ""} == {
        "feedback_id": "",
        "guild_id": A,
        "topic": "meeting",
        "region": "wales",
        "grade": "po",
        "iso_week": "2025-W14",
        "text": "Too early.",
        "receipt_hash": "",
        "state": "waiting",
        "demand_key": None,
        "meeting_key": None,
        "sealed": None,
    }
    assert row.receipt_hash == context.keys.receipt_hash(normalise_receipt(receipt.lower()))


async def test_region_and_grade_may_be_left_out(context):
    await service.give(context, A, ANA, "other", "Text", "", None)
    (row,) = await rows(context)
    assert (row.region, row.grade) == (None, None)


async def test_the_week_is_that_of_the_guilds_zone(context, clock):
    await guilds.change(context, B, zone="Pacific/Auckland")
    clock.instant = datetime(2025, 3, 30, 20, 0, tzinfo=UTC)  # still Sunday in London, Monday in Auckland
    for guild_id in (A, B):
        await service.give(context, guild_id, ANA, "other", "Text")
    assert {row.guild_id: row.iso_week for row in await rows(context)} == {A: "2025-W13", B: "2025-W14"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "nonsense"},
        {"topic": None},
        {"text": "  \0 "},
        {"text": "x" * 4_001},
        {"region": "atlantis"},
        {"grade": "emperor"},
    ],
)
async def test_what_cannot_be_used_is_refused_and_does_not_count(context, wrong):
    given = {"topic": "other", "text": "Text", "region": None, "grade": None, **wrong}
    for _ in range(10):
        with pytest.raises(BadInput):
            await service.give(context, A, ANA, **given)
    await service.give(context, A, ANA, "other", "Text")
    assert len(await rows(context)) == 1


async def test_the_limit_is_per_person_guild_and_day(context, clock):
    for _ in range(5):
        await service.give(context, A, ANA, "other", "Text")
    with pytest.raises(TooMany, match="5 times today"):
        await service.give(context, A, ANA, "other", "Text")
    await service.give(context, A, BEN, "other", "Text")
    await service.give(context, B, ANA, "other", "Text")
    clock.forward(days=1)
    await service.give(context, A, ANA, "other", "Text")
    assert len(await rows(context)) == 8


async def test_a_guild_in_another_zone_does_not_reset_the_limit(context, clock):
    await guilds.change(context, B, zone="Pacific/Auckland")
    clock.instant = datetime(2025, 3, 31, 20, 0, tzinfo=UTC)  # already Tuesday in Auckland
    for _ in range(5):
        await service.give(context, A, ANA, "other", "Text")
        await service.give(context, B, BEN, "other", "Text")
    with pytest.raises(TooMany):
        await service.give(context, A, ANA, "other", "Text")


@pytest.mark.parametrize(
    "text", ["🙂" * 4_000, "שלום\u202e עולם", "z\u0335\u0336\u0337" * 900, "\ud83d half", "'; DROP TABLE"]
)
async def test_odd_texts_come_back_as_they_were_kept(context, text):
    await service.give(context, A, ANA, "other", text)
    await service.release_batches(context)
    (entry,) = await released(context, A)
    assert entry.text == text.replace("\ud83d half", "\N{REPLACEMENT CHARACTER} half")


async def test_a_batch_hands_over_everything_that_waits_in_every_guild(context, clock):
    for guild_id, count in ((A, 3), (B, 2)):
        for number in range(count):
            await service.give(context, guild_id, number, "other", f"Text {number}")
    assert await released(context, A) == ()
    await service.release_batches(context)
    assert [len(await released(context, guild_id)) for guild_id in (A, B)] == [3, 2]
    assert {row.state for row in await rows(context)} == {"new"}
    clock.forward(days=1)
    await service.give(context, A, ANA, "other", "Later")
    assert len(await released(context, A)) == 3
    await service.release_batches(context)
    assert len(await released(context, A)) == 4
    assert sorted(entry.text for entry in await released(context, A)) == [
        "Later",
        "Text 0",
        "Text 1",
        "Text 2",
    ]


async def test_a_batch_without_anything_is_no_trouble(context):
    await service.release_batches(context)
    assert await rows(context) == []


async def test_a_batch_is_written_in_an_order_of_its_own(context):
    """With 30 entries, chance makes the order of arrival or of the ids about once in 10^32 runs."""
    arrived = []
    for number in range(30):
        await service.give(context, A, number, "other", f"Text {number}")
        arrived += [row.feedback_id for row in await rows(context) if row.feedback_id not in arrived]
    written: list[str] = []

    def note(connection, cursor, statement, parameters, execution, executemany):
        if statement.startswith("UPDATE"):
            known = set(arrived)
            written.extend(value for row in parameters for value in row if value in known)

    engine = context.database._writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await service.release_batches(context)
    event.remove(engine, "before_cursor_execute", note)
    assert sorted(written) == sorted(arrived)
    assert written not in (arrived, sorted(arrived))


@pytest.mark.parametrize("database", ["postgres"], indirect=True)  # SQLite stores the rows by their random id
async def test_on_postgresql_the_file_does_not_tell_the_order_of_arrival(context):
    for number in range(40):
        # Random words do not compress, so half of these lie in the table for long values.
        words = "".join(
            chr(0x4E00 + (number * 7_919 + place * 104_729) % 20_000)
            for place in range(100 + number % 2 * 3_000)
        )
        await service.give(context, A, number, "other", f"{number:02} {words}")
    await service.release_batches(context)
    async with context.database.read() as connection:
        found = (
            await connection.exec_driver_sql("SELECT text, xmin::text FROM feedback ORDER BY ctid")
        ).all()
        toast = (
            await connection.exec_driver_sql(
                "SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'feedback'"
            )
        ).scalar_one()
        stored = (
            await connection.exec_driver_sql(
                f"SELECT count(DISTINCT chunk_id) FROM {toast}"
            )  # visible ones only
        ).scalar_one()
        by_chunk = (
            await connection.exec_driver_sql(
                "SELECT text FROM feedback WHERE pg_column_toast_chunk_id(text) IS NOT NULL"
                " ORDER BY pg_column_toast_chunk_id(text)"
            )
        ).scalars()
    numbers = [int(row.text[:2]) for row in found]
    long_ones = [int(text[:2]) for text in by_chunk]
    assert numbers != sorted(numbers)
    assert stored == len(long_ones) == 20
    assert long_ones != sorted(long_ones)
    assert len({row.xmin for row in found}) == 1


async def test_nothing_is_stored_when_storing_fails(context, monkeypatch):
    async def fail(*arguments, **options):
        raise RuntimeError("canary")

    monkeypatch.setattr(service.queries, "insert_feedback", fail)
    with pytest.raises(RuntimeError):
        await service.give(context, A, ANA, "other", "Text")
    assert await rows(context) == []


async def test_half_a_batch_is_never_handed_over(context, monkeypatch):
    for guild_id in (A, B):
        await service.give(context, guild_id, ANA, "other", "Text")
    release = service.queries.release

    async def fail_in_b(connection, guild_id, ids):
        if guild_id == B:
            raise RuntimeError
        await release(connection, guild_id, ids)

    monkeypatch.setattr(service.queries, "release", fail_in_b)
    with pytest.raises(RuntimeError):
        await service.release_batches(context)
    assert {row.state for row in await rows(context)} == {"waiting"}


def test_no_column_is_finer_than_the_week():
    assert set(feedback.c.keys()) == {
        "feedback_id",
        "guild_id",
        "topic",
        "region",
        "grade",
        "iso_week",
        "text",
        "receipt_hash",
        "state",
        "demand_key",
        "meeting_key",
        "sealed",
    }
    pointing_here = {
        table.name
        for table in metadata.sorted_tables
        for foreign in table.foreign_keys
        if foreign.column.table is feedback
    }
    assert pointing_here == {"feedback_tags", "feedback_messages"}
