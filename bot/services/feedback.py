"""Taking in confidential feedback, and handing it over to the moderators once a day."""

import secrets
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.drafts import Draft
from bot.domain.feedback import GRADES, REGIONS, Feedback, cleaned, iso_week, known_choice, known_topic
from bot.domain.language import say, say_count
from bot.domain.problems import TooMany
from bot.domain.receipts import new_receipt
from bot.services import campaign, meetings
from bot.services.context import Context
from bot.services.guilds import local_now
from bot.services.sealing import seal
from db import feedback as queries
from db import feedback_threads


async def give(
    context: Context,
    guild_id: int,
    user_id: int,
    topic: str | None,
    text: str,
    region: str | None = None,
    grade: str | None = None,
    *,
    demand: str | None = None,
    meeting: str | None = None,
) -> str:
    """Stores a piece of feedback, which then waits for the day's batch.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: who gives it; used for the limit per day, in memory only, and neither stored nor logged.
        topic: the key of a topic.
        text: what was typed, or what was accepted instead of it.
        region: the key of a region, if one was chosen.
        grade: the key of a grade, if one was chosen.
        demand: the key of the demand to which it speaks, if one was chosen.
        meeting: the key of the meeting of which it speaks, if it was asked for after one.

    Returns:
        The receipt. It cannot be had again: only its keyed hash is kept.

    Raises:
        BadInput: something about it cannot be used; it does not count towards the limit.
        NotFound: the demand or the meeting is not there any more.
        TooMany: the person has used up the day's allowance.
    """
    week = await current_week(context, guild_id)
    text, sealed = kept_form(context, cleaned(text))
    entry = Feedback(
        feedback_id=secrets.token_hex(16),
        topic=known_topic(topic),
        region=known_choice(region, REGIONS, "region"),
        grade=known_choice(grade, GRADES, "grade"),
        iso_week=week,
        text=text,
        sealed=sealed,
        demand_key=(await campaign.get_demand(context, guild_id, demand)).key if demand else None,
        meeting_key=(await meetings.get_meeting(context, guild_id, meeting)).key if meeting else None,
    )
    today = count_one(context, guild_id, user_id)
    receipt = new_receipt()
    receipt_hash = context.keys.receipt_hash(receipt)
    try:
        await context.database.write_through(
            lambda connection: queries.insert_feedback(connection, guild_id, entry, receipt_hash=receipt_hash)
        )
    except BaseException:
        context.limit.give_back(guild_id, user_id, today)
        raise
    return receipt


async def give_draft(context: Context, guild_id: int, user_id: int, draft: Draft) -> str:
    """Stores what a member typed and chose; the same as `give` otherwise."""
    return await give(
        context,
        guild_id,
        user_id,
        draft.topic,
        draft.text,
        draft.region,
        draft.grade,
        demand=draft.demand_key,
        meeting=draft.meeting_key,
    )


async def current_week(context: Context, guild_id: int) -> str:
    """The ISO week in the guild's zone; nothing finer is kept of when something was said."""
    return iso_week((await local_now(context, guild_id)).date())


def kept_form(context: Context, text: str) -> tuple[str, bytes | None]:
    """What is stored of a text: itself, or nothing readable and the text sealed for the configured recipients."""
    sealed = seal(context, text)
    return (text, None) if sealed is None else ("", sealed)


def count_one(context: Context, guild_id: int, user_id: int) -> date:
    """Counts towards the day's allowance. Returns the day, with which it can be given back.

    The day is the installation's, not the guild's: the limit starts anew whenever the day changes, for all guilds.

    Raises:
        TooMany: the allowance is used up.
    """
    today = context.now().astimezone(ZoneInfo(context.settings.campaign.timezone)).date()
    if not context.limit.allow(guild_id, user_id, today):
        most = context.settings.feedback.submissions_per_day
        raise TooMany(
            say_count(
                most,
                "You have already given feedback {number} time today.",
                "You have already given feedback {number} times today.",
            ),
            next_step=say("Keep your text, and send it tomorrow."),
        )
    return today


async def release_batches(context: Context) -> None:
    """Hands over what waits, in every guild, so that nobody can tell who came first.

    The rows are written anew in an order drawn at random. On PostgreSQL the new version of a row lies where
    there is room at that moment, so afterwards the order in the file is that of the draw, not of arrival, and
    one transaction has written them all. On SQLite the same holds for the pages that long texts overflow to;
    the rows themselves are stored by their random id.
    """
    draw = secrets.SystemRandom()
    async with context.database.write() as connection:
        guilds_with_news = await queries.fetch_guilds_with_waiting(connection)
        for guild_id in guilds_with_news:
            waiting = await queries.fetch_waiting(connection, guild_id)
            draw.shuffle(waiting)
            await queries.release(connection, guild_id, waiting)
        for guild_id in await feedback_threads.fetch_guilds_with_waiting_messages(connection):
            messages = await feedback_threads.fetch_waiting_messages(connection, guild_id)
            draw.shuffle(messages)
            await feedback_threads.release_messages(connection, guild_id, messages)
    for guild_id in guilds_with_news:
        context.snapshots.forget(guild_id)  # it counts how much feedback speaks to each demand
