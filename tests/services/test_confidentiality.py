"""No byte of a member's id, in any form, is left behind by what they say or do; nor their words in a log."""

import io
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Date, DateTime, insert, text
from sqlalchemy.exc import DBAPIError, StatementError

from bot.config.sections import LogSettings
from bot.logs import FLOORS, LineHandler, configure_logging
from bot.services import feedback, participation
from bot.services.context import Context
from db.tables import feedback as feedback_table
from db.tables import metadata
from db.types import Instant, WallTime
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.services.exporting import exported

GUILD, MODERATOR = 1_001, 555_000_111_222_333_444
# A present-day id needs eight bytes in SQLite, one of Discord's first days six.
CANARIES = [1_269_481_530_727_043_203, 81_384_788_765_712]
WORDS = "canary-words that nobody else would write"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the product's own logging would write when debugging."""
    root = logging.getLogger()
    before = {name: logging.getLogger(name).level for name in FLOORS}, root.level
    stream = io.StringIO()
    configure_logging(LogSettings(level="debug"), stream=stream)
    yield stream
    logging.captureWarnings(capture=False)
    for handler in [one for one in root.handlers if isinstance(one, LineHandler)]:
        root.removeHandler(handler)
    levels, root_level = before
    root.setLevel(root_level)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def forms(user_id: int) -> list[bytes]:
    """The id as text, and as an integer in every way that a database or a program might write it."""
    found = [str(user_id).encode(), f"{user_id:x}".encode()]
    for width in (6, 8):
        if user_id < 256**width:
            found += [user_id.to_bytes(width, "big"), user_id.to_bytes(width, "little")]
    digits = [user_id >> shift & 0x7F for shift in range(0, user_id.bit_length(), 7)]
    found.append(bytes(digit | 0x80 for digit in digits[:-1]) + bytes(digits[-1:]))
    found.append(bytes(digit | 0x80 for digit in reversed(digits[1:])) + bytes(digits[:1]))
    return found


async def files(context: Context, folder: Path) -> list[tuple[Path, bytes]]:
    """Every file that the bot wrote: the data directory with SQLite's database, or PostgreSQL's own files."""
    folders = [folder]
    if not context.database.is_sqlite:
        async with context.database.read() as connection:
            where = (
                await connection.exec_driver_sql(
                    "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database"
                    " WHERE datname = current_database()"
                )
            ).scalar_one()
            await connection.exec_driver_sql("CHECKPOINT")
        folders += [Path(where), Path(where).parent.parent / "pg_wal"]
    return [(path, path.read_bytes()) for one in folders for path in one.rglob("*") if path.is_file()]


@pytest.mark.parametrize("canary", CANARIES)
async def test_feedback_leaves_no_trace_of_the_member(context, log, tmp_path, canary):
    receipt = await feedback.give(context, GUILD, canary, "other", WORDS, "wales", "po")
    for _ in range(6):
        try:
            await feedback.give(context, GUILD, canary, "other", "x" * 4_000)
        except feedback.TooMany:
            break
    await scan(context, log, tmp_path, canary)
    await feedback.release_batches(context)
    export = await exported(context, GUILD, MODERATOR, "Briefing")
    assert WORDS.encode() in export.content.getvalue()
    assert not any(form in export.content.getvalue() for form in forms(canary))
    await scan(context, log, tmp_path, canary)
    for secret in (WORDS, receipt, receipt.replace("-", "")):
        assert secret not in log.getvalue()
    for path, data in await files(context, tmp_path):
        assert receipt.encode() not in data, path
        assert receipt.replace("-", "").encode() not in data, path


@pytest.mark.parametrize("canary", CANARIES)
async def test_participation_leaves_no_trace_of_the_member(context, log, tmp_path, canary):
    await load_campaign(context.database, GUILD, read_campaign("operation_protect"))
    await participation.record_done(context, GUILD, canary, "wear-yellow")
    await scan(context, log, tmp_path, canary)


async def test_the_scan_would_find_what_it_looks_for(context, log, tmp_path):
    """A moderator's id is written into the audit log: found there, in both sizes.

    The ids are not those of the other tests, since PostgreSQL's log keeps them for longer than this test.
    """
    for actor in (one + 1 for one in CANARIES):
        await exported(context, GUILD, actor, "Briefing")
        with pytest.raises(AssertionError):
            await scan(context, log, tmp_path, actor)


@pytest.fixture
async def broken_database(database):
    """One that fails at the next feedback; whole again for the next test."""
    async with database.write() as connection:
        await connection.execute(text("ALTER TABLE feedback RENAME TO feedback_away"))
    yield
    async with database.write() as connection:
        await connection.execute(text("ALTER TABLE feedback_away RENAME TO feedback"))


@pytest.mark.usefixtures("broken_database")
async def test_a_failure_of_the_database_logs_no_words(context, log):
    with pytest.raises(DBAPIError) as caught:
        await feedback.give(context, GUILD, CANARIES[0], "other", WORDS)
    assert WORDS not in str(caught.value)
    logging.getLogger("bot").error("an interaction failed", exc_info=caught.value)
    assert WORDS not in log.getvalue()
    assert str(CANARIES[0]) not in log.getvalue()


REFUSED = {
    "an empty column": {"state": None},  # PostgreSQL repeats the whole row
    "a row that is there": {},
    "a letter that cannot be sent": {"topic": f"\ud800{WORDS}"},  # asyncpg repeats the value
    "a value of the wrong kind": {"sealed": WORDS},
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_row_that_is_refused_is_not_repeated_in_the_log(context, log, what):
    row = {
        "feedback_id": WORDS[:32],
        "guild_id": GUILD,
        "topic": "other",
        "iso_week": "2025-W14",
        "text": f"First line\n{WORDS}",
        "receipt_hash": "0" * 64,
        "state": "new",
    }
    with pytest.raises((DBAPIError, StatementError, UnicodeError)) as caught:
        async with context.database.write() as connection:
            await connection.execute(insert(feedback_table), row)
            await connection.execute(insert(feedback_table), row | REFUSED[what])
    logging.getLogger("bot").error("an interaction failed", exc_info=caught.value)
    told = "".join(traceback.format_exception(caught.value))
    for secret in (WORDS, WORDS[:32]):
        assert secret not in log.getvalue()
        assert secret not in told, "whoever else logs it"


async def scan(context: Context, log: io.StringIO, folder: Path, canary: int) -> None:
    written = [(path.name, data) for path, data in await files(context, folder)]
    assert written
    for name, data in [*written, ("log", log.getvalue().encode())]:
        for form in forms(canary):
            assert form not in data, name


def test_no_column_of_feedback_is_finer_than_the_week():
    times = (Date, DateTime, Instant, WallTime)
    for table in (feedback_table, metadata.tables["participation"], metadata.tables["participation_ledger"]):
        columns: list[Column] = list(table.c)
        assert not any(isinstance(column.type, times) for column in columns)
        assert not any(
            "user" in column.name or "member_id" in column.name or column.name.endswith("_at")
            for column in columns
        )
