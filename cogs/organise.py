"""`/organise`: what organisers do. Each kind of thing has a group of commands of its own."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import CampaignBot
from cogs._groups import add_commands
from cogs._permissions import require_organiser
from cogs._schedules import planned_list
from cogs.organise_actions import ActionGroup, add_action_routes
from cogs.organise_bulletin import BulletinGroup, add_bulletins
from cogs.organise_deliveries import add_deliveries, deliveries_command
from cogs.organise_demands import HANDLERS as DEMAND_HANDLERS
from cogs.organise_demands import DemandGroup
from cogs.organise_meetings import MeetingGroup
from cogs.organise_motions import PROGRESS, MotionGroup, record_progress
from cogs.organise_nudges import NudgeGroup, send_pressed
from cogs.organise_reminders import ReminderGroup
from cogs.organise_schedules import CHANGEABLE, delete_pressed, resume_pressed, show_about

_HANDLERS = {
    **DEMAND_HANDLERS,
    PROGRESS: record_progress,
    "post.about": show_about,
    "schedule.delete": delete_pressed,
    "schedule.resume": resume_pressed,
    "schedule.send": send_pressed,
}


@app_commands.guild_only()
class OrganiseCog(
    commands.GroupCog,
    group_name="organise",
    group_description="For organisers: meetings, nudges, reminders, answers",
):
    """Holds the organisers' groups."""

    def __init__(self) -> None:
        super().__init__()
        groups = (
            MeetingGroup(),
            NudgeGroup(),
            ActionGroup(),
            ReminderGroup(),
            DemandGroup(),
            MotionGroup(),
            BulletinGroup(),
        )
        add_commands(self, (*groups, deliveries_command()))


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    for kind in CHANGEABLE:
        bot.lookups.add(f"{kind.value}.list", planned_list(kind), require=require_organiser)
    for name, handler in _HANDLERS.items():
        bot.routes.add(name, handler)
    add_deliveries(bot)
    add_action_routes(bot)
    add_bulletins(bot)
    await bot.add_cog(OrganiseCog())
