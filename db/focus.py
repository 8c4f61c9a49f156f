"""Queries on focus rounds: suggestions, ballots, and the ledger by which each member votes once.

Neither a ballot nor a suggestion has a column that leads to a member or tells when it came; ids are random.
"""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus import Round, Suggestion, SuggestionState
from db.tables import focus_ballots, focus_ledger, focus_rounds, focus_suggestions
from db.upsert import insert_or

# Round


async def insert_round(connection: AsyncConnection, guild_id: int, opened: Round) -> None:
    """Stores a new round."""
    await connection.execute(
        insert(focus_rounds).values(
            round_id=opened.round_id,
            guild_id=guild_id,
            title=opened.title,
            opens_at=opened.opens_at,
            closes_at=opened.closes_at,
        )
    )


async def update_round(connection: AsyncConnection, guild_id: int, changed: Round) -> None:
    """Stores a round's title and times."""
    await connection.execute(
        update(focus_rounds)
        .where(focus_rounds.c.guild_id == guild_id, focus_rounds.c.round_id == changed.round_id)
        .values(title=changed.title, opens_at=changed.opens_at, closes_at=changed.closes_at)
    )


async def fetch_open(connection: AsyncConnection, guild_id: int, now: datetime) -> Round | None:
    """The guild's round that is not closed yet."""
    query = select(focus_rounds).where(focus_rounds.c.guild_id == guild_id, focus_rounds.c.closes_at > now)
    row = (await connection.execute(query.order_by(focus_rounds.c.closes_at).limit(1))).one_or_none()
    return None if row is None else _round(row)


async def fetch_for_change(connection: AsyncConnection, guild_id: int, round_id: str) -> Round | None:
    """A round, which nobody else can change or vote in until the transaction ends."""
    query = select(focus_rounds).where(
        focus_rounds.c.guild_id == guild_id, focus_rounds.c.round_id == round_id
    )
    row = (await connection.execute(query.with_for_update())).one_or_none()
    return None if row is None else _round(row)


async def fetch_closed(connection: AsyncConnection, guild_id: int, now: datetime) -> tuple[Round, ...]:
    """The guild's closed rounds, the latest first."""
    query = select(focus_rounds).where(focus_rounds.c.guild_id == guild_id, focus_rounds.c.closes_at <= now)
    rows = await connection.execute(query.order_by(focus_rounds.c.closes_at.desc(), focus_rounds.c.round_id))
    return tuple(_round(row) for row in rows)


async def delete_closed_before(connection: AsyncConnection, guild_id: int, instant: datetime) -> int:
    """Deletes a guild's rounds that closed before an instant, with all that belongs to them. Returns how many."""
    result = await connection.execute(
        delete(focus_rounds).where(focus_rounds.c.guild_id == guild_id, focus_rounds.c.closes_at < instant)
    )
    return result.rowcount


# Suggestions


async def insert_suggestion(connection: AsyncConnection, guild_id: int, suggested: Suggestion) -> None:
    """Stores a suggestion."""
    await connection.execute(
        insert(focus_suggestions).values(
            suggestion_id=suggested.suggestion_id,
            guild_id=guild_id,
            round_id=suggested.round_id,
            text=suggested.text,
            state=suggested.state.value,
        )
    )
    await _write_shuffled(connection, focus_suggestions, guild_id, suggested.round_id)


async def fetch_suggestions(
    connection: AsyncConnection, guild_id: int, round_id: str
) -> tuple[Suggestion, ...]:
    """All suggestions of a round, in the order of their random ids."""
    query = select(focus_suggestions).where(
        focus_suggestions.c.guild_id == guild_id, focus_suggestions.c.round_id == round_id
    )
    rows = await connection.execute(query.order_by(focus_suggestions.c.suggestion_id))
    return tuple(_suggestion(row) for row in rows)


