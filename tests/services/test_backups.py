"""Backups: whole, checked, without what was erased, kept by days and weeks, and put back."""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pyrage import x25519

import db.backup
import db.engine
import db.guilds
from bot.backing_up import keep_backing_up
from bot.config import Settings
from bot.domain.problems import BadInput, Problem
from bot.services import (
    backups,
    feedback,
    feedback_receipts,
    members,
    restoring,
    setup_check,
)
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from bot.services.sealing import Damaged, NotForThisKey
from db.backup import MARKS
from db.engine import Database
from tests.conftest import StoppedClock

GUILD, MEMBER = 1_001, 555_000_111_222_333_444


@pytest.fixture
def context(sqlite_database: Database, sqlite_url: str, clock: StoppedClock, settings: Settings) -> Context:
    return made(sqlite_database, sqlite_url, clock, settings)


def made(database: Database, url: str, clock: StoppedClock, settings: Settings) -> Context:
    at = settings.database.model_copy(update={"url": url})
    return Context(
        database=database,
        clock=clock,
        settings=settings.model_copy(update={"database": at}),
        keys=load_keys(settings.data.directory),
        limit=SubmissionLimit(100),
    )


def configure(context: Context, **changes: object) -> None:
    section = context.settings.backup.model_copy(update=changes)
    context.settings = context.settings.model_copy(update={"backup": section})


