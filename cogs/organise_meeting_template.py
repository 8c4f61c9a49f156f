"""`/organise meeting template`: keeps how a meeting was scheduled, for the next one of its kind."""

from typing import Any

import discord
from discord import app_commands

from bot.domain.language import later, say
from bot.domain.problems import BadInput
from bot.domain.when import format_duration, parse_duration, parse_lead_times
from bot.services import meeting_templates, meetings
from bot.services.meeting_templates import NAME_LIMIT, Template
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._channels import channel_for_posts, role_for_pings, text_channel
from cogs._permissions import is_organiser, organiser_only
from cogs._render import Page, as_typed, plain
from cogs._suggestions import suggesting

WORDS = {
    "duration": later("How long"),
    "remind": later("Reminders"),
    "agenda": later("Agenda"),
    "seats": later("Seats"),
}
SUGGEST_TEMPLATE = suggesting(meeting_templates.suggest, only=is_organiser)


@app_commands.command(
    name="template", description="Keep how a meeting was scheduled, to schedule such a one again"
)
@app_commands.describe(
    name="what to call it, such as: branch call",
    meeting="the meeting to keep; start typing",
    delete="deletes the template with that name instead",
)
@app_commands.autocomplete(
    name=SUGGEST_TEMPLATE, meeting=suggesting(meetings.suggest_meetings, only=is_organiser)
)
@organiser_only()
async def _template(
    interaction: Interaction,
    name: app_commands.Range[str, 1, NAME_LIMIT],
    meeting: app_commands.Range[str, 1, 200] | None = None,
    delete: bool = False,
) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    if delete:
        gone = await meeting_templates.delete(context, guild_id, name)
        await answer(
            interaction,
            Page(say("Deleted: {name}", name=plain(gone)), say("Meetings made with it stay as they are.")),
        )
        return
    if meeting is None:
        raise BadInput(
            say("A template is kept from a meeting."),
            next_step=say("Choose the meeting with the option `meeting`."),
        )
    known_as, template = await meeting_templates.keep(context, guild_id, meeting, name)
    details = [
        (say(words), _shown(key, str(template[key]))) for key, words in WORDS.items() if template.get(key)
    ]
    if template.get("link"):
        details.append((say("Joining link"), say("kept, and not shown here")))
    body = say(
        "Next time: `/organise meeting schedule template:{name}` with a title and a time.",
        name=known_as,
    )
    await answer(interaction, Page(say("Kept: {name}", name=plain(known_as)), body, tuple(details)))


def _shown(field: str, kept: str) -> str:
    """What a template keeps, in the reader's words: lengths of time are kept in English, as they are read back."""
    if field == "duration":
        return format_duration(parse_duration(kept))
    if field == "remind":
        return ", ".join(_lead(one) for one in kept.split(", "))
    return as_typed(kept)


def _lead(kept: str) -> str:
    if kept == meeting_templates.AT_START:
        return say("start")
    if kept == meeting_templates.NO_REMINDERS:
        return say("none")
    return format_duration(parse_lead_times(kept)[0])


async def channel_or_kept(
    interaction: Interaction, chosen: discord.TextChannel | None, template: Template
) -> discord.TextChannel:
    """Where to post: the channel that was chosen, or else the template's, or else the announcements channel.

    Raises:
        BadInput: there is none, or the bot may not post there.
    """
    return await channel_for_posts(
        interaction, chosen or text_channel(interaction, _id(template, "channel_id"))
    )


async def role_or_kept(
    interaction: Interaction, chosen: discord.Role | None, template: Template
) -> int | None:
    """Whom to ping: the role that was chosen, or else the template's, which may not be pinged any more.

    Raises:
        BadInput: the role may not be pinged.
    """
    kept = _id(template, "role_id")
    if chosen is not None or kept is None or interaction.guild is None:
        return await role_for_pings(interaction, chosen)
    try:
        return await role_for_pings(interaction, interaction.guild.get_role(kept))
    except BadInput as problem:
        raise BadInput(
            problem.what,
            next_step=say(
                "The template brings that role. Choose another with the option `role`, or leave out "
                "`template`."
            ),
        ) from problem


def _id(template: Template, field: str) -> int | None:
    value = template.get(field)
    return int(value) if value else None


def template_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _template  # pyright: ignore[reportUnknownVariableType]
