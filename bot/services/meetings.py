"""The campaign's meetings: look them up, schedule them with their reminders."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.joining_links import LINK_LIMIT, is_joining_link
from bot.domain.language import later, say, speaking
from bot.domain.meeting_days import next_of
from bot.domain.models import Meeting, MeetingState
from bot.domain.problems import BadInput, NotFound
from bot.domain.recurrence import Recurrence, next_occurrences, parse_repeat
from bot.domain.schedules import ANNOUNCED, Delivery, Schedule, ScheduleKind, planned
from bot.domain.search import Searchable, search
from bot.domain.text import clean_line, clean_text
from bot.domain.when import LocalMoment, parse_duration, parse_lead_times, parse_moment, short, told_in
from bot.services import guilds, languages
from bot.services.context import Context
from bot.services.entry_posts import reminders_of
from bot.services.meeting_feedback import question_after
from bot.services.schedules import add_schedule
from db import deliveries as delivery_queries
from db import meetings as queries
from db import schedules as schedule_queries

DEFAULT_DURATION = timedelta(hours=1)
DEFAULT_REMINDERS = "7 d, 1 d, 1 h, start"
SCHEDULED_HERE = later("Scheduled by the campaign's organisers")
"""The source of a meeting that somebody scheduled: stored in English, and said where it is shown."""

TITLE_LIMIT, AGENDA_LIMIT = 100, 1_000
SUGGESTIONS = 25
MOST_SEATS = 100_000


@dataclass(frozen=True, slots=True)
class MeetingRequest:
    """What an organiser typed."""

    title: str
    when: str
    channel_id: int
    duration: str | None = None
    link: str | None = None
    repeat: str | None = None
    remind: str | None = None
    role_id: int | None = None
    agenda: str | None = None
    zone: str | None = None
    """The zone in which the organiser types times, if not the guild's."""
    ask_feedback: bool = False
    """Whether a post asks for confidential feedback when the meeting is over."""

    announce: bool = False
    """Whether a post tells of it at once."""

    seats: str | None = None


@dataclass(frozen=True, slots=True)
class ScheduledMeeting:
    """What became of a request: the meeting, when it comes, and which reminders will be posted."""

    meeting: Meeting
    occurrences: tuple[datetime, ...]
    reminders: tuple[datetime, ...]
    missed: tuple[timedelta, ...]
    recurrence: Recurrence | None
    adopted: bool
    asks_feedback: bool


async def upcoming(context: Context, guild_id: int) -> tuple[Meeting, ...]:
    """The meetings that are on or still to come, each at its next occurrence, earliest first."""
    now = context.now()
    meetings = await _known(context, guild_id)
    coming = (next_of(meeting, now) for meeting in meetings if meeting.state is MeetingState.PLANNED)
    return tuple(sorted((meeting for meeting in coming if meeting), key=lambda meeting: meeting.starts_at))


async def past(context: Context, guild_id: int) -> tuple[Meeting, ...]:
    """The meetings that are over, latest first."""
    now = context.now()
    meetings = await _known(context, guild_id)
    return tuple(meeting for meeting in reversed(meetings) if next_of(meeting, now) is None)


async def _known(context: Context, guild_id: int) -> tuple[Meeting, ...]:
    return (await context.snapshots.get(context, guild_id)).meetings.entries


async def next_meeting(context: Context, guild_id: int) -> Meeting:
    """The next meeting.

    Raises:
        NotFound: none is planned.
    """
    meetings = await upcoming(context, guild_id)
    if not meetings:
        raise NotFound(
            say("No meeting is planned at the moment."),
            next_step=say("`/meeting list` with `past` shows earlier ones."),
        )
    return meetings[0]


async def get_meeting(context: Context, guild_id: int, key_or_words: str) -> Meeting:
    """One meeting, by its key or by words from its title, at its next occurrence if there is one.

    Raises:
        NotFound: nothing fits.
    """
    found = choose_meeting(await _known(context, guild_id), key_or_words)
    return next_of(found, context.now()) or found


def choose_meeting(meetings: Sequence[Meeting], key_or_words: str) -> Meeting:
    """The meeting that was meant, as it is stored.

    Raises:
        NotFound: nothing fits.
    """
    by_key = {meeting.key: meeting for meeting in meetings}
    found = by_key.get(key_or_words)
    if found is None:
        hits = search(key_or_words, [_searchable(meeting) for meeting in meetings], limit=1)
        found = by_key[hits[0].key] if hits and key_or_words.strip() else None
    if found is None:
        raise NotFound(
            say("No meeting fits “{typed}”.", typed=key_or_words[:60]),
            next_step=say("Pick one from the list that appears while you type, or use `/meeting list`."),
        )
    return found


async def suggest_meetings(context: Context, guild_id: int, typed: str) -> list[tuple[str, str, str]]:
    """Meetings that fit what was typed so far, as title, key and when: upcoming ones first."""
    meetings = [*await upcoming(context, guild_id), *await past(context, guild_id)]
    by_key = {meeting.key: meeting for meeting in meetings}
    hits = search(typed, [_searchable(meeting) for meeting in meetings], limit=SUGGESTIONS)
    return [(by_key[hit.key].title, hit.key, f" · {_when(by_key[hit.key])}") for hit in hits]


