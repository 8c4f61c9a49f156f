"""The restore drill: a process that writes and makes backups is killed at any moment, and its newest backup is put back.

    python -m tests.drills.restore --runs 100

Each run compares what was restored, row by row, with what the killed process had committed. Every second run kills the
restoring process as well, at any moment, and looks at what it left before it restores again.
"""

import argparse
import asyncio
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import Settings, load_settings
from bot.domain.feedback import Feedback
from bot.services import backups, restoring
from db.audit import insert_audit
from db.backup import MARKS
from db.engine import Database
from db.feedback import insert_feedback
from db.guilds import write_fact
from db.upgrade import upgrade

GUILD, BEGIN = 1_001, datetime(2025, 3, 31, 8, tzinfo=UTC)
WRITTEN, BEGUN = "written", "begun.txt"
FILLING = 200
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Tally:
    """What became of the runs."""

    whole: int = 0
    killed_while_restoring: int = 0
    wrong: int = 0


def settings_in(folder: Path) -> Settings:
    """An installation in a folder."""
    return load_settings(None, {"SOLIDARITY_DATA__DIRECTORY": str(folder)}, need_token=False)


def in_another_process(work: Callable[[], None]) -> int:
    """Forks a process that does the work and ends."""
    if pid := os.fork():
        return pid
    try:
        work()
    finally:
        os._exit(0)


def write_and_back_up(folder: Path) -> None:
    """What is killed: each transaction writes to three tables, and one backup follows the other."""
    asyncio.run(_write_and_back_up(folder))


async def _write_and_back_up(folder: Path) -> None:
    settings = settings_in(folder)
    database = await Database.open(settings.database.url)
    number = 0

    async def write() -> None:
        nonlocal number
        number += 1
        entry = Feedback(f"{number:032x}", "other", None, None, "2025-W10", f"piece {number} " * 60)
        async with database.write() as connection:
            await insert_feedback(connection, GUILD, entry, receipt_hash=f"{number:064x}")
            await insert_audit(
                connection, GUILD, at=BEGIN, actor_id=1, event="drill", purpose=str(number), rows=number
            )
            await write_fact(connection, WRITTEN, str(number))

    async def go_on() -> None:
        while True:
            await write()
            await asyncio.sleep(0.002)

    for _ in range(FILLING):
        await write()
    writing = asyncio.create_task(go_on())
    turn = 0
    while not writing.done():
        turn += 1
        with (folder / BEGUN).open("a") as begun:
            begun.write(f"{number}\n")
        await backups.make_in_folder(database, settings, BEGIN + timedelta(days=turn))


def rows(path: Path) -> Rows:
    """Every row of every table, but for the marks, which no backup holds."""
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
            for (name,) in names
            if name not in MARKS and not name.startswith("sqlite_")
        }


def as_of(everything: Rows, number: int) -> Rows:
    """What the database held when that transaction was its last."""
    kept = dict(everything)
    kept["feedback"] = [row for row in kept["feedback"] if int(row[0], 16) <= number]
    kept["audit"] = [row for row in kept["audit"] if number_in(row) <= number]
    kept["installation"] = [
        (key, str(number) if key == WRITTEN else value) for key, value in kept["installation"]
    ]
    return kept


def number_in(row: tuple[Any, ...]) -> int:
    """The number of the transaction that wrote a row of the audit log: its rows, which its purpose repeats."""
    return next(
        int(value) for value in row if isinstance(value, str) and value.isdigit() and int(value) in row
    )


def drill(folder: Path, draw: random.Random, tally: Tally, *, kill_restoring: bool) -> None:
    """One run."""
    settings = settings_in(folder)
    victim = in_another_process(lambda: write_and_back_up(folder))
    while not backups.known(settings):
        time.sleep(0.01)  # another process tells nobody when it has made its first backup
    time.sleep(draw.uniform(0, 0.6))  # so that it is killed at any moment of what follows
    os.kill(victim, signal.SIGKILL)
    os.waitpid(victim, 0)

    path = folder / "solidarity.sqlite3"
    everything = rows(path)
    newest = backups.known(settings)[-1]
    begun = (folder / BEGUN).read_text().split()
    turn = (newest.made_at - BEGIN).days
    source = backups.folder_of(settings) / newest.name

    def restore() -> None:
        asyncio.run(restoring.restore(settings, source, [], BEGIN + timedelta(seconds=draw.randrange(10**6))))

    if kill_restoring:
        restorer = in_another_process(restore)
        time.sleep(draw.uniform(0, 0.06))  # so that it is killed at any moment of what it does
        with suppress(ProcessLookupError):
            os.kill(restorer, signal.SIGKILL)
        os.waitpid(restorer, 0)
        tally.killed_while_restoring += 1
        left = rows(path)
        assert left in (everything, as_of(everything, int(dict(left["installation"])[WRITTEN]))), (
            "neither the present database nor the backup"
        )
    restore()
    restored = rows(path)
    number = int(dict(restored["installation"])[WRITTEN])
    assert number >= int(begun[turn - 1]), "it lacks what was committed before it began"
    assert restored == as_of(everything, number)
    assert len(restored["feedback"]) == len(restored["audit"]) == number
    tally.whole += 1


async def _template(folder: Path) -> None:
    database = await Database.open(settings_in(folder).database.url)
    await upgrade(database)
    await database.close()


def main() -> int:
    """Runs the drill as often as asked, and counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    print(f"seed {asked.seed}")  # noqa: T201
    draw, tally = random.Random(asked.seed), Tally()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        for run in range(asked.runs):
            folder = Path(name) / f"run-{run}"
            folder.mkdir(mode=0o700)
            asyncio.run(_template(folder))
            try:
                drill(folder, draw, tally, kill_restoring=run % 2 == 1)
            except Exception as error:  # noqa: BLE001 - counted, told, and the next run follows
                tally.wrong += 1
                print(f"run {run}: {error!r:.300}")  # noqa: T201
    print(  # noqa: T201
        f"restored whole, row by row: {tally.whole} of {asked.runs}; "
        f"killed while restoring as well: {tally.killed_while_restoring}"
    )
    return int(tally.whole != asked.runs)


if __name__ == "__main__":
    sys.exit(main())
