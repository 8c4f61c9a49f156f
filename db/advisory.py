"""PostgreSQL's advisory locks, held by a connection of their own: they end with it, however it ends.

A lock has two numbers. The first tells in how many shards and processes an installation is split, so that processes that
disagree about it see each other; the second is the first shard of what a process serves.
"""

import asyncio
import contextlib
import secrets
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

FAMILIES = 0x501D_0000
_LAST_FAMILY = FAMILIES + 0x7FFF
UNREACHABLE = (DBAPIError, OSError, TimeoutError)
ENDS_WITHIN_SECONDS = 2.0

_TAKEN = text(
    "SELECT classid::bigint, objid::bigint FROM pg_locks JOIN pg_database ON pg_database.oid = database "
    "WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND datname = current_database() "
    "AND classid::bigint BETWEEN :lowest AND :highest"
)
_TAKE = text("SELECT pg_try_advisory_lock(CAST(:family AS integer), CAST(:number AS integer))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(CAST(:family AS integer), CAST(:number AS integer))")
_END_OWN = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND application_name = :name AND pid <> pg_backend_pid()"
)


def family_of(count: int, processes: int) -> int:
    """The first number of the locks of installations that are split like this."""
    return FAMILIES + (count << 4) + processes - 1


class AdvisorySession:
    """A connection that holds locks. It is opened when it is first needed, and anew after it was lost."""

    def __init__(self, url: str, *, ends_after_seconds: float | None = None) -> None:
        """Nothing is opened yet.

        Args:
            url: the database.
            ends_after_seconds: PostgreSQL ends the connection if it has heard nothing for so long, so that a process that
                hangs, or a machine that is gone without a word, holds its locks for no longer.
        """
        self._name = f"solidarity-{secrets.token_hex(8)}"
        self._settings = {"application_name": self._name}
        if ends_after_seconds is not None:
            self._settings["idle_session_timeout"] = str(round(ends_after_seconds * 1000))
        self._url = url
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as is known without asking."""
        return self._connection is not None

    async def alive(self) -> None:
        """Says that the process is alive, and learns whether the connection is."""
        await self._run(text("SELECT 1"))

    async def taken(self) -> set[tuple[int, int]]:
        """The locks that anybody holds, of all families."""
        found = await self._run(_TAKEN, lowest=FAMILIES, highest=_LAST_FAMILY)
        return {(family, number) for family, number in found}

    async def take(self, family: int, number: int) -> bool:
        """Takes a lock, unless another process has it."""
        return bool((await self._run(_TAKE, family=family, number=number)).scalar_one())

    async def give_back(self, family: int, number: int) -> None:
        """Gives a lock back, and keeps the connection."""
        await self._run(_GIVE_BACK, family=family, number=number)

    async def end_earlier_ones(self) -> bool:
        """Ends what is left of earlier connections of this process. Returns whether there was one that held a lock."""
        return bool((await self._run(_END_OWN, name=self._name)).all())

    async def drop(self) -> None:
        """Gives up the connection, and with it the locks."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*UNREACHABLE):
                async with asyncio.timeout(ENDS_WITHIN_SECONDS):
                    await connection.close()

    async def close(self) -> None:
        """Gives up everything."""
        await self.drop()
        if self._engine is not None:
            await self._engine.dispose()

    async def _run(self, statement: Any, **values: Any) -> Any:
        if self._connection is None:
            self._connection = await self._connect()
        return await self._connection.execute(statement, values)

    async def _connect(self) -> AsyncConnection:
        if self._engine is None:
            self._engine = create_async_engine(
                self._url,
                poolclass=NullPool,
                isolation_level="AUTOCOMMIT",
                hide_parameters=True,
                connect_args={"server_settings": self._settings},
            )
        return await self._engine.connect()