def rows(path: Path, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = [name for (name,) in found if not name.startswith("sqlite_") and name not in without]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def in_folder(context: Context) -> list[Path]:
    return sorted(one for one in backups.folder_of(context.settings).glob("*") if one.name != backups.MAKING)


def own_file(context: Context) -> Path:
    assert context.database.path is not None
    return context.database.path


def texts(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT feedback_id, text FROM feedback").fetchall()


async def give(context: Context, *texts: str) -> list[str]:
    """Feedback, each piece from somebody else."""
    return [
        await feedback.give(context, GUILD, MEMBER + number, "other", text)
        for number, text in enumerate(texts)
    ]


async def mark(context: Context) -> None:
    """Scrambled marks, as actions and votes leave them."""
    with closing(sqlite3.connect(own_file(context))) as connection:
        for table in MARKS:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            values = [7 if "INT" in kind else f"mark-of-{table}" for _, _, kind, *_ in columns]
            connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)
        connection.commit()


@pytest.mark.parametrize("journal", ["TRUNCATE", "WAL"])
async def test_a_backup_holds_every_row_but_the_marks_and_nothing_that_was_deleted(
    context: Context, monkeypatch: pytest.MonkeyPatch, journal: str
) -> None:
    monkeypatch.setattr(db.engine, "safe_journal_mode", lambda version: journal)
    receipts = await give(context, *(f"withdrawn-word {'and more ' * 60}" for _ in range(20)))
    await give(context, *(f"kept-word {number}" for number in range(20)))
    await mark(context)
    with closing(
        sqlite3.connect(own_file(context))
    ) as connection:  # not overwritten, as a copy that SQLite left behind
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM feedback WHERE text LIKE 'withdrawn-word%'")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"withdrawn-word" in own_file(context).read_bytes()
    assert len(receipts) == 20

    made_there = await backups.make(context)

    assert in_folder(context) == [made_there]
    assert made_there.stat().st_mode & 0o777 == 0o600
    assert b"withdrawn-word" not in made_there.read_bytes()
    assert b"mark-of" not in made_there.read_bytes()
    assert rows(made_there, without=MARKS) == rows(own_file(context), without=MARKS)
    assert all(not rows(made_there)[table] for table in MARKS)
    assert restoring.verify(made_there, []) == []


async def test_what_is_written_while_it_is_copied_leaves_it_whole(context: Context, tmp_path: Path) -> None:
    """Each transaction writes to two tables, so that half of one would be seen."""
    await give(context, *(f"{number} {'word ' * 700}" for number in range(60)))
    done, written = asyncio.Event(), 0

    async def write() -> None:
        nonlocal written
        while not done.is_set():
            async with context.database.write() as connection:
                written += 1
                for key in ("first", "second"):
                    await db.guilds.write_fact(connection, f"{key}:{written:06}", secrets.token_hex(200))
            await asyncio.sleep(0)

    writing = asyncio.create_task(write())
    for number in range(3):
        before = written
        target = tmp_path / f"copy-{number}.sqlite3"
        await backups.write(context.settings, context.database, target)
        facts = rows(target)["installation"]
        assert len({one for one in facts if one[0].startswith("first:")}) * 2 == len(facts)
        assert before <= len(facts) // 2 <= written
        assert set(facts) <= set(rows(own_file(context))["installation"])
    done.set()
    await writing
    assert written > 10, "commands went on meanwhile"


async def test_what_is_written_between_the_copy_and_the_lock_is_in_it(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await give(context, "one")
    path, target, write = own_file(context), tmp_path / "copy.sqlite3", db.backup._write

    def write_late(file: int, part: bytes, position: int) -> None:
        monkeypatch.setattr(db.backup, "_write", write)
        with closing(sqlite3.connect(path)) as other:
            other.execute("UPDATE feedback SET text = 'changed meanwhile'")
            other.execute("CREATE TABLE grown (text)")
            other.executemany("INSERT INTO grown VALUES (?)", [("word " * 900,)] * 300)
            other.commit()
        write(file, part, position)

    monkeypatch.setattr(db.backup, "_write", write_late)
    db.backup.copy(path, target)
    assert rows(target) == rows(path)
    assert db.backup.problems_in(target) == []
    assert [text for _, text in texts(target)] == ["changed meanwhile"]


async def test_a_wish_to_erase_clears_the_older_backups_with_the_next(
    context: Context, clock: StoppedClock
) -> None:
    configure(context, every_hours=168)
    receipt, _ = await give(context, "please take this back", "this may stay")
    first = await backups.make(context)
    first_bytes = first.read_bytes()
    clock.forward(hours=25)
    assert not await backups.is_due(context)
    await feedback_receipts.withdraw(context, GUILD, MEMBER, receipt)
    assert await backups.is_due(context), "within a day, however rarely backups are made"
    wrong = backups.folder_of(context.settings) / "solidarity-20990101T000000Z.sqlite3"
    wrong.write_bytes(b"")
    assert await backups.is_due(context), "whatever was made while the clock was wrong"
    wrong.unlink()
    second = await backups.make(context)
    assert b"take this back" in first_bytes
    assert b"take this back" not in second.read_bytes()
    assert in_folder(context) == [second]
    assert second != first
    clock.forward(hours=25)
    assert not await backups.is_due(context), "it was done"

    configure(context, keep_erased=True)
    await members.forget(context, GUILD, MEMBER)
    clock.forward(hours=25)
    third = await backups.make(context)
    assert in_folder(context) == [second, third]


async def test_the_wish_is_not_forgotten_when_the_backup_fails(
    context: Context, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (receipt,) = await give(context, "please take this back")
    first = await backups.make(context)
    await feedback_receipts.withdraw(context, GUILD, MEMBER, receipt)
    clock.forward(days=1)
    monkeypatch.setattr(backups, "HEAD", "another")
    with pytest.raises(Problem, match="no backup was made"):
        await backups.make(context)
    assert in_folder(context) == [first]
    monkeypatch.undo()
    target = await backups.make(context)
    assert in_folder(context) == [target]
    assert b"take this back" not in target.read_bytes()


async def test_an_encrypted_backup_opens_with_its_key_only(
    context: Context, clock: StoppedClock, tmp_path: Path
) -> None:
    identity, other = x25519.Identity.generate(), x25519.Identity.generate()
    configure(context, recipients=(str(identity.to_public()),))
    await give(context, "confidential words")
    before = rows(own_file(context))
    target = await backups.make(context)
    assert target.name.endswith(".sqlite3.age")
    assert b"confidential words" not in target.read_bytes()
    with pytest.raises(BadInput, match="encrypted"):
        restoring.verify(target, [])
    with pytest.raises(NotForThisKey):
        restoring.verify(target, [other])
    cut = tmp_path / "cut.age"
    cut.write_bytes(target.read_bytes()[:-1_000])
    with pytest.raises(Damaged):
        restoring.verify(cut, [identity])
    assert restoring.verify(target, [identity]) == []
    await give(context, "after it")
    await context.database.close()
    with pytest.raises(NotForThisKey):
        await restoring.restore(context.settings, target, [other], clock.now())
    assert rows(own_file(context)) != before
    await restoring.restore(context.settings, target, [identity], clock.now())
    assert rows(own_file(context)) == before


async def test_the_running_bot_makes_them_and_check_says_so(
    context: Context, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bot:
        def __init__(self) -> None:
            self.context = context

    moment = timedelta(milliseconds=20)
    context.pulse.leads = False
    running = asyncio.create_task(
        keep_backing_up(Bot(), first_look=moment, look_every=moment, after_failure=moment)
    )
    try:
        await until(lambda: context.pulse.backs_up)
        assert backups.known(context.settings) == [], "another process leads"
        assert "None yet" in said(context)
        context.pulse.leads = True
        await until(lambda: len(backups.known(context.settings)) == 1)
        assert f"<t:{int(clock.now().timestamp())}:R>" in said(context)
        clock.forward(hours=23)
        monkeypatch.setattr(backups, "HEAD", "another")
        clock.forward(hours=1)
        await until(lambda: context.pulse.backup_problem is not None)
        assert "this version's schema" in said(context)
        assert "tries again by itself in an hour" in (setup_check._backups(context)[0].fix or "")
        monkeypatch.undo()
        await until(lambda: len(backups.known(context.settings)) == 2)
        await until(lambda: context.pulse.backup_problem is None)
        context.pulse.leads = False
        clock.forward(hours=28)
        assert "overdue" in said(context)
    finally:
        running.cancel()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.01)


def said(context: Context) -> str:
    context.pulse.backs_up = True
    (finding,) = setup_check._backups(context)
    return finding.what
