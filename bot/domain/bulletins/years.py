"""Which date a text means where it leaves out the year: the weekday tells, and the time around which it was written."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.domain.bulletins.dates import DayMention
from bot.domain.language import later, say
from bot.domain.when.moment import format_calendar_day
from bot.domain.when.words import MONTHS, WEEKDAYS

_WEEK: Final = 7
_BEFORE: Final = timedelta(days=60)
_AFTER: Final = timedelta(days=340)
_NEAR: Final = timedelta(days=3 * 366)
_SOON: Final = timedelta(days=200)
_CLOSE: Final = timedelta(days=75)
_FEW_YEARS: Final = 7
_AGAIN: Final = later("It comes again and again: please give the first date.")
_DATELESS: Final = later("It names a weekday but no date: please give the date.")


@dataclass(frozen=True, slots=True)
class SettledDay:
    """The date that is meant, as far as it can be told, and what is unsure of it."""

    day: date | None
    last_day: date | None = None
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
        return SettledDay(settled.day, _last_day(settled.day, mention.last), settled.doubts)

    def _weekday_alone(self, mention: DayMention) -> SettledDay:
        if mention.recurring:
            return SettledDay(None, doubts=(_AGAIN,))
        if mention.weekday is None or self.written is None:
            return SettledDay(None, doubts=(_DATELESS,))
        ahead = (mention.weekday - self.written.weekday()) % _WEEK or _WEEK
        day = self.written + timedelta(days=ahead)
        doubt = say(
            "It names only a weekday: {day} is the next one after the document's own date. Please check it.",
            day=format_calendar_day(day),
        )
        return SettledDay(day, doubts=(doubt,))

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
                return SettledDay(day)
            return SettledDay(
                day,
                doubts=(say("The year is not in the text: {year} is a guess.", year=day.year),),
            )
        fitting = [
            one for one in (usual or dates) if one.weekday() == mention.weekday and abs(one - around) <= _NEAR
        ]
        if hinted or fitting:
            return SettledDay((hinted or fitting)[0])
        elsewhere = [one for one in dates if one.weekday() == mention.weekday]
        day = (usual or dates)[0]
        doubt = say(
            "It is not a {weekday} in {year}: please check the date and the year.",
            weekday=say(WEEKDAYS[mention.weekday]),
            year=day.year,
        )
        if elsewhere and not self.written:
            day = elsewhere[0]
            doubt = say(
                "The year is not in the text: {year} is the nearest in which this day is a {weekday}. "
                "Please check it.",
                year=day.year,
                weekday=say(WEEKDAYS[mention.weekday]),
            )
        return SettledDay(day, doubts=(doubt,))

    def _is_hinted(self, day: date) -> bool:
        """Whether the document names a day with its year that is near, and bears no date itself."""
        return self.written is None and any(abs(hint - day) <= _CLOSE for hint in self.hints)


def _with_year(mention: DayMention, year: int) -> SettledDay:
    day = _date(year, mention)
    if day is None:
        return SettledDay(None, doubts=(_no_such_day(mention),))
    if mention.weekday is not None and day.weekday() != mention.weekday:
        doubt = say(
            "{day} is a {weekday}, not a {said}: please check the date.",
            day=format_calendar_day(day),
            weekday=say(WEEKDAYS[day.weekday()]),
            said=say(WEEKDAYS[mention.weekday]),
        )
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
    return say(
        "There is no {day} {month} in that year: please give the date.",
        day=mention.number,
        month=say(MONTHS[mention.month - 1]),
    )
