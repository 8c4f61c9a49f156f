"""The commands that exist only on the practice server: they move its clock."""

from collections import Counter
from typing import Any, Protocol, cast

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.when import parse_moment
from bot.practice.clock import PracticeClock
from bot.practice.forward import Journey, forward, run_apart
from bot.practice.journal import ZONE, Journal, told
from bot.services.scheduler import Scheduler
from cogs._answers import answer
from cogs._render import Page, count_of, moment


class PracticeBot(Protocol):
    """What the practice server's bot has, beside what every bot has."""

    clock: PracticeClock
    scheduler: Scheduler
    journal: Journal


@app_commands.guild_only()
class Practice(commands.GroupCog, group_name="practice", group_description="Move the practice clock"):
    """The practice clock."""

    def __init__(self, bot: PracticeBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def now(self, interaction: discord.Interaction[Any]) -> None:
        """What time it is here."""
        now = self._bot.clock.now()
        await answer(interaction, Page(f"It is {told(now)} here", f"{moment(now)}\n\n{_HOW}"))

    @app_commands.command()
    @app_commands.describe(to="for example: 3 April 13:00, 1 day, in 2 hours, next Friday 8am")
    async def forward(self, interaction: discord.Interaction[Any], to: app_commands.Range[str, 1, 200]) -> None:
        """Move the clock forward; everything that falls due on the way is posted."""
        target = parse_moment(to, now=self._bot.clock.now(), zone=ZONE).instant
        await interaction.response.defer(ephemeral=True, thinking=True)
        before = self._bot.journal.posts
        journey = await run_apart(forward(self._bot.clock, self._bot.scheduler, target))
        await answer(interaction, _arrival(self._bot, journey, self._bot.journal.posts - before))


_HOW = "`/practice forward` moves the clock, for example `to: 3 April 13:00`, `1 day` or `next Friday 8am`."


def _arrival(bot: PracticeBot, journey: Journey, posts: Counter[int]) -> Page:
    headline = f"It is now {told(bot.clock.now())}"
    if not journey.arrived:
        return Page(headline, f"I stopped after {journey.steps:,} steps. {_where(posts)} Go on from here.")
    return Page(headline, _where(posts))


def _where(posts: Counter[int]) -> str:
    if not posts:
        return "Nothing fell due on the way."
    lines = [f"<#{channel_id}>: {count_of(count, 'post')}" for channel_id, count in posts.most_common()]
    return f"{count_of(posts.total(), 'post')} fell due on the way.\n" + "\n".join(lines)


async def setup(bot: commands.Bot) -> None:
    """Adds the commands; called by discord.py."""
    await bot.add_cog(Practice(cast("PracticeBot", bot)))
