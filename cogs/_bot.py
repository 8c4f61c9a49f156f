"""What a cog may ask of the bot that runs it, and of the interaction in hand."""

from typing import Any, Protocol, TypeAlias, cast

import discord
from discord.ext import commands

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.services import members
from bot.services.context import Context
from cogs._lookups import Lookups
from cogs._routes import Routes

Interaction: TypeAlias = discord.Interaction[Any]


class CampaignBot(Protocol):
    """The part of the bot that cogs see."""

    context: Context
    routes: Routes
    lookups: Lookups

    async def add_cog(self, cog: commands.Cog, /) -> None:
        """Adds a feature's commands."""
        ...


def bot_of(interaction: Interaction) -> CampaignBot:
    """The bot that received this interaction."""
    return cast("CampaignBot", interaction.client)


def context_of(interaction: Interaction) -> Context:
    """The running installation."""
    return bot_of(interaction).context


async def own_zone(interaction: Interaction) -> str:
    """The zone in which this person types times: their own, or else the guild's."""
    return await members.zone_for(context_of(interaction), guild_id_of(interaction), interaction.user.id)


def guild_id_of(interaction: Interaction) -> int:
    """The guild in which this happens.

    Raises:
        BadInput: it happens in a direct message.
    """
    if interaction.guild_id is None:
        raise BadInput(
            say("That works in your campaign's server, not in a direct message."),
            next_step=say("Open the server and type the same command there."),
        )
    return interaction.guild_id
