"""`/moderate`: what moderators do with feedback. Each kind of work has a file of its own."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import CampaignBot
from cogs._groups import add_commands
from cogs.focus_moderation import focus_command
from cogs.moderate_audit import add_audit, audit_command
from cogs.moderate_export import export_commands
from cogs.moderate_piece import add_pieces, piece_commands
from cogs.moderate_queue import add_queue, queue_command


@app_commands.guild_only()
class ModerateCog(
    commands.GroupCog,
    group_name="moderate",
    group_description="For moderators: read, answer and export feedback",
):
    """Holds the moderators' commands."""

    def __init__(self) -> None:
        super().__init__()
        every = (queue_command(), *piece_commands(), *export_commands(), audit_command(), focus_command())
        add_commands(self, every)


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    add_queue(bot)
    add_pieces(bot)
    add_audit(bot)
    await bot.add_cog(ModerateCog())