async def schedule_meeting(context: Context, guild_id: int, request: MeetingRequest) -> ScheduledMeeting:
    """Puts a meeting into the diary, with its reminders.

    A meeting at the same instant that the campaign's documents announced, and that nobody scheduled yet, becomes this one
    instead of standing in the diary twice.

    Raises:
        Problem: something that was typed cannot be used; nothing is stored then.
    """
    guild = await guilds.get(context, guild_id)
    now = context.now()
    typed = parse_moment(request.when, now=now, zone=request.zone or guild.zone)
    first = told_in(typed, guild.zone)
    recurrence = parse_repeat(request.repeat, first=first) if request.repeat else None
    leads = parse_lead_times(request.remind or DEFAULT_REMINDERS)
    meeting = _meeting(request, first, recurrence)
    schedule = reminders_of(
        guild_id, meeting, channel_id=request.channel_id, leads=leads, role_id=request.role_id
    )
    async with context.database.write() as connection:
        announced = await _announced(connection, guild_id, first.instant)
        if announced is not None:
            meeting = _adopt(announced, meeting)
            schedule = replace(schedule, meeting_key=meeting.key)
            await queries.update_meeting(connection, guild_id, meeting)
        else:
            today = first.wall.date()
            await queries.insert_meeting(connection, guild_id, meeting, position=0, source_on=today)
        await add_schedule(context, connection, schedule)
        question = None
        if request.ask_feedback:
            with speaking(languages.catalogue(guild.language)):
                question = question_after(meeting, guild_id, request.channel_id)
            await add_schedule(context, connection, question)
        if request.announce:
            await delivery_queries.insert_missing(connection, [_announcement(schedule, meeting, now)])
    context.snapshots.forget(guild_id)
    context.wake()
    context.meetings_changed(guild_id)
    return ScheduledMeeting(
        meeting=meeting,
        occurrences=_next_three(first, recurrence, now),
        reminders=tuple(first.instant - lead for lead in leads if first.instant - lead > now),
        missed=tuple(lead for lead in leads if first.instant - lead <= now),
        recurrence=recurrence,
        adopted=announced is not None,
        asks_feedback=question is not None,
    )


def _next_three(first: LocalMoment, recurrence: Recurrence | None, now: datetime) -> tuple[datetime, ...]:
    if recurrence is None:
        return (first.instant,)
    return tuple(occurrence.instant for occurrence in next_occurrences(recurrence, after=now, count=3))


async def _announced(connection: AsyncConnection, guild_id: int, starts_at: datetime) -> Meeting | None:
    """A meeting at that instant that has no reminders yet."""
    scheduled = {
        schedule.meeting_key
        for schedule in await schedule_queries.fetch_schedules(connection, guild_id, ScheduleKind.MEETING)
    }
    for meeting in await queries.fetch_starting_at(connection, guild_id, starts_at):
        if meeting.key not in scheduled and meeting.state is MeetingState.PLANNED:
            return meeting
    return None


def _adopt(announced: Meeting, requested: Meeting) -> Meeting:
    return replace(
        requested,
        key=announced.key,
        summary=requested.summary or announced.summary,
        source=announced.source,
        sequence=announced.sequence + 1,
    )


def _meeting(request: MeetingRequest, first: LocalMoment, recurrence: Recurrence | None) -> Meeting:
    agenda = clean_text(request.agenda, name=say("agenda"), most=AGENDA_LIMIT) if request.agenda else ""
    return Meeting(
        key=f"meeting-{secrets.token_hex(5)}",
        title=clean_line(request.title, name=say("title"), most=TITLE_LIMIT),
        summary=agenda,
        starts_wall=first.wall,
        zone=first.zone,
        starts_at=first.instant,
        duration=parse_duration(request.duration) if request.duration else DEFAULT_DURATION,
        source=SCHEDULED_HERE,
        link=link_of(request.link) if request.link else None,
        channel_id=request.channel_id,
        repeat=recurrence.rule if recurrence else None,
        cap=seats_of(request.seats) if request.seats else None,
    )


def _announcement(schedule: Schedule, meeting: Meeting, now: datetime) -> Delivery:
    """The post that tells of a new meeting, due at once."""
    return planned(schedule, local_date=meeting.day, slot=ANNOUNCED, due_at=now, occurs_at=meeting.starts_at)


def seats_of(typed: str) -> int | None:
    """The number of seats that was typed; `None` for any number.

    Raises:
        BadInput: it is not a number that can be used.
    """
    text = typed.strip()
    if text.casefold() == "none":
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_SEATS)) else 0
    if not 1 <= number <= MOST_SEATS:
        raise BadInput(
            say("The number of seats is not one that I can use."),
            next_step=say(
                "Give a number from 1 to {most}, or `none` for any number.", most=f"{MOST_SEATS:,}"
            ),
        )
    return number


def link_of(typed: str) -> str:
    """The joining link that was typed.

    Raises:
        BadInput: it is not a web address.
    """
    address = clean_line(typed, name=say("link"), most=LINK_LIMIT)
    if not is_joining_link(address):
        raise BadInput(
            say("The link is not a web address that starts with https://."),
            next_step=say("Copy the joining link from the invitation and paste it whole."),
        )
    return address


def _searchable(meeting: Meeting) -> Searchable:
    date_words = f"{meeting.starts_wall:%A} {meeting.starts_wall.day} {meeting.starts_wall:%B %Y}"
    return Searchable(meeting.key, meeting.title, f"{meeting.summary} {date_words}", ())


def _when(meeting: Meeting) -> str:
    on = meeting.starts_wall
    return f"{short.weekday(on)} {short.day_month_year(on)} {on:%H:%M}"
