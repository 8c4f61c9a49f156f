"""What organisers change about a meeting: its words, its time, one occurrence of it, or that it is on at all.

Each change is one transaction over the meeting, what is posted about it, members' own reminders, and the messages to those
who said that they come. Its sequence rises, so that calendars take the change.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later, say, speaking
from bot.domain.meeting_days import at_day, next_of, taking_place_on
from bot.domain.models import Meeting, MeetingState
from bot.domain.problems import BadInput, NotFound
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import Schedule, ScheduleKind
from bot.domain.text import clean_line, clean_text
from bot.domain.when import parse_duration, parse_moment
from bot.services import languages, meeting_answers, occurrence_changes
from bot.services.context import Context
from bot.services.meeting_feedback import is_counted_from_start, with_new_length
from bot.services.meeting_telling import Telling, when
from bot.services.meetings import (
    AGENDA_LIMIT,
    MOST_SEATS,
    TITLE_LIMIT,
    choose_meeting,
    link_of,
    seats_of,
)
from db import meeting_answers as answer_queries
from db import meetings as queries
from db import schedules as schedule_queries
from db.meeting_answers import Occasion

REASON_LIMIT = 300
LEFT_OUT, CANCELLED = later("The meeting was left out."), later("The meeting was cancelled.")
ANOTHER_LENGTH = later("The meeting's length has changed.")
"""Why a post is not made: stored with it in English."""

_LAST_MINUTE = time(23, 59)
_FARTHEST = timedelta(days=5 * 366)
"""About as far ahead as a time that somebody types may be."""


@dataclass(frozen=True, slots=True)
class Edits:
    """What an organiser typed; what is `None` stays as it is, "none" takes a link, an agenda or a limit away."""

    title: str | None = None
    duration: str | None = None
    link: str | None = None
    agenda: str | None = None
    cap: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingChange:
    """A meeting before and after a change, at the occurrence that was meant.

    `told` is how many members get a message, `left_out` how many posts will not be made any more.
    """

    before: Meeting
    after: Meeting
    told: int = 0
    left_out: int = 0
    already: bool = False


async def edit(context: Context, guild_id: int, typed: str, edits: Edits) -> MeetingChange:
    """Changes the words of a meeting, its length or its seats.

    Raises:
        NotFound: no meeting fits.
        BadInput: something that was typed cannot be used; nothing is changed then.
    """
    now = context.now()
    async with _changing(context, guild_id, typed) as (connection, stored):
        changed = _edited(stored, edits)
        if changed == stored:
            return MeetingChange(stored, stored, already=True)
        after = await _write(connection, guild_id, changed)
        telling = Telling(context, connection, guild_id)
        language = await languages.of_guild_in(context, connection, guild_id)
        for schedule in await schedule_queries.fetch_of_meeting(connection, guild_id, stored.key):
            await _rewrite(telling, schedule, stored, after, language)
        await _give_new_seats(telling, stored, after)
    change = MeetingChange(next_of(stored, now) or stored, next_of(after, now) or after)
    context.answers_changed(guild_id, stored.key, change.after.day)
    return change


async def move(context: Context, guild_id: int, typed: str, to: str, on: str | None = None) -> MeetingChange:
    """Moves a meeting, or one occurrence of one that repeats (the next unless a day is given), to another time.

    Raises:
        NotFound: no meeting fits.
        BadInput: it is cancelled or over, or the words are not understood.
    """
    now = context.now()
    async with _changing(context, guild_id, typed) as (connection, stored):
        before = _occurrence(stored, on, now)
        instant = parse_moment(to, now=now, zone=stored.zone).instant
        change = await _move(Telling(context, connection, guild_id), stored, before, instant)
    context.answers_changed(guild_id, stored.key, change.before.day)
    return change


async def move_to(context: Context, guild_id: int, key: str, day: date, instant: datetime) -> MeetingChange:
    """Moves the occurrence that a meeting's rule puts on a day to an instant, as when Discord's event of it was moved.

    Raises:
        NotFound: there is no such meeting any more.
        BadInput: it is over or cancelled, or the instant is past or too far ahead.
    """
    now, instant = context.now(), instant.replace(second=0, microsecond=0)
    if not now <= instant <= now + _FARTHEST:
        raise BadInput(
            say("That time is past, or more than five years ahead."),
            next_step=say("`/organise meeting move` takes another one."),
        )
    async with _changing(context, guild_id, key, by_key=True) as (connection, stored):
        before = _to_come(stored, at_day(stored, day), now, named=True)
        change = await _move(Telling(context, connection, guild_id), stored, before, instant)
    context.answers_changed(guild_id, stored.key, change.before.day)
    return change


async def _move(telling: Telling, stored: Meeting, before: Meeting, instant: datetime) -> MeetingChange:
    """Moves an occurrence, what is posted about it and members' reminders, and tells those who come."""
    if instant == before.starts_at:
        return MeetingChange(before, before, already=True)
    context, connection, guild_id = telling.context, telling.connection, telling.guild_id
    changed, after = _moved(stored, before, instant)
    await _write(connection, guild_id, changed)
    if before.day != after.day:
        await answer_queries.rename_day(connection, guild_id, Occasion(stored.key, before.day), to=after.day)
    for schedule in await schedule_queries.fetch_of_meeting(connection, guild_id, stored.key):
        await _move_posts(telling, schedule, before, after)
    await meeting_answers.move_reminders(context, connection, guild_id, before, after)
    with speaking(await languages.of_guild_in(context, connection, guild_id)):
        text = say(
            "It has moved. It was on {before}; now it is on {after}.", before=when(before), after=when(after)
        )
    return MeetingChange(before, after, await telling.comers(after, text))


