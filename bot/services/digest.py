"""The daily word to the moderators: how much the day's batch brought. No text, no ping, and nothing on a day without news.

It is noted before the batch is handed over and taken away before it is said, so a crash between the two cannot say it
twice. Small numbers are not told: whoever saw one member give feedback could find it in a batch of one. For the same reason
what is open is rounded, as two digests could otherwise be subtracted.
"""

from dataclasses import dataclass

from bot.domain.export_rows import K
from bot.domain.language import say, say_count, speaking
from bot.domain.moderating import QueueFilter
from bot.services import languages
from bot.services.context import Context
from bot.services.moderation_queue import OPEN_STATES
from db import feedback_work as queries
from db import guilds as guild_queries
from db.feedback import fetch_guilds_with_waiting
from db.feedback_threads import fetch_guilds_with_waiting_messages

NOTED = "digest:"
ROUNDED_TO = 10


@dataclass(frozen=True, slots=True)
class Digest:
    """What to say in a guild's channel for moderators."""

    guild_id: int
    channel_id: int
    text: str


async def note_waiting(context: Context) -> None:
    """Notes how much is about to be handed over."""
    async with context.database.write() as connection:
        with_pieces = await fetch_guilds_with_waiting(connection)
        with_additions = await fetch_guilds_with_waiting_messages(connection)
        for guild_id in {*with_pieces, *with_additions}:
            pieces, additions = await queries.count_waiting(connection, guild_id)
            await guild_queries.write_fact(connection, f"{NOTED}{guild_id}", f"{pieces} {additions}")


async def take(context: Context) -> list[Digest]:
    """What is to be said now. It is given out once."""
    async with context.database.read() as connection:
        if not await guild_queries.read_facts(connection, NOTED):
            return []
    async with context.database.write() as connection:
        digests: list[Digest] = []
        for key, noted in (await guild_queries.read_facts(connection, NOTED)).items():
            guild_id = int(key.removeprefix(NOTED))
            if not context.share.has(guild_id):
                continue  # told by the process that serves it
            await guild_queries.delete_fact(connection, key)
            guild = await guild_queries.fetch_guild(connection, guild_id)
            if guild is None or guild.moderators_channel_id is None:
                continue
            open_now = await queries.count_pieces(connection, guild_id, QueueFilter(OPEN_STATES))
            pieces, additions = map(int, noted.split())
            with speaking(languages.catalogue(guild.language)):
                text = digest_text(pieces, additions, open_now)
            digests.append(Digest(guild_id, guild.moderators_channel_id, text))
    return digests


def digest_text(pieces: int, additions: int, open_now: int) -> str:
    """The digest in words."""
    if pieces >= K:
        news = _many(pieces, open_now, added=additions > 0)
    elif pieces:
        news = (
            say("Fewer than {most} new pieces of feedback, and something was added to earlier ones.", most=K)
            if additions
            else say("Fewer than {most} new pieces of feedback.", most=K)
        )
    else:
        news = (
            say("No new piece of feedback, and something was added to earlier ones.")
            if additions
            else say("No new piece of feedback.")
        )
    where = say("`/moderate queue` shows what is open.")
    return f"{news} {where}"


def _many(pieces: int, open_now: int, *, added: bool) -> str:
    if open_now < ROUNDED_TO:
        if added:
            return say_count(
                pieces,
                "{number} new piece of feedback, fewer than {most} open, and something was added to earlier ones.",
                "{number} new pieces of feedback, fewer than {most} open, and something was added to earlier ones.",
                most=ROUNDED_TO,
            )
        return say_count(
            pieces,
            "{number} new piece of feedback, fewer than {most} open.",
            "{number} new pieces of feedback, fewer than {most} open.",
            most=ROUNDED_TO,
        )
    about = f"{round(open_now / ROUNDED_TO) * ROUNDED_TO:,}"
    if added:
        return say_count(
            pieces,
            "{number} new piece of feedback, about {about} open, and something was added to earlier ones.",
            "{number} new pieces of feedback, about {about} open, and something was added to earlier ones.",
            about=about,
        )
    return say_count(
        pieces,
        "{number} new piece of feedback, about {about} open.",
        "{number} new pieces of feedback, about {about} open.",
        about=about,
    )
