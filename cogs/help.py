"""`/help`: what this person may use, grouped, with examples."""

from dataclasses import dataclass

from discord import app_commands
from discord.ext import commands

from bot.domain.problems import NotFound
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction
from cogs._permissions import is_moderator, is_organiser
from cogs._render import Page, button
from cogs._routes import route

MEMBERS, ORGANISERS, MODERATORS, ADMINISTRATORS = "Members", "Organisers", "Moderators", "Administrators"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, for whom it is, what it does, and an example to copy."""

    command: str
    audience: str
    does: str
    example: str


ENTRIES = (
    Entry("help", MEMBERS, "Shows what you can use here.", "/help command:meeting next"),
    Entry("meeting next", MEMBERS, "The next meeting, with its link and diary entry.", "/meeting next"),
    Entry("meeting list", MEMBERS, "Meetings to come, or past ones.", "/meeting list which:past"),
    Entry("meeting show", MEMBERS, "One meeting in full.", "/meeting show meeting:all-members"),
    Entry("meeting diary", MEMBERS, "Puts a meeting into your own diary.", "/meeting diary"),
    Entry("demand list", MEMBERS, "The demands, and how far the employer has come.", "/demand list"),
    Entry("demand show", MEMBERS, "One demand and the employer's answers.", "/demand show demand:sickness"),
    Entry("demand search", MEMBERS, "Finds demands by what they are about.", "/demand search query:overtime"),
    Entry("demand changes", MEMBERS, "What the employer answered lately.", "/demand changes since:1 March"),
    Entry("aims", MEMBERS, "What the campaign is for.", "/aims"),
    Entry("motion list", MEMBERS, "The conference motions.", "/motion list"),
    Entry(
        "motion show", MEMBERS, "One motion: notes, concerns, resolutions.", "/motion show motion:workloads"
    ),
    Entry("glossary", MEMBERS, "What a term means.", "/glossary term:WMT"),
    Entry("action list", MEMBERS, "What you can do now.", "/action list"),
    Entry(
        "action done",
        MEMBERS,
        "Counts you in for this week, without your name.",
        "/action done action:yellow",
    ),
    Entry(
        "feedback give", MEMBERS, "Tells the moderators what it is like, confidentially.", "/feedback give"
    ),
    Entry(
        "organise meeting schedule",
        ORGANISERS,
        "Puts a meeting into the diary, with reminders.",
        "/organise meeting schedule title:All-members' call when:Thursday 3 April 12.30pm",
    ),
    Entry(
        "organise nudge schedule",
        ORGANISERS,
        "Posts a call for an action again and again.",
        "/organise nudge schedule action:yellow when:Friday 8am",
    ),
    Entry("organise nudge list", ORGANISERS, "All nudges, and when each comes next.", "/organise nudge list"),
    Entry(
        "organise demand respond",
        ORGANISERS,
        "Records what the employer answered.",
        "/organise demand respond demand:overtime status:Partly met date:28 March",
    ),
    Entry(
        "moderate export",
        MODERATORS,
        "The feedback as a file, with a record of who took it and why.",
        "/moderate export format:csv purpose:meeting with the employer",
    ),
    Entry(
        "setup roles",
        ADMINISTRATORS,
        "Who organises, and who reads feedback.",
        "/setup roles organiser:@Reps",
    ),
    Entry(
        "setup channels",
        ADMINISTRATORS,
        "Where the bot posts.",
        "/setup channels announcements:#announcements",
    ),
    Entry("setup check", ADMINISTRATORS, "What could fail, with the fix for each.", "/setup check"),
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
    details = tuple(
        (f"/{entry.command}", f"{entry.does}\nFor: {entry.audience}\n`{entry.example}`") for entry in found
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
    details = [
        (
            audience,
            "\n".join(f"`/{entry.command}` {entry.does}" for entry in ENTRIES if entry.audience == audience),
        )
        for audience in audiences
    ]
    foot = (
        "Feedback is confidential: it is not linked to you in our database. Discord sees that you use a bot."
    )
    return Page(
        "What you can do here", "`/help command:` explains one with an example.", tuple(details), foot
    )


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add("help", show_help)
    await bot.add_cog(HelpCog())
