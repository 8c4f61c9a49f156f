"""Queries for exports and reports: pages of pieces in the order of their random ids, and the counts behind figures."""

import asyncio
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, cast

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.export_rows import KEY_SEPARATOR
from bot.domain.feedback import SET_ASIDE, STATES, FeedbackState
from db.engine import Database
from db.tables import feedback, feedback_messages, feedback_tags

PAGE_ROWS = 4_000
WAIT_SECONDS = 30

_COUNTED = tuple(state.value for state in STATES if state not in SET_ASIDE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export is limited to; `since` and `until` are ISO weeks, both included."""

    topic: str | None = None
    since: str | None = None
    until: str | None = None
    demand_keys: tuple[str, ...] = ()
    tag: str | None = None


class StoredPiece(NamedTuple):
    """A row of an export as it is stored; `key` holds its keys for `bot.domain.export_rows.Labels`."""

    feedback_id: str
    key: str
    text: str
    sealed: bytes | None


class Addition(NamedTuple):
    """What a member added later, through the receipt."""

    iso_week: str
    text: str
    sealed: bytes | None


def _joined(*columns: ColumnElement[str]) -> ColumnElement[str]:
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + KEY_SEPARATOR + func.coalesce(column, "")
    return joined


KEY = _joined(
    feedback.c.topic,
    feedback.c.region,
    feedback.c.grade,
    feedback.c.iso_week,
    feedback.c.demand_key,
    feedback.c.state,
)


class Pages:
    """Reads pages of pieces; use it as an asynchronous context manager.

    On SQLite it has a connection of its own that cannot write, in a thread: SQLAlchemy takes three times as long to hand
    out a million rows. Each page is a transaction of its own, so nobody who writes has to wait for an export.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file: sqlite3.Connection | None = None

    async def __aenter__(self) -> Self:
        if self._database.path is not None:
            self._file = await asyncio.to_thread(open_directly, self._database.path)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            await asyncio.to_thread(self._file.close)

    async def read(
        self, guild_id: int, state: FeedbackState, asked: Asked, *, after: str
    ) -> Sequence[StoredPiece]:
        """The next pieces in one state, at most `PAGE_ROWS`, after the id at which the last page ended.

        One state at a time, because the index on guild and state holds the ids of each in their order.
        """
        query = _page_query(guild_id, state, asked, after)
        # The rows of both have these fields in this order; making a million of our own would be dear.
        if self._file is not None:
            return cast("Sequence[StoredPiece]", await asyncio.to_thread(DirectQuery(query).rows, self._file))
        async with self._database.read() as connection:
            return cast("Sequence[StoredPiece]", (await connection.execute(query)).all())


def open_directly(path: Path) -> sqlite3.Connection:
    """A connection of its own to a database file, which cannot write, for use in any one thread at a time."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT_SECONDS, check_same_thread=False
    )


class DirectQuery:
    """A query for such a connection, to be run once or again and again with other values of what it leaves open."""

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        compiled = query.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self._statement = str(compiled)
        self._names: Sequence[str] = getattr(compiled, "positiontup", None) or ()
        self._values: Mapping[str, Any] = compiled.params

    def rows(self, file: sqlite3.Connection, **values: str) -> list[Any]:
        """All of its rows."""
        given = {**self._values, **values}
        with closing(file.execute(self._statement, [given[name] for name in self._names])) as cursor:
            return cursor.fetchall()


_DIALECT = sqlite_dialect()


def _page_query(guild_id: int, state: FeedbackState, asked: Asked, after: str) -> Select[Any, str, Any, Any]:
    return (
        select(feedback.c.feedback_id, KEY.label("key"), feedback.c.text, feedback.c.sealed)
        .where(
            feedback.c.guild_id == guild_id,
            feedback.c.state == state.value,
            feedback.c.feedback_id > after,
            *limits_of(guild_id, asked),
        )
        .order_by(feedback.c.feedback_id)
        .limit(PAGE_ROWS)
    )


def limits_of(guild_id: int, asked: Asked) -> list[ColumnElement[bool]]:
    """What pieces must be like to be in an export."""
    limits: list[ColumnElement[bool]] = []
    if asked.topic is not None:
        limits.append(feedback.c.topic == asked.topic)
    if asked.since is not None:
        limits.append(feedback.c.iso_week >= asked.since)
    if asked.until is not None:
        limits.append(feedback.c.iso_week <= asked.until)
    if asked.demand_keys:
        limits.append(feedback.c.demand_key.in_(asked.demand_keys))
    if asked.tag is not None:
        tagged = exists().where(
            feedback_tags.c.guild_id == guild_id,
            feedback_tags.c.feedback_id == feedback.c.feedback_id,
            feedback_tags.c.tag == asked.tag,
        )
        limits.append(tagged)
    return limits


async def has_more_to_tell(connection: AsyncConnection, guild_id: int) -> bool:
    """Whether the guild has tags, or anything was added through a receipt."""
    tagged = exists().where(feedback_tags.c.guild_id == guild_id)
    added = exists().where(feedback_messages.c.guild_id == guild_id)
    return bool(await connection.scalar(select(tagged | added)))


async def fetch_tags_of(
    connection: AsyncConnection, guild_id: int, feedback_ids: Collection[str]
) -> dict[str, list[str]]:
    """The tags of the pieces of one page that have any, in alphabetical order."""
    query = select(feedback_tags.c.feedback_id, feedback_tags.c.tag).where(
        feedback_tags.c.guild_id == guild_id, feedback_tags.c.feedback_id.in_(feedback_ids)
    )
    found: dict[str, list[str]] = {}
    for feedback_id, tag in await connection.execute(query.order_by(feedback_tags.c.tag)):
        found.setdefault(feedback_id, []).append(tag)
    return found


async def fetch_additions_to(
    connection: AsyncConnection, guild_id: int, feedback_ids: Collection[str]
) -> dict[str, list[Addition]]:
    """What was added to the pieces of one page and has been handed over, in the order in which it was added."""
    messages = feedback_messages.c
    query = (
        select(messages.feedback_id, messages.iso_week, messages.text, messages.sealed)
        .where(
            messages.guild_id == guild_id,
            messages.feedback_id.in_(feedback_ids),
            messages.from_moderators.is_(False),
            messages.waiting.is_(False),
        )
        .order_by(messages.number)
    )
    found: dict[str, list[Addition]] = {}
    for feedback_id, *added in await connection.execute(query):
        found.setdefault(feedback_id, []).append(Addition(*added))
    return found


async def count_counted_groups(
    connection: AsyncConnection, guild_id: int
) -> dict[tuple[str | None, str | None], int]:
    """How many pieces a guild has of each region and grade together, without what waits or was set aside."""
    query = (
        select(feedback.c.region, feedback.c.grade, func.count())
        .where(*_counted(guild_id))
        .group_by(feedback.c.region, feedback.c.grade)
    )
    return {(region, grade): size for region, grade, size in await connection.execute(query)}


async def count_each(connection: AsyncConnection, guild_id: int) -> dict[str, dict[str | None, int]]:
    """How many pieces a guild has of each week, topic, region and demand, without what waits or was set aside."""
    found: dict[str, dict[str | None, int]] = {}
    columns = (feedback.c.iso_week, feedback.c.topic, feedback.c.region, feedback.c.demand_key)
    for column in columns:
        query = select(column, func.count()).where(*_counted(guild_id)).group_by(column)
        rows = await connection.execute(query)
        found[column.name] = {value: size for value, size in rows.all()}  # noqa: C416 - rows are no pairs to a type checker
    return found


def _counted(guild_id: int) -> Sequence[ColumnElement[bool]]:
    return (feedback.c.guild_id == guild_id, feedback.c.state.in_(_COUNTED))
