"""A whole and checked copy of a SQLite database, made beside a running bot. It needs nothing but the standard library.

With a rollback journal, whoever reads keeps writers waiting, so reading 500 MB within one transaction would hold up every
command for seconds. Instead the file is copied without a lock. A lock is taken only afterwards, to see whether anything was
written meanwhile, and if so to bring over the parts that differ. With a write-ahead log reading disturbs nobody.

The first copy is then written anew: what was deleted is in its gaps, but not in the second. All of it runs in a process of
its own (`bot.services.backup_apart`): a process that closes a database file loses all its locks on it.
"""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

PART = 4 * 2**20
COMPARED = 2**18
"""Bytes that are copied, and compared, at once."""

MAPPED = 2 * 2**30
"""Bytes of a copy that are looked at in place; it is nobody else's, so that it cannot become shorter meanwhile."""

SETTLED = 10**9
"""Nanoseconds since the last write, after which a further one is sure to change the file's time."""

WAIT_SECONDS = 30
Failed = sqlite3.Error
"""SQLite could not do it: the disk is full, or the file is damaged or busy."""

HEADER = b"SQLite format 3\x00"
_BESIDE = ("-journal", "-wal", "-shm")

MARKS = ("focus_ledger", "participation_ledger")
"""Who was counted this week or has voted, scrambled. Two backups, from before and after a vote, would tell whose it was."""


class InUse(Exception):
    """Another process uses the database."""


def copy(source: Path, target: Path) -> None:
    """Copies the database as it is at one instant.

    Raises:
        sqlite3.Error: it is damaged, or kept busy for very long.
        OSError: there is no room, for one.
    """
    with closing(_open(source)) as connection:
        connection.execute("PRAGMA query_only = ON")
        if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
            with closing(_open(target, mode="rwc")) as copied:
                connection.backup(copied)
            return
        _copy_file(connection, source, target)


def _copy_file(connection: sqlite3.Connection, source: Path, target: Path) -> None:
    # Closed only after the transaction: closing the file gives up the connection's lock on it.
    with source.open("rb", buffering=0) as original, target.open("w+b", buffering=0) as copied:
        begun, written = os.fstat(copied.fileno()).st_mtime_ns, os.fstat(original.fileno()).st_mtime_ns
        position = 0
        while part := original.read(PART):
            _write(copied.fileno(), part, position)
            position += len(part)
        connection.execute("BEGIN")
        connection.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # takes the lock, as BEGIN does not
        if os.fstat(original.fileno()).st_mtime_ns != written or begun - written < SETTLED:
            _bring_over_changes(original.fileno(), copied.fileno())
        connection.execute("ROLLBACK")


def _bring_over_changes(original: int, copied: int) -> None:
    size = os.fstat(original).st_size
    os.ftruncate(copied, size)
    # Writers wait meanwhile. Small buffers that are used again stay in the processor's cache.
    here, there = bytearray(COMPARED), bytearray(COMPARED)
    for position in range(0, size, COMPARED):
        number = os.preadv(original, [here], position)
        os.preadv(copied, [there], position)
        if here != there:
            _write(copied, bytes(here[:number]), position)


def _write(file: int, part: bytes, position: int) -> None:
    rest = memoryview(part)
    while rest:
        number = os.pwrite(file, rest, position)
        rest, position = rest[number:], position + number


def leave_out_marks(path: Path) -> None:
    """Removes the scrambled marks from a copy: after it is put back, somebody may be counted twice for one week."""
    with closing(_open(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        known = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        for table in MARKS:
            if table in known:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - one of the names above


def compact(source: Path, target: Path) -> None:
    """Writes a copy anew, without its gaps and what was deleted there."""
    with closing(_open(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def problems_in(path: Path) -> list[str]:
    """What is wrong with a copy, a sentence each; empty when it is whole."""
    with path.open("rb") as file:
        if file.read(len(HEADER)) != HEADER:
            return ["It is not a SQLite database."]
    try:
        with closing(_open(path, mode="ro")) as connection:
            # Looking at the file in place, instead of asking for each page, halves the time of a check.
            connection.execute(f"PRAGMA mmap_size = {MAPPED}")
            found = [line for (line,) in connection.execute("PRAGMA integrity_check")]
            loose = {table for table, *_ in connection.execute("PRAGMA foreign_key_check")}
    except sqlite3.Error as error:
        return [f"SQLite reports: {error}."]
    return [
        *(f"SQLite reports: {line}" for line in found if line != "ok"),
        *(f"Rows of {table} refer to others that are gone." for table in sorted(loose)),
    ]


def revision_of(path: Path) -> str | None:
    """The schema that a copy says it has; `None` when it is not one of the bot's."""
    with closing(_open(path, mode="ro")) as connection, suppress(sqlite3.Error):
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return row[0] if row else None
    return None


def change_fact(path: Path, key: str, value: str) -> None:
    """Changes something that the installation remembers about itself, if it remembers it."""
    with closing(_open(path)) as connection:
        connection.execute("UPDATE installation SET value = ? WHERE key = ?", (value, key))


def fact(path: Path, key: str) -> str | None:
    """Something that the installation remembers about itself."""
    with closing(_open(path, mode="ro")) as connection:
        row = connection.execute("SELECT value FROM installation WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None


def settle(path: Path) -> bool:
    """Completes or takes back what a killed process left half done, so that the file alone is the whole database.

    Returns:
        Whether it could be done; it cannot where the file is damaged.

    Raises:
        InUse: another process uses it.
    """
    try:
        with closing(_open(path, wait_seconds=1)) as connection:
            connection.execute(
                "PRAGMA journal_mode = DELETE"
            )  # only whoever is alone may leave the write-ahead log
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise InUse from error
        return False
    except sqlite3.DatabaseError:
        return False
    return True


def beside(path: Path) -> list[Path]:
    """The files that SQLite may keep beside a database."""
    return [path.with_name(path.name + ending) for ending in _BESIDE]


def remove(path: Path) -> None:
    """Removes a copy that is not needed, with what SQLite kept beside it."""
    for one in (path, *beside(path)):
        one.unlink(missing_ok=True)


def put(prepared: Path, target: Path) -> None:
    """Gives a finished file its name once all of it is on the disk."""
    store(prepared)
    prepared.replace(target)
    with suppress(OSError):  # not every kind of disk can do so with a folder
        store(target.parent)


def store(path: Path) -> None:
    """Waits until a file, or the list of files in a folder, is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _open(path: Path, *, mode: str = "rw", wait_seconds: float = WAIT_SECONDS) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(address, uri=True, timeout=wait_seconds, isolation_level=None)
