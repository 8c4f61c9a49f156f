"""Lines of CSV that SQLite itself puts together, page by page: an object in Python for each of a million rows is dear.

SQLite writes only what is certain: plain pieces whose keys have known words. It hands over every other piece as it is
stored, for `bot.domain` to put into words, and a mark shows where the lines of each belong.
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple, Self

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    column,
    func,
    literal,
    not_,
    select,
    table,
)

from bot.domain.export_formats import PLAIN_END
from bot.domain.export_rows import CsvCells, Group, guarded, quoted
from bot.domain.feedback import FeedbackState
from db import feedback_export
from db.feedback_export import KEY, Asked, DirectQuery, StoredPiece, limits_of, open_directly
from db.tables import feedback, feedback_messages, feedback_tags

MARK = b"\xff"
"""Stands for a line that is still to be written. It is in no text, since UTF-8 does not use this byte."""

ROW_END = b"\xfe"
"""Follows each row of a page, so that the page can be divided anywhere between rows. It is in no text either."""

_WORDS = """
    CREATE TEMP TABLE export_starts (topic TEXT, region TEXT, grade TEXT, cells TEXT, UNIQUE (topic, region, grade));
    CREATE TEMP TABLE export_demands (key TEXT PRIMARY KEY, cell TEXT) WITHOUT ROWID;
