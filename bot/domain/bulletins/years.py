"""Which date a text means where it leaves out the year: the weekday tells, and the time around which it was written."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.domain.bulletins.dates import DayMention
from bot.domain.when.words import MONTHS, WEEKDAYS

_WEEK: Final = 7
_BEFORE: Final = timedelta(days=60)
_AFTER: Final = timedelta(days=340)
_NEAR: Final = timedelta(days=3 * 366)
_SOON: Final = timedelta(days=200)
_CLOSE: Final = timedelta(days=75)
_FEW_YEARS: Final = 7


@dataclass(frozen=True, slots=True)
class SettledDay:
    """The date that is meant, as far as it can be told, and what is unsure of it."""

    day: date | None
    last_day: date | None = None
    inferred: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The time around which a document was written: by its own date where it bears one, else the day it is read.

    `hints` are the days that it names with their year.
    """

    today: date
    written: date | None = None
    hints: tuple[date, ...] = ()

    def settle(self, mention: DayMention) -> SettledDay:
        """The date that is meant."""
        if not mention.number:
            return self._weekday_alone(mention)
        settled = self._dated(mention) if mention.year is None else _with_year(mention, mention.year)
        if settled.day is None or mention.last is None:
            return settled
        return SettledDay(settled.day, _last_day(settled.day, mention.last), settled.inferred, settled.doubts)

    def _weekday_alone(self, mention: DayMention) -> SettledDay:
        if mention.recurring:
            return SettledDay(None, doubts=("It comes again and again: please give the first date.",))
        if mention.weekday is None or self.written is None:
            return SettledDay(None, doubts=("It names a weekday but no date: please give the date.",))
        ahead = (mention.weekday - self.written.weekday()) % _WEEK or _WEEK
        day = self.written + timedelta(days=ahead)
        doubt = f"It names only a weekday: {_told(day)} is the next one after the document's own date. Please check it."
        return SettledDay(day, inferred=True, doubts=(doubt,))

    def _dated(self, mention: DayMention) -> SettledDay:
        around = self.written or self.today
        years = range(around.year - _FEW_YEARS, around.year + _FEW_YEARS + 1)
        named = {hint.year + step for hint in self.hints for step in (0, 1)}
        possible = (_date(year, mention) for year in {*years, *named})
        dates = sorted((one for one in possible if one), key=lambda one: abs(one - around))
        if not dates:
            return SettledDay(None, doubts=(_no_such_day(mention),))
        usual = [one for one in dates if -_BEFORE <= one - around <= _AFTER] if self.written else dates
        hinted = [one for one in dates if mention.weekday in {None, one.weekday()} and self._is_hinted(one)]
        if mention.weekday is None:
            day = (hinted or usual or dates)[0]
            if self.written and timedelta(0) <= day - around <= _SOON:
                return SettledDay(day, inferred=True)
            return SettledDay(
                day, inferred=True, doubts=(f"The year is not in the text: {day.year} is a guess.",)
            )
        fitting = [
            one for one in (usual or dates) if one.weekday() == mention.weekday and abs(one - around) <= _NEAR
        ]
        if hinted or fitting:
            return SettledDay((hinted or fitting)[0], inferred=True)
        elsewhere = [one for one in dates if one.weekday() == mention.weekday]
        day = (usual or dates)[0]
        doubt = f"It is not a {WEEKDAYS[mention.weekday]} in {day.year}: please check the date and the year."
        if elsewhere and not self.written:
            day = elsewhere[0]
            doubt = (
                f"The year is not in the text: {day.year} is the nearest in which this day is a "
                f"{WEEKDAYS[mention.weekday]}. Please check it."
            )
        return SettledDay(day, inferred=True, doubts=(doubt,))

    def _is_hinted(self, day: date) -> bool:
        """Whether the document names a day with its year that is near, and bears no date itself."""
        return self.written is None and any(abs(hint - day) <= _CLOSE for hint in self.hints)


def _with_year(mention: DayMention, year: int) -> SettledDay:
    day = _date(year, mention)
    if day is None:
        return SettledDay(None, doubts=(_no_such_day(mention),))
    if mention.weekday is not None and day.weekday() != mention.weekday:
        doubt = f"{_told(day)} is a {WEEKDAYS[day.weekday()]}, not a {WEEKDAYS[mention.weekday]}: please check the date."
        return SettledDay(day, doubts=(doubt,))
    return SettledDay(day)


def _last_day(first: date, mention: DayMention) -> date | None:
    """The day on which a span ends: not before it began."""
    last = _date(mention.year or first.year, mention)
    if last and last < first and mention.year is None:
        last = _date(first.year + 1, mention)
    return last if last and last >= first else None


def _date(year: int, mention: DayMention) -> date | None:
    try:
        return date(year, mention.month, mention.number)
    except ValueError:
        return None


def _no_such_day(mention: DayMention) -> str:
    return f"There is no {mention.number} {MONTHS[mention.month - 1]} in that year: please give the date."


def _told(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
