"""An installation moves to another database and back: every row as it was, and what is pending goes out once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, event, insert, text

from bot.config import Settings
from bot.domain.problems import Problem
from bot.domain.schedules import DeliveryState, Schedule, ScheduleKind
from bot.services.context import Context
from bot.services.delivery import deliver_due
from bot.services.keys import load_keys
from bot.services.moving import move
from bot.services.moving_rows import Stage, Step
from bot.services.rate_limit import SubmissionLimit
from bot.services.schedules import add_schedule
from db.deliveries import fetch_deliveries
from db.engine import Database
from db.moving.places import go_on_numbering
from db.moving.rows import read
from db.tables import feedback, feedback_tags, imports, installation, members, metadata
from db.upgrade import upgrade, verify
from tests.conftest import StoppedClock
from tests.meta.two_guilds import A, B, fill
from tests.services.channel_on_paper import ChannelOnPaper
from tests.services.moving import at, moved, new_file, number_of, opened, raw, spoil, tables_in

ODD_TEXTS = (
    *("", " ", "  two  ", "'", '"', "\\", "\\N", "NULL", "%s", ":name", "$1", "\r\n\t", "\x01\x7f\x85\u2028"),
    *("ä", "a\u0308", "Z", "a", "_", "~", "ﬁ", "\u200b", "مرحبا", "\U0001f9f6", "\ufffd", "\ue000"),
    "x" * 70_000,
)
ODD_JSON = '{"b": 1,   "a": "\\u0000 \\ud800", "a": 1e400, "long": 12345678901234567890.10, "t": "\\n\u00e9"}'
ODD_INSTANTS = (
    datetime(2, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    datetime(2025, 3, 30, 0, 59, 59, 1, tzinfo=UTC),
)


async def fill_oddly(url: str) -> None:
    """Two guilds with rows in every table, and beside them what a database may trip over."""
    async with opened(url) as database, database.write() as connection:
        await fill(connection, A)
        await fill(connection, B)
        numbered = list(enumerate(ODD_TEXTS))
        odd: dict[Table, list[dict[str, Any]]] = {
            installation: [{"key": f"odd {n} {one[:50]}", "value": one} for n, one in numbered],
            feedback: [odd_feedback(n, one) for n, one in numbered],
            members: [
                {"guild_id": 2**63 - 1 - n % 3, "user_id": n, "nudges": n % 2 == 0, "zone": None}
                for n in range(1_001)
            ],
            imports: [odd_import(n, one) for n, one in enumerate(ODD_INSTANTS)],
        }
        for table, rows in odd.items():
            await connection.execute(insert(table), rows)
        json = {"odd": ODD_JSON}
        await connection.execute(text("UPDATE imports SET changes = :odd WHERE import_id = 'odd2'"), json)


def odd_feedback(number: int, words: str) -> dict[str, Any]:
    return {
        "feedback_id": f"{words[:20]}{number}",
        "guild_id": -(2**63) + number,
        "topic": "other",
        "text": words,
        "region": words[:60] or None,
        "grade": "" if number % 2 else None,
        "receipt_hash": str(number),
        "sealed": (bytes(range(256)), b"", None)[number % 3],
        "state": "new",
        "iso_week": "2025-W14",
        "meeting_key": "",
    }


def odd_import(number: int, instant: datetime) -> dict[str, Any]:
    return {
        "guild_id": A,
        "import_id": f"odd{number}",
        "digest": "d",
        "kind": "motion",
        "title": "t",
        "on": (date(1, 1, 1), date(9999, 12, 31), None)[number % 3],
        "text": "",
        "imported_at": instant,
        "undone_at": instant if number % 2 else None,
        "changes": {"of": number},
    }


async def told(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the bot reads it."""
    async with opened(url) as database, database.read() as connection:
        return {
            name: sorted((tuple(row) for row in await connection.execute(table.select())), key=repr)
            for name, table in metadata.tables.items()
            if name != "imports"  # one of them is no valid JSON for Python
        }


