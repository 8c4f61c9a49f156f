"""`/organise nudge`: recurring posts such as "Wear Yellow Friday"."""

import discord
from discord import app_commands

from bot.domain.holidays import NATIONS
from bot.domain.when import format_moment
from bot.domain.when.moment import moment_of
from bot.services import campaign
from bot.services.context import Context
from bot.services.nudges import Nudge, NudgeRequest, list_nudges, schedule_nudge
from cogs._answers import answer
from cogs._bot import Interaction, bot_of, context_of, guild_id_of
from cogs._channels import channel_for_posts, pingable
from cogs._lookups import Found
from cogs._permissions import organiser_only
from cogs._render import Page, button, count_of, moment
from cogs._routes import route
from cogs._suggestions import choices, suggesting

PER_PAGE = 6


class NudgeGroup(app_commands.Group):
    """The commands for nudges."""

    def __init__(self) -> None:
        super().__init__(name="nudge", description="Recurring posts that call for an action")

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
            role_id=pingable(role),
            holidays=holidays,
            until=until,
            wording=wording,
        )
        nudge = await schedule_nudge(context_of(interaction), guild_id_of(interaction), request)
        page = Page(
            f"Scheduled: {nudge.schedule.title}, {nudge.rule}",
            f"It will be posted in {target.mention}.",
            (("The next times", _times(nudge)), ("It will say", "\n\n".join(nudge.schedule.wordings))),
            f"Times are in {nudge.schedule.zone}.",
        )
        await answer(interaction, page, buttons=[button("All nudges", route("look", "nudge.list", "0", ""))])

    @app_commands.command(name="list", description="All nudges, and when each comes next")
    @organiser_only()
    async def list_(self, interaction: Interaction) -> None:
        """Shows the nudges."""
        await bot_of(interaction).lookups.show(interaction, "nudge.list")


async def nudge_list(context: Context, guild_id: int, argument: str) -> Found:
    """All nudges, some to a page."""
    del argument
    nudges = await list_nudges(context, guild_id)
    if not nudges:
        return Found((Page("There are no nudges yet.", "`/organise nudge schedule` makes one."),))
    details = [
        (f"{nudge.schedule.title}, {nudge.rule}", f"In <#{nudge.schedule.channel_id}>\n{_times(nudge)}")
        for nudge in nudges
    ]
    chunks = [tuple(details[start : start + PER_PAGE]) for start in range(0, len(details), PER_PAGE)]
    return Found(tuple(Page(count_of(len(nudges), "nudge"), details=chunk) for chunk in chunks))


def _times(nudge: Nudge) -> str:
    zone = nudge.schedule.zone
    lines = [
        f"{format_moment(moment_of(instant, zone))} · {moment(instant)}" for instant in nudge.occurrences
    ]
    return "\n".join(lines) or "No more."
