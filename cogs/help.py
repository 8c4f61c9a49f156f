"""`/help`: what this person may use, grouped, with examples."""

from collections.abc import Mapping, Sequence

from discord import app_commands
from discord.ext import commands

from bot.domain.language import later, say
from bot.domain.problems import NotFound
from bot.services.examples import fitting
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._help_entries import ADMINISTRATORS, ENTRIES, MEMBERS, MODERATORS, ORGANISERS, Entry
from cogs._permissions import is_moderator, is_organiser
from cogs._render import Page, button, fields_of
from cogs._routes import route

AUDIENCES = (MEMBERS, ORGANISERS, MODERATORS, ADMINISTRATORS)
ROLES_ON_ONE_PAGE = 2
MOST_USED: Mapping[str, tuple[str, ...]] = {
    MEMBERS: ("meeting next", "demand show", "action list", "feedback give"),
    ORGANISERS: ("organise meeting schedule", "organise nudge schedule", "organise demand respond"),
    MODERATORS: ("moderate queue", "moderate reply", "moderate export"),
    ADMINISTRATORS: ("setup start", "setup check"),
}
_ALL_FOR = {
    MEMBERS: later("All commands for members"),
    ORGANISERS: later("All commands for organisers"),
    MODERATORS: later("All commands for moderators"),
    ADMINISTRATORS: later("All commands for administrators"),
}
_MOST_USED_BY = {
    MEMBERS: later("What members do most"),
    ORGANISERS: later("What organisers do most"),
    MODERATORS: later("What moderators do most"),
    ADMINISTRATORS: later("What administrators do most"),
}
_HOW = later("`/help command:` explains one with an example.")
_FOOT = later(
    "Feedback is confidential: it is not linked to you in our database. Discord sees that you use a bot."
)


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
    """Shows what the person may use, all commands of one audience, or one command."""
    audiences = await _audiences(interaction)
    wanted = " ".join(argument.strip().lstrip("/").casefold().split())
    if wanted:
        await _explain(interaction, wanted)
        return
    page = await _overview(interaction, audiences)
    steps = [
        *(button(say(_ALL_FOR[one]), route("help", one)) for one in _listed_apart(audiences)),
        button(say("Meetings to come"), route("look", "meeting.list", "0", "upcoming")),
        button(say("What we demand"), route("look", "demand.list", "0", "")),
        button(say("About this bot"), route("about", "")),
    ]
    await answer(interaction, page, buttons=steps)


async def _explain(interaction: Interaction, wanted: str) -> None:
    audience = next((one for one in AUDIENCES if one.casefold() == wanted), None)
    if audience is not None:
        await answer(
            interaction,
            Page(say(_ALL_FOR[audience]), say(_HOW), tuple(_commands_for(audience))),
        )
        return
    found = [entry for entry in ENTRIES if entry.command.startswith(wanted)]
    if not found:
        raise NotFound(
            say("There is no command “{wanted}”.", wanted=wanted[:60]),
            next_step=say("`/help` alone shows all you may use."),
        )
    examples = await _examples(interaction, found)
    details = tuple(
        (
            f"/{entry.command}",
            "\n".join(
                (say(entry.does), say("For: {audience}", audience=say(entry.audience)), f"`{example}`")
            ),
        )
        for entry, example in zip(found, examples, strict=True)
    )
    await answer(
        interaction,
        Page(
            say("How to use /{command}", command=found[0].command if len(found) == 1 else wanted),
            details=details,
        ),
    )


async def _examples(interaction: Interaction, entries: Sequence[Entry]) -> list[str]:
    examples = [say(entry.example) for entry in entries]
    return await fitting(context_of(interaction), guild_id_of(interaction), examples)


async def _audiences(interaction: Interaction) -> list[str]:
    """For whom the person counts, with what most of the others do not do first."""
    audiences: list[str] = []
    if interaction.permissions.manage_guild:
        audiences.append(ADMINISTRATORS)
    if await is_organiser(interaction):
        audiences.append(ORGANISERS)
    if await is_moderator(interaction):
        audiences.append(MODERATORS)
    return [*audiences, MEMBERS]


def _listed_apart(audiences: Sequence[str]) -> Sequence[str]:
    """Whose commands are behind a button: a member's stand on the page itself, and so do an only other role's."""
    return audiences[1:] if len(audiences) <= ROLES_ON_ONE_PAGE else audiences


async def _overview(interaction: Interaction, audiences: Sequence[str]) -> Page:
    most = [await _most_used(interaction, audience) for audience in audiences]
    all_of_them = [] if _listed_apart(audiences) == audiences else _commands_for(audiences[0])
    return Page(say("What you can do here"), say(_HOW), (*most, *all_of_them), say(_FOOT))


async def _most_used(interaction: Interaction, audience: str) -> tuple[str, str]:
    entries = [entry for name in MOST_USED[audience] for entry in ENTRIES if entry.command == name]
    examples = await _examples(interaction, entries)
    lines = [f"`{example}`\n{say(entry.does)}" for entry, example in zip(entries, examples, strict=True)]
    return say(_MOST_USED_BY[audience]), "\n".join(lines)


def _commands_for(audience: str) -> list[tuple[str, str]]:
    lines = (f"`/{entry.command}` {say(entry.does)}" for entry in ENTRIES if entry.audience == audience)
    return fields_of(say(_ALL_FOR[audience]), lines)


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add("help", show_help)
    await bot.add_cog(HelpCog())
