"""Writes that come at the same moment share a transaction: five hundred presses wait for few commits.

Whatever comes while a transaction is being written goes into the next one. Nothing is answered before it is stored, and
what one of them may not do leaves the others alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import speaking, spoken
from bot.domain.problems import Problem
from db.engine import Database

MOST_TOGETHER = 50
"""Whoever comes first waits for all of them to be written."""

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]


@dataclass(slots=True)
class _Waiting:
    work: Work[Any]
    answer: asyncio.Future[Any]
    outcome: Any = None
    failure: Exception | None = None
    written: bool = False
    language: NullTranslations = field(default_factory=spoken)
    """In which whoever waits is spoken to: whose task does the work, speaks to many."""

    async def do(self, connection: AsyncConnection) -> None:
        """Does the work, and keeps what it returns."""
        with speaking(self.language):
            self.outcome = await self.work(connection)


class WritesTogether:
    """The writes that wait for the next transaction."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, database: Database, work: Work[T]) -> T:
        """Does the work in a transaction with others', and returns what it returns once that is committed.

        The work may be done again from its start, in another transaction, when somebody else's in the same one fails; so
        all that it changes is in the database.

        Raises:
            Problem: what the work raises; nothing of this work is stored then.
        """
        one = _Waiting(work, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_all(database))
        return await one.answer

    async def _write_all(self, database: Database) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            try:
                await _write_or_each_alone(database, batch)
            finally:  # whatever ends the work ends the waiting
                for one in batch:
                    _answer(one)


async def _write_or_each_alone(database: Database, batch: Sequence[_Waiting]) -> None:
    """Writes them together; those that stand in another process's way, and it in theirs, one after the other."""
    for one in batch:
        one.failure = None  # what it may not do beside others it may do alone
    try:
        await _write_batch(database, batch)
    except DBAPIError as error:
        if len(batch) == 1 or _ends_all(error):
            _fail(batch, error)
            return
        for one in batch:
            await _write_or_each_alone(database, [one])
    except Exception as error:  # noqa: BLE001 - each of those who wait is told
        _fail(batch, error)


def _ends_all(error: DBAPIError) -> bool:
    """Whether each alone would fail as all together do, after as long a wait: a locked file, a lost connection."""
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for one in batch:
        one.failure = error


async def _write_batch(database: Database, batch: Sequence[_Waiting]) -> None:
    """Does the work of all. As a rule everybody may do what they ask for; savepoints are dear, so the rule goes first."""

    async def write_all(connection: AsyncConnection) -> None:
        for one in batch:
            await one.do(connection)

    async def write_each(connection: AsyncConnection) -> None:
        for one in batch:
            await _write_one(connection, one)

    try:
        await database.write_through(write_all)
    except Problem as problem:
        if len(batch) == 1:
            batch[0].failure = problem
            return
        await database.write_through(write_each)
    for one in batch:
        one.written = True


async def _write_one(connection: AsyncConnection, one: _Waiting) -> None:
    try:
        async with connection.begin_nested():
            await one.do(connection)
    except Problem as problem:
        one.failure = problem


def _answer(one: _Waiting) -> None:
    if one.answer.done():
        return
    if one.failure is not None:
        one.answer.set_exception(one.failure)
    elif one.written:
        one.answer.set_result(one.outcome)
    else:
        one.answer.cancel()
