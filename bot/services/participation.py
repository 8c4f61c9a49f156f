"""Counting who takes part, without knowing who: once a member, action and week, as a number."""

from dataclasses import dataclass

from bot.domain.feedback import iso_week
from bot.domain.problems import NotFound
from bot.services.context import Context
from bot.services.guilds import local_now
from db import participation as queries
from db.campaign import fetch_actions


@dataclass(frozen=True, slots=True)
class Recorded:
    """Whether this time counted, and how many members the action has this week."""

    counted: bool
    members_this_week: int


async def record_done(context: Context, guild_id: int, user_id: int, action_key: str) -> Recorded:
    """Counts a member for an action, unless already counted this week.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: the member; only a keyed hash of them is stored, until the week is over.
        action_key: the action.

    Raises:
        NotFound: the guild has no such action.
    """
    week = await _current_week(context, guild_id)
    entry = context.keys.participation_hash(guild_id, action_key, week, user_id)
    async with context.database.write() as connection:
        if all(action.key != action_key for action in await fetch_actions(connection, guild_id)):
            raise NotFound(
                "That action is no longer part of the campaign, so nothing was counted.",
                next_step="`/action list` shows what you can do now.",
            )
        counted = await queries.enter_ledger(connection, guild_id, week, entry)
        if counted:
            await queries.add_member(connection, guild_id, action_key, week)
        members = (await queries.fetch_week(connection, guild_id, week)).get(action_key, 0)
    return Recorded(counted, members)


async def this_week(context: Context, guild_id: int) -> dict[str, int]:
    """How many members did each action this week; actions that nobody did are left out."""
    week = await _current_week(context, guild_id)
    async with context.database.read() as connection:
        return await queries.fetch_week(connection, guild_id, week)


async def empty_old_ledgers(context: Context) -> None:
    """Deletes the ledgers of the weeks that are over; their numbers stay."""
    async with context.database.read() as connection:
        guild_ids = await queries.fetch_guilds_in_ledger(connection)
    weeks = {guild_id: await _current_week(context, guild_id) for guild_id in guild_ids}
    async with context.database.write() as connection:
        for guild_id, week in weeks.items():
            await queries.empty_ledger_before(connection, guild_id, week)


async def _current_week(context: Context, guild_id: int) -> str:
    return iso_week((await local_now(context, guild_id)).date())
