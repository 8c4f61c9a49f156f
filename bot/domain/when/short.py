"""Days in few letters, for lists and pictures: "3 Apr 2025"."""

from datetime import date
from typing import Final

from bot.domain.language import later, say

WEEKDAYS: Final = (
    later("Mon"),
    later("Tue"),
    later("Wed"),
    later("Thu"),
    later("Fri"),
    later("Sat"),
    later("Sun"),
)
MONTHS: Final = (
    later("Jan"),
    later("Feb"),
    later("Mar"),
    later("Apr"),
    later("May"),
    later("Jun"),
    later("Jul"),
    later("Aug"),
    later("Sep"),
    later("Oct"),
    later("Nov"),
    later("Dec"),
)


def weekday(on: date) -> str:
    """The day of the week: "Thu"."""
    return say(WEEKDAYS[on.weekday()])


def day_and_month(on: date) -> str:
    """A day without its year: "3 Apr"."""
    return f"{on.day} {say(MONTHS[on.month - 1])}"


def day_month_year(on: date) -> str:
    """A day with its year: "3 Apr 2025"."""
    return f"{day_and_month(on)} {on.year}"
