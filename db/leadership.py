"""One scheduler per database: a lock that the system gives back when its holder dies.

SQLite: a lock on a file beside the database. PostgreSQL: an advisory lock, held by a connection of its own.
"""

import asyncio
import logging
import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url

from db.advisory import UNREACHABLE, AdvisorySession, family_of

log = logging.getLogger(__name__)

ONE_PROCESS = family_of(1, 1)
ANSWER_WITHIN_SECONDS = 5.0


class Lock(Protocol):
    """At most one process has it at a time."""

    async def confirm(self) -> bool:
        """Whether this process has the lock now; tries to get it where it does not."""
        ...

    async def close(self) -> None:
        """Gives it back."""
        ...


def lock_of(url: str) -> Lock:
    """The lock that belongs to a database; nothing is opened yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        return FileLock(Path(f"{address.database}.lock"))
    return AdvisoryLock(url)


class FileLock:
    """A lock on a file, which ends with the process.

    Where the system has no such locks (Windows, some network drives), the lock is taken to be ours, and the log says so:
    what is claimed still goes out once, but both processes would do the daily work.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    async def confirm(self) -> bool:
        """Whether this process has the lock now; tries to get it where it does not."""
        if self._file is None:
            self._file = await asyncio.to_thread(_locked, self._path)
        return self._file is not None

    async def close(self) -> None:
        """Gives it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _locked(path: Path) -> int | None:
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        import fcntl  # noqa: PLC0415 - not on Windows

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    except (ImportError, OSError):
        log.warning("this system cannot lock files; make sure that one process only uses this database")
    return file


class AdvisoryLock:
    """PostgreSQL's advisory lock, which ends with its connection.

    It is that of an installation with one process. Nobody gets it while the installation is split over several.
    """

    def __init__(self, url: str) -> None:
        self._session = AdvisorySession(url)

    async def confirm(self) -> bool:
        """Whether this process has the lock now; tries to get it where it does not."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                if self._session.is_open:
                    await self._session.alive()
                    return True
                return await self._take()
        except UNREACHABLE:
            log.warning("the lock on the database was lost, or could not be asked for")
            await self._session.drop()
            return False

    async def close(self) -> None:
        """Gives it back."""
        await self._session.close()

    async def _take(self) -> bool:
        # Taken first and looked around after: of two that come at the same time, at least one sees the other.
        is_alone = await self._session.take(ONE_PROCESS, 0) and await self._session.taken() == {
            (ONE_PROCESS, 0)
        }
        if not is_alone:
            await self._session.drop()
        return is_alone
