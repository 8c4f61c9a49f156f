"""Queries on feedback. No column tells who gave it, and none when, more finely than the week."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.feedback import Feedback, FeedbackState
from db.tables import feedback


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which feedback is asked for; `since` and `until` are ISO weeks, both included."""

    topic: str | None = None
    since: str | None = None
    until: str | None = None
    state: FeedbackState | None = None


_RELEASED = feedback.c.state != FeedbackState.WAITING.value
_WAITING = feedback.c.state == FeedbackState.WAITING.value


async def insert_feedback(
    connection: AsyncConnection, guild_id: int, entry: Feedback, *, receipt_hash: str
) -> None:
    """Stores a piece of feedback."""
    row = {
        "feedback_id": entry.feedback_id,
        "guild_id": guild_id,
        "topic": entry.topic,
        "region": entry.region,
        "grade": entry.grade,
        "iso_week": entry.iso_week,
        "demand_key": entry.demand_key,
        "meeting_key": entry.meeting_key,
        "text": entry.text,
        "sealed": entry.sealed,
        "receipt_hash": receipt_hash,
        "state": entry.state.value,
    }
    await connection.execute(insert(feedback), row)


async def fetch_guilds_with_waiting(connection: AsyncConnection) -> tuple[int, ...]:
    """The guilds in which feedback waits for the day's batch."""
    return tuple((await connection.execute(select(feedback.c.guild_id).where(_WAITING).distinct())).scalars())


async def fetch_waiting(connection: AsyncConnection, guild_id: int) -> list[tuple[str, bytes | None]]:
    """What waits for the day's batch in one guild: the identity, and the text if it is sealed."""
    query = select(feedback.c.feedback_id, feedback.c.sealed).where(feedback.c.guild_id == guild_id, _WAITING)
    return [(row.feedback_id, row.sealed) for row in await connection.execute(query)]


async def release(
    connection: AsyncConnection, guild_id: int, waiting: Sequence[tuple[str, bytes | None]]
) -> None:
    """Hands these over to the moderators, writing their rows anew one by one in the order given.

    The texts are written anew too: PostgreSQL keeps long ones in a table of their own, numbered as they came.
    """
    if not waiting:
        return
    statement = (
        update(feedback)
        .where(feedback.c.guild_id == guild_id, feedback.c.feedback_id == bindparam("released_id"), _WAITING)
        .values(state=FeedbackState.NEW.value, text=feedback.c.text + "", sealed=bindparam("same_sealed"))
    )
    await connection.execute(
        statement, [{"released_id": one, "same_sealed": sealed} for one, sealed in waiting]
    )


async def count_groups(
    connection: AsyncConnection, guild_id: int
) -> dict[tuple[str | None, str | None], int]:
    """How many released entries a guild has of each region and grade together."""
    query = (
        select(feedback.c.region, feedback.c.grade, func.count())
        .where(feedback.c.guild_id == guild_id, _RELEASED)
        .group_by(feedback.c.region, feedback.c.grade)
    )
    return {(region, grade): size for region, grade, size in await connection.execute(query)}


async def fetch_released(connection: AsyncConnection, guild_id: int, wanted: Wanted) -> tuple[Feedback, ...]:
    """The released entries that are asked for, in the order of their random ids."""
    query = select(feedback).where(feedback.c.guild_id == guild_id, _RELEASED, *_conditions(wanted))
    rows = await connection.execute(query.order_by(feedback.c.feedback_id))
    return tuple(feedback_of(row) for row in rows)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.topic is not None:
        yield feedback.c.topic == wanted.topic
    if wanted.since is not None:
        yield feedback.c.iso_week >= wanted.since
    if wanted.until is not None:
        yield feedback.c.iso_week <= wanted.until
    if wanted.state is not None:
        yield feedback.c.state == wanted.state.value


def feedback_of(row: Row[Any]) -> Feedback:
    """The piece of feedback that a row holds."""
    return Feedback(
        feedback_id=row.feedback_id,
        topic=row.topic,
        region=row.region,
        grade=row.grade,
        iso_week=row.iso_week,
        text=row.text,
        state=FeedbackState(row.state),
        demand_key=row.demand_key,
        meeting_key=row.meeting_key,
        sealed=row.sealed,
    )
