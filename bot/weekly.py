"""Tells each guild's organisers once a week how the bot is doing for them."""

import logging
from typing import TYPE_CHECKING

import discord

from bot.domain.language import later, say, say_count, speaking
from bot.services import languages, weekly
from bot.services.context import Context
from bot.services.setup_check import Finding
from bot.services.weekly import Weekly
from cogs._render import moment, plain, shorten
from cogs._setup_findings import findings_in

if TYPE_CHECKING:
    from bot.sender import DiscordSender

log = logging.getLogger(__name__)

MOST_TO_MEND = 5
LONGEST_TITLE, LONGEST_FINDING = 80, 220
SWITCH_OFF = later(
    "-# I say this once a week. An administrator can switch it off: `/setup channels weekly:False`."
)


async def tell_organisers(context: Context, client: discord.Client, sender: "DiscordSender") -> None:
    """Tells the guilds that have not been told this week; those that Discord does not show at present, another day."""
    for guild_id, channel_id in await weekly.due(context):
        server = client.get_guild(guild_id)
        if server is None or server.unavailable:
            continue
        try:
            with speaking(await languages.of_guild(context, guild_id)):
                await _tell(context, server, channel_id, sender)
        except Exception:  # one server's trouble keeps the word from no other
            log.exception("a week's report could not be made")


async def _tell(context: Context, server: discord.Guild, channel_id: int, sender: "DiscordSender") -> None:
    if await weekly.is_first_week(context, server.id):
        return
    findings = await findings_in(context, server)
    told = await weekly.look_back(context, server.id, findings)
    await sender.alert(server.id, channel_id, text_of(told), nonce=weekly.nonce_of(context, server.id))
    await weekly.note_told(context, server.id)


def text_of(told: Weekly) -> str:
    """The weekly word."""
    lines = [
        say("**The week's report: All is well.**")
        if told.is_well
        else say("**The week's report: Needs attention.**"),
        _past(told),
        *_coming(told),
        *_to_mend(told),
        say(SWITCH_OFF),
    ]
    return "\n".join(lines)


def _past(told: Weekly) -> str:
    parts = [
        say_count(
            told.sent,
            "In the last seven days {number} post went out",
            "In the last seven days {number} posts went out",
        )
    ]
    parts += [say("{number:,} left out", number=told.left_out)] if told.left_out else []
    parts += [say("{number:,} failed", number=told.failed)] if told.failed else []
    parts += [say("{number:,} held back at present", number=told.held)] if told.held else []
    where = [say("`/organise deliveries` shows each.")] if len(parts) > 1 else []
    return " ".join((f"{', '.join(parts)}.", *where))


def _coming(told: Weekly) -> list[str]:
    if not told.coming:
        return [say("Nothing is planned for the next seven days.")]
    return [say("Next:")] + [
        say(
            "- “{title}”, {when}, in <#{channel_id}>",
            title=shorten(plain(one.title), LONGEST_TITLE),
            when=moment(one.due_at),
            channel_id=one.channel_id,
        )
        for one in told.coming
    ]


def _to_mend(told: Weekly) -> list[str]:
    lines = [_line(finding) for finding in told.to_mend[:MOST_TO_MEND]]
    more = len(told.to_mend) - len(lines)
    lines += [say_count(more, "- and {number} thing more", "- and {number} things more")] if more else []
    return [say("To mend, as `/setup check` tells an administrator:"), *lines] if lines else []


def _line(finding: Finding) -> str:
    return f"- {finding.subject}: {shorten(' '.join(finding.what.split()), LONGEST_FINDING)}"
