"""`/setup`: who is who, where the bot posts, and what could fail."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.language import say, say_count
from bot.domain.models import Guild
from bot.domain.problems import BadInput
from bot.domain.quiet import quiet_hours
from bot.services import guilds, policy
from bot.services import weekly as weekly_report
from bot.services.setup_check import Finding
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, context_of, guild_id_of
from cogs._channels import pingable
from cogs._permissions import administrator_only, require_administrator
from cogs._render import Page, button
from cogs._routes import route
from cogs._setup_findings import findings_of
from cogs.setup_attendance import attendance_setting
from cogs.setup_calendar import calendar_setting
from cogs.setup_language import language_setting
from cogs.setup_privacy import privacy_commands
from cogs.setup_start import add_routes, start_command


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class SetupCog(commands.GroupCog, group_name="setup", group_description="For administrators: set the bot up"):
    """Sets the bot up."""

    def __init__(self) -> None:
        super().__init__()
        group = self.__cog_app_commands_group__
        if group is None:
            raise RuntimeError("a group cog always has its group")
        for command in (
            start_command(),
            *privacy_commands(),
            attendance_setting(),
            calendar_setting(),
            language_setting(),
        ):
            group.add_command(command)

    @app_commands.command(description="Choose who organises and who reads feedback")
    @app_commands.describe(
        organiser="may schedule meetings and nudges, and record answers",
        moderator="may read and export feedback",
        member="may have the joining links of meetings; everybody in the server unless you choose one",
    )
    @administrator_only()
    async def roles(
        self,
        interaction: Interaction,
        organiser: discord.Role | None = None,
        moderator: discord.Role | None = None,
        member: discord.Role | None = None,
    ) -> None:
        """Sets the roles that are given, and shows all."""
        chosen = {
            "organiser_role_id": organiser,
            "moderator_role_id": moderator,
            "member_role_id": member,
        }
        for role in (organiser, moderator, member):
            if role is not None and (role.is_default() or role.managed):
                raise BadInput(
                    say("{role} cannot be used: everybody, or an app, has it.", role=role.name),
                    next_step=say("Choose a role that you give to people one by one."),
                )
        ids = {name: role.id for name, role in chosen.items() if role is not None}
        await _change(interaction, ids, is_change=bool(ids))

    @app_commands.command(description="Choose where the bot posts")
    @app_commands.describe(
        announcements="where reminders and nudges go, unless an organiser chooses another channel",
        organisers="where organisers are told when a post could not go out",
        moderators="where moderators work",
        fallback="where a post goes whose own channel is gone or closed",
        weekly="whether the organisers' channel is told once a week if all is well",
    )
    @administrator_only()
    async def channels(
        self,
        interaction: Interaction,
        announcements: discord.TextChannel | None = None,
        organisers: discord.TextChannel | None = None,
        moderators: discord.TextChannel | None = None,
        fallback: discord.TextChannel | None = None,
        weekly: bool | None = None,
    ) -> None:
        """Sets the channels that are given, and shows all."""
        if weekly is not None:
            await weekly_report.switch(context_of(interaction), guild_id_of(interaction), on=weekly)
        chosen = {
            "announcements_channel_id": announcements,
            "organisers_channel_id": organisers,
            "moderators_channel_id": moderators,
            "fallback_channel_id": fallback,
        }
        ids = {name: channel.id for name, channel in chosen.items() if channel is not None}
        await _change(interaction, ids, is_change=bool(ids) or weekly is not None)

    @app_commands.command(description="Keep nudges within limits: quiet hours, a weekly limit, roles to ping")
    @app_commands.describe(
        quiet_from="nudges wait from then on, such as: 9pm; none for no quiet hours",
        quiet_until="nudges wait until then, such as: 8am",
        weekly_cap="the most nudges that a channel gets in a week, such as: 3; none for no limit",
        add_ping_role="a role that posts may ping; as long as the list is empty they may ping any",
        remove_ping_role="a role to take off that list",
    )
    @administrator_only()
    async def nudges(
        self,
        interaction: Interaction,
        quiet_from: app_commands.Range[str, 1, 40] | None = None,
        quiet_until: app_commands.Range[str, 1, 40] | None = None,
        weekly_cap: app_commands.Range[str, 1, 10] | None = None,
        add_ping_role: discord.Role | None = None,
        remove_ping_role: discord.Role | None = None,
    ) -> None:
        """Sets the limits that are given, and shows all."""
        wanted = policy.PolicyChange(
            quiet_from=quiet_from,
            quiet_until=quiet_until,
            weekly_cap=weekly_cap,
            add_role_id=pingable(add_ping_role),
            remove_role_id=remove_ping_role.id if remove_ping_role else None,
        )
        is_change = wanted != policy.PolicyChange()
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        guild = await (
            policy.change(context, guild_id, wanted) if is_change else guilds.get(context, guild_id)
        )
        headline = say("Saved.") if is_change else say("Nothing was changed; this is how it stands.")
        await answer(
            interaction,
            Page(headline, details=_limits(guild), foot=say("Times are in {zone}.", zone=guild.zone)),
        )

    @app_commands.command(description="Look at everything that could fail, with the fix for each")
    @administrator_only()
    async def check(self, interaction: Interaction) -> None:
        """Shows what is right and what is not."""
        await _show_check(interaction)


async def _change(interaction: Interaction, values: dict[str, int], *, is_change: bool) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    guild = await (guilds.change(context, guild_id, **values) if values else guilds.get(context, guild_id))
    headline = say("Saved.") if is_change else say("Nothing was changed; this is how it stands.")
    told = say("once a week") if await weekly_report.is_on(context, guild_id) else say("switched off")
    steps = [button(say("Check everything"), route("setup.check", ""), main=True)]
    await answer(
        interaction,
        Page(headline, details=(*_settings(guild), (say("Report to organisers"), told))),
        buttons=steps,
    )


def _settings(guild: Guild) -> tuple[tuple[str, str], ...]:
    def role(role_id: int | None) -> str:
        return f"<@&{role_id}>" if role_id else say("not chosen yet")

    def channel(channel_id: int | None) -> str:
        return f"<#{channel_id}>" if channel_id else say("not chosen yet")

    return (
        (say("Organisers"), role(guild.organiser_role_id)),
        (say("Moderators"), role(guild.moderator_role_id)),
        (
            say("Joining links"),
            role(guild.member_role_id) if guild.member_role_id else say("everybody in the server"),
        ),
        (say("Announcements"), channel(guild.announcements_channel_id)),
        (say("Organisers' channel"), channel(guild.organisers_channel_id)),
        (say("Moderators' channel"), channel(guild.moderators_channel_id)),
        (say("Fallback channel"), channel(guild.fallback_channel_id)),
        (say("Time zone"), guild.zone),
    )


def _limits(guild: Guild) -> tuple[tuple[str, str], ...]:
    quiet = quiet_hours(guild.quiet_from, guild.quiet_until)
    waiting = say("{hours}: nudges wait until they are over.", hours=quiet) if quiet else say("None.")
    weekly = (
        say_count(guild.weekly_cap, "At most {number} nudge a channel.", "At most {number} nudges a channel.")
        if guild.weekly_cap
        else say("No limit.")
    )
    roles = ", ".join(f"<@&{role_id}>" for role_id in guild.ping_role_ids)
    return (
        (say("Quiet hours"), waiting),
        (say("In a week"), weekly),
        (
            say("Roles that posts may ping"),
            roles or say("Any that Discord lets me ping, but never @everyone."),
        ),
        (say("Meetings"), say("Their reminders keep to neither: they come when they are due.")),
    )


async def _show_check(interaction: Interaction, argument: str = "") -> None:
    del argument
    await require_administrator(interaction)
    findings = await findings_of(interaction)
    problems = [finding for finding in findings if not finding.ok]
    headline = (
        say_count(len(problems), "{number} thing to mend", "{number} things to mend")
        if problems
        else say("All is well.")
    )
    ordered = sorted(findings, key=lambda finding: finding.ok)
    page = Page(headline, details=tuple(_line(finding) for finding in ordered))
    await answer(interaction, page, buttons=[button(say("Check again"), route("setup.check", ""))])


def _line(finding: Finding) -> tuple[str, str]:
    headline = (
        say("✓ In order: {subject}", subject=finding.subject)
        if finding.ok
        else say("✕ To mend: {subject}", subject=finding.subject)
    )
    if not finding.fix:
        return headline, finding.what
    return headline, "\n".join((finding.what, say("**What to do:** {fix}", fix=finding.fix)))


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.routes.add("setup.check", _show_check)
    add_routes(bot)
    await bot.add_cog(SetupCog())
