"""Taking in confidential feedback, and handing it over to the moderators once a day."""

import secrets
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.feedback import GRADES, REGIONS, Feedback, cleaned, iso_week, known_choice, known_topic
from bot.domain.problems import TooMany
from bot.domain.receipts import new_receipt
from bot.services.context import Context
from bot.services.guilds import local_now
from db import feedback as queries


async def give(
    context: Context,
    guild_id: int,
    user_id: int,
    topic: str | None,
    text: str,
    region: str | None = None,
    grade: str | None = None,
) -> str:
    """Stores a piece of feedback, which then waits for the day's batch.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: who gives it; used for the limit per day, in memory only, and neither stored nor logged.
        topic: the key of a topic.
        text: what was typed.
        region: the key of a region, if one was chosen.
        grade: the key of a grade, if one was chosen.

    Returns:
        The receipt. It cannot be had again: only its keyed hash is kept.

    Raises:
        BadInput: something about it cannot be used; it does not count towards the limit.
        TooMany: the person has used up the day's allowance.
    """
    entry = Feedback(
        feedback_id=secrets.token_hex(16),
        topic=known_topic(topic),
        region=known_choice(region, REGIONS, "region"),
        grade=known_choice(grade, GRADES, "grade"),
        iso_week=iso_week((await local_now(context, guild_id)).date()),
        text=cleaned(text),
    )
    # The installation's day, not the guild's: the limit starts anew whenever the day changes, for all guilds.
    today = context.now().astimezone(ZoneInfo(context.settings.campaign.timezone)).date()
    _within_limit(context, guild_id, user_id, today)
    receipt = new_receipt()
    try:
        async with context.database.write() as connection:
            await queries.insert_feedback(
                connection, guild_id, entry, receipt_hash=context.keys.receipt_hash(receipt)
            )
    except BaseException:
        context.limit.give_back(guild_id, user_id, today)
        raise
    return receipt


def _within_limit(context: Context, guild_id: int, user_id: int, today: date) -> None:
    if not context.limit.allow(guild_id, user_id, today):
        most = context.settings.feedback.submissions_per_day
        raise TooMany(
            f"You have already given feedback {most} {'time' if most == 1 else 'times'} today.",
            next_step="Keep your text, and send it tomorrow.",
        )


async def release_batches(context: Context) -> None:
    """Hands over what waits, in every guild, so that nobody can tell who came first.

    The rows are written anew in an order drawn at random. On PostgreSQL the new version of a row lies where
    there is room at that moment, so afterwards the order in the file is that of the draw, not of arrival, and
    one transaction has written them all. On SQLite the same holds for the pages that long texts overflow to;
    the rows themselves are stored by their random id.
    """
    async with context.database.write() as connection:
        for guild_id in await queries.fetch_guilds_with_waiting(connection):
            waiting = await queries.fetch_waiting_ids(connection, guild_id)
            secrets.SystemRandom().shuffle(waiting)
            await queries.release(connection, guild_id, waiting)