"""
_starts = table("export_starts", *(column(name, String) for name in ("topic", "region", "grade", "cells")))
_demands = table("export_demands", column("key", String), column("cell", String))
_LAST = "\U0010ffff"
"""Comes after every id."""

_A_WEEK = "[0-9][0-9][0-9][0-9]-W[0-9][0-9]"
_HARMLESS = "[0-9A-Za-z]*"
"""How a text begins that `guarded` leaves as it is, as nearly every text does."""


class Lines(NamedTuple):
    """The lines of one page, in UTF-8, and the pieces behind the marks among them."""

    last_id: str
    ready: int
    text: bytes
    """With `ROW_END` between the lines."""
    marked: tuple[StoredPiece, ...]
    groups: tuple[tuple[Group, int], ...]
    """How many pieces of each group are on the page, where any group at all is left blank."""


class LinePages:
    """Reads pages of lines from a database file; use it as an asynchronous context manager.

    Its connection is as that of `db.feedback_export.Pages`: it cannot write, and each page is a transaction of its own.
    """

    def __init__(self, path: Path, cells: CsvCells, *, more_to_tell: bool) -> None:
        self._path, self._cells = path, cells
        self._more_to_tell = more_to_tell
        self._marked: list[StoredPiece] = []
        self._queries: dict[tuple[int, FeedbackState, Asked], _Queries] = {}

    async def __aenter__(self) -> Self:
        self._file = await asyncio.to_thread(self._open)
        return self

    async def __aexit__(self, *ended: object) -> None:
        await asyncio.to_thread(self._file.close)

    def _open(self) -> sqlite3.Connection:
        file = open_directly(self._path)
        file.text_factory = bytes
        file.create_function("guarded", 1, guarded, deterministic=True)
        file.create_function("marked", 4, self._mark)
        file.execute("PRAGMA temp_store = MEMORY")
        file.executescript(_WORDS)
        starts = [
            (topic, *group, f'{topic_cell},{group_cells},"')
            for topic, topic_cell in self._cells.topics.items()
            for group, group_cells in self._cells.groups.items()
        ]
        file.executemany("INSERT INTO export_starts VALUES (?, ?, ?, ?)", starts)
        file.executemany("INSERT INTO export_demands VALUES (?, ?)", self._cells.demands.items())
        file.commit()
        return file

    def _mark(self, feedback_id: str, key: str, text: str, sealed: bytes | None) -> bytes:
        self._marked.append(StoredPiece(feedback_id, key, text, sealed))
        return MARK

    async def read(self, guild_id: int, state: FeedbackState, asked: Asked, *, after: str) -> Lines | None:
        """Of the next `PAGE_ROWS` ids in one state, the lines of those that are asked for; None at the end."""
        if after == _LAST:
            return None
        return await asyncio.to_thread(self._read, guild_id, state, asked, after)

    def _read(self, guild_id: int, state: FeedbackState, asked: Asked, after: str) -> Lines:
        wanted = (guild_id, state, asked)
        if wanted not in self._queries:
            line = _line(self._cells.states[state.value], _is_plain(guild_id, self._more_to_tell))
            self._queries[wanted] = _Queries(
                DirectQuery(_last_query(guild_id, state)),
                DirectQuery(_lines_query(guild_id, state, asked, line)),
                DirectQuery(_groups_query(guild_id, state, asked)),
            )
        queries = self._queries[wanted]
        found = queries.last.rows(self._file, after=after)
        last = found[0][0].decode() if found else _LAST
        self._marked.clear()
        ((number, text),) = queries.lines.rows(self._file, after=after, last=last)
        marked = tuple(self._marked)
        groups = queries.groups.rows(self._file, after=after, last=last) if self._cells.blanked else []
        sizes = tuple(((_text(region), _text(grade)), size) for region, grade, size in groups)
        return Lines(last, number - len(marked), text or b"", marked, sizes)


class _Queries(NamedTuple):
    last: DirectQuery
    lines: DirectQuery
    groups: DirectQuery


def _text(stored: bytes | None) -> str | None:
    return None if stored is None else stored.decode()


def _last_query(guild_id: int, state: FeedbackState) -> Select[*tuple[Any, ...]]:
    """The id at which a full page ends. Nothing but an index is read for it."""
    return (
        select(feedback.c.feedback_id)
        .where(*_after(guild_id, state))
        .order_by(feedback.c.feedback_id)
        .limit(1)
        .offset(feedback_export.PAGE_ROWS - 1)
    )


def _after(guild_id: int, state: FeedbackState) -> tuple[ColumnElement[bool], ...]:
    return (
        feedback.c.guild_id == guild_id,
        feedback.c.state == state.value,
        feedback.c.feedback_id > bindparam("after", "", type_=String),
    )


def _lines_query(
    guild_id: int, state: FeedbackState, asked: Asked, line: ColumnElement[str]
) -> Select[*tuple[Any, ...]]:
    marked = func.marked(feedback.c.feedback_id, KEY, feedback.c.text, feedback.c.sealed)
    lines = (
        select(func.coalesce(line, marked).label("line"))
        .where(*_on_page(guild_id, state, asked))
        # SQLite keeps the order of a query inside one that has group_concat().
        .order_by(feedback.c.feedback_id)
        .subquery()
    )
    return select(func.count(), func.group_concat(lines.c.line, literal(ROW_END)))


def _groups_query(guild_id: int, state: FeedbackState, asked: Asked) -> Select[*tuple[Any, ...]]:
    group = feedback.c.region, feedback.c.grade
    return select(*group, func.count()).where(*_on_page(guild_id, state, asked)).group_by(*group)


def _on_page(guild_id: int, state: FeedbackState, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    up_to_last = feedback.c.feedback_id <= bindparam("last", "", type_=String)
    return (*_after(guild_id, state), up_to_last, *limits_of(guild_id, asked))


def _line(state_cell: str, plain: ColumnElement[bool]) -> ColumnElement[str]:
    """A piece's line; null where it is not plain, or where a key has no known words. Fewer parts are faster."""
    pieces = feedback.c
    start = select(_starts.c.cells).where(
        _starts.c.topic == pieces.topic,
        _starts.c.region.is_not_distinct_from(pieces.region),
        _starts.c.grade.is_not_distinct_from(pieces.grade),
    )
    week = case((pieces.iso_week.op("GLOB")(_A_WEEK), pieces.iso_week))
    demand = select('",' + _demands.c.cell + f',{state_cell},"').where(_demands.c.key == pieces.demand_key)
    no_demand = pieces.demand_key.is_(None), f'",{quoted("")},{state_cell},"'
    text = case((pieces.text.op("GLOB")(_HARMLESS), pieces.text), else_=func.guarded(pieces.text))
    cells = start.scalar_subquery() + week + case(no_demand, else_=demand.scalar_subquery())
    return case((plain, cells + func.replace(text, '"', '""') + PLAIN_END))


def _is_plain(guild_id: int, more_to_tell: bool) -> ColumnElement[bool]:
    plain = feedback.c.sealed.is_(None)
    for more in (feedback_tags, feedback_messages) if more_to_tell else ():
        said = more.c.guild_id == guild_id, more.c.feedback_id == feedback.c.feedback_id
        plain = plain & not_(select(1).where(*said).correlate(feedback).exists())
    return plain
