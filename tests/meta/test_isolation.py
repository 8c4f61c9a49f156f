"""No query reads or changes what belongs to another guild.

Every query of `db/` that takes a guild is called for guild A: about A's own things, about those of guild B, and about
new ones, first with A's rows alone in the database and then with B's beside them. It must answer the same both times,
and meanwhile the database itself refuses any change to a row of B.
"""

import dataclasses
import importlib
import inspect
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.export_rows import CsvCells, Labels
from bot.domain.feedback import STATES
from db.engine import Database
from db.feedback_export import Asked, Pages
from db.feedback_lines import LinePages
from db.tables import feedback, schedules
from tests.meta.query_arguments import Whose, arguments
from tests.meta.two_guilds import VARIANTS, A, B, fill, lock_rows, mark, stored, unlock_rows

Query = Callable[..., Any]
Outcomes = dict[str, object]

OWN, NEW = tuple(Whose(A, variant) for variant in range(VARIANTS)), Whose(A, 1, new=True)
# Variant 0 has the same keys in both guilds. On PostgreSQL fewer are asked about: it is the same SQL.
ABOUT = {"sqlite": (*OWN[:2], Whose(B, 0), Whose(B, 1), NEW), "postgres": (OWN[0], Whose(B, 1))}
READING = ("fetch", "count", "is_", "has_", "read")
REFUSED = "refused by the database"
# These hold a row until the transaction ends, and tell nothing.
ONLY_LOCKS = {
    "focus.lock_rounds_in_ledger",
    "guilds.lock_guild",
}
# What they enter is a keyed hash of guild and member, so no other guild has the same.
KEYED = ("focus.enter_ledger", "participation.enter_ledger")
# These are no queries of the usual shape; the last test asks them.
OTHERS = {"feedback_export.Pages.read", "feedback_export.limits_of", "feedback_lines.LinePages.read"}


def functions() -> dict[str, Query]:
    """Everything in `db/` that others may call with a guild."""
    found: dict[str, Query] = {}
    for path in (Path(__file__).parents[2] / "db").glob("*.py"):
        module = importlib.import_module(f"db.{path.stem}")
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(thing):
                found[f"{path.stem}.{name}"] = thing
            elif inspect.isclass(thing):
                methods = inspect.getmembers(thing, inspect.isfunction)
                found |= {f"{path.stem}.{name}.{one}": it for one, it in methods if not one.startswith("_")}
    takes_guild = {name: it for name, it in found.items() if "guild_id" in inspect.signature(it).parameters}
    return {name: it for name, it in sorted(takes_guild.items()) if not _is_made_of_fields(it)}


def _is_made_of_fields(function: Query) -> bool:
    return function.__name__ in {"__init__", "_replace"}


QUERIES = {name: it for name, it in functions().items() if name not in OTHERS}


def test_every_query_was_found() -> None:
    assert len(QUERIES) > 130
    assert functions().keys() >= OTHERS
    shapes = {name: list(inspect.signature(it).parameters)[:2] for name, it in QUERIES.items()}
    assert {name: shape for name, shape in shapes.items() if shape != ["connection", "guild_id"]} == {}


class _Undone(Exception):
    """Ends a transaction without a trace."""


async def asked(connection: AsyncConnection, query: Query, given: dict[str, Any]) -> object:
    """What a query for guild A answers."""
    try:
        return plain(await query(connection, A, **given))
    except DBAPIError as error:
        assert "of the other guild" not in str(error), f"{query.__name__} {given}: {error}"
        return REFUSED  # what it refers to is not there, or what it makes is there already


async def asked_in_vain(database: Database, query: Query, given: dict[str, Any]) -> object:
    """The same, with what it writes undone."""
    answer: object = None
    with suppress(_Undone):
        async with database.write() as connection:
            answer = await asked(connection, query, given)
            raise _Undone
    return answer