async def fetch_suggestion(
    connection: AsyncConnection, guild_id: int, suggestion_id: str
) -> Suggestion | None:
    """One suggestion."""
    query = select(focus_suggestions).where(
        focus_suggestions.c.guild_id == guild_id, focus_suggestions.c.suggestion_id == suggestion_id
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _suggestion(row)


async def judge(
    connection: AsyncConnection,
    guild_id: int,
    suggestion_id: str,
    state: SuggestionState,
    merged_into: str | None = None,
) -> None:
    """Stores what became of a suggestion. What was merged into one that is now merged itself goes along."""
    mine = focus_suggestions.c.guild_id == guild_id
    if merged_into is not None:
        await connection.execute(
            update(focus_suggestions)
            .where(mine, focus_suggestions.c.merged_into == suggestion_id)
            .values(merged_into=merged_into)
        )
    await connection.execute(
        update(focus_suggestions)
        .where(mine, focus_suggestions.c.suggestion_id == suggestion_id)
        .values(state=state.value, merged_into=merged_into)
    )


# Votes


async def enter_ledger(connection: AsyncConnection, guild_id: int, round_id: str, entry_hash: str) -> bool:
    """Writes that a member has voted. Returns whether it was not there yet."""
    entry = {"entry_hash": entry_hash, "guild_id": guild_id, "round_id": round_id}
    statement = insert_or(connection, focus_ledger).values(**entry).on_conflict_do_nothing()
    result = await connection.execute(statement.returning(focus_ledger.c.entry_hash))
    return result.scalar_one_or_none() is not None


async def is_in_ledger(connection: AsyncConnection, guild_id: int, entry_hash: str) -> bool:
    """Whether the ledger says that a member has voted."""
    query = select(focus_ledger.c.entry_hash).where(
        focus_ledger.c.guild_id == guild_id, focus_ledger.c.entry_hash == entry_hash
    )
    return (await connection.execute(query)).scalar_one_or_none() is not None


async def insert_ballot(
    connection: AsyncConnection, guild_id: int, round_id: str, ranking: Sequence[str]
) -> None:
    """Stores a ballot under a random id."""
    await connection.execute(
        insert(focus_ballots).values(
            ballot_id=secrets.token_hex(16),
            guild_id=guild_id,
            round_id=round_id,
            ranking=json.dumps(list(ranking)),
        )
    )


async def shuffle_votes(connection: AsyncConnection, guild_id: int, round_id: str) -> None:
    """Writes the round's ballots and its ledger anew, each in an order of its own.

    A file shows in which order rows came: PostgreSQL appends them and numbers each with its transaction, SQLite fills a
    page from its end. Afterwards they have all come at once, in no order.
    """
    for table in (focus_ballots, focus_ledger):
        await _write_shuffled(connection, table, guild_id, round_id)


async def fetch_ballots(connection: AsyncConnection, guild_id: int, round_id: str) -> list[list[str]]:
    """The ballots of a round: ids of suggestions, the first choice first."""
    query = select(focus_ballots.c.ranking).where(
        focus_ballots.c.guild_id == guild_id, focus_ballots.c.round_id == round_id
    )
    return [json.loads(ranking) for ranking in (await connection.execute(query)).scalars()]


async def fetch_rounds_in_ledger(connection: AsyncConnection, guild_id: int) -> tuple[Round, ...]:
    """The rounds of a guild for which the ledger has entries."""
    entered = select(focus_ledger.c.round_id).where(focus_ledger.c.guild_id == guild_id)
    query = select(focus_rounds).where(
        focus_rounds.c.guild_id == guild_id, focus_rounds.c.round_id.in_(entered)
    )
    return tuple(_round(row) for row in await connection.execute(query))


async def lock_rounds_in_ledger(connection: AsyncConnection, guild_id: int) -> None:
    """Lets nobody vote until the transaction ends: a vote writes the whole ledger of its round anew."""
    entered = select(focus_ledger.c.round_id).where(focus_ledger.c.guild_id == guild_id)
    query = select(focus_rounds.c.round_id).where(
        focus_rounds.c.guild_id == guild_id, focus_rounds.c.round_id.in_(entered)
    )
    await connection.execute(query.order_by(focus_rounds.c.round_id).with_for_update())


async def fetch_guilds_in_ledger(connection: AsyncConnection) -> tuple[int, ...]:
    """The guilds that have entries in the ledger."""
    return tuple((await connection.execute(select(focus_ledger.c.guild_id).distinct())).scalars())


async def empty_ledger_of_closed(connection: AsyncConnection, guild_id: int, now: datetime) -> None:
    """Deletes the ledger of a guild's closed rounds; the ballots stay."""
    closed = select(focus_rounds.c.round_id).where(
        focus_rounds.c.guild_id == guild_id, focus_rounds.c.closes_at <= now
    )
    await connection.execute(
        delete(focus_ledger).where(focus_ledger.c.guild_id == guild_id, focus_ledger.c.round_id.in_(closed))
    )


def empty_log(path: Path) -> None:
    """Moves SQLite's write-ahead log, where there is one, into the file: the log shows what each transaction changed.

    Blocks for up to five seconds while others read; then the log goes with its next checkpoint.
    """
    # A connection of its own, since a checkpoint cannot run within a transaction.
    with closing(sqlite3.connect(path, timeout=5)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def _write_shuffled(connection: AsyncConnection, table: Table, guild_id: int, round_id: str) -> None:
    mine = (table.c.guild_id == guild_id, table.c.round_id == round_id)
    rows = [dict(row) for row in (await connection.execute(select(table).where(*mine))).mappings()]
    if not rows:
        return
    secrets.SystemRandom().shuffle(rows)
    await connection.execute(delete(table).where(*mine))
    await connection.execute(insert(table), rows)


def _round(row: Row[Any]) -> Round:
    return Round(row.round_id, row.title, row.opens_at, row.closes_at)


def _suggestion(row: Row[Any]) -> Suggestion:
    return Suggestion(row.suggestion_id, row.round_id, row.text, SuggestionState(row.state), row.merged_into)
