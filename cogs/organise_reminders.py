"""`/organise reminder`: posts in an organiser's own words, once or again and again."""

import discord
from discord import app_commands

from bot.domain.language import say
from bot.domain.schedules import ScheduleKind
from bot.domain.when import format_moment
from bot.domain.when.moment import moment_of
from bot.services.planned import ONCE
from bot.services.reminders import TEXT_LIMIT, ReminderRequest, schedule_reminder
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of, own_zone
from cogs._channels import channel_for_posts, role_for_pings
from cogs._permissions import organiser_only
from cogs._render import Page, button
from cogs._routes import route
from cogs._schedules import times, zone_line
from cogs.organise_schedules import shared_commands, where


class ReminderGroup(app_commands.Group):
    """The commands for reminders."""

    def __init__(self) -> None:
        super().__init__(name="reminder", description="Any other post at a time of your choice")
        for command in shared_commands(ScheduleKind.REMINDER):
            self.add_command(command)

    @app_commands.command(description="Post a reminder in your own words, once or again and again")
    @app_commands.describe(
        text="what it says",
        when="such as: Thursday 3 April 12.30pm, in 2 hours, or a rule: every Friday 8am",
        repeat="such as: every week, or every month until July; once unless given",
        channel="where it is posted; the announcements channel unless given",
        role="a role to ping with each post",
    )
    @organiser_only()
    async def schedule(
        self,
        interaction: Interaction,
        text: app_commands.Range[str, 1, TEXT_LIMIT],
        when: app_commands.Range[str, 1, 200],
        repeat: app_commands.Range[str, 1, 100] | None = None,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
    ) -> None:
        """Schedules a reminder and says when it comes."""
        target = await channel_for_posts(interaction, channel)
        request = ReminderRequest(
            text,
            when,
            target.id,
            repeat,
            await role_for_pings(interaction, role),
            await own_zone(interaction),
        )
        plan = await schedule_reminder(context_of(interaction), guild_id_of(interaction), request)
        first = format_moment(moment_of(plan.occurrences[0], plan.schedule.zone))
        page = Page(
            say("Scheduled: {when}", when=first if plan.rule == ONCE else plan.rule),
            plan.schedule.wordings[0],
            ((say("Where"), where(plan.schedule)), (say("The next times"), times(plan))),
            zone_line(plan),
        )
        await answer(
            interaction, page, buttons=[button(say("All reminders"), route("look", "reminder.list", "0", ""))]
        )
