"""The weekly word to the organisers: what was posted, what was not, what comes next, and what `/setup check` would say.

It is told on the first day of the week on which the daily work is done. That it was told is written down once it is said: a
process that dies before loses nothing, and what the next one then says again has the same nonce, by which Discord knows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.feedback import iso_week
from bot.domain.language import say
from bot.domain.schedules import DeliveryState
from bot.services.context import Context
from bot.services.setup_check import FAILED_POSTS, Finding
from db import guilds as guild_queries
from db.delivery_lists import count_posts, count_settled, fetch_coming

TOLD = "weekly:"
OFF = "off"
A_WEEK = timedelta(weeks=1)
MOST_COMING = 3


@dataclass(frozen=True, slots=True)
class Coming:
    """A post of the week to come."""

    title: str
    due_at: datetime
    channel_id: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """What there is to tell of a week."""

    sent: int
    left_out: int
    failed: int
    held: int
    coming: tuple[Coming, ...]
    to_mend: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        """Whether nobody has to do anything."""
        return not (self.failed or self.held or self.to_mend)


async def is_on(context: Context, guild_id: int) -> bool:
    """Whether a guild's organisers are told once a week; they are unless an administrator has switched it off."""
    async with context.database.read() as connection:
        return await guild_queries.read_fact(connection, f"{TOLD}{guild_id}") != OFF


async def switch(context: Context, guild_id: int, *, on: bool) -> None:
    """Tells a guild's organisers once a week from next week on, or no more."""
    if on == await is_on(context, guild_id):
        return
    async with context.database.write() as connection:
        value = _week(context) if on else OFF
        await guild_queries.write_fact(connection, f"{TOLD}{guild_id}", value)


async def due(context: Context) -> tuple[tuple[int, int], ...]:
    """Guilds that have not been told this week, each with its organisers' channel."""
    week = _week(context)
    async with context.database.read() as connection:
        told = await guild_queries.read_facts(connection, TOLD)
        guild_ids = await guild_queries.fetch_guild_ids(connection, context.share)
        waiting = [one for one in guild_ids if told.get(f"{TOLD}{one}") not in {week, OFF}]
        known = [await guild_queries.fetch_guild(connection, one) for one in waiting]
    return tuple(
        (guild.guild_id, guild.organisers_channel_id)
        for guild in known
        if guild and guild.organisers_channel_id
    )


async def is_first_week(context: Context, guild_id: int) -> bool:
    """Whether a guild has nothing to be told yet. Notes the week, from which on it has."""
    async with context.database.write() as connection:
        if await guild_queries.read_fact(connection, f"{TOLD}{guild_id}") is not None:
            return False
        await guild_queries.write_fact(connection, f"{TOLD}{guild_id}", _week(context))
    return True


async def note_told(context: Context, guild_id: int) -> None:
    """Writes down that a guild was told this week, unless it was switched off meanwhile."""
    key = f"{TOLD}{guild_id}"
    async with context.database.write() as connection:
        if await guild_queries.read_fact(connection, key) != OFF:
            await guild_queries.write_fact(connection, key, _week(context))


def nonce_of(context: Context, guild_id: int) -> str:
    """By what Discord knows this week's word to a guild: at most 25 characters."""
    return f"{_week(context).replace('-W', '')}{guild_id}"


async def look_back(context: Context, guild_id: int, findings: Sequence[Finding]) -> Weekly:
    """What there is to tell a guild now.

    Args:
        context: the running installation.
        guild_id: which guild.
        findings: what `/setup check` finds.
    """
    now = context.now()
    async with context.database.read() as connection:
        ended = await count_settled(connection, guild_id, now - A_WEEK)
        held = (await count_posts(connection, guild_id)).get(DeliveryState.HELD, 0)
        coming = await fetch_coming(connection, guild_id, since=now, until=now + A_WEEK, limit=MOST_COMING)
    return Weekly(
        sent=ended.get(DeliveryState.SENT, 0),
        left_out=ended.get(DeliveryState.SKIPPED, 0),
        failed=ended.get(DeliveryState.FAILED, 0),
        held=held,
        coming=tuple(Coming(title, one.due_at, one.target_id) for one, title in coming),
        # What failed is told in the week in which it did; `/setup check` goes on telling it.
        to_mend=tuple(one for one in findings if not one.ok and one.subject != say(FAILED_POSTS)),
    )


def _week(context: Context) -> str:
    return iso_week(context.now().astimezone(ZoneInfo(context.settings.campaign.timezone)).date())