async def skip(
    context: Context, guild_id: int, typed: str, on: str | None = None, reason: str | None = None
) -> MeetingChange:
    """Leaves out one occurrence of a meeting that repeats, the next unless a day is given.

    Raises:
        NotFound: no meeting fits.
        BadInput: it happens once, is cancelled, or the words are not understood.
    """
    now = context.now()
    async with _changing(context, guild_id, typed) as (connection, stored):
        if stored.repeat is None:
            raise BadInput(
                say(
                    "{title} takes place once, so there is nothing to leave out.",
                    title=stored.title,
                ),
                next_step=say("To call it off, use `/organise meeting cancel`."),
            )
        before = _occurrence(stored, on, now)
        after = await _write(connection, guild_id, replace(stored, skipped=stored.skipped | {before.day}))
        left_out = 0
        for schedule in await schedule_queries.fetch_of_meeting(connection, guild_id, stored.key):
            occurrence = _of_schedule(schedule, before)
            await occurrence_changes.leave_out(connection, schedule, occurrence, now=now, reason=LEFT_OUT)
            left_out += 1
        because = _because(reason)
        with speaking(await languages.of_guild_in(context, connection, guild_id)):
            text = say("It does not take place on {when}.", when=when(before)) + because
        told = await Telling(context, connection, guild_id).comers(before, text)
    context.answers_changed(guild_id, stored.key, before.day)
    return MeetingChange(before, next_of(after, now) or after, told, left_out)


async def cancel(context: Context, guild_id: int, typed: str, reason: str | None = None) -> MeetingChange:
    """Calls a meeting off for good, all that was still to come of it.

    Raises:
        NotFound: no meeting fits.
    """
    now = context.now()
    async with _changing(context, guild_id, typed, cancelled_too=True) as (connection, stored):
        before = next_of(stored, now) or stored
        if stored.state is MeetingState.CANCELLED:
            return MeetingChange(before, before, already=True)
        after = await _write(connection, guild_id, replace(stored, state=MeetingState.CANCELLED))
        left_out = 0
        for schedule in await schedule_queries.fetch_of_meeting(connection, guild_id, stored.key):
            _, posts = await occurrence_changes.end(connection, schedule, now=now, reason=CANCELLED)
            left_out += posts
        telling = Telling(context, connection, guild_id)
        answered = await telling.answered_to(stored)
        told = await telling.called_off(answered, _because(reason))
    for day in {before.day, *(one.day for one in answered)}:
        context.answers_changed(guild_id, stored.key, day)
    cancelled = replace(before, state=after.state, sequence=after.sequence)
    return MeetingChange(before, cancelled, told, left_out)


@asynccontextmanager
async def _changing(
    context: Context, guild_id: int, typed: str, *, cancelled_too: bool = False, by_key: bool = False
) -> AsyncGenerator[tuple[AsyncConnection, Meeting]]:
    """A transaction with the meeting that was meant, kept from others; the scheduler hears of it afterwards.

    Args:
        context: the installation.
        guild_id: the guild.
        typed: the meeting's key, or what somebody typed for it.
        cancelled_too: whether one that is cancelled will do.
        by_key: whether only the meeting with this key will do, and none that resembles it.
    """
    async with context.database.write() as connection:
        key = typed
        if not by_key:
            key = choose_meeting(await queries.fetch_meetings(connection, guild_id), typed).key
        stored = await queries.fetch_for_change(connection, guild_id, key)
        if stored is None:
            raise NotFound(
                say("That meeting is no longer in the diary."), next_step=say("Look at `/meeting list`.")
            )
        if stored.state is MeetingState.CANCELLED and not cancelled_too:
            raise BadInput(
                say("{title} is cancelled already.", title=stored.title),
                next_step=say("Schedule a new one instead."),
            )
        yield connection, stored
    context.snapshots.forget(guild_id)
    context.wake()
    context.meetings_changed(guild_id)


async def _write(connection: AsyncConnection, guild_id: int, changed: Meeting) -> Meeting:
    after = replace(changed, sequence=changed.sequence + 1)
    await queries.update_meeting(connection, guild_id, after)
    return after


