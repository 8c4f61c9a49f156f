"""A meeting as a calendar entry that any diary program takes (RFC 5545)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.models import Meeting, MeetingState

PRODUCT = "-//Solidarity Bot//Campaign diary//EN"


def calendar_of(meeting: Meeting, *, guild_id: int, now: datetime) -> bytes:
    """The meeting as an `.ics` file.

    The UID is the same at every export, and SEQUENCE rises with each edit, so that a diary updates the entry instead of
    adding a second one. The joining link is left out: such files get forwarded.

    Args:
        meeting: the meeting, at the occurrence that is meant.
        guild_id: makes the UID differ between servers.
        now: the instant of the export, aware.
    """
    from icalendar import Calendar, Event, Timezone  # noqa: PLC0415 - slow to import, and needed only here

    zone = ZoneInfo(meeting.zone)
    # Both take any property, which their annotations leave open.
    calendar: Any = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    cancelled = meeting.state is MeetingState.CANCELLED
    calendar.add("method", "CANCEL" if cancelled else "PUBLISH")
    calendar.add_component(
        Timezone.from_tzid(
            meeting.zone,
            first_date=meeting.starts_at.date().replace(month=1, day=1),
            last_date=meeting.starts_at.date().replace(year=meeting.starts_at.year + 2, month=1, day=1),
        )
    )
    event: Any = Event()
    event.add("uid", f"{guild_id}-{meeting.key}@solidarity-bot.invalid")
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", meeting.title)
    event.add("description", meeting.summary)
    event.add("sequence", meeting.sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar.add_component(event)
    return calendar.to_ical()
