"""The commands that exist only on the practice server: they move its clock."""

import contextlib
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.when import DateProblem, parse_moment
from bot.practice.forward import Journey, forward, refuse_unless_ahead, run_apart
from bot.practice.journal import ZONE, told
from cogs._answers import answer
from cogs._render import Page, moment

if TYPE_CHECKING:
    from bot.practice.session import Practice


@app_commands.guild_only()
class PracticeCog(commands.GroupCog, group_name="practice", group_description="Move the practice clock"):
    """Tells and moves the practice clock."""

    def __init__(self, bot: commands.Bot) -> None:
        self._bot = bot

    @property
    def _practice(self) -> "Practice":
        return self._bot.practice  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]

    @app_commands.command()
    async def now(self, interaction: discord.Interaction[Any]) -> None:
        """What time it is here."""
        now = self._practice.clock.now()
        await answer(interaction, Page(f"It is {told(now)} here", f"{moment(now)}\n\n{_HOW}"))

    @app_commands.command()
    @app_commands.describe(to="for example: 3 April 13:00, 1 day, in 2 hours, next Friday 8am")
    async def forward(
        self, interaction: discord.Interaction[Any], to: app_commands.Range[str, 1, 200]
    ) -> None:
        """Move the clock forward; everything that falls due on the way is posted."""
        practice = self._practice
        target = _target_of(to, practice.clock.now())
        refuse_unless_ahead(practice.clock.now(), target)
        await interaction.response.defer(ephemeral=True, thinking=True)
        practice.keep_open(interaction.id)
        before = practice.journal.posts
        journey = await run_apart(forward(practice.clock, practice.bot.scheduler, target))
        await answer(interaction, _arrival(practice, journey, practice.journal.posts - before))


_HOW = "`/practice forward` moves the clock, for example `to: 3 April 13:00`, `1 day` or `next Friday 8am`."


def _target_of(phrase: str, now: datetime) -> datetime:
    """Reads where to go: a moment, a day (at the present time of day), or a mere length of time from now."""
    here = now.astimezone(ZoneInfo(ZONE)).time().replace(second=0, microsecond=0)
    try:
        return parse_moment(phrase, now=now, zone=ZONE, default_time=here).instant
    except DateProblem:
        with contextlib.suppress(DateProblem):
            return parse_moment(f"in {phrase}", now=now, zone=ZONE, default_time=here).instant
        raise


def _arrival(practice: "Practice", journey: Journey, posts: Counter[int]) -> Page:
    headline = f"It is now {told(practice.clock.now())}"
    if not journey.arrived:
        return Page(headline, f"I stopped after {journey.steps:,} steps; go on from here.\n{_where(posts)}")
    return Page(headline, _where(posts))


def _where(posts: Counter[int]) -> str:
    if not posts:
        return "Nothing fell due on the way."
    lines = [f"<#{channel_id}>: {_posts(count)}" for channel_id, count in posts.most_common()]
    return f"{_posts(posts.total())} fell due on the way.\n" + "\n".join(lines)


def _posts(number: int) -> str:
    return f"{number:,} {'post' if number == 1 else 'posts'}"


async def setup(bot: commands.Bot) -> None:
    """Adds the commands; called by discord.py."""
    await bot.add_cog(PracticeCog(bot))
