"""Queries for moderators at work on feedback: lists, tags, states. What waits for the batch is not theirs yet."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, exists, func, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.feedback import SET_ASIDE, Feedback, FeedbackState
from bot.domain.moderating import QueueFilter
from db.feedback import feedback_of
from db.tables import feedback, feedback_messages, feedback_tags
from db.upsert import insert_or

_RELEASED = feedback.c.state != FeedbackState.WAITING.value
_PAST_HEX = "g"


async def count_pieces(connection: AsyncConnection, guild_id: int, wanted: QueueFilter) -> int:
    """How many pieces answer to a filter."""
    query = select(func.count()).select_from(feedback).where(*_conditions(guild_id, wanted))
    return (await connection.execute(query)).scalar_one()


async def fetch_pieces(
    connection: AsyncConnection, guild_id: int, wanted: QueueFilter, *, most: int
) -> tuple[str, ...]:
    """The ids of the first pieces that answer to a filter, in the order of these random ids."""
    return tuple((await connection.execute(_first_ids(guild_id, wanted, most))).scalars())


async def fetch_by_ids(
    connection: AsyncConnection, guild_id: int, feedback_ids: Sequence[str]
) -> tuple[Feedback, ...]:
    """The pieces with these ids, in the order of the ids."""
    query = select(feedback).where(_of_guild(guild_id), feedback.c.feedback_id.in_(feedback_ids), _RELEASED)
    return await _pieces(connection, query.order_by(feedback.c.feedback_id))


async def fetch_beginning(
    connection: AsyncConnection, guild_id: int, start: str, *, most: int
) -> tuple[Feedback, ...]:
    """The pieces whose random ids begin so."""
    begins_so = (feedback.c.feedback_id >= start, feedback.c.feedback_id < start + _PAST_HEX)
    query = select(feedback).where(_of_guild(guild_id), *begins_so, _RELEASED)
    return await _pieces(connection, query.order_by(feedback.c.feedback_id).limit(most))


async def fetch_saying(
    connection: AsyncConnection, guild_id: int, words: str, *, most: int, among: int
) -> tuple[Feedback, ...]:
    """Pieces in whose readable text these words stand, of the first so many of the guild."""
    looked_at = _first_ids(guild_id, QueueFilter(frozenset(FeedbackState)), among)
    query = select(feedback).where(
        _of_guild(guild_id),
        feedback.c.feedback_id.in_(looked_at),
        feedback.c.text.icontains(words, autoescape=True),
    )
    return await _pieces(connection, query.order_by(feedback.c.feedback_id).limit(most))


async def set_state(
    connection: AsyncConnection, guild_id: int, feedback_ids: Sequence[str], state: FeedbackState
) -> int:
    """Gives some pieces a state. Returns how many there were."""
    changed = await connection.execute(
        update(feedback)
        .where(feedback.c.guild_id == guild_id, feedback.c.feedback_id.in_(feedback_ids), _RELEASED)
        .values(state=state.value)
    )
    return changed.rowcount


async def set_demand(
    connection: AsyncConnection, guild_id: int, feedback_id: str, demand_key: str | None
) -> None:
    """Says to which demand a piece speaks."""
    await connection.execute(
        update(feedback)
        .where(feedback.c.guild_id == guild_id, feedback.c.feedback_id == feedback_id, _RELEASED)
        .values(demand_key=demand_key)
    )


async def insert_tag(connection: AsyncConnection, guild_id: int, feedback_id: str, tag: str) -> bool:
    """Tags a piece. Returns whether it did not have that tag before."""
    statement = insert_or(connection, feedback_tags).values(
        guild_id=guild_id, feedback_id=feedback_id, tag=tag
    )
    return (await connection.execute(statement.on_conflict_do_nothing())).rowcount > 0


async def delete_tag(connection: AsyncConnection, guild_id: int, feedback_id: str, tag: str) -> bool:
    """Takes a tag off a piece. Returns whether it had it."""
    found = await connection.execute(
        delete(feedback_tags).where(
            feedback_tags.c.guild_id == guild_id,
            feedback_tags.c.feedback_id == feedback_id,
            feedback_tags.c.tag == tag,
        )
    )
    return found.rowcount > 0


async def fetch_tags(
    connection: AsyncConnection, guild_id: int, feedback_ids: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """The tags of some pieces, in alphabetical order."""
    query = select(feedback_tags.c.feedback_id, feedback_tags.c.tag).where(
        _of_guild(guild_id, feedback_tags), feedback_tags.c.feedback_id.in_(feedback_ids)
    )
    tags: dict[str, tuple[str, ...]] = dict.fromkeys(feedback_ids, ())
    for feedback_id, tag in await connection.execute(query.order_by(feedback_tags.c.tag)):
        tags[feedback_id] = (*tags[feedback_id], tag)
    return tags


async def fetch_every_tag(connection: AsyncConnection, guild_id: int) -> tuple[str, ...]:
    """The tags that a guild uses, in alphabetical order."""
    query = select(feedback_tags.c.tag).where(feedback_tags.c.guild_id == guild_id).distinct()
    return tuple((await connection.execute(query.order_by(feedback_tags.c.tag))).scalars())


async def count_evidence(connection: AsyncConnection, guild_id: int) -> dict[str, int]:
    """How many pieces speak to each demand, without those that were set aside."""
    uncounted = {FeedbackState.WAITING, *SET_ASIDE}
    query = (
        select(feedback.c.demand_key, func.count().label("number"))
        .where(
            feedback.c.guild_id == guild_id,
            feedback.c.demand_key.is_not(None),
            feedback.c.state.not_in([state.value for state in uncounted]),
        )
        .group_by(feedback.c.demand_key)
    )
    return {row.demand_key: row.number for row in await connection.execute(query)}


async def count_waiting(connection: AsyncConnection, guild_id: int) -> tuple[int, int]:
    """How many pieces, and how many additions to earlier ones, wait for the day's batch."""
    pieces = select(func.count()).where(
        feedback.c.guild_id == guild_id, feedback.c.state == FeedbackState.WAITING.value
    )
    additions = select(func.count()).where(
        feedback_messages.c.guild_id == guild_id, feedback_messages.c.waiting
    )
    return (
        (await connection.execute(pieces)).scalar_one(),
        (await connection.execute(additions)).scalar_one(),
    )


