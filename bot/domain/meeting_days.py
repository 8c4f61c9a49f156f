"""Which occurrences a meeting has, with the days that were left out or moved."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.models import Meeting
from bot.domain.recurrence import Occurrence, Recurrence, next_occurrences, occurrences
from bot.domain.when import resolve

_TWO_DAYS = timedelta(days=2)
_LOOK_BACK = timedelta(days=400)


def next_of(meeting: Meeting, now: datetime) -> Meeting | None:
    """The meeting at the occurrence that is on or comes next; `None` when it is over for good."""
    if meeting.repeat is None:
        return meeting if meeting.ends_at > now else None
    coming = next_occurrences(recurrence_of(meeting), after=now - meeting.duration, count=1)
    return at_occurrence(meeting, coming[0]) if coming else None


def at_day(meeting: Meeting, day: date) -> Meeting | None:
    """The meeting at the occurrence that its rule puts on a day, wherever that was moved; `None` if there is none.

    What happens once is always meant, whatever day an old button may carry.
    """
    if meeting.repeat is None:
        return meeting
    walls = [wall for moved_day, wall in meeting.moved if moved_day == day]
    around = datetime.combine(day, time()) if not walls else walls[0]
    instant = resolve(around, meeting.zone)
    near = occurrences(recurrence_of(meeting), after=instant - _TWO_DAYS, until=instant + _TWO_DAYS)
    found = next((occurrence for occurrence in near if occurrence.local_date == day), None)
    return at_occurrence(meeting, found) if found else None


def at_occurrence(meeting: Meeting, occurrence: Occurrence) -> Meeting:
    """The meeting at one of its occurrences."""
    return replace(
        meeting,
        starts_wall=occurrence.wall,
        starts_at=occurrence.instant,
        occurrence_day=occurrence.local_date,
    )


def recurrence_of(meeting: Meeting) -> Recurrence:
    """The recurrence of a meeting that repeats.

    Raises:
        ValueError: the meeting happens once.
    """
    if meeting.repeat is None:
        raise ValueError("a meeting without a rule does not recur")
    return Recurrence(
        rule=meeting.repeat,
        start=meeting.starts_wall,
        zone=meeting.zone,
        skipped=meeting.skipped,
        moved=meeting.moved,
    )


def latest_of(meeting: Meeting, now: datetime) -> Meeting | None:
    """The meeting at the occurrence that began last; before it ever began, at the one that comes."""
    if meeting.repeat is None:
        return meeting
    begun = list(occurrences(recurrence_of(meeting), after=now - _LOOK_BACK, until=now))
    return at_occurrence(meeting, begun[-1]) if begun else next_of(meeting, now)


def taking_place_on(stored: Meeting, day: date) -> Meeting | None:
    """The occurrence that takes place on a day, whatever day its rule put it on."""
    if stored.repeat is None:
        return stored if stored.starts_wall.date() == day else None
    moved_here = [rule_day for rule_day, wall in stored.moved if wall.date() == day]
    candidates = [at_day(stored, rule_day) for rule_day in (*moved_here, day)]
    return next((one for one in candidates if one and one.starts_wall.date() == day), None)