def plain(value: Any) -> Any:
    """All that an answer holds, also what `repr` leaves out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, one.name)) for one in dataclasses.fields(value)]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Mapping):
        return {repr(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(repr(plain(one)) for one in value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(one) for one in value]
    return value


async def answers(database: Database, about: Sequence[Whose]) -> Outcomes:
    """What every query answers, by its name and what it was asked."""
    calls = [
        (f"{name} {who} {given}", name, query, given)
        for name, query in QUERIES.items()
        for who in about
        for given in arguments(name, query, who)
    ]
    found: Outcomes = {}
    async with database.read() as connection:
        for call, name, query, given in calls:
            if name.partition(".")[2].startswith(READING):
                found[call] = await asked(connection, query, given)
    for call, _, query, given in calls:
        if call not in found:
            found[call] = await asked_in_vain(database, query, given)
    return found


@pytest.fixture
async def with_a(database: Database) -> AsyncIterator[Database]:
    async with database.write() as connection:
        await fill(connection, A)
    yield database
    async with database.write() as connection:
        await unlock_rows(connection)


async def test_no_query_touches_another_guild(with_a: Database) -> None:
    about = ABOUT["sqlite" if with_a.is_sqlite else "postgres"]
    alone = await answers(with_a, about)
    async with with_a.write() as connection:
        await fill(connection, B)
    async with with_a.write() as connection:
        await lock_rows(connection, B)
        before = await stored(connection, B)
    beside = await answers(with_a, about)
    assert alone.keys() == beside.keys()
    assert len(beside) > len(about) * len(QUERIES)
    for call, answer in beside.items():
        if answer not in (
            alone[call],
            REFUSED,
        ):  # to refer to what nobody has is refused, and so it was before
            assert alone[call] == REFUSED or call.startswith(KEYED), call
            assert mark(B) not in repr(answer), call
    async with with_a.read() as connection:
        assert await stored(connection, B) == before


async def test_the_questions_have_answers(sqlite_database: Database) -> None:
    """Each query finds something of A, or would change something of it: otherwise the test above proves nothing."""
    async with sqlite_database.write() as connection:
        await fill(connection, A)
        await lock_rows(connection, A)
    idle = {name for name, query in QUERIES.items() if not await _has_an_answer(sqlite_database, name, query)}
    assert idle == ONLY_LOCKS


async def _has_an_answer(database: Database, name: str, query: Query) -> bool:
    for who in (NEW, *OWN):
        for given in arguments(name, query, who):
            try:
                answer = await asked_in_vain(database, query, given)
            except AssertionError as error:
                assert "of the other guild" in str(error)
                return True
            if answer and answer != REFUSED:
                return True
    return False


async def test_a_query_that_forgets_the_guild_would_be_found(sqlite_database: Database) -> None:
    async def careless_change(connection: AsyncConnection, guild_id: int, key: str) -> None:
        await connection.execute(
            update(schedules).where(schedules.c.meeting_key == key).values(title="Changed")
        )

    async def careless_cascade(connection: AsyncConnection, guild_id: int, feedback_id: str) -> None:
        await connection.execute(delete(feedback).where(feedback.c.feedback_id == feedback_id))

    async with sqlite_database.write() as connection:
        await fill(connection, A)
        await fill(connection, B)
        await lock_rows(connection, B)
    with pytest.raises(AssertionError, match="of the other guild, in schedules"):
        await asked_in_vain(sqlite_database, careless_change, {"key": Whose(A, 0).key})
    with pytest.raises(AssertionError, match="of the other guild, in feedback"):
        await asked_in_vain(sqlite_database, careless_cascade, {"feedback_id": Whose(B, 1).id})


@pytest.fixture
def cells() -> CsvCells:
    return Labels({(None, None): 9}, {}).csv_cells()


async def test_no_page_of_an_export_holds_what_is_another_guilds(
    sqlite_database: Database, cells: CsvCells
) -> None:
    async with sqlite_database.write() as connection:
        await fill(connection, A)
        await fill(connection, B)
    asks = [Asked(), Asked(since="2020-W01", until="2030-W01"), Asked(tag=Whose(B, 1).id[:32])]
    assert sqlite_database.path is not None
    found = 0
    async with Pages(sqlite_database) as pages:
        for state in STATES:
            for ask in asks:
                rows = await pages.read(A, state, ask, after="")
                assert mark(B) not in repr([tuple(one) for one in rows])
                found += len(rows)
    assert found > 10
    for ask in asks:
        async with LinePages(sqlite_database.path, cells, more_to_tell=True) as pages:
            lines = [await pages.read(A, state, ask, after="") for state in STATES]
        assert mark(B) not in repr(lines)
        assert (mark(A) in repr(lines)) is (ask.tag is None)
