"""Whether a direct message reaches a person."""

import asyncio

import aiohttp
import discord

from bot.domain.language import later
from cogs._render import Page, embed_of

TRY_SECONDS = 10
HOW_TO_OPEN = later(
    "That is nothing bad: Discord lets everybody choose. To get them, open this server's "
    "menu, choose Privacy Settings, switch on Direct Messages, and type `{command}` again."
)
"""Said with the command that the person has just typed."""


async def reaches(user: discord.User | discord.Member, page: Page) -> bool:
    """Whether a direct message reaches the person, found out by sending one."""
    try:
        async with asyncio.timeout(TRY_SECONDS):
            await user.send(embed=embed_of(page))
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError):
        return False
    return True
