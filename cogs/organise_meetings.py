"""`/organise meeting`: put meetings into the diary."""

import discord
from discord import app_commands

from bot.domain.joining_links import LINK_LIMIT
from bot.domain.language import say, say_count
from bot.domain.recurrence import describe
from bot.domain.when import format_lead_time, format_moment
from bot.domain.when.moment import moment_of
from bot.services import meeting_templates
from bot.services.meeting_templates import NAME_LIMIT, Template
from bot.services.meetings import (
    AGENDA_LIMIT,
    TITLE_LIMIT,
    MeetingRequest,
    ScheduledMeeting,
    schedule_meeting,
)
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of, own_zone
from cogs._permissions import organiser_only
from cogs._render import Page, button, plain, when_of
from cogs._routes import route
from cogs.meeting_agenda import agenda_command
from cogs.organise_attendance import attendance_command
from cogs.organise_meeting_changes import change_commands
from cogs.organise_meeting_template import SUGGEST_TEMPLATE, channel_or_kept, role_or_kept, template_command


class MeetingGroup(app_commands.Group):
    """The commands for meetings."""

    def __init__(self) -> None:
        super().__init__(name="meeting", description="Schedule and change meetings")
        for command in (*change_commands(), attendance_command(), agenda_command(), template_command()):
            self.add_command(command)

    @app_commands.command(description="Put a meeting into the diary, with reminders")
    @app_commands.describe(
        title="what people will see, such as: All-members' call",
        when="day first, such as: Thursday 3 April 12.30pm",
        duration="such as: 1 hour, or 90 minutes; one hour unless given",
        link="the joining link; it is never posted, only shown to the person who asks for it",
        channel="where reminders are posted; the announcements channel unless given",
        repeat="such as: every week, or last Thursday of the month",
        remind="such as: 7 d, 1 d, 1 h, start (that is the usual), or none",
        role="a role to ping with each reminder",
        agenda="what it is about",
        seats="the most people that can come; any number unless given",
        template="fills in what you leave out; kept with /organise meeting template",
        announce="whether a post tells of it at once; yes unless you say no",
        feedback="whether a post asks for confidential feedback when it is over; yes unless you say no",
    )
    @app_commands.autocomplete(template=SUGGEST_TEMPLATE)
    @organiser_only()
    async def schedule(
        self,
        interaction: Interaction,
        title: app_commands.Range[str, 1, TITLE_LIMIT],
        when: app_commands.Range[str, 1, 200],
        duration: app_commands.Range[str, 1, 50] | None = None,
        link: app_commands.Range[str, 1, LINK_LIMIT] | None = None,
        channel: discord.TextChannel | None = None,
        repeat: app_commands.Range[str, 1, 200] | None = None,
        remind: app_commands.Range[str, 1, 200] | None = None,
        role: discord.Role | None = None,
        agenda: app_commands.Range[str, 1, AGENDA_LIMIT] | None = None,
        seats: app_commands.Range[str, 1, 20] | None = None,
        template: app_commands.Range[str, 1, NAME_LIMIT] | None = None,
        announce: bool = True,
        feedback: bool = True,
    ) -> None:
        """Schedules a meeting and says what will be posted when."""
        context, guild_id = context_of(interaction), guild_id_of(interaction)
        kept: Template = await meeting_templates.get(context, guild_id, template) if template else {}
        target = await channel_or_kept(interaction, channel, kept)
        request = MeetingRequest(
            title=title,
            when=when,
            channel_id=target.id,
            duration=duration,
            link=link,
            repeat=repeat,
            remind=remind,
            role_id=await role_or_kept(interaction, role, kept),
            agenda=agenda,
            zone=await own_zone(interaction),
            ask_feedback=feedback,
            announce=announce,
            seats=seats,
        )
        scheduled = await schedule_meeting(context, guild_id, meeting_templates.filled(kept, request))
        await answer(
            interaction,
            _scheduled_page(scheduled, target, announce=announce),
            buttons=[
                button(
                    say("Show it as members see it"),
                    route("look", "meeting.show", "0", scheduled.meeting.key),
                )
            ],
        )


def _scheduled_page(scheduled: ScheduledMeeting, channel: discord.TextChannel, *, announce: bool) -> Page:
    meeting = scheduled.meeting
    details = [(say("When"), when_of(meeting))]
    if scheduled.recurrence is not None:
        dates = "\n".join(
            format_moment(moment_of(instant, meeting.zone)) for instant in scheduled.occurrences
        )
        details.append((say("Repeats"), f"{describe(scheduled.recurrence)}\n{dates}"))
    details.append(
        (
            say_count(
                len(scheduled.reminders),
                "{number} reminder in #{channel}",
                "{number} reminders in #{channel}",
                channel=channel.name,
            ),
            _reminders(scheduled),
        )
    )
    if announce:
        details.append(
            (
                say("At once"),
                say(
                    "A post in #{channel} tells of it, with buttons to say who comes.",
                    channel=channel.name,
                ),
            )
        )
    if scheduled.asks_feedback:
        details.append(
            (say("When it is over"), say("A post asks how it was. `/organise reminder list` shows it."))
        )
    if meeting.link is None:
        details.append((say("Joining link"), say("None yet: people who ask are told that it follows.")))
    body = (
        say("It was already in the campaign's diary, without reminders; now it has them.")
        if scheduled.adopted
        else ""
    )
    return Page(
        say("Scheduled: {title}", title=plain(meeting.title)),
        body,
        tuple(details),
        say("Times are in {zone}.", zone=meeting.zone),
    )


def _reminders(scheduled: ScheduledMeeting) -> str:
    zone = scheduled.meeting.zone
    lines = [format_moment(moment_of(instant, zone)) for instant in scheduled.reminders]
    lines += [
        say("Left out, because it is past: {lead_time}", lead_time=format_lead_time(lead))
        for lead in scheduled.missed
    ]
    return "\n".join(lines) or say("None, as you asked.")
