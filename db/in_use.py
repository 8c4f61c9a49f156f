"""Who uses a SQLite file. Each process that has it open shares a lock on a file beside it; whoever replaces it is alone.

SQLite's own locks are held for moments only, and its file is another one after a restore: a process that stood by
meanwhile would go on with the file that is gone. The system gives these locks back when a process dies.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from db.backup import InUse


def share(path: Path) -> int | None:
    """Says that this process uses the database, until what is returned is closed; `None` where files cannot be locked.

    Raises:
        InUse: it is being replaced at present.
    """
    return _lock(path, alone=False)


def take_alone(path: Path) -> int | None:
    """Keeps every other process from the database, until what is returned is closed.

    Raises:
        InUse: one has it open.
    """
    return _lock(path, alone=True)


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Keeps every other process from the database.

    Raises:
        InUse: one has it open.
    """
    lock = take_alone(path)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _lock(path: Path, *, alone: bool) -> int | None:
    try:
        import fcntl  # noqa: PLC0415 - not on Windows

        file = os.open(f"{path}.users", os.O_RDWR | os.O_CREAT, 0o600)
    except (
        ImportError,
        OSError,
    ):  # the lock of the process that leads is there still, and says what is lacking
        return None
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(file)
        raise InUse from error
    except OSError:  # some network drives
        os.close(file)
        return None
    return file
