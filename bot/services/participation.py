"""Counting who takes part, without knowing who: once a member, action and week, as a number."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.actions import Week, last_weeks, streak
from bot.domain.export_rows import K
from bot.domain.feedback import iso_week, monday_of
from bot.domain.language import say, say_count
from bot.domain.models import Action
from bot.domain.problems import NotFound
from bot.domain.when import short
from bot.services import charts
from bot.services.context import Context
from bot.services.guilds import local_now
from db import participation as queries
from db.actions import fetch_action

WEEKS_SHOWN = 12


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

    async def count(connection: AsyncConnection) -> Recorded:
        action = await fetch_action(connection, guild_id, action_key)
        if action is None or action.retired_on is not None:
            raise NotFound(
                say("That action is no longer part of the campaign, so nothing was counted."),
                next_step=say("`/action list` shows what you can do now."),
            )
        if await queries.enter_ledger(connection, guild_id, week, entry):
            return Recorded(True, await queries.add_member(connection, guild_id, action_key, week))
        return Recorded(False, (await queries.fetch_week(connection, guild_id, week)).get(action_key, 0))

    return await context.together.write(context.database, count)


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How an action has gone: only weeks with enough members are told."""

    action: Action
    weeks: tuple[Week, ...]
    streak: int
    """Weeks in a row with at least `K` members, up to this one or the last."""

    members_this_week: int

    @property
    def reached(self) -> int:
        """In how many of the weeks shown the goal was reached."""
        goal = self.action.goal
        return sum(1 for week in self.weeks if goal and week.members is not None and week.members >= goal)


async def progress(context: Context, guild_id: int, action: Action) -> Progress:
    """How an action has gone over the last twelve weeks."""
    today = (await local_now(context, guild_id)).date()
    async with context.database.read() as connection:
        counted = await queries.fetch_action_weeks(connection, guild_id, action.key)
    return Progress(
        action,
        last_weeks(counted, today, weeks=WEEKS_SHOWN, least=K),
        streak(counted, today, least=K),
        counted.get(iso_week(today), 0),
    )


async def most_done(context: Context, guild_id: int) -> str | None:
    """The key of the action that most members did in the last week in which enough did any; `None` if there is none."""
    today = (await local_now(context, guild_id)).date()
    first = iso_week(today - timedelta(weeks=WEEKS_SHOWN - 1))
    async with context.database.read() as connection:
        return await queries.fetch_most_done(connection, guild_id, first, iso_week(today), least=K)


async def draw(found: Progress) -> tuple[bytes, str]:
    """A picture of an action's weeks, and what it shows in words; drawn in a thread."""
    rows = [(short.day_and_month(monday_of(week.iso_week)), week.members) for week in found.weeks]
    goal = found.action.goal
    title = say("{title}: members by week", title=found.action.title)
    note = in_a_row(found) if found.streak > 1 else ""
    drawn = await asyncio.to_thread(charts.weeks, title, rows, goal=goal, least=K, note=note)
    shown = (
        say(
            "{title} (goal {goal} a week; hidden means fewer than {least})",
            title=title,
            goal=f"{goal:,}",
            least=K,
        )
        if goal
        else say("{title} (hidden means fewer than {least})", title=title, least=K)
    )
    return drawn, charts.described(shown, rows, counted=_members)


def _members(number: float) -> str:
    return say_count(int(number), "{number} member", "{number} members")


def in_a_row(found: Progress) -> str:
    """For how many weeks on end enough members took part."""
    return say_count(
        found.streak,
        "{number} week in a row with {least} members or more.",
        "{number} weeks in a row with {least} members or more.",
        least=K,
    )
