"""Putting a backup back: the present database stays aside, and whoever uses it is waited for or left alone."""

import asyncio
import secrets
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.domain.problems import Problem
from bot.services import backups, restored, restoring
from bot.services.context import Context
from db.backup import beside
from db.engine import Database, DatabaseProblem
from db.in_use import alone
from db.leadership import lock_of
from db.upgrade import verify
from tests.conftest import StoppedClock
from tests.services.test_backups import context as context  # noqa: PLC0414 - a fixture
from tests.services.test_backups import give, own_file, rows, texts


async def test_restoring_keeps_the_present_database_and_lets_the_bot_look(
    context: Context, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "OTHERS_END_WITHIN_SECONDS", 0.0)
    await give(context, "one")
    await restored.note_alive(context, None)
    target = await backups.make(context)
    await give(context, "two")
    later = rows(own_file(context))
    with pytest.raises(Problem, match="A bot runs on this database") as refused:
        await restoring.restore(context.settings, target, [], clock.now())
    assert "also one that only stands by" in refused.value.next_step
    await context.database.close()

    lock = lock_of(context.settings.database.url)
    assert await lock.confirm()
    with pytest.raises(Problem, match="A bot runs on this database"):
        await restoring.restore(context.settings, target, [], clock.now())
    await lock.close()
    with closing(sqlite3.connect(own_file(context))) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(Problem, match="A bot runs on this database"):
            await restoring.restore(context.settings, target, [], clock.now())
    assert rows(own_file(context)) == later
    with alone(own_file(context)), pytest.raises(DatabaseProblem, match="is being put in place"):
        await Database.open(context.settings.database.url)

    done = await restoring.restore(context.settings, target, [], clock.now())

    assert done.aside is not None
    assert rows(done.aside) == later
    assert [text for _, text in texts(own_file(context))] == ["one"]
    context.database = await Database.open(context.settings.database.url)
    assert await restored.doubtful_before(context) == clock.now(), "though the backup is seconds old"
    assert await verify(context.database) == []
    await context.database.close()


async def test_what_cannot_be_restored_changes_nothing(
    context: Context, clock: StoppedClock, tmp_path: Path
) -> None:
    await give(context, *(f"word {number} " * 40 for number in range(60)))
    whole = (await backups.make(context)).read_bytes()
    await context.database.close()
    before = own_file(context).read_bytes()
    newer, theirs = tmp_path / "newer.sqlite3", tmp_path / "theirs.sqlite3"
    newer.write_bytes(whole)
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    bad = {
        "half": whole[: len(whole) // 2],
        "scribbled": whole[:40_000] + secrets.token_bytes(60_000) + whole[100_000:],
        "text": b"Minutes of the branch meeting.",
        "nothing": b"",
        "dump": b"PGDMP and so on",
        "newer": newer.read_bytes(),
        "theirs": theirs.read_bytes(),
    }
    for name, data in bad.items():
        path = tmp_path / f"{name}.bad"
        path.write_bytes(data)
        with pytest.raises(Problem):
            await restoring.restore(context.settings, path, [], clock.now())
        assert own_file(context).read_bytes() == before, name
    assert [one.name for one in tmp_path.iterdir() if "restoring" in one.name or "before" in one.name] == []


async def test_a_damaged_database_is_kept_aside_and_its_journals_are_not_played_into_the_new_one(
    context: Context, clock: StoppedClock
) -> None:
    await give(context, "one")
    target = await backups.make(context)
    await context.database.close()
    path = own_file(context)
    path.write_bytes(b"scribbled over" * 100)
    for one in beside(path):
        one.write_bytes(b"half a transaction")
    done = await restoring.restore(context.settings, target, [], clock.now())
    assert done.aside is not None
    assert done.aside.read_bytes().startswith(b"scribbled over")
    assert not any(one.exists() for one in beside(path))
    assert [text for _, text in texts(path)] == ["one"]


@pytest.mark.parametrize("left", ["its backup reads", "it is about to start one"])
async def test_restoring_waits_for_what_a_killed_bot_has_left(
    context: Context, clock: StoppedClock, left: str
) -> None:
    await give(context, "one")
    target = await backups.make(context)
    await context.database.close()
    path = own_file(context)
    with ExitStack() as held:
        if left == "its backup reads":
            reading = held.enter_context(closing(sqlite3.connect(path)))
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM feedback").fetchone()
        else:
            held.enter_context(alone(path))
        restored_file = asyncio.create_task(restoring.restore(context.settings, target, [], clock.now()))
        await begun(context)
    assert not restored_file.done()
    assert (await restored_file).aside is not None


async def begun(context: Context) -> None:
    """Waits until the lead is taken, as whoever restores does first."""
    lock = lock_of(context.settings.database.url)
    async with asyncio.timeout(10):
        while await lock.confirm():
            await lock.close()
            await asyncio.sleep(0)
    await asyncio.sleep(0)
