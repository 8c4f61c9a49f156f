"""What a member can do with a receipt: see how things stand, add something, take it all back.

A receipt that was never given and one whose feedback was taken back meet the same query, the same answer and the same
count. The receipt is found by its keyed hash, so how long that takes says nothing about how near a guess was.
"""

import secrets
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.feedback import Feedback, cleaned
from bot.domain.feedback_threads import FeedbackThread, ThreadMessage
from bot.domain.language import say, say_count
from bot.domain.problems import NotFound, TooMany
from bot.domain.receipts import normalise_receipt
from bot.services import backups, feedback, retention
from bot.services.context import Context
from db import feedback_threads as queries

if TYPE_CHECKING:
    from datetime import date


async def check(context: Context, guild_id: int, user_id: int, receipt: str) -> FeedbackThread:
    """The feedback to which a receipt belongs, with what was added and replied.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: who asks; used for the limit on wrong receipts, in memory only, and neither stored nor logged.
        receipt: what was typed.

    Raises:
        BadInput: it cannot be a receipt.
        NotFound: nothing belongs to it.
        TooMany: the person has tried too many wrong ones within the hour.
    """
    async with context.database.read() as connection:
        entry = await _find(context, connection, guild_id, user_id, receipt)
        messages = await queries.fetch_messages(connection, guild_id, entry.feedback_id)
    return FeedbackThread(entry, messages)


async def add(context: Context, guild_id: int, user_id: int, receipt: str, text: str) -> None:
    """Adds to a piece of feedback. What is added waits for the day's batch, as feedback does.

    Raises:
        BadInput: the receipt or the text cannot be used.
        NotFound: nothing belongs to the receipt.
        TooMany: too many wrong receipts within the hour, or the day's allowance is used up.
    """
    kept, sealed = feedback.kept_form(context, cleaned(text))
    week = await feedback.current_week(context, guild_id)
    today: date | None = None
    try:
        async with context.database.write() as connection:
            entry = await _find(context, connection, guild_id, user_id, receipt)
            today = feedback.count_one(context, guild_id, user_id)
            message = ThreadMessage(
                message_id=secrets.token_hex(16),
                number=await queries.fetch_next_number(connection, guild_id, entry.feedback_id),
                from_moderators=False,
                waiting=True,
                iso_week=week,
                text=kept,
                sealed=sealed,
            )
            await queries.insert_message(connection, guild_id, entry.feedback_id, message)
    except BaseException:
        if today is not None:
            context.limit.give_back(guild_id, user_id, today)
        raise


async def withdraw(context: Context, guild_id: int, user_id: int, receipt: str) -> None:
    """Deletes a piece of feedback with everything that belongs to it. The receipt opens nothing afterwards.

    Raises:
        BadInput: it cannot be a receipt.
        NotFound: nothing belongs to it.
        TooMany: the person has tried too many wrong ones within the hour.
    """
    async with context.database.write() as connection:
        entry = await _find(context, connection, guild_id, user_id, receipt)
        await queries.delete_feedback(connection, guild_id, entry.feedback_id)
        await backups.note_erased(connection)
    context.snapshots.forget(guild_id)
    await retention.wipe(context)


async def _find(
    context: Context, connection: AsyncConnection, guild_id: int, user_id: int, typed: str
) -> Feedback:
    receipt = normalise_receipt(typed)
    hour = context.now().replace(minute=0, second=0, microsecond=0)
    # Counted before it is looked for, so that many at once do not slip through; a right one does not count.
    if not context.wrong_receipts.allow(guild_id, user_id, hour):
        raise TooMany(
            say_count(
                context.wrong_receipts.most,
                "You have tried {number} receipt within the hour that belongs to nothing here.",
                "You have tried {number} receipts within the hour that belong to nothing here.",
            ),
            next_step=say("Look for the receipt where you saved it, and try again in an hour."),
        )
    entry = await queries.fetch_by_receipt(connection, guild_id, context.keys.receipt_hash(receipt))
    if entry is None:
        raise NotFound(
            say("No feedback belongs to that receipt."),
            next_step=say(
                "Copy the receipt once more from where you saved it. If you took the feedback back, "
                "or its time to be kept is over, it is gone for good and so is its receipt."
            ),
        )
    context.wrong_receipts.give_back(guild_id, user_id, hour)
    return entry
