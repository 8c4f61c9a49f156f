"""Queries on feedback by its receipt, and on what was added to it and replied."""

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.feedback import Feedback
from bot.domain.feedback_threads import ThreadMessage
from db.feedback import feedback_of
from db.tables import feedback, feedback_messages

# Built once: whoever tries receipts one after the other costs as little as can be.
_BY_RECEIPT = select(feedback).where(
    feedback.c.guild_id == bindparam("guild_id"), feedback.c.receipt_hash == bindparam("receipt_hash")
)


async def fetch_by_receipt(connection: AsyncConnection, guild_id: int, receipt_hash: str) -> Feedback | None:
    """The piece of feedback to which a receipt belongs."""
    given = {"guild_id": guild_id, "receipt_hash": receipt_hash}
    row = (await connection.execute(_BY_RECEIPT, given)).one_or_none()
    return None if row is None else feedback_of(row)


async def fetch_messages(
    connection: AsyncConnection, guild_id: int, feedback_id: str
) -> tuple[ThreadMessage, ...]:
    """What was added to a piece of feedback and replied, in its order."""
    query = (
        select(feedback_messages)
        .where(feedback_messages.c.guild_id == guild_id, feedback_messages.c.feedback_id == feedback_id)
        .order_by(feedback_messages.c.number, feedback_messages.c.message_id)
    )
    return tuple(
        ThreadMessage(
            message_id=row.message_id,
            number=row.number,
            from_moderators=row.from_moderators,
            waiting=row.waiting,
            iso_week=row.iso_week,
            text=row.text,
            sealed=row.sealed,
        )
        for row in await connection.execute(query)
    )


async def fetch_next_number(connection: AsyncConnection, guild_id: int, feedback_id: str) -> int:
    """The place of the next message in a thread."""
    query = select(func.max(feedback_messages.c.number)).where(
        feedback_messages.c.guild_id == guild_id, feedback_messages.c.feedback_id == feedback_id
    )
    return ((await connection.execute(query)).scalar_one() or 0) + 1


async def insert_message(
    connection: AsyncConnection, guild_id: int, feedback_id: str, message: ThreadMessage
) -> None:
    """Stores an addition or a reply."""
    await connection.execute(
        insert(feedback_messages).values(
            message_id=message.message_id,
            guild_id=guild_id,
            feedback_id=feedback_id,
            number=message.number,
            from_moderators=message.from_moderators,
            waiting=message.waiting,
            iso_week=message.iso_week,
            text=message.text,
            sealed=message.sealed,
        )
    )


async def delete_feedback(connection: AsyncConnection, guild_id: int, feedback_id: str) -> None:
    """Deletes a piece of feedback; the database deletes its tags and messages with it."""
    await connection.execute(
        delete(feedback).where(feedback.c.guild_id == guild_id, feedback.c.feedback_id == feedback_id)
    )


async def fetch_guilds_with_waiting_messages(connection: AsyncConnection) -> tuple[int, ...]:
    """The guilds in which additions wait for the day's batch."""
    query = select(feedback_messages.c.guild_id).where(feedback_messages.c.waiting).distinct()
    return tuple((await connection.execute(query)).scalars())


async def fetch_waiting_messages(
    connection: AsyncConnection, guild_id: int
) -> list[tuple[str, str, bytes | None]]:
    """The additions that wait for the day's batch in one guild: identity, text and sealed text."""
    query = select(
        feedback_messages.c.message_id, feedback_messages.c.text, feedback_messages.c.sealed
    ).where(feedback_messages.c.guild_id == guild_id, feedback_messages.c.waiting)
    return [(row.message_id, row.text, row.sealed) for row in await connection.execute(query)]


async def release_messages(
    connection: AsyncConnection, guild_id: int, messages: Sequence[tuple[str, str, bytes | None]]
) -> None:
    """Hands these over to the moderators, writing them anew in the order given, long values too.

    They are emptied first: SQLite would overwrite a row of the same length where it lies, in the order of arrival.
    """
    if not messages:
        return
    each = update(feedback_messages).where(
        feedback_messages.c.guild_id == guild_id, feedback_messages.c.message_id == bindparam("released_id")
    )
    await connection.execute(
        each.values(text="", sealed=None), [{"released_id": message_id} for message_id, _, _ in messages]
    )
    await connection.execute(
        each.values(waiting=False, text=bindparam("same_text"), sealed=bindparam("same_sealed")),
        [{"released_id": one, "same_text": text, "same_sealed": sealed} for one, text, sealed in messages],
    )
