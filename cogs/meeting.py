"""`/meeting`: the diary of the campaign, for members."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.domain.attendance import counts_in_words
from bot.domain.language import say
from bot.domain.models import Meeting, MeetingState
from bot.domain.when import format_duration
from bot.services import meeting_answers, meetings
from bot.services.context import Context
from cogs._answers import answer
from cogs._bot import CampaignBot, Interaction, bot_of, context_of, guild_id_of
from cogs._invitations import invitation_buttons
from cogs._lookups import Found
from cogs._permissions import require_member
from cogs._render import Page, as_typed, button, link_button, plain, when_of
from cogs._routes import route, show_modal
from cogs._suggestions import choices, suggesting
from cogs.meeting_agenda import HANDLERS, OPEN, proposal_form
from cogs.meeting_diary import HANDLERS as DIARY_HANDLERS
from cogs.meeting_diary import calendar_command, send_diary

PER_PAGE = 8
WHICH = choices({"upcoming": "upcoming", "past": "past"})


@app_commands.guild_only()
class MeetingCog(commands.GroupCog, group_name="meeting", group_description="The campaign's meetings"):
    """Looks up meetings."""

    def __init__(self) -> None:
        super().__init__()
        group = self.__cog_app_commands_group__
        if group is None:
            raise RuntimeError("a group cog always has its group")
        group.add_command(calendar_command())

    @app_commands.command(name="next", description="The next all-members' call or other meeting")
    async def next_(self, interaction: Interaction) -> None:
        """Shows the next meeting."""
        found = await meetings.next_meeting(context_of(interaction), guild_id_of(interaction))
        await bot_of(interaction).lookups.show(interaction, "meeting.show", found.key)

    @app_commands.command(name="list", description="Meetings to come, or past ones")
    @app_commands.describe(which="upcoming unless you say otherwise")
    @app_commands.choices(which=WHICH)
    async def list_(self, interaction: Interaction, which: str = "upcoming") -> None:
        """Shows the meetings."""
        await bot_of(interaction).lookups.show(interaction, "meeting.list", which)

    @app_commands.command(description="One meeting: when, how long, what about, and how to join")
    @app_commands.describe(meeting="start typing; the next one unless given")
    @app_commands.autocomplete(meeting=suggesting(meetings.suggest_meetings))
    async def show(self, interaction: Interaction, meeting: str = "") -> None:
        """Shows one meeting."""
        found = await _meeting(interaction, meeting)
        await bot_of(interaction).lookups.show(interaction, "meeting.show", found.key)

    @app_commands.command(description="Put a meeting into your own diary")
    @app_commands.describe(meeting="start typing; the next one unless given")
    @app_commands.autocomplete(meeting=suggesting(meetings.suggest_meetings))
    async def diary(self, interaction: Interaction, meeting: str = "") -> None:
        """Sends a calendar file, and links for web diaries."""
        found = await _meeting(interaction, meeting)
        await send_diary(interaction, found.key)

    @app_commands.command(description="Propose something for a meeting's agenda, without your name")
    @app_commands.describe(meeting="start typing; the next one unless given")
    @app_commands.autocomplete(meeting=suggesting(meetings.suggest_meetings))
    async def propose(self, interaction: Interaction, meeting: str = "") -> None:
        """Shows the form."""
        found = await _meeting(interaction, meeting)
        await show_modal(interaction, proposal_form(found.key, found.title))


async def _meeting(interaction: Interaction, typed: str) -> Meeting:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    if typed.strip():
        return await meetings.get_meeting(context, guild_id, typed)
    return await meetings.next_meeting(context, guild_id)


async def meeting_list(context: Context, guild_id: int, argument: str) -> Found:
    """Upcoming meetings, or past ones."""
    is_past = argument == "past"
    listing = meetings.past if is_past else meetings.upcoming
    found = await listing(context, guild_id)
    if not found:
        what = say("No meeting is over yet.") if is_past else say("No meeting is planned at the moment.")
        return Found((Page(what, say("Organisers announce new ones in the announcements channel.")),))
    chunks = [found[start : start + PER_PAGE] for start in range(0, len(found), PER_PAGE)]
    heading = say("Past meetings") if is_past else say("Meetings to come")
    first = button(
        say("Open: {title}", title=found[0].title),
        route("look", "meeting.show", "0", found[0].key),
        main=True,
    )
    return Found(tuple(Page(heading, details=_lines(chunk)) for chunk in chunks), (first,))


async def meeting_show(context: Context, guild_id: int, argument: str) -> Found:
    """One meeting. The joining link is not shown: it comes on a press, to one person."""
    found = await meetings.get_meeting(context, guild_id, argument)
    details = [(say("When"), when_of(found)), (say("How long"), format_duration(found.duration))]
    if found.state is MeetingState.PLANNED:
        counts = await meeting_answers.counts(context, guild_id, found)
        details.append((say("Who comes"), counts_in_words(counts)))
    if found.notes:
        details.append((say("What came of it"), as_typed(found.notes)))
    if found.channel_id:
        details.append((say("Reminders"), say("in <#{channel_id}>", channel_id=found.channel_id)))
    headline = (
        say("{title} (cancelled)", title=found.title)
        if found.state is MeetingState.CANCELLED
        else found.title
    )
    steps: list[discord.ui.Button[Any]] = []
    if found.ends_at > context.now() and found.state is MeetingState.PLANNED:
        steps = [
            *invitation_buttons(found),
            button(say("Get the link"), route("meeting.link", found.key)),
            button(say("Add to diary"), route("meeting.diary", found.key)),
            button(say("Propose for the agenda"), route(OPEN, found.key)),
        ]
    return Found(
        (
            Page(
                headline,
                plain(found.summary),
                tuple(details),
                say("Source: {source}", source=say(found.source)),
            ),
        ),
        tuple(steps),
    )


def _lines(found: Sequence[Meeting]) -> tuple[tuple[str, str], ...]:
    return tuple((meeting.title, when_of(meeting)) for meeting in found)


async def give_link(interaction: Interaction, argument: str) -> None:
    """Shows the joining link to the person who pressed, if they are a member and the meeting is not over."""
    await require_member(interaction)
    context = context_of(interaction)
    found = await meetings.get_meeting(context, guild_id_of(interaction), argument.partition("|")[0])
    if found.state is MeetingState.CANCELLED:
        await answer(
            interaction,
            Page(
                say("{title} is cancelled.", title=found.title),
                say("`/meeting next` shows the next meeting."),
            ),
        )
    elif found.ends_at <= context.now():
        await answer(
            interaction,
            Page(
                say("{title} is over.", title=found.title),
                say("`/meeting next` shows the next meeting."),
            ),
        )
    elif found.link is None:
        body = say(
            "The organisers have not given it yet. Press again nearer the time; a reminder comes "
            "before the start."
        )
        await answer(interaction, Page(say("The joining link follows."), body))
    else:
        please = say("Please do not post the link where others can see it.")
        page = Page(say("How to join: {title}", title=found.title), f"{when_of(found)}\n{please}")
        await answer(interaction, page, buttons=[link_button(say("Join the meeting"), found.link)])


async def setup(bot: CampaignBot) -> None:
    """Adds the feature to the bot."""
    bot.lookups.add("meeting.list", meeting_list)
    bot.lookups.add("meeting.show", meeting_show)
    bot.routes.add("meeting.link", give_link)
    for name, handler in {**HANDLERS, **DIARY_HANDLERS}.items():
        bot.routes.add(name, handler)
    await bot.add_cog(MeetingCog())
