"""`/motion`: what conference decided."""

from discord import app_commands
from discord.ext import commands

from bot.domain.models import Motion, MotionPoint, PointKind
from bot.services import campaign
from bot.services.context import Context
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._lookups import Found
from cogs._render import Page, button, fields_of, source_line
from cogs._routes import route
from cogs._suggestions import suggesting

HEADINGS = {PointKind.NOTE: "Notes", PointKind.CONCERN: "Concerns", PointKind.RESOLUTION: "Resolves"}


@app_commands.guild_only()
class MotionCog(commands.GroupCog, group_name="motion", group_description="What conference decided"):
    """Looks up motions."""

    @app_commands.command(name="list", description="The conference motions behind the campaign")
    async def list_(self, interaction: Interaction) -> None:
        """Shows the motions."""
        await bot_of(interaction).lookups.show(interaction, "motion.list")

    @app_commands.command(description="One motion: what it notes, and what it resolves to do")
    @app_commands.describe(motion="start typing: a word from it is enough")
    @app_commands.autocomplete(motion=suggesting(campaign.suggest_motions))
    async def show(self, interaction: Interaction, motion: str) -> None:
        """Shows one motion."""
        found = await campaign.get_motion(context_of(interaction), guild_id_of(interaction), motion)
        await bot_of(interaction).lookups.show(interaction, "motion.show", found.key)


async def motion_list(context: Context, guild_id: int, argument: str) -> Found:
    """All motions on one page."""
    del argument
    motions = await campaign.list_motions(context, guild_id)
    if not motions:
        return Found((Page("No motions have been added here yet.", "Ask an organiser."),))
    details = tuple(
        (motion.title, f"{motion.conference}. {motion.decision}.\n{motion.summary}") for motion in motions
    )
    steps = tuple(
        button(motion.title, route("look", "motion.show", "0", motion.key)) for motion in motions[:3]
    )
    return Found((Page(f"{len(motions)} conference motions", details=details),), steps)


async def motion_show(context: Context, guild_id: int, argument: str) -> Found:
    """One motion: an overview, then its notes and concerns, then what it resolves."""
    motion = await campaign.get_motion(context, guild_id, argument)
    foot = source_line(motion.source)
    about = (("Decision", motion.decision), ("Conference", motion.conference), ("Calls on", motion.calls_on))
    first = Page(motion.title, motion.summary, (*about, *_details(motion, PointKind.RESOLUTION)), foot)
    background = (*_details(motion, PointKind.NOTE), *_details(motion, PointKind.CONCERN))
    pages = (first, Page(f"{motion.title}: background", "", background, foot)) if background else (first,)
    return Found(pages, (button("All motions", route("look", "motion.list", "0", "")),))


def _details(motion: Motion, kind: PointKind) -> list[tuple[str, str]]:
    return fields_of(HEADINGS[kind], (_line(point) for point in motion.of_kind(kind)))


def _line(point: MotionPoint) -> str:
    return f"**{point.label}** {point.text}" if point.label else point.text


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add("motion.list", motion_list)
    bot.lookups.add("motion.show", motion_show)
    await bot.add_cog(MotionCog())
