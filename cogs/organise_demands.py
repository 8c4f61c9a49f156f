"""`/organise demand`: record what the employer answered."""

from datetime import date as date_type
from typing import Any

import discord
from discord import app_commands

from bot.domain.models import DemandStatus
from bot.domain.past_days import parse_past_day
from bot.services import campaign, guilds
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import organiser_only, require_organiser
from cogs._render import STATUS_WORDS, Page, button, day, plain, shorten
from cogs._routes import modal_values, route, show_modal
from cogs._suggestions import choices, suggesting

TEXT, SOURCE = "text", "source"
STATUS_CHOICES = choices({status.value: words for status, words in STATUS_WORDS.items()})


class DemandGroup(app_commands.Group):
    """The commands for demands."""

    def __init__(self) -> None:
        super().__init__(name="demand", description="Record the employer's answers")

    @app_commands.command(description="Record what the employer answered to a demand")
    @app_commands.describe(
        demand="start typing",
        status="how things stand after this answer",
        date="when they answered, such as: 28 March; today unless given",
        source="where the answer can be found, such as: letter to the unions",
    )
    @app_commands.autocomplete(demand=suggesting(campaign.suggest_demands))
    @app_commands.choices(status=STATUS_CHOICES)
    @organiser_only()
    async def respond(
        self,
        interaction: Interaction,
        demand: str,
        status: str,
        date: app_commands.Range[str, 1, 60] = "today",
        source: app_commands.Range[str, 1, 200] = "",
    ) -> None:
        """Asks for the text of the answer."""
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        found = await campaign.get_demand(context, guild_id, demand)
        zone = (await guilds.get(context, guild_id)).zone
        on = parse_past_day(date, now=context.now(), zone=zone)
        modal = _modal(found.title, source, route("demand.respond", found.key, status, on.isoformat()))
        await show_modal(interaction, modal)


def _modal(title: str, source: str, custom_id: str) -> discord.ui.Modal:
    modal = discord.ui.Modal(title=shorten(f"Answer: {title}", 45), custom_id=custom_id)
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=campaign.RESPONSE_LIMIT
    )
    where: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=SOURCE, max_length=campaign.SOURCE_LIMIT, default=source or None
    )
    modal.add_item(discord.ui.Label(text="What did the employer say or do?", component=text))
    modal.add_item(discord.ui.Label(text="Where can that be found?", component=where))
    return modal


async def record_response(interaction: Interaction, argument: str) -> None:
    """Stores what was typed into the modal; the history of a demand is only ever added to."""
    await require_organiser(interaction)
    key, status, on = argument.split("|")
    typed = modal_values(interaction)
    demand = await campaign.record_response(
        context_of(interaction),
        guild_id_of(interaction),
        key,
        DemandStatus(status),
        typed.get(TEXT, ""),
        date_type.fromisoformat(on),
        typed.get(SOURCE, ""),
    )
    response = demand.responses[-1]
    page = Page(
        f"Recorded: {STATUS_WORDS[response.status]}",
        f"**{demand.title}**\n{day(response.on)}\n{plain(response.text)}",
        foot=f"Source: {response.source}",
    )
    await answer(
        interaction, page, buttons=[button("Show the demand", route("look", "demand.show", "0", key))]
    )
