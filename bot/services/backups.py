"""Backups: made by the hour while the bot runs, checked, perhaps encrypted, and kept for as long as the settings say.

What was deleted from the database is in no new backup. From the older ones it goes with them: when members had something
erased, the next backup replaces all earlier ones, unless `[backup] keep_erased` says otherwise.
"""

import asyncio
import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

import bot
from bot.config import Settings
from bot.domain.backups import LATE_AFTER, Backup, backups_among, made_by, name_of, outdated
from bot.domain.problems import BadInput, Problem
from bot.services.backup_apart import PARTIAL, Order, clear, encoded, partial_of
from bot.services.context import Context
from db import dump
from db.backup import remove
from db.engine import Database
from db.guilds import delete_fact, read_fact, write_fact
from db.leadership import FileLock
from db.upgrade import HEAD

log = logging.getLogger(__name__)

FOLDER = "backups"
HOLD_ERASED = "backups_hold_erased"
"""The fact that something was erased for a member since the newest backup. It does not say when, or for whom."""

MAKING = ".making"
"""The file in the folder that is locked while a backup is made: a second one would remove what the first has half done."""

A_DAY = timedelta(days=1)


class UnderWay(Problem):
    """Another backup is being made, so this one was not begun."""


def folder_of(settings: Settings) -> Path:
    """Where the backups are."""
    return settings.backup.directory or settings.data.directory / FOLDER


def known(settings: Settings) -> list[Backup]:
    """The backups in the folder, the oldest first."""
    try:
        return backups_among(path.name for path in folder_of(settings).iterdir())
    except OSError:  # it is not there yet, or cannot be read; making the next one tells
        return []


def newest(settings: Settings, now: datetime) -> Backup | None:
    """The backup that was made last, if there is one."""
    return next(iter(made_by(known(settings), now)[-1:]), None)


async def is_due(context: Context) -> bool:
    """Whether it is time for a backup.

    What a member had erased is gone from the backups within a day, also if backups are less frequent. It is not done at
    once: the time of a backup would then be the time at which somebody withdrew their words.
    """
    settings = context.settings.backup
    if not settings.every_hours:
        return False
    now = context.now()
    last = await asyncio.to_thread(newest, context.settings, now)
    if last is None:
        return True
    age = now - last.made_at
    if settings.every_hours > A_DAY / timedelta(hours=1) and await _hold_erased(context.database) is not None:
        return age >= A_DAY
    return age >= timedelta(hours=settings.every_hours)


async def make(context: Context) -> Path:
    """Makes a backup in the folder, and removes those that are no longer kept.

    Raises:
        Problem: it could not be made. The earlier ones are all there still.
    """
    return await make_in_folder(context.database, context.settings, context.now())


async def make_in_folder(database: Database, settings: Settings, now: datetime) -> Path:
    """Does what `make` does, also where no bot runs."""
    folder, sealed = folder_of(settings), bool(settings.backup.recipients)
    target = folder / name_of(now, sqlite=database.is_sqlite, sealed=sealed)
    async with _alone_in(folder):
        await _make_and_rotate(database, settings, now, target)
    return target


async def _make_and_rotate(database: Database, settings: Settings, now: datetime, target: Path) -> None:
    noted = await _hold_erased(database)
    await write(settings, database, target)
    replace = noted is not None and not settings.backup.keep_erased
    await asyncio.to_thread(_rotate, settings, now, target, replace=replace)
    if noted is not None:
        await _hold_erased_no_more(database, noted)


@asynccontextmanager
async def _alone_in(folder: Path) -> AsyncGenerator[None]:
    """Keeps other backups from the folder, and removes what a killed one left there."""
    lock = FileLock(folder / MAKING)
    try:
        await _enter(folder, lock)
        yield
    finally:
        await lock.close()


async def _enter(folder: Path, lock: FileLock) -> None:
    try:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True, mode=0o700)
        if not await lock.confirm():
            raise UnderWay(
                "A backup is being made already, so I began no second one.",
                next_step="Wait until that one is done, then try again if you still need another.",
            )
        await asyncio.to_thread(_clear, folder)
    except OSError as error:
        raise Problem(
            f"{folder} cannot be used for backups: {error.strerror}.",
            next_step="Let this user write there, or name another folder ([backup] directory).",
        ) from error


