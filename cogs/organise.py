"""`/organise`: what organisers do. Each kind of thing has a group of commands of its own."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import CampaignBot
from cogs._permissions import require_organiser
from cogs.organise_demands import DemandGroup, record_response
from cogs.organise_meetings import MeetingGroup
from cogs.organise_nudges import NudgeGroup, nudge_list


@app_commands.guild_only()
class OrganiseCog(
    commands.GroupCog, group_name="organise", group_description="For organisers: meetings, nudges, answers"
):
    """Holds the organisers' groups."""

    def __init__(self) -> None:
        super().__init__()
        for group in (MeetingGroup(), NudgeGroup(), DemandGroup()):
            self.app_command.add_command(group)

    @property
    def app_command(self) -> app_commands.Group:
        """The group that Discord shows as /organise."""
        group = self.__cog_app_commands_group__
        if group is None:
            raise RuntimeError("a group cog always has its group")
        return group


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add("nudge.list", nudge_list, require=require_organiser)
    bot.routes.add("demand.respond", record_response)
    await bot.add_cog(OrganiseCog())
