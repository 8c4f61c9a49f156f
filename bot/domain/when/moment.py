"""A local wall time with its zone, the instant that it stands for, and how both are written.

The rules for the two odd nights of the year are RFC 5545's wall time with one deviation: a time that the
clocks skip becomes the first instant after the gap; a time that happens twice is its first occurrence.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.language import say
from bot.domain.when.words import MONTHS, WEEKDAYS

_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """A wall time (naive) in an IANA zone, as an organiser thinks of it."""

    wall: datetime
    zone: str

    @property
    def instant(self) -> datetime:
        """The aware UTC instant: after a gap the first valid one, of a repeated time the first."""
        return resolve(self.wall, self.zone)


def resolve(wall: datetime, zone: str | tzinfo) -> datetime:
    """Return the UTC instant of a naive wall time in a zone.

    A wall time in a gap becomes the first instant after the gap; a repeated wall time, its first occurrence.

    Args:
        wall: naive local time.
        zone: IANA name, or a time zone object.

    Raises:
        ZoneInfoNotFoundError: the zone's name is unknown.
    """
    info = ZoneInfo(zone) if isinstance(zone, str) else zone
    instant = wall.replace(tzinfo=info, fold=0).astimezone(UTC)
    if instant.astimezone(info).replace(tzinfo=None) == wall:
        return instant
    before = wall.replace(tzinfo=info, fold=1).astimezone(UTC)
    return _end_of_gap(before, instant, info)


def _end_of_gap(before: datetime, after: datetime, info: tzinfo) -> datetime:
    """Halve the interval until the second at which the offset changes is found: zoneinfo does not tell it."""
    offset_before = before.astimezone(info).utcoffset()
    low, high = before, after
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(info).utcoffset() == offset_before:
            low = middle
        else:
            high = middle
    return high


def told_in(moment: LocalMoment, zone: str) -> LocalMoment:
    """The same instant on another zone's clock; one that only UTC can name stays in UTC."""
    return moment if moment.zone in {zone, "UTC"} else moment_of(moment.instant, zone)


def moment_of(instant: datetime, zone: str) -> LocalMoment:
    """Return the moment of an instant, to the minute, in a zone.

    The second half of a repeated hour has no name in the zone's own wall time (which stands for the first
    half), so there the moment is given in UTC rather than an hour early.
    """
    minute = instant.replace(second=0, microsecond=0)
    wall = minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if resolve(wall, zone) == minute:
        return LocalMoment(wall, zone)
    return LocalMoment(minute.astimezone(UTC).replace(tzinfo=None), "UTC")


def format_moment(moment: LocalMoment) -> str:
    """Write a moment in full: "Thursday 3 April 2025, 12.30pm BST".

    `parse_moment` reads it back as the same moment, unless the wall time falls in a gap (then the moved one
    is told).
    """
    local = moment.instant.astimezone(ZoneInfo(moment.zone))
    return f"{format_date(local.date())}, {format_time(local.time())} {abbreviation(local)}"


def format_date(day: date) -> str:
    """Write a date with its weekday: "Thursday 3 April 2025"."""
    return f"{say(WEEKDAYS[day.weekday()])} {format_calendar_day(day)}"


def format_calendar_day(day: date) -> str:
    """Write a date without its weekday: "3 April 2025"."""
    return f"{day.day} {say(MONTHS[day.month - 1])} {day.year}"


def format_time(clock: time) -> str:
    """Write a time as on a leaflet: "12.30pm", "9am", "12 noon"; midnight, so easily misread, is "00:00"."""
    if (clock.hour, clock.minute) in {(0, 0), (_NOON, 0)}:
        return say("12 noon") if clock.hour else "00:00"
    half = "pm" if clock.hour >= _NOON else "am"
    minutes = f".{clock.minute:02}" if clock.minute else ""
    return f"{(clock.hour - 1) % _NOON + 1}{minutes}{half}"


def abbreviation(local: datetime) -> str:
    """Return the zone's name at an aware local time: "BST", or "UTC+3" where it has none of its own."""
    name = local.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    hours, minutes = int(name[1:3]), name[3:5]
    return f"UTC{name[0]}{hours}:{minutes}" if minutes else f"UTC{name[0]}{hours}"


def city(zone: str) -> str:
    """Return the place in a zone's name, to speak of the time "in London"."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