async def write(settings: Settings, database: Database, target: Path) -> None:
    """Writes one backup to a new file.

    Raises:
        Problem: it could not be made; nothing of it is left.
    """
    making = _Making(_order(settings, database, target))
    running = asyncio.ensure_future(asyncio.to_thread(making.run))
    try:
        answer = await asyncio.shield(running)
    except asyncio.CancelledError:
        making.stop()
        await asyncio.wait({running})  # it ends at once, and leaves nothing
        running.exception()
        raise
    if "problem" in answer:
        raise Problem(answer["problem"], next_step=answer["next_step"])


async def note_erased(connection: AsyncConnection) -> None:
    """Remembers that the backups hold something that a member had erased; in the transaction that erases it."""
    await write_fact(connection, HOLD_ERASED, secrets.token_hex(4))


async def _hold_erased(database: Database) -> str | None:
    async with database.read() as connection:
        return await read_fact(connection, HOLD_ERASED)


async def _hold_erased_no_more(database: Database, noted: str) -> None:
    """Forgets it, unless something was erased while the backup was made: that may be in it."""
    async with database.write() as connection:
        if await read_fact(connection, HOLD_ERASED) == noted:
            await delete_fact(connection, HOLD_ERASED)


def is_overdue(settings: Settings, now: datetime) -> bool:
    """Whether the newest backup should have been followed by another one long ago."""
    last = newest(settings, now)
    return last is not None and now - last.made_at > timedelta(hours=settings.backup.every_hours) + LATE_AFTER


def _order(settings: Settings, database: Database, target: Path) -> Order:
    recipients = settings.backup.recipients
    if database.path is not None:
        return Order(str(database.path.absolute()), str(target), HEAD, recipients)
    if not dump.is_there():
        raise Problem(
            f"{dump.PROGRAM} is not installed, so no backup was made.",
            next_step="Install PostgreSQL's client programs, or back up where the server runs.",
        )
    command, environment = dump.dump_command(settings.database.url, partial_of(target))
    return Order(None, str(target), HEAD, recipients, tuple(command), tuple(environment.items()))


def _clear(folder: Path) -> None:
    for path in folder.glob(f"solidarity-*{PARTIAL}*"):
        path.unlink(missing_ok=True)


def _rotate(settings: Settings, now: datetime, made: Path, *, replace: bool) -> None:
    every, kept_for = known(settings), settings.backup
    gone = every if replace else outdated(every, now, days=kept_for.keep_days, weeks=kept_for.keep_weeks)
    for one in gone:
        if one.name != made.name:  # by its name, since the clock may have been wrong for the others
            with suppress(OSError):
                remove(made.with_name(one.name))


def must_not_exist(target: Path) -> None:
    """Refuses to write over a file.

    Raises:
        BadInput: something of that name is there already.
    """
    if target.exists():
        raise BadInput(
            f"There is a file {target} already, and it was left as it is.", next_step="Choose another name."
        )


class _Making:
    """The process that makes one backup. It and what it started end together."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def run(self) -> dict[str, str]:
        """Starts it and waits for its answer; a thread does."""
        command = [sys.executable, "-P", "-m", "bot.services.backup_apart"]
        with subprocess.Popen(  # noqa: S603 - this program's own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(bot.__file__).parents[1])},
            start_new_session=True,
        ) as process:
            self._process = process
            if self._stopped.is_set():
                self.stop()
            answer, said = process.communicate(encoded(self._order))
        if process.returncode:  # a process that is killed cannot clear up behind itself
            clear(Path(self._order.target))
            if not self._stopped.is_set():
                log.error("the process that makes backups failed", extra={"said": said.decode()[-500:]})
            raise Problem(
                "The backup was broken off. The earlier ones are as they were.",
                next_step="See the log, and try again.",
            )
        return json.loads(answer)

    def stop(self) -> None:
        """Ends it, now or as soon as it has begun; from any thread."""
        self._stopped.set()
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