async def test_there_and_back_every_row_is_as_it_was(sqlite_settings: Settings, postgres_url: str) -> None:
    await fill_oddly(sqlite_settings.database.url)
    before, as_read = raw(sqlite_settings.database.url), await told(sqlite_settings.database.url)
    load_keys(sqlite_settings.data.directory)
    steps: list[Step] = []
    there = await move(sqlite_settings, postgres_url, steps.append)
    assert there.rows == number_of(before) > 2_500
    assert there.files == (sqlite_settings.data.directory / "secret.key",)
    assert await told(postgres_url) == as_read
    async with opened(postgres_url) as database:
        assert await verify(database) == []
    shares = [step.share for step in steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for stage in Stage:
        whole = {step.table: step.rows for step in steps if step.stage is stage and step.is_last}
        assert whole == {name: len(rows) for name, rows in before.items() if name in metadata.tables}

    target = new_file(sqlite_settings)
    back = await moved(at(sqlite_settings, postgres_url), target)
    assert back.rows == there.rows
    assert raw(target) == raw(sqlite_settings.database.url) == before
    async with opened(target) as database:
        assert await verify(database) == []


async def test_what_postgres_cannot_hold_is_found_before_and_told_without_its_words(
    sqlite_settings: Settings, postgres_url: str
) -> None:
    url = sqlite_settings.database.url
    await fill_oddly(url)
    spoil(
        url,
        "UPDATE feedback SET text = 'Too ' || char(0) || 'much' || char(0) WHERE guild_id IN (1001, 2002)",
    )
    spoil(url, "UPDATE installation SET value = char(0) WHERE key LIKE 'odd 0%'")
    before = raw(url)
    with pytest.raises(Problem) as caught:
        await moved(sqlite_settings, postgres_url)
    assert caught.value.what.splitlines()[1:3] == [
        "- feedback, text: 60 rows with a NUL character",
        "- installation, value: 1 row with a NUL character",
    ]
    assert "Too" not in caught.value.what
    assert "--without-nul" in caught.value.next_step
    assert await tables_in(postgres_url) == []

    spoil(
        url,
        f"UPDATE meetings SET title = '{'t' * 201}', cap = {2**31} WHERE guild_id = 1001 AND key = 'shared'",
    )
    spoil(url, "UPDATE members SET zone = x'00ff' WHERE user_id = 7")
    spoil(url, "UPDATE installation SET key = 'k' || char(0) WHERE key LIKE 'odd 12 %'")
    with pytest.raises(Problem) as caught:
        await moved(sqlite_settings, postgres_url, without_nul=True)
    told_of = caught.value.what.splitlines()
    assert [line for line in told_of if "installation" not in line and line.startswith("-")] == [
        "- meetings, cap: 1 row with a number that is too large",
        "- meetings, title: 1 row with more than 200 characters",
        "- members, zone: 1 row with no text",
    ]
    assert "- installation, key: 1 row with a NUL character in a key" in told_of
    assert "--without-nul" not in caught.value.next_step
    assert await tables_in(postgres_url) == []

    spoil(url, "UPDATE meetings SET title = 't', cap = 1 WHERE guild_id = 1001 AND key = 'shared'")
    spoil(url, "UPDATE members SET zone = NULL WHERE user_id = 7")
    spoil(url, "UPDATE installation SET key = 'mended' WHERE instr(key, char(0))")
    done = await moved(sqlite_settings, postgres_url, without_nul=True)
    assert done.left_out == 61
    async with opened(postgres_url) as database, database.read() as connection:
        texts = (await connection.execute(feedback.select().where(feedback.c.guild_id == A))).all()
        assert {row.text for row in texts} == {"Too much"}
    assert raw(url)["feedback"] == before["feedback"], "the source keeps them"


async def test_what_is_pending_goes_out_once_and_what_was_sent_does_not(
    sqlite_settings: Settings, postgres_url: str, clock: StoppedClock
) -> None:
    channel = ChannelOnPaper()
    async with opened(sqlite_settings.database.url) as database:
        context = running(sqlite_settings, database, clock)
        for number in range(4):
            await schedule(context, f"s{number}", datetime(2025, 3, 31, 10 + number, 0))
        clock.forward(hours=1)
        await deliver_due(context, channel)
        clock.forward(hours=1)
        channel.after.append(ConnectionResetError())  # it arrives, and nobody knows
        await deliver_due(context, channel)
    assert len(channel.posts) == 2

    for source, target in (
        (sqlite_settings.database.url, postgres_url),
        (postgres_url, new_file(sqlite_settings)),
    ):
        await moved(at(sqlite_settings, source), target)
        async with opened(target) as database:
            context = running(at(sqlite_settings, target), database, clock)
            clock.forward(hours=1)
            for _ in range(2):
                await deliver_due(context, channel)
                clock.forward(minutes=3)
    assert len(channel.posts) == len(set(channel.posts)) == 4
    async with opened(new_file(sqlite_settings)) as database, database.read() as connection:
        for number in range(4):
            (one,) = await fetch_deliveries(connection, A, f"s{number}")
            assert one.state is DeliveryState.SENT


def running(settings: Settings, database: Database, clock: StoppedClock) -> Context:
    return Context(database, clock, settings, load_keys(settings.data.directory), SubmissionLimit(3))


async def schedule(context: Context, key: str, when: datetime) -> None:
    made = Schedule(
        schedule_id=key,
        guild_id=A,
        kind=ScheduleKind.REMINDER,
        title="Ballot papers",
        wordings=("Post your ballot paper.",),
        starts_wall=when,
        zone="Europe/London",
        channel_id=2,
        lead_times=(timedelta(),),
    )
    async with context.database.write() as connection:
        await add_schedule(context, connection, made)


async def test_postgres_goes_on_numbering_after_the_highest(postgres_url: str) -> None:
    """No table of the bot is numbered by PostgreSQL yet; one that will be must not begin anew."""
    numbered = Table("numbered", MetaData(), Column("number", Integer, primary_key=True))
    async with opened(postgres_url) as database, database.write() as connection:
        await connection.run_sync(numbered.create)
        for highest in (None, 41):
            if highest is not None:
                await connection.execute(insert(numbered).values(number=highest))
            await go_on_numbering(connection, numbered)
            following = (await connection.execute(insert(numbered).returning(numbered.c.number))).scalar_one()
            assert following == (highest or 0) + 1


async def test_postgres_is_asked_for_letters_in_the_order_of_their_numbers(postgres_url: str) -> None:
    """By what is sent: the server of the tests knows no language, whose order would not be that of SQLite."""
    sent: list[str] = []
    async with opened(postgres_url) as database:
        await upgrade(database)
        event.listen(
            database._reader.sync_engine, "before_cursor_execute", lambda *asked: sent.append(asked[2])
        )
        async with database.read() as connection:
            for table in (members, feedback_tags):
                assert [some async for some in read(connection, table)] == []
    assert [" ".join(one.partition("ORDER BY")[2].split()) for one in sent] == [
        "members.guild_id, members.user_id",
        'feedback_tags.feedback_id COLLATE "C", feedback_tags.tag COLLATE "C"',
    ]