def _occurrence(stored: Meeting, on: str | None, now: datetime) -> Meeting:
    """The occurrence that is meant: on a day, or else the next.

    Raises:
        BadInput: there is none.
    """
    if on is None:
        coming = next_of(stored, now)
    else:
        typed = parse_moment(on, now=now, zone=stored.zone, default_time=_LAST_MINUTE)
        coming = taking_place_on(stored, typed.wall.date())
    return _to_come(stored, coming, now, named=on is not None)


def _to_come(stored: Meeting, found: Meeting | None, now: datetime, *, named: bool) -> Meeting:
    """The occurrence that was found, if it is on or to come; `named` says that somebody named its day.

    Raises:
        BadInput: it is not.
    """
    if found is None or found.ends_at <= now:
        ahead = next_of(stored, now)
        raise BadInput(
            say("{title} does not take place then.", title=stored.title)
            if named
            else say("{title} is over.", title=stored.title),
            next_step=say("The next time is {when}.", when=when(ahead))
            if ahead
            else say("Schedule a new one."),
        )
    return found


def _moved(stored: Meeting, before: Meeting, instant: datetime) -> tuple[Meeting, Meeting]:
    """The stored meeting with the move, and the occurrence at its new time."""
    wall = instant.astimezone(ZoneInfo(stored.zone)).replace(tzinfo=None, fold=0)
    if stored.repeat is None:
        changed = replace(stored, starts_wall=wall, starts_at=instant)
        return changed, replace(changed, sequence=changed.sequence + 1)
    others = tuple(pair for pair in stored.moved if pair[0] != before.day)
    changed = replace(stored, moved=(*others, (before.day, wall)))
    after = replace(before, starts_wall=wall, starts_at=instant, sequence=changed.sequence + 1)
    return changed, after


async def _move_posts(telling: Telling, schedule: Schedule, before: Meeting, after: Meeting) -> None:
    """Moves what is posted about an occurrence by as much as the occurrence itself."""
    occurrence = _of_schedule(schedule, before)
    instant = occurrence.instant + (after.starts_at - before.starts_at)
    await occurrence_changes.move(
        telling.connection, schedule, occurrence, instant, now=telling.context.now()
    )


def _of_schedule(schedule: Schedule, meant: Meeting) -> Occurrence:
    """The occurrence of a schedule that belongs to one of its meeting: a question after it comes at its end."""
    at_end = _is_question(schedule) and not is_counted_from_start(schedule)
    after_start = meant.duration if at_end else timedelta()
    instant = meant.starts_at + after_start
    wall = instant.astimezone(ZoneInfo(schedule.zone)).replace(tzinfo=None, fold=0)
    if schedule.rule is None:
        return Occurrence(schedule.starts_wall.date(), wall, instant)
    return Occurrence(meant.day, wall, instant)


def _is_question(schedule: Schedule) -> bool:
    return schedule.kind is ScheduleKind.REMINDER


def _edited(stored: Meeting, edits: Edits) -> Meeting:
    changed = stored
    if edits.title is not None:
        changed = replace(changed, title=clean_line(edits.title, name=say("title"), most=TITLE_LIMIT))
    if edits.duration is not None:
        changed = replace(changed, duration=parse_duration(edits.duration))
    if edits.link is not None:
        changed = replace(changed, link=None if _is_none(edits.link) else link_of(edits.link))
    if edits.agenda is not None:
        agenda = (
            "" if _is_none(edits.agenda) else clean_text(edits.agenda, name=say("agenda"), most=AGENDA_LIMIT)
        )
        changed = replace(changed, summary=agenda)
    if edits.cap is not None:
        changed = replace(changed, cap=seats_of(edits.cap))
    return changed


def _is_none(typed: str) -> bool:
    return typed.strip().casefold() == "none"


async def _give_new_seats(telling: Telling, before: Meeting, after: Meeting) -> None:
    """Tells those who waited for a seat, on any day to come, and have one now that there are more."""
    if before.cap is None:
        return
    more = MOST_SEATS if after.cap is None else after.cap - before.cap
    if more > 0:
        await telling.seats(await telling.answered_to(after), first=before.cap, number=more)


async def _rewrite(
    telling: Telling, schedule: Schedule, before: Meeting, after: Meeting, language: NullTranslations
) -> None:
    """Takes a meeting's new title, and its new length, over into what is posted about it."""
    connection, now = telling.connection, telling.context.now()
    if not _is_question(schedule):
        await schedule_queries.update_schedule(
            connection, schedule.guild_id, replace(schedule, title=after.title)
        )
        return
    with speaking(language):
        rewritten = with_new_length(schedule, before, after)
    await occurrence_changes.replan(connection, rewritten, now=now, reason=ANOTHER_LENGTH)


def _because(reason: str | None) -> str:
    return " " + clean_line(reason, name=say("reason"), most=REASON_LIMIT) if reason else ""