def _first_ids(guild_id: int, wanted: QueueFilter, most: int) -> Select[Any]:
    """The ids of the first pieces that answer to a filter.

    Each state is read in the order of an index and only so far, so that what is not wanted costs nothing.
    """
    firsts = [
        select(feedback.c.feedback_id)
        .where(*_conditions(guild_id, replace(wanted, states=frozenset({state}))))
        .order_by(feedback.c.feedback_id)
        .limit(most)
        .subquery()
        for state in sorted(wanted.states - {FeedbackState.WAITING})
    ]
    together = union_all(*(select(one.c.feedback_id) for one in firsts)).subquery()
    return select(together.c.feedback_id).order_by(together.c.feedback_id).limit(most)


def _of_guild(guild_id: int, table: Table = feedback) -> ColumnElement[bool]:
    """For queries that name ids: written so that a database goes by the ids, and not through all that a guild has."""
    return table.c.guild_id + 0 == guild_id


def _conditions(guild_id: int, wanted: QueueFilter) -> Iterator[ColumnElement[bool]]:
    yield feedback.c.guild_id == guild_id
    yield feedback.c.state.in_([state.value for state in wanted.states - {FeedbackState.WAITING}])
    if wanted.topic is not None:
        yield feedback.c.topic == wanted.topic
    if wanted.demand_key is not None:
        yield feedback.c.demand_key == wanted.demand_key
    if wanted.tag is not None:
        yield exists().where(
            feedback_tags.c.guild_id == guild_id,
            feedback_tags.c.feedback_id == feedback.c.feedback_id,
            feedback_tags.c.tag == wanted.tag,
        )


async def _pieces(connection: AsyncConnection, query: Select[Any]) -> tuple[Feedback, ...]:
    return tuple(feedback_of(row) for row in await connection.execute(query))
