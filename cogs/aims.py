"""`/aims`: what the campaign is for."""

from discord import app_commands
from discord.ext import commands

from bot.domain.language import say, say_count
from bot.services import campaign
from bot.services.context import Context
from cogs._bot import CampaignBot, Interaction, bot_of
from cogs._lookups import Found
from cogs._render import Page, button, source_line
from cogs._routes import route


class AimsCog(commands.Cog):
    """Shows the aims."""

    @app_commands.command(description="What the campaign is for")
    @app_commands.guild_only()
    async def aims(self, interaction: Interaction) -> None:
        """Shows the aims."""
        await bot_of(interaction).lookups.show(interaction, "aims")


async def aims_page(context: Context, guild_id: int, argument: str) -> Found:
    """All aims on one page."""
    del argument
    aims = await campaign.list_aims(context, guild_id)
    if not aims:
        return Found((Page(say("No aims have been added here yet."), say("Ask an organiser.")),))
    details = tuple((f"{aim.position}. {aim.title}", aim.summary) for aim in aims)
    page = Page(
        say_count(len(aims), "The campaign has {number} aim", "The campaign has {number} aims"),
        details=details,
        foot=source_line(aims[0].source),
    )
    return Found((page,), (button(say("What we demand"), route("look", "demand.list", "0", "")),))


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add("aims", aims_page)
    await bot.add_cog(AimsCog())
