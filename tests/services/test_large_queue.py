"""The moderators' queue where there is more feedback than anybody pages through."""

import itertools
import secrets
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial

import pytest
from sqlalchemy import event, insert

from bot.services import feedback
from bot.services import moderation_changes as changes
from bot.services import moderation_queue as work
from bot.services.context import Context
from db.tables import feedback as pieces
from db.tables import feedback_tags
from tests.services.test_moderation_queue import MODERATOR, A, give
from tests.services.test_moderation_queue import two_guilds as two_guilds  # noqa: PLC0414 - a fixture


async def test_what_is_beyond_the_last_page_follows_when_other_pieces_are_dealt_with(
    two_guilds: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = two_guilds
    monkeypatch.setattr(work, "LISTED", 7)
    await give(context, *"123456789")
    await feedback.release_batches(context)
    asked = await work.ask(context, A)
    first, last = await work.queue(context, A, asked), await work.queue(context, A, asked, 99)
    assert (first.total, first.pages, first.more) == (7, 2, True)
    assert (last.page, len(last.pieces)) == (1, 2)
    seen = [piece.feedback.feedback_id for piece in (*first.pieces, *last.pieces)]
    await changes.set_states(context, A, MODERATOR, seen[:2], "done")
    rest = await work.queue(context, A, asked, 99)
    assert (rest.total, rest.more) == (7, False)
    assert seen[2] not in (piece.feedback.feedback_id for piece in rest.pieces)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_page_costs_the_same_however_much_feedback_there_is(
    two_guilds: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = two_guilds
    monkeypatch.setattr(work, "LISTED", 50)
    monkeypatch.setattr(work, "SEARCHED", 50)
    uses = (
        *(
            partial(page_of, context, **asked)
            for asked in ({}, {"state": "all"}, {"topic": "meeting"}, {"demand": "4"})
        ),
        partial(page_of, context, number=99),
        partial(work.suggest_pieces, context, A, ""),
        partial(work.suggest_pieces, context, A, "0"),
        partial(work.suggest_pieces, context, A, "no such words"),
    )
    steps = []
    for stored in (400, 4_000):
        await store_many(context, stored)
        steps.append([await steps_of(context, use) for use in uses])
    assert all(more < 3 * few for few, more in zip(*steps, strict=True)), steps


async def page_of(context: Context, number: int = 0, **asked: str) -> work.QueuePage:
    return await work.queue(context, A, await work.ask(context, A, **asked), number)


async def store_many(context: Context, number: int) -> None:
    """Pieces of which a few of every hundred are open, as it is after some years."""
    rows = [
        {
            "feedback_id": secrets.token_hex(16),
            "guild_id": A,
            "topic": ("meeting", "other")[one % 2],
            "demand_key": (None, "cap-on-cases")[one // 2 % 2],
            "iso_week": "2025-W10",
            "text": "Words",
            "receipt_hash": secrets.token_hex(32),
            "state": "new" if one % 5 == 0 else "done",
        }
        for one in range(number)
    ]
    async with context.database.write() as connection:
        await connection.execute(insert(pieces), rows)
        tagged = [{"guild_id": A, "feedback_id": row["feedback_id"], "tag": "pay"} for row in rows[::3]]
        await connection.execute(insert(feedback_tags), tagged)


async def steps_of(context: Context, use: Callable[[], Awaitable[object]]) -> int:
    """How many instructions SQLite's machine takes for what is asked of it, asked again on a connection of its own."""
    asked = []

    def note(connection, cursor, statement, parameters, execution, executemany):
        asked.append((statement, parameters))

    engine = context.database._reader.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await use()
    event.remove(engine, "before_cursor_execute", note)
    counted = itertools.count()
    with closing(sqlite3.connect(context.database.path)) as connection:
        connection.set_progress_handler(lambda: next(counted) and 0, 10)
        for statement, parameters in asked:
            if statement.startswith(("SELECT", "WITH")):
                connection.execute(statement, parameters).fetchall()
    assert asked
    return next(counted)
