"""Meetings as calendar entries that any diary program takes (RFC 5545).

The UID of a meeting is the same wherever it is written, and SEQUENCE rises with each change, so that a diary updates its
entry instead of adding a second one. A meeting that repeats is one entry with its rule, the days that are left out, and
an entry of its own for each day that was moved. The joining link is nowhere in it: such files get forwarded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.diary_zone import timezone_of
from bot.domain.language import later, say
from bot.domain.meeting_days import at_day, recurrence_of
from bot.domain.models import Meeting, MeetingState
from bot.domain.recurrence import Recurrence
from bot.domain.when import resolve

PRODUCT = "-//Solidarity Bot//Campaign diary//EN"
CALENDAR_NAME = later("Campaign meetings")
HOW_TO_JOIN = later("To join, open Discord and press “Get the link”. The link is not in this entry.")
ALARMS_BEFORE = (timedelta(days=1), timedelta(hours=1))
LOOK_AGAIN_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """A meeting as it is stored, whatever occurrence is coming, and the UID by which diaries know it."""

    uid: str
    meeting: Meeting


def file_of(entry: DiaryEntry, *, now: datetime, day: date | None = None) -> bytes:
    """An `.ics` file with one meeting.

    Args:
        entry: the meeting; all its occurrences are written, unless `day` is given.
        now: the instant of the export, aware.
        day: only the occurrence that the meeting's rule puts on this day.
    """
    only = at_day(entry.meeting, day) if day and entry.meeting.repeat else None
    events = [_occurrence(entry, only, now)] if only else _events(entry, now)
    calendar = _calendar("CANCEL" if _is_cancelled(entry.meeting) else "PUBLISH")
    return _finished(calendar, [entry], events)


def repeats_within_a_day(meeting: Meeting) -> bool:
    """Whether a day does not name one of its occurrences."""
    return meeting.repeat is not None and recurrence_of(meeting).parts.frequency == "HOURLY"


def feed_of(entries: Sequence[DiaryEntry], *, now: datetime) -> bytes:
    """The calendar to which phones subscribe: every meeting once, whatever became of it."""
    calendar = _calendar("PUBLISH")
    calendar.add("name", say(CALENDAR_NAME))
    calendar.add("x-wr-calname", say(CALENDAR_NAME))
    calendar.add("refresh-interval", LOOK_AGAIN_EVERY, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return _finished(calendar, entries, [event for entry in entries for event in _events(entry, now)])


def _calendar(method: str) -> Any:
    from icalendar import Calendar  # noqa: PLC0415 - slow to import, and needed only for diaries

    # It takes any property, which its annotations leave open.
    calendar: Any = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _finished(calendar: Any, entries: Sequence[DiaryEntry], events: Sequence[Any]) -> bytes:
    earliest: dict[str, datetime] = {}
    for entry in entries:
        known = earliest.get(entry.meeting.zone, entry.meeting.starts_at)
        earliest[entry.meeting.zone] = min(known, entry.meeting.starts_at)
    for zone, first in sorted(earliest.items()):
        calendar.add_component(timezone_of(zone, first))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical()


def _events(entry: DiaryEntry, now: datetime) -> list[Any]:
    meeting = entry.meeting
    if meeting.repeat is None:
        return [_event(entry, meeting.starts_wall, now)]
    recurrence = recurrence_of(meeting)
    master = _event(entry, _first_wall(recurrence), now)
    master.add("rrule", _rule(recurrence))
    moved = {day: wall for day, wall in meeting.moved if day not in meeting.skipped}
    overrides: list[Any] = []
    for day in sorted({*meeting.skipped, *moved}):
        walls = _walls_on(recurrence, day)
        if day in moved and walls:
            overrides.append(_override(entry, walls.pop(0), moved[day], now))
        for wall in walls:
            master.add("exdate", _local(wall, meeting.zone))
    return [master, *overrides]


def _occurrence(entry: DiaryEntry, only: Meeting, now: datetime) -> Any:
    """One of a series by itself. A diary that has the series changes that day of it."""
    walls = _walls_on(recurrence_of(entry.meeting), only.day)
    return _override(entry, walls[0] if walls else only.starts_wall, only.starts_wall, now)


def _override(entry: DiaryEntry, rule_wall: datetime, wall: datetime, now: datetime) -> Any:
    event = _event(entry, wall, now)
    event.add("recurrence-id", _local(rule_wall, entry.meeting.zone))
    return event


def _event(entry: DiaryEntry, wall: datetime, now: datetime) -> Any:
    from icalendar import Event  # noqa: PLC0415

    meeting, cancelled = without_link(entry.meeting), _is_cancelled(entry.meeting)
    starts = _local(wall, meeting.zone)
    event: Any = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    event.add("dtend", (starts.astimezone(UTC) + meeting.duration).astimezone(starts.tzinfo))
    event.add(
        "summary",
        say("Cancelled: {title}", title=meeting.title) if cancelled else meeting.title,
    )
    event.add("description", description_of(meeting))
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add(
        "class", "PRIVATE"
    )  # colleagues who may look into a work diary need not see that it is the union
    for before in () if cancelled else ALARMS_BEFORE:
        event.add_component(_alarm(meeting.title, before))
    return event


def description_of(meeting: Meeting) -> str:
    """What a diary says of a meeting: its agenda, and how to get the joining link, which is not in it."""
    agenda = without_link(meeting).summary.strip()
    return f"{agenda}\n\n{say(HOW_TO_JOIN)}" if agenda else say(HOW_TO_JOIN)


def without_link(meeting: Meeting) -> Meeting:
    """The meeting as it may be forwarded: without its joining link, which an organiser may have repeated in the words."""
    if not meeting.link:
        return meeting
    title, summary = (
        text.replace(meeting.link, say("(the link is in Discord)"))
        for text in (meeting.title, meeting.summary)
    )
    return replace(meeting, title=title, summary=summary, link=None)


def _alarm(title: str, before: timedelta) -> Any:
    from icalendar import Alarm  # noqa: PLC0415

    alarm: Any = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -before)
    return alarm


def _first_wall(recurrence: Recurrence) -> datetime:
    """The first wall time of the rule: diaries count the start as one, whether or not it fits the rule."""
    return next(iter(recurrence.parts.from_near(recurrence.start, recurrence.start)), recurrence.start)


def _rule(recurrence: Recurrence) -> dict[str, Any]:
    """The rule as RFC 5545 wants it beside a start with a zone: its end in UTC."""
    from icalendar import vRecur  # noqa: PLC0415

    rule = recurrence.parts
    found: dict[str, Any] = vRecur.from_ical(replace(rule, until=None).text())
    if rule.until is not None:
        found["UNTIL"] = [resolve(rule.until, recurrence.zone).astimezone(UTC)]
    return found


def _walls_on(recurrence: Recurrence, day: date) -> list[datetime]:
    """The wall times that the rule puts on a day."""
    begin = datetime.combine(day, time())
    walls = recurrence.parts.from_near(recurrence.start, begin)
    upto = takewhile(lambda wall: wall.date() <= day, walls)
    return [wall for wall in upto if wall.date() == day]


def _local(wall: datetime, zone: str) -> datetime:
    return resolve(wall, zone).astimezone(ZoneInfo(zone))


def _is_cancelled(meeting: Meeting) -> bool:
    return meeting.state is MeetingState.CANCELLED
