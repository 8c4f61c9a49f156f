"""What a phrase says about the day, as rules that yield the dates it may mean, soonest first."""

from calendar import isleap, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bot.domain.language import say
from bot.domain.when.problem import Refusal
from bot.domain.when.words import LAST, MONTHS, WEEKDAYS, ordinal

WEEK: Final = 7
YEARS_AHEAD: Final = 5
_YEARS_TRIED: Final = 9
_MONTHS_TRIED: Final = 14
_LONGEST_MONTH: Final = 31
_FEBRUARY: Final = 2
_LEAP_DAY: Final = 29
_CENTURY_OF_MONTHS: Final = 1200
_CENTURY_OF_DAYS: Final = 36525


@dataclass(frozen=True, slots=True)
class MonthReference:
    """A month as it was said.

    Args:
        month: 1 to 12, or None for "the month", "this month", "next month".
        year: the year if it was said.
        months_ahead: 0 for "this month", 1 for "next month", None for the soonest that fits.
        years_ahead: 0 for "this year", 1 for "next year", None for the soonest that fits.
    """

    month: int | None = None
    year: int | None = None
    months_ahead: int | None = None
    years_ahead: int | None = None

    def months(self, today: date) -> list[tuple[int, int]]:
        """Return the years and months that may be meant, soonest first."""
        if self.month is None:
            steps = range(_MONTHS_TRIED) if self.months_ahead is None else [self.months_ahead]
            return [_month_after(today.year, today.month, step) for step in steps]
        if self.year is not None:
            return [(self.year, self.month)]
        ahead = range(_YEARS_TRIED) if self.years_ahead is None else [self.years_ahead]
        return [(today.year + years, self.month) for years in ahead]


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    """A day of the month: "3 April", "the 15th", "the last day of the month" (day -1)."""

    day: int
    where: MonthReference

    def days(self, today: date) -> Iterator[date]:
        """Yield the dates that may be meant.

        Raises:
            Refusal: there is no such date.
        """
        found = False
        for year, month in self.where.months(today):
            length = _length_of(year, month)
            if self.day <= length:
                found = True
                yield date(year, month, length if self.day == LAST else self.day)
        if not found:
            raise _impossible_day(self.day, *self.where.months(today)[0])


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """A weekday counted in a month: "first Monday in May", "last Friday of the month" (position -1)."""

    position: int
    weekday: int
    where: MonthReference

    def days(self, today: date) -> Iterator[date]:
        """Yield the dates that may be meant.

        Raises:
            Refusal: there is no such date.
        """
        found = False
        for year, month in self.where.months(today):
            day = nth_weekday(year, month, self.position, self.weekday)
            if day:
                found = True
                yield day
        if not found:
            year, month = self.where.months(today)[0]
            raise Refusal(
                say(
                    "{month} {year} has no {ordinal} {weekday}",
                    month=say(MONTHS[month - 1]),
                    year=year,
                    ordinal=ordinal(self.position),
                    weekday=say(WEEKDAYS[self.weekday]),
                )
            )


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday as it was said.

    Args:
        index: 0 for Monday.
        reach: "coming" and "this" are the soonest, today included; "next" is the one of the next calendar
            week, as in British use; "this week" that of the present calendar week; "last" has been.
        weeks: further weeks, 1 for "Friday week".
    """

    index: int
    reach: Literal["coming", "this", "next", "this week", "last"] = "coming"
    weeks: int = 0

    def days(self, today: date) -> Iterator[date]:
        """Yield the dates that may be meant."""
        coming = today + timedelta(days=(self.index - today.weekday()) % WEEK)
        monday = today - timedelta(days=today.weekday())
        match self.reach:
            case "next":
                yield monday + timedelta(days=WEEK + self.index)
            case "this week":
                yield monday + timedelta(days=self.index)
            case "last":
                yield coming - timedelta(days=WEEK)
            case "coming" | "this":
                yield coming + timedelta(days=WEEK * self.weeks)
                if not self.weeks:
                    yield coming + timedelta(days=WEEK)

    def fits(self, day: date, today: date) -> bool:
        """Whether a date that was given beside this weekday can be what it means.

        A bare weekday only has to match; with "this" or "next" the week has to match as well ("next" in
        either of the two ways in which people use it).
        """
        if day.weekday() != self.index:
            return False
        if self.reach == "coming" and not self.weeks:
            return True
        soonest = next(self.days(today))
        if self.reach == "next":
            return day in {soonest, next(Weekday(self.index).days(today))}
        return day == soonest or (soonest == today and day in self.days(today))


@dataclass(frozen=True, slots=True)
class DaysAhead:
    """A day counted from today: "tomorrow", "in 3 days", "in 2 months", "yesterday"."""

    days_ahead: int
    months_ahead: int = 0
    closing: bool = False
    """Said as "today" or "tonight": midnight is then the one that ends the day."""

    def days(self, today: date) -> Iterator[date]:
        """Yield the one date meant.

        Raises:
            Refusal: it is more than a century ahead.
        """
        if self.months_ahead > _CENTURY_OF_MONTHS or self.days_ahead > _CENTURY_OF_DAYS:
            raise Refusal(say("that is more than {years} years ahead", years=YEARS_AHEAD))
        year, month = _month_after(today.year, today.month, self.months_ahead)
        clamped = date(year, month, min(today.day, _length_of(year, month)))
        yield clamped + timedelta(days=self.days_ahead)


DayRule = DayOfMonth | NthWeekday | DaysAhead


def nth_weekday(year: int, month: int, position: int, weekday: int) -> date | None:
    """Return the n-th (or with -1 the last) such weekday of a month, None if the month has no fifth one."""
    length = _length_of(year, month)
    if position == LAST:
        last = date(year, month, length)
        return last - timedelta(days=(last.weekday() - weekday) % WEEK)
    day = 1 + (weekday - date(year, month, 1).weekday()) % WEEK + WEEK * (position - 1)
    return date(year, month, day) if day <= length else None


def years_when(day: date, weekday: int) -> Iterator[date]:
    """Yield this day of the month in the years after it in which it falls on that weekday."""
    for year in range(day.year + 1, day.year + 41):
        if day.month == _FEBRUARY and day.day == _LEAP_DAY and not isleap(year):
            continue
        if day.replace(year=year).weekday() == weekday:
            yield day.replace(year=year)


def _month_after(year: int, month: int, months: int) -> tuple[int, int]:
    years, zero_based = divmod(month - 1 + months, 12)
    return year + years, zero_based + 1


def _length_of(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _impossible_day(day: int, year: int, month: int) -> Refusal:
    if day > _LONGEST_MONTH:
        return Refusal(say("no month has {day} days", day=day))
    name, length = say(MONTHS[month - 1]), _length_of(year, month)
    if month == _FEBRUARY and day == _LEAP_DAY:
        return Refusal(
            say(
                "{year} is not a leap year: February {year} ends on the {ordinal}",
                year=year,
                ordinal=ordinal(length),
            )
        )
    return Refusal(say("{month} has only {length} days", month=name, length=length))
