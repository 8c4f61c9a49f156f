"""`/organise nudge`: recurring posts such as "Wear Yellow Friday"."""

import discord
from discord import app_commands

from bot.domain.holidays import NATIONS
from bot.domain.language import say
from bot.domain.schedules import ScheduleKind
from bot.services import campaign
from bot.services.nudges import NudgeRequest, schedule_nudge
from bot.services.planned import plan_of
from bot.services.posts_on_request import post_now, send_now
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of, own_zone
from cogs._channels import channel_for_posts, role_for_pings
from cogs._permissions import organiser_only, require_organiser
from cogs._render import Page, button, plain
from cogs._routes import route
from cogs._schedules import times, zone_line
from cogs._suggestions import choices, suggesting
from cogs.organise_schedules import (
    planned_button,
    read_argument,
    shared_commands,
    suggesting_planned,
    where,
)


class NudgeGroup(app_commands.Group):
    """The commands for nudges."""

    def __init__(self) -> None:
        super().__init__(name="nudge", description="Recurring posts that call for an action")
        for command in shared_commands(ScheduleKind.NUDGE):
            self.add_command(command)

    @app_commands.command(description="Post a call for an action again and again, such as Wear Yellow Friday")
    @app_commands.describe(
        action="what members are asked to do; start typing",
        when="the first time, such as: Friday 8am, or a rule: every Friday 8am",
        repeat="every week unless given; such as: every other week",
        channel="where it is posted; the announcements channel unless given",
        role="a role to ping with each post",
        holidays="leave out the bank holidays of a nation",
        until="the last day, such as: 27 June",
        wording="your own words; several, separated by |, take turns",
    )
    @app_commands.autocomplete(action=suggesting(campaign.suggest_actions))
    @app_commands.choices(holidays=choices(dict(NATIONS)))
    @organiser_only()
    async def schedule(
        self,
        interaction: Interaction,
        action: str,
        when: app_commands.Range[str, 1, 200],
        repeat: app_commands.Range[str, 1, 100] | None = None,
        channel: discord.TextChannel | None = None,
        role: discord.Role | None = None,
        holidays: str | None = None,
        until: app_commands.Range[str, 1, 50] | None = None,
        wording: app_commands.Range[str, 1, 4000] | None = None,
    ) -> None:
        """Schedules a nudge and says when it comes."""
        target = await channel_for_posts(interaction, channel)
        request = NudgeRequest(
            action=action,
            when=when,
            channel_id=target.id,
            repeat=repeat,
            role_id=await role_for_pings(interaction, role),
            holidays=holidays,
            until=until,
            wording=wording,
            zone=await own_zone(interaction),
        )
        nudge = await schedule_nudge(context_of(interaction), guild_id_of(interaction), request)
        page = Page(
            say("Scheduled: {title}, {rule}", title=nudge.schedule.title, rule=nudge.rule),
            say("It will be posted in {channel}.", channel=target.mention),
            (
                (say("The next times"), times(nudge)),
                (say("It will say"), "\n\n".join(nudge.schedule.wordings)),
            ),
            zone_line(nudge),
        )
        await answer(
            interaction, page, buttons=[button(say("All nudges"), route("look", "nudge.list", "0", ""))]
        )

    @app_commands.command(description="Post a nudge once now, beside its rule; you are asked to confirm")
    @app_commands.describe(nudge="which nudge; start typing")
    @app_commands.autocomplete(nudge=suggesting_planned(ScheduleKind.NUDGE))
    @organiser_only()
    async def send(self, interaction: Interaction, nudge: str) -> None:
        """Shows what would be posted, and asks."""
        context, asked = context_of(interaction), int(context_of(interaction).now().timestamp())
        post = await post_now(context, guild_id_of(interaction), ScheduleKind.NUDGE, nudge, asked)
        plan = plan_of(post.schedule, context.now())
        page = Page(
            say("Post this now, once?"),
            f"**{plain(post.schedule.title)}**\n{post.wording}",
            ((say("Where"), where(post.schedule)), (say("The rule stays as it is"), times(plan))),
            zone_line(plan),
        )
        yes = planned_button(say("Post it now"), "schedule.send", plan, str(asked), main=True)
        await answer(interaction, page, buttons=[yes])


async def send_pressed(interaction: Interaction, argument: str) -> None:
    """Posts what the organiser was asked about; pressed twice, it is the same post."""
    await require_organiser(interaction)
    kind, schedule_id, asked = read_argument(argument)
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    post = await send_now(context, guild_id, kind, schedule_id, int(asked) if asked.isdecimal() else 0)
    page = Page(
        say("On its way: {title}", title=plain(post.schedule.title)),
        " ".join(
            (
                where(post.schedule),
                say(
                    "Quiet hours and the weekly limit hold for it as well. If it cannot be posted, the "
                    "organisers' channel is told why."
                ),
            )
        ),
    )
    await answer(interaction, page, replace=True)
