"""What is kept for how long: the periods, the warning before feedback goes, the deletion, and that nothing is left of it."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import THE_BOT
from bot.domain.export_rows import K
from bot.domain.feedback import iso_week
from bot.domain.language import later, say, say_count, speaking
from bot.domain.models import Guild
from bot.domain.personal_data import DIRECT_NUDGES_KEPT
from bot.domain.retention import Periods, Warned, known_weeks
from bot.domain.shards import EVERYTHING, Share
from bot.domain.text import clean_text
from bot.services import guilds, languages
from bot.services.context import Context
from bot.services.sending import Sender
from db import guilds as guild_queries
from db import retention as queries
from db.audit import insert_audit
from db.direct_nudges import delete_settled, delete_told
from db.focus import delete_closed_before
from db.scrub import scrub

RETENTION_CHANGED, PRIVACY_CHANGED, EXPIRED = "retention", "privacy", "expired"
CONTACT_SET = later("The contact for questions about data")
FEEDBACK_EXPIRED = later("Feedback: older than this server keeps it")
AUDIT_EXPIRED = later("Audit log: older than this server keeps it")
VOTES_EXPIRED = later("Votes on the focus: older than this server keeps it")
CONTACT_MOST = 300
DRAFTS_KEPT = timedelta(days=1)
"""For so long what was read from a document waits for an organiser."""

WIPED_IN = "wiped_in"
WIPE_DUE = "due"
WARNED = "retention_warned:"


def periods_of(context: Context, guild: Guild) -> Periods:
    """For how long a guild keeps things: as it chose, or else as the installation does."""
    defaults = context.settings.retention
    return Periods(guild.feedback_weeks or defaults.feedback_weeks, guild.audit_weeks or defaults.audit_weeks)


async def periods(context: Context, guild_id: int) -> Periods:
    """For how long a guild keeps things."""
    return periods_of(context, await guilds.get(context, guild_id))


async def change_periods(
    context: Context, guild_id: int, administrator_id: int, *, feedback: int | None, audit: int | None
) -> Periods:
    """Sets for how many weeks a guild keeps feedback, its audit log, or both; the audit log says who did it.

    Raises:
        BadInput: a number of weeks is out of bounds; nothing is changed then.
    """
    before = await periods(context, guild_id)
    wanted = Periods(
        known_weeks(before.feedback_weeks if feedback is None else feedback),
        known_weeks(before.audit_weeks if audit is None else audit),
    )
    what = f"Feedback {wanted.feedback_weeks} weeks, audit log {wanted.audit_weeks} weeks"
    await guilds.change_and_record(
        context,
        guild_id,
        administrator_id,
        RETENTION_CHANGED,
        what,
        feedback_weeks=wanted.feedback_weeks,
        audit_weeks=wanted.audit_weeks,
    )
    return wanted


async def change_contact(context: Context, guild_id: int, administrator_id: int, typed: str) -> str:
    """Sets whom members of a guild can ask about their data; the audit log says who did it.

    Raises:
        BadInput: nothing readable was typed, or too much of it.
    """
    contact = clean_text(typed, name=say("contact"), most=CONTACT_MOST)
    await guilds.change_and_record(
        context, guild_id, administrator_id, PRIVACY_CHANGED, CONTACT_SET, privacy_contact=contact
    )
    return contact


async def warn(context: Context, sender: Sender) -> None:
    """Tells the moderators of each guild, once, which feedback is deleted in a week."""
    for guild in await _guilds(context, context.share):
        today = (await guilds.local_now(context, guild.guild_id)).date()
        number = await _note_warning(context, guild, today)
        if number:
            weeks = periods_of(context, guild).feedback_weeks
            with speaking(languages.catalogue(guild.language)):
                warning = _warning(number, weeks)
            await sender.alert(guild.guild_id, guild.moderators_channel_id, warning)


async def expire(context: Context) -> None:
    """Deletes what is older than it may become, and leaves nothing of it in the files."""
    deleted = 0
    for guild in await _guilds(context, EVERYTHING):
        deleted += await _expire_in(context, guild)
    await _wipe_at_times(context, deleted)


async def wipe(context: Context, *, even_large: bool = False) -> None:
    """Removes from the database's files what was deleted; call it after the transaction that deleted something.

    It says nothing to the backups: what expires leaves them with their age, and a member's wish was noted with the deletion.
    Where the database is large or busy, the next daily work does it.
    """
    if not await scrub(context.database, even_large=even_large):
        async with context.database.write() as connection:
            await guild_queries.write_fact(connection, WIPED_IN, WIPE_DUE)


async def _wipe_at_times(context: Context, deleted: int) -> None:
    """Wipes if something was deleted, or a wipe is overdue; once a week in any case, for what nobody asked to wipe."""
    week = iso_week(context.now().date())
    async with context.database.read() as connection:
        wiped_in = await guild_queries.read_fact(connection, WIPED_IN)
    if wiped_in == week and not deleted:
        return
    async with context.database.write() as connection:
        await guild_queries.write_fact(connection, WIPED_IN, week)
    if wiped_in is not None or deleted:  # a new installation has nothing to wipe
        await wipe(context, even_large=True)


async def _guilds(context: Context, share: Share) -> list[Guild]:
    async with context.database.read() as connection:
        guild_ids = await guild_queries.fetch_guild_ids(connection, share)
    return [await guilds.get(context, guild_id) for guild_id in guild_ids]


async def _expire_in(context: Context, guild: Guild) -> int:
    """Deletes what is too old in one guild, and returns how many rows that was."""
    now, guild_id, kept = context.now(), guild.guild_id, periods_of(context, guild)
    today = (await guilds.local_now(context, guild_id)).date()
    async with context.database.write() as connection:
        feedback = await _delete_warned(connection, guild_id, kept, today)
        audit = await queries.delete_audit_before(
            connection, guild_id, now - timedelta(weeks=kept.audit_weeks)
        )
        rounds = await delete_closed_before(connection, guild_id, now - timedelta(weeks=kept.feedback_weeks))
        direct = await delete_settled(connection, guild_id, before=now - DIRECT_NUDGES_KEPT)
        await delete_told(connection, guild_id, before=now)
        await queries.delete_drafts_before(connection, guild_id, now - DRAFTS_KEPT)
        for what, number in (
            (FEEDBACK_EXPIRED, feedback),
            (AUDIT_EXPIRED, audit),
            (VOTES_EXPIRED, rounds),
        ):
            if number:
                await insert_audit(
                    connection,
                    guild_id,
                    at=now,
                    actor_id=THE_BOT,
                    event=EXPIRED,
                    purpose=what,
                    rows=number,
                )
    return feedback + audit + rounds + direct


async def _delete_warned(connection: AsyncConnection, guild_id: int, kept: Periods, today: date) -> int:
    """Deletes only what the moderators were warned of a week ago, and what would still be due for deletion today."""
    told = await guild_queries.read_fact(connection, f"{WARNED}{guild_id}")
    warned = Warned.read(told) if told else None
    if warned is None or not warned.is_over(today):
        return 0
    await guild_queries.delete_fact(connection, f"{WARNED}{guild_id}")
    before = min(warned.before, kept.first_week_kept(today))
    return await queries.delete_feedback_before(connection, guild_id, before)


async def _note_warning(context: Context, guild: Guild, today: date) -> int:
    """Notes what is to be warned of now, and returns how many pieces of feedback that is; none while a warning runs."""
    warned = Warned.due(periods_of(context, guild), today)
    async with context.database.write() as connection:
        if await guild_queries.read_fact(connection, f"{WARNED}{guild.guild_id}") is not None:
            return 0
        number = await queries.count_feedback_before(connection, guild.guild_id, warned.before)
        if number:
            await guild_queries.write_fact(connection, f"{WARNED}{guild.guild_id}", str(warned))
    return number


def _warning(number: int, weeks: int) -> str:
    advice = say(
        "If you still need them, take them out with `/moderate export`, or ask an administrator to keep feedback "
        "for longer with `/setup retention`."
    )
    if number < K:
        what = say(
            "Fewer than {few} pieces of feedback will be deleted in a week, because this server keeps feedback for "
            "{weeks} weeks.",
            few=K,
            weeks=weeks,
        )
    else:
        what = say_count(
            number,
            "{number} piece of feedback will be deleted in a week, because this server keeps feedback for {weeks} "
            "weeks.",
            "{number} pieces of feedback will be deleted in a week, because this server keeps feedback for {weeks} "
            "weeks.",
            weeks=weeks,
        )
    return f"{what} {advice}"
