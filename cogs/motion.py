"""`/motion`: what conference decided, and what became of it."""

from discord import app_commands
from discord.ext import commands

from bot.services import campaign
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._suggestions import suggesting
from cogs.motion_pages import BEHIND, LIST, SHOW, motion_list, motion_show, motions_behind


@app_commands.guild_only()
class MotionCog(commands.GroupCog, group_name="motion", group_description="What conference decided"):
    """Looks up motions."""

    @app_commands.command(name="list", description="The conference motions behind the campaign")
    async def list_(self, interaction: Interaction) -> None:
        """Shows the motions."""
        await bot_of(interaction).lookups.show(interaction, LIST)

    @app_commands.command(description="One motion: what it resolves, and what was done about it")
    @app_commands.describe(motion="start typing: a word from it is enough")
    @app_commands.autocomplete(motion=suggesting(campaign.suggest_motions))
    async def show(self, interaction: Interaction, motion: str) -> None:
        """Shows one motion."""
        found = await campaign.get_motion(context_of(interaction), guild_id_of(interaction), motion)
        await bot_of(interaction).lookups.show(interaction, SHOW, found.key)


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add(LIST, motion_list)
    bot.lookups.add(SHOW, motion_show)
    bot.lookups.add(BEHIND, motions_behind)
    await bot.add_cog(MotionCog())
