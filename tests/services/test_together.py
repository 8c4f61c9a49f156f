"""Writes that share a transaction: each is stored whole or not at all, whatever becomes of the others."""

import asyncio
import sqlite3
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.problems import BadInput
from bot.services.context import Context
from bot.services.together import WritesTogether
from db.audit import insert_audit
from db.engine import Database
from db.guilds import ensure_guild, update_guild
from db.tables import guilds
from db.upgrade import upgrade
from tests.services.exporting import A, audited

B = 1_002
FORBIDDEN = (3, 7)


async def test_what_one_may_not_do_leaves_the_others_alone(context: Context) -> None:
    async def enter(number: int, connection: AsyncConnection) -> int:
        await insert_audit(
            connection, A, at=context.now(), actor_id=number, event="export", purpose="x", rows=1, sha256="0"
        )
        if number in FORBIDDEN:
            raise BadInput(f"Not {number}.", next_step="Ask for another.")
        return number

    def write(number: int) -> asyncio.Task[int]:
        return asyncio.create_task(context.together.write(context.database, partial(enter, number)))

    ends = await asyncio.gather(*(write(number) for number in range(12)), return_exceptions=True)
    assert [one for one in ends if isinstance(one, int)] == [0, 1, 2, 4, 5, 6, 8, 9, 10, 11]
    assert [str(ends[number]) for number in FORBIDDEN] == ["Not 3.", "Not 7."]
    assert sorted(row.actor_id for row in await audited(context)) == [0, 1, 2, 4, 5, 6, 8, 9, 10, 11]
    with pytest.raises(BadInput):
        await write(FORBIDDEN[0])  # alone in its transaction
    assert len(await audited(context)) == 10
    assert await asyncio.gather(*(write(number) for number in (20, 21))) == [20, 21]
    assert len(await audited(context)) == 12


async def test_a_fault_is_told_to_all_who_wait_and_the_next_are_served(context: Context) -> None:
    async def fail(connection: AsyncConnection) -> int:
        raise ZeroDivisionError

    async def succeed(connection: AsyncConnection) -> int:
        return 1

    works = (succeed, fail, succeed)
    ends = await asyncio.gather(
        *(context.together.write(context.database, work) for work in works), return_exceptions=True
    )
    assert {type(one) for one in ends} == {ZeroDivisionError}
    assert await context.together.write(context.database, succeed) == 1


async def test_a_locked_file_is_waited_for_once_and_told_to_all(sqlite_database: Database) -> None:
    """Fifty presses that each waited five seconds for it would be answered after four minutes, which is never."""
    async with sqlite_database.outside_transactions() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 10")
    transactions: list[float] = []
    sqlite_database.wrote = transactions.append
    together = WritesTogether()

    async def enter(guild_id: int, connection: AsyncConnection) -> int:
        await ensure_guild(connection, guild_id, "Europe/London")
        return guild_id

    async def press() -> list[int | BaseException]:
        works = [partial(enter, number) for number in range(12)]
        return await asyncio.gather(
            *(together.write(sqlite_database, work) for work in works), return_exceptions=True
        )

    assert sqlite_database.path is not None
    with closing(sqlite3.connect(sqlite_database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert {type(end) for end in await press()} == {OperationalError}
        assert len(transactions) == 1
    assert await press() == list(range(12))


async def test_what_is_refused_beside_others_may_be_done_alone(context: Context) -> None:
    """A fault of another one in the same transaction has each of them start anew, with no refusal from before."""
    refusals = [1, 2]

    async def hesitate(connection: AsyncConnection) -> str:
        if refusals:
            raise BadInput(f"Not now, {refusals.pop()}.", next_step="Wait.")
        return "done"

    async def twice(connection: AsyncConnection) -> None:
        await connection.execute(insert(guilds), [{"guild_id": A}, {"guild_id": A}])

    ends = await asyncio.gather(
        *(context.together.write(context.database, work) for work in (hesitate, twice)),
        return_exceptions=True,
    )
    assert ends[0] == "done"
    assert isinstance(ends[1], IntegrityError)


async def test_what_stands_in_each_others_way_is_written_all_the_same(postgres_url: str) -> None:
    """Two processes lock the same two rows in opposite order: PostgreSQL refuses one of them, which then tries again."""
    databases = [await Database.open(postgres_url) for _ in range(2)]
    await upgrade(databases[0])
    async with databases[0].write() as connection:
        for guild_id in (A, B):
            await ensure_guild(connection, guild_id, "Europe/London")
    both_hold_one = asyncio.Barrier(2)
    first_times = {0, 1}

    async def change(process: int, guild_id: int, connection: AsyncConnection) -> int:
        await update_guild(connection, guild_id, weekly_cap=process)
        if process in first_times:
            first_times.discard(process)
            await both_hold_one.wait()
        return guild_id

    async def press(process: int, guild_ids: tuple[int, int]) -> list[int]:
        together = WritesTogether()
        works = [partial(change, process, guild_id) for guild_id in guild_ids]
        return await asyncio.gather(*(together.write(databases[process], work) for work in works))

    assert await asyncio.gather(press(0, (A, B)), press(1, (B, A))) == [[A, B], [B, A]]
    for database in databases:
        await database.close()
