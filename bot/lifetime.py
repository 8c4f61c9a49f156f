"""How a bot is started and stopped, whatever asks for it."""

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.domain.problems import Problem

if TYPE_CHECKING:
    from bot.app import SolidarityBot

log = logging.getLogger(__name__)


async def start(bot: "SolidarityBot", settings: Settings) -> None:
    """Runs a bot until it is closed.

    Raises:
        Exception: it cannot go on.
    """
    token = settings.discord.token
    if token is None:
        raise Problem("There is no Discord token.", next_step="Set DISCORD_TOKEN, then start again.")
    if settings.discord.api_base:
        from bot.connection import connect_to  # noqa: PLC0415 - only where another server is named

        await connect_to(settings.discord.api_base, token.get_secret_value())
    await bot.start(token.get_secret_value())


async def stop(bot: "SolidarityBot", running: "asyncio.Task[None]") -> None:
    """Stops a bot, also one that is half started: what it is opening must not be closed under its hands."""
    if not bot.is_ready():
        running.cancel()
        await asyncio.wait({running})
    await close(bot)
    running.cancel()
    await asyncio.wait({running})


async def close(bot: "SolidarityBot") -> None:
    """Closes a bot; what goes wrong is logged."""
    try:
        await bot.close()
    except Exception:
        log.exception("the bot did not stop cleanly")
