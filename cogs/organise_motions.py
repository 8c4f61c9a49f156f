"""`/organise motion`: record what was done about a resolution."""

from datetime import date as date_type
from typing import Any

import discord
from discord import app_commands

from bot.domain.language import say
from bot.domain.past_days import parse_past_day
from bot.services import campaign, guilds, motions
from bot.services.context import Context
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import is_organiser, organiser_only, require_organiser
from cogs._render import Page, button, day, plain, shorten
from cogs._routes import modal_values, reading_argument, route, show_modal
from cogs._suggestions import suggesting

PROGRESS = "motion.progress"
TEXT, SOURCE = "text", "source"


async def suggest_resolutions(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """The resolutions of the motion that was chosen before, for organisers."""
    motion = str(getattr(interaction.namespace, "motion", "") or "")

    async def suggest(context: Context, guild_id: int, typed: str) -> list[campaign.Suggestion]:
        return await motions.suggest_resolutions(context, guild_id, motion, typed)

    return await suggesting(suggest, only=is_organiser)(interaction, current)


class MotionGroup(app_commands.Group):
    """The commands for motions."""

    def __init__(self) -> None:
        super().__init__(name="motion", description="Record what was done about motions")

    @app_commands.command(description="Record what was done about a resolution of a motion")
    @app_commands.describe(
        motion="start typing",
        resolution="its letter or number; choose the motion first",
        date="when it was done, such as: 28 March; today unless given",
        source="where that can be found, such as: minutes of the branch committee",
    )
    @app_commands.autocomplete(motion=suggesting(campaign.suggest_motions), resolution=suggest_resolutions)
    @organiser_only()
    async def progress(
        self,
        interaction: Interaction,
        motion: str,
        resolution: app_commands.Range[str, 1, 100],
        date: app_commands.Range[str, 1, 60] = "today",
        source: app_commands.Range[str, 1, 300] = "",
    ) -> None:
        """Asks for the text."""
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        found, chosen = await motions.find_resolution(context, guild_id, motion, resolution)
        zone = (await guilds.get(context, guild_id)).zone
        on = parse_past_day(date, now=context.now(), zone=zone)
        custom_id = route(PROGRESS, found.key, chosen.mark, on.isoformat())
        await show_modal(
            interaction, _modal(chosen.point.label or chosen.mark, found.title, source, custom_id)
        )


def _modal(label: str, title: str, source: str, custom_id: str) -> discord.ui.Modal:
    modal = discord.ui.Modal(
        title=shorten(say("{label} of {title}", label=label, title=title), 45), custom_id=custom_id
    )
    text: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=motions.PROGRESS_LIMIT
    )
    where: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=SOURCE, max_length=motions.SOURCE_LIMIT, default=source or None
    )
    modal.add_item(discord.ui.Label(text=say("What was done about it?"), component=text))
    modal.add_item(discord.ui.Label(text=say("Where can that be found?"), component=where))
    return modal


async def record_progress(interaction: Interaction, argument: str) -> None:
    """Stores what was typed into the modal; the history of a resolution is only ever added to."""
    await require_organiser(interaction)
    with reading_argument():
        key, mark, on = argument.split("|")
        done = date_type.fromisoformat(on)
    typed = modal_values(interaction)
    motion, resolution = await motions.record_progress(
        context_of(interaction),
        guild_id_of(interaction),
        interaction.user.id,
        key,
        mark,
        text=typed.get(TEXT, ""),
        on=done,
        source=typed.get(SOURCE, ""),
    )
    page = Page(
        say(
            "Recorded: {label} of {title}",
            label=resolution.point.label or resolution.mark,
            title=motion.title,
        ),
        f"{shorten(resolution.point.text, 500)}\n\n**{day(done)}**\n{plain(typed[TEXT])}",
        foot=say("Source: {source}", source=typed[SOURCE].strip()),
    )
    await answer(
        interaction, page, buttons=[button(say("Show the motion"), route("look", "motion.show", "0", key))]
    )
