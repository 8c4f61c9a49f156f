"""What `/setup check` looks at: what Discord alone can tell, and what the running installation says of itself."""

from typing import Any

import discord

from bot.domain.language import later, say
from bot.domain.models import Guild
from bot.services import guilds
from bot.services.context import Context
from bot.services.schedules import posting_channels
from bot.services.setup_check import Finding, check_clock, check_running
from cogs._bot import Interaction, context_of
from cogs._channels import missing_permissions

OPTIONAL = {"fallback"}
ROLES = {"organiser": later("Organiser role"), "moderator": later("Moderator role")}
CHANNELS = {
    "fallback": later("Fallback channel"),
    "announcements": later("Announcements channel"),
    "organisers": later("Organisers channel"),
    "moderators": later("Moderators channel"),
}


async def findings_of(interaction: Interaction) -> list[Finding]:
    """Everything that could fail on this server, with the fix for each."""
    context = context_of(interaction)
    server = interaction.guild
    found = await findings_in(context, server) if server else []
    return [*found, check_clock(context.clock, interaction.created_at)]


async def findings_in(context: Context, server: discord.Guild) -> list[Finding]:
    """The same without what only an interaction can tell: whether the machine's clock is right."""
    guild = await guilds.get(context, server.id)
    return [
        *_role_findings(server, guild),
        *await _channel_findings(context, server, guild),
        *_event_findings(server),
        *await check_running(context, server.id),
    ]


def _event_findings(server: discord.Guild) -> list[Finding]:
    if server.me.guild_permissions.create_events:
        what = say("Meetings stand in the server's list of events, too.")
        return [Finding(True, say("Discord's own events"), what)]
    what = say(
        "I may not make them, so meetings do not stand in the server's list of events. All else works."
    )
    fix = say("In Server Settings, Roles, grant my role Create Events. They appear by themselves then.")
    return [Finding(False, say("Discord's own events"), what, fix)]


def _role_findings(server: discord.Guild, guild: Guild) -> list[Finding]:
    chosen = {"organiser": guild.organiser_role_id, "moderator": guild.moderator_role_id}
    findings: list[Finding] = []
    for name, role_id in chosen.items():
        role = server.get_role(role_id) if role_id else None
        subject = say(ROLES[name])
        fix = say("Choose one with `/setup roles {option}:`.", option=name)
        if role is not None:
            findings.append(Finding(True, subject, role.mention))
        elif role_id:
            findings.append(Finding(False, subject, say("The role that was chosen has been deleted."), fix))
        else:
            findings.append(Finding(False, subject, say("None is chosen, so nobody can do that work."), fix))
    return findings


async def _channel_findings(context: Context, server: discord.Guild, guild: Guild) -> list[Finding]:
    named: dict[int, str] = dict.fromkeys(
        await posting_channels(context, guild.guild_id), say("A channel with scheduled posts")
    )
    findings: list[Finding] = []
    for name, channel_id in (
        ("fallback", guild.fallback_channel_id),
        ("announcements", guild.announcements_channel_id),
        ("organisers", guild.organisers_channel_id),
        ("moderators", guild.moderators_channel_id),
    ):
        if channel_id:
            named[channel_id] = say(CHANNELS[name])
        elif name not in OPTIONAL:
            fix = say("Choose one with `/setup channels {option}:`.", option=name)
            findings.append(Finding(False, say(CHANNELS[name]), say("None is chosen."), fix))
    return [*findings, *(_channel_finding(server, subject, one) for one, subject in named.items())]


def _channel_finding(server: discord.Guild, subject: str, channel_id: int) -> Finding:
    channel: Any = server.get_channel_or_thread(channel_id)
    if channel is None:
        fix = say("Choose another with `/setup channels`; posts for the old one are held back until then.")
        return Finding(False, subject, say("It has been deleted, or I may not see it."), fix)
    missing = missing_permissions(channel)
    if missing:
        fix = say(
            "In #{channel}, under Edit Channel and Permissions, grant me: {permissions}.",
            channel=channel.name,
            permissions=", ".join(missing),
        )
        what = say(
            "In #{channel} I lack {permissions}.", channel=channel.name, permissions=", ".join(missing)
        )
        return Finding(False, subject, what, fix)
    return Finding(True, subject, say("I may post in #{channel}.", channel=channel.name))
