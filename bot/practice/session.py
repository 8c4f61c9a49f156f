"""One practice session: the real bot, its database and its scheduler on the simulated server, without a page."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from simcord.env import Env

from bot.app import SolidarityBot, create_bot
from bot.config import Settings
from bot.practice import DEFAULT_CAMPAIGN
from bot.practice.clock import PracticeClock, SimcordClock
from bot.practice.forward import apart
from bot.practice.journal import Journal
from bot.practice.welcome import post_welcome
from bot.practice.world import FOUNDED, GUILD_NAME, World, found
from bot.services import guilds
from seeds.format import CampaignSeed
from seeds.reader import read_campaign

COMMANDS: Final = "bot.practice.commands"
LONGEST_COMMAND_SECONDS: Final = 300.0
STOP_WITHIN_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice server that is running."""

    env: Env
    bot: SolidarityBot
    clock: PracticeClock
    journal: Journal
    world: World

    def keep_open(self, interaction_id: int) -> None:
        """Lets an interaction be answered however far the clock moves: the person waits for seconds, not for days."""
        self.env.backend.interactions[interaction_id].expires_at = None


@asynccontextmanager
async def practising(
    directory: Path, start: datetime, log: Callable[[str], None], *, campaign: str = DEFAULT_CAMPAIGN
) -> AsyncGenerator[Practice]:
    """Starts the bot on the simulated server, without a page, and stops it at the end."""
    seed = read_campaign(campaign) if campaign else None
    clock = PracticeClock(start)
    settings = Settings.model_validate({"data": {"directory": directory}, "campaign": {"name": campaign}})
    bot = create_bot(settings, clock=clock, extra_extensions=(COMMANDS,), always_sync=True)
    env = Env(bot, check_errors=False, settle_timeout=LONGEST_COMMAND_SECONDS)
    world = _found_long_ago(env, seed.title if seed else GUILD_NAME)
    env.backend.clock = cast("Any", SimcordClock(clock))
    await env.start()
    try:
        await _settle_in(env, bot, world, seed, log)
        practice = Practice(env, bot, clock, Journal(env, clock, log), world)
        setattr(bot, "practice", practice)  # noqa: B010 - only the practice commands know of it
        yield practice
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN_SECONDS):
                await env.shutdown()
        await bot.close()


def _found_long_ago(env: Env, name: str) -> World:
    founding = PracticeClock(FOUNDED)
    with founding.stopped():
        env.backend.clock = cast("Any", SimcordClock(founding))
        return found(env, name)


async def _settle_in(
    env: Env, bot: SolidarityBot, world: World, seed: CampaignSeed | None, log: Callable[[str], None]
) -> None:
    """Chooses roles and channels, unless an earlier run did; posts the welcome; frees the bot from simcord's watch."""
    guild = await guilds.get(bot.context, world.guild.id)
    if guild.organiser_role_id is None:
        await guilds.change(bot.context, world.guild.id, **world.settings)
    if seed is not None and guild.campaign not in {None, seed.name}:
        log(f"This data holds another campaign, {guild.campaign}; start with a folder of its own for each.")
    await post_welcome(env, bot, world, seed)
    # Every failure is answered by the bot's own handler. simcord's, which it put over that one, also tells the page.
    vars(bot.tree).pop("on_error", None)
    bot.context.wake = apart(bot.scheduler.wake)
    bot.context.wake()
