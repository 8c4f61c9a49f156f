"""`/help`: what this person may use, grouped, with examples."""

from discord import app_commands
from discord.ext import commands

from bot.domain.problems import NotFound
from bot.services.examples import fitting
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._help_entries import ADMINISTRATORS, ENTRIES, MEMBERS, MODERATORS, ORGANISERS
from cogs._permissions import is_moderator, is_organiser
from cogs._render import Page, button, fields_of
from cogs._routes import route


async def complete_command(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    """Offers the commands that hold what was typed so far."""
    del interaction
    typed = current.strip().lstrip("/").casefold()
    found = [entry for entry in ENTRIES if typed in entry.command]
    return [app_commands.Choice(name=f"/{entry.command}", value=entry.command) for entry in found[:25]]


class HelpCog(commands.Cog):
    """Explains the commands."""

    @app_commands.command(description="What you can do here, with examples")
    @app_commands.describe(command="one command to explain; leave it out to see all you may use")
    @app_commands.autocomplete(command=complete_command)
    @app_commands.guild_only()
    async def help(self, interaction: Interaction, command: str = "") -> None:
        """Explains one command, or lists those that the person may use."""
        await show_help(interaction, command)


async def show_help(interaction: Interaction, argument: str) -> None:
    """Shows what the person may use, or one command."""
    audiences = await _audiences(interaction)
    wanted = " ".join(argument.strip().lstrip("/").casefold().split())
    if not wanted:
        steps = [
            button("Meetings to come", route("look", "meeting.list", "0", "upcoming")),
            button("What we demand", route("look", "demand.list", "0", "")),
        ]
        await answer(interaction, _overview(audiences), buttons=steps)
        return
    found = [entry for entry in ENTRIES if entry.command.startswith(wanted)]
    if not found:
        raise NotFound(
            f"There is no command “{wanted[:60]}”.", next_step="`/help` alone shows all you may use."
        )
    examples = await fitting(
        context_of(interaction), guild_id_of(interaction), [entry.example for entry in found]
    )
    details = tuple(
        (f"/{entry.command}", f"{entry.does}\nFor: {entry.audience}\n`{example}`")
        for entry, example in zip(found, examples, strict=True)
    )
    await answer(
        interaction, Page(f"How to use /{found[0].command if len(found) == 1 else wanted}", details=details)
    )


async def _audiences(interaction: Interaction) -> list[str]:
    audiences = [MEMBERS]
    if await is_organiser(interaction):
        audiences.append(ORGANISERS)
    if await is_moderator(interaction):
        audiences.append(MODERATORS)
    if interaction.permissions.manage_guild:
        audiences.append(ADMINISTRATORS)
    return audiences


def _overview(audiences: list[str]) -> Page:
    details = [detail for audience in audiences for detail in _commands_for(audience)]
    foot = (
        "Feedback is confidential: it is not linked to you in our database. Discord sees that you use a bot."
    )
    return Page(
        "What you can do here", "`/help command:` explains one with an example.", tuple(details), foot
    )


def _commands_for(audience: str) -> list[tuple[str, str]]:
    lines = (f"`/{entry.command}` {entry.does}" for entry in ENTRIES if entry.audience == audience)
    return fields_of(audience, lines)


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add("help", show_help)
    await bot.add_cog(HelpCog())
