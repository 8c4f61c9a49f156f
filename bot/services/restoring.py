"""Putting a backup in place of the present database, which is kept aside under a name with the date."""

import asyncio
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.config import Settings
from bot.domain.problems import BadInput, Problem
from bot.services.restored import LAST_ALIVE, SHORTLY_OFF
from bot.services.sealing import Damaged, NotForThisKey
from db import backup
from db.engine import sqlite_file
from db.in_use import alone
from db.leadership import lock_of
from db.upgrade import HEAD, known_revisions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyrage import x25519

    from db.leadership import Lock

OTHERS_END_WITHIN_SECONDS = 3.0
LOOK_AGAIN_SECONDS = 0.1
_SEALED = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE")
_DUMP = b"PGDMP"


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of it.

    Attributes:
        aside: where the database is that was there before, if there was one.
        is_older: whether the backup was made by an older version, so that the next start brings it up to date.
    """

    aside: Path | None
    is_older: bool


def is_sealed(source: Path) -> bool:
    """Whether a backup is encrypted."""
    with source.open("rb") as file:
        return file.read(64).startswith(_SEALED)


def verify(source: Path, identities: "Sequence[x25519.Identity]") -> list[str]:
    """Looks whether a backup is whole and could be restored.

    Returns:
        What is wrong, a sentence each; empty when all is well.

    Raises:
        NotForThisKey: it is encrypted for other keys.
        Damaged: it is encrypted, and was changed or cut off.
    """
    with tempfile.TemporaryDirectory(dir=source.absolute().parent) as folder:
        copy = Path(folder) / "copy"
        _open(source, copy, identities)
        return _problems(copy)


async def restore(
    settings: Settings, source: Path, identities: "Sequence[x25519.Identity]", now: datetime
) -> Restored:
    """Puts a backup in place. At each instant either the present database or the whole backup is there.

    Raises:
        Problem: it cannot be done; the present database is as it was.
    """
    path = sqlite_file(settings.database.url)
    if path is None:
        raise BadInput(
            "The database is on a PostgreSQL server, which has programs of its own for that.",
            next_step="Follow docs/backup.md: pg_restore into a new database, then change [database] url.",
        )
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = lock_of(settings.database.url)
    try:
        await _wait_for_others(path, lock)
        with alone(path):
            return _replace(path, source, identities, now)
    except backup.InUse as error:
        raise _in_use() from error
    finally:
        await lock.close()


async def _wait_for_others(path: Path, lock: "Lock") -> None:
    """Waits for what a bot that was killed has left behind: the backup that it was making ends soon after it."""
    until = time.monotonic() + OTHERS_END_WITHIN_SECONDS
    while not (await lock.confirm() and _is_free(path)):
        if time.monotonic() >= until:
            raise _in_use()
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _is_free(path: Path) -> bool:
    try:
        with alone(path):
            if path.exists():
                backup.settle(path)
    except backup.InUse:
        return False
    return True


def _in_use() -> Problem:
    return Problem(
        "A bot runs on this database, or another program has it open. Nothing was changed.",
        next_step="Stop every solidarity-bot that uses it, also one that only stands by, and other programs that "
        "have the file open. Then restore, and start the bot again.",
    )


def _replace(path: Path, source: Path, identities: "Sequence[x25519.Identity]", now: datetime) -> Restored:
    prepared = path.with_name(f"{path.name}.restoring")
    backup.remove(prepared)
    try:
        _open(source, prepared, identities)
        problems = _problems(prepared)
        if problems:
            raise Problem(
                f"That backup cannot be restored. {' '.join(problems[:5])} Nothing was changed.",
                next_step="Choose another one.",
            )
        _let_the_bot_look(prepared)
        is_older = backup.revision_of(prepared) != HEAD
        backup.store(prepared)
        aside = _set_aside(path, now)
        backup.put(prepared, path)
    except (OSError, backup.Failed) as error:
        raise Problem(
            f"The backup could not be put in place: {error}. The present database is as it was.",
            next_step="Check that there is enough room, and that this user may read the backup and write there.",
        ) from error
    finally:
        with suppress(OSError):
            backup.remove(prepared)
    return Restored(aside, is_older)


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Gives the present database a second name, which is its only one once another file has the first."""
    if not path.exists():
        for one in backup.beside(path):
            one.unlink(
                missing_ok=True
            )  # the journal of a database that is gone would be played into the new one
        return None
    aside = path.with_name(f"{path.stem}-before-{now:%Y%m%dT%H%M%SZ}{path.suffix}")
    is_whole = backup.settle(path)
    try:
        os.link(path, aside)
    except OSError:  # not every kind of disk has second names
        path.replace(aside)
    for one, other in zip(backup.beside(path), backup.beside(aside), strict=True):
        if is_whole:
            one.unlink(missing_ok=True)  # empty, for nothing is half done
        elif one.exists():
            one.replace(other)  # a damaged database keeps its journal: somebody may yet make sense of both
    return aside


def _let_the_bot_look(path: Path) -> None:
    """Makes the bot look for each overdue post in its channel, however new the backup is: see `restored`."""
    alive = backup.fact(path, LAST_ALIVE)
    if alive is not None:
        long_ago = datetime.fromisoformat(alive) - SHORTLY_OFF - timedelta(minutes=1)
        backup.change_fact(path, LAST_ALIVE, long_ago.isoformat())


def _problems(path: Path) -> list[str]:
    problems = backup.problems_in(path)
    if problems:
        return problems
    revision = backup.revision_of(path)
    if revision is None:
        return ["It belongs to another program."]
    if revision not in known_revisions():
        return ["It was made by a newer version of Solidarity Bot: install that one first."]
    return []


def _open(source: Path, target: Path, identities: "Sequence[x25519.Identity]") -> None:
    """Copies a backup to where it can be looked at, decrypted if it is encrypted."""
    if not source.is_file():
        raise BadInput(f"There is no file {source}.", next_step="Name a backup; see the folder for backups.")
    with source.open("rb") as file:
        if file.read(len(_DUMP)) == _DUMP:
            raise BadInput(
                "That is a backup of a PostgreSQL database.",
                next_step="Look at it with pg_restore --list, and restore it with pg_restore: see docs/backup.md.",
            )
        file.seek(0)
        with os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as copy:
            if is_sealed(source):
                _unseal(file, copy, identities)
            else:
                shutil.copyfileobj(file, copy, backup.PART)


def _unseal(source: BinaryIO, target: BinaryIO, identities: "Sequence[x25519.Identity]") -> None:
    import pyrage  # noqa: PLC0415 - slow to import, and needed only here

    if not identities:
        raise BadInput(
            "That backup is encrypted.", next_step="Name the file with your secret key: --identity FILE."
        )
    try:
        pyrage.decrypt_io(source, target, identities)
    except pyrage.DecryptError as error:
        raise NotForThisKey if "matching keys" in str(error) else Damaged from None
    except OSError as error:
        if error.errno is None:  # the library's own, when a part of the file does not fit the rest
            raise Damaged from None
        raise
