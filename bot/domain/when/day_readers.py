"""Reads the day in a phrase: "Thursday 3 April", "3/4/25", "a week on Tuesday", "first Monday in May"."""

import re
from typing import Final, Literal

from bot.domain.language import say, speaking_english
from bot.domain.when.days import WEEK, DayOfMonth, DayRule, DaysAhead, MonthReference, NthWeekday, Weekday
from bot.domain.when.problem import Refusal
from bot.domain.when.tokens import Cursor, read_cardinal, read_ordinal_word
from bot.domain.when.words import (
    LAST,
    MONTH_WORDS,
    MONTHS,
    ORDINAL_SUFFIXES,
    WEEKDAY_WORDS,
    as_written,
    ordinal,
)

_CENTURY: Final = 2000
_YEAR_DIGITS: Final = 4
_SHORT_YEAR_DIGITS: Final = 2
_FIRST_YEAR: Final = 1900
_FIRST_BARE_YEAR: Final = 24
_LAST_MONTH: Final = 12
_LAST_POSITION: Final = 5
_ENOUGH_WEEKS: Final = 999
_RELATIVE_DAYS: Final[dict[str, DaysAhead]] = {
    "the day after tomorrow": DaysAhead(2),
    "day after tomorrow": DaysAhead(2),
    "today": DaysAhead(0, closing=True),
    "tomorrow": DaysAhead(1),
    "tmrw": DaysAhead(1),
    "yesterday": DaysAhead(-1),
}
_REACHES: Final[dict[str, Literal["coming", "this", "next", "last"]]] = {
    "this coming": "this",
    "the coming": "this",
    "coming": "this",
    "this": "this",
    "next": "next",
    "last": "last",
}


def read_day(cursor: Cursor) -> DayRule | Weekday | None:
    """Read one way of naming a day.

    Raises:
        Refusal: it is written as a date but there is no such date.
    """
    start = cursor.position
    readers = (
        _read_relative,
        _read_nth_weekday,
        _read_weekday,
        _read_numeric,
        _read_day_month,
        _read_month_day,
    )
    for reader in readers:
        cursor.accept("on")
        found = reader(cursor)
        if found:
            return found
        cursor.position = start
    return None


def read_position(cursor: Cursor) -> int | None:
    """Read "first", "2nd" … "fifth" or "last" (-1), as in "the last Friday"."""
    start = cursor.position
    if cursor.accept("last"):
        return LAST
    position = read_ordinal(cursor)
    if position is not None and 1 <= position <= _LAST_POSITION:
        return position
    cursor.position = start
    return None


def read_ordinal(cursor: Cursor) -> int | None:
    """Read "3rd" or "third"."""
    if cursor.text("number") and cursor.word(1) in ORDINAL_SUFFIXES:
        number = int(cursor.take())
        cursor.take()
        return number
    return read_ordinal_word(cursor)


def read_month(cursor: Cursor) -> MonthReference | None:
    """Read "May", "May 2027", "May next year"."""
    if cursor.word() not in MONTH_WORDS:
        return None
    return _with_year(cursor, MONTH_WORDS[cursor.take()])


def read_month_place(cursor: Cursor) -> MonthReference | None:
    """Read "in May", "of May 2027", "of the month", "of this month", "of next month"."""
    if not cursor.accept("in", "of"):
        return None
    if cursor.accept("the month"):
        return MonthReference()
    if cursor.accept("this month"):
        return MonthReference(months_ahead=0)
    if cursor.accept("next month"):
        return MonthReference(months_ahead=1)
    return read_month(cursor)


def _read_relative(cursor: Cursor) -> DayRule | Weekday | None:
    phrase = cursor.accept(*_RELATIVE_DAYS)
    return _RELATIVE_DAYS[phrase] if phrase else _read_weeks_on(cursor)


def _read_weeks_on(cursor: Cursor) -> DayRule | Weekday | None:
    """Read "a week on Tuesday", "a fortnight today", "two weeks from tomorrow"."""
    cursor.accept("a")
    count = read_cardinal(cursor) or 1
    unit = cursor.accept("weeks", "week", "fortnight")
    if not unit or count > _ENOUGH_WEEKS:
        return None
    weeks = count * (2 if unit == "fortnight" else 1)
    cursor.accept("on", "from")
    if cursor.accept("today"):
        return DaysAhead(WEEK * weeks)
    if cursor.accept("tomorrow"):
        return DaysAhead(WEEK * weeks + 1)
    if cursor.word() in WEEKDAY_WORDS:
        return Weekday(WEEKDAY_WORDS[cursor.take()], weeks=weeks)
    return None


def _read_nth_weekday(cursor: Cursor) -> NthWeekday | DayOfMonth | None:
    """Read "first Monday in May", "last Friday of the month", "last day of June"."""
    cursor.accept("the")
    position = read_position(cursor)
    if position is None:
        return None
    weekday = WEEKDAY_WORDS.get(cursor.word())
    last_day = position == LAST and cursor.word() == "day"
    if weekday is None and not last_day:
        return None
    cursor.take()
    where = read_month_place(cursor)
    if where is None:
        return None
    return DayOfMonth(LAST, where) if weekday is None else NthWeekday(position, weekday, where)


def _read_weekday(cursor: Cursor) -> Weekday | None:
    week = _read_week_before(cursor)
    reach = "coming" if week else _REACHES.get(cursor.accept(*_REACHES), "coming")
    if cursor.word() not in WEEKDAY_WORDS:
        return None
    index = WEEKDAY_WORDS[cursor.take()]
    if week:
        return Weekday(index, week)
    if reach == "coming":
        return _read_week_after(cursor, index)
    return Weekday(index, reach)


def _read_week_before(cursor: Cursor) -> Literal["next", "this week"] | None:
    start = cursor.position
    phrase = cursor.accept("next week", "this week")
    cursor.accept("on")
    if phrase and cursor.word() in WEEKDAY_WORDS:
        return "next" if phrase == "next week" else "this week"
    cursor.position = start
    return None


def _read_week_after(cursor: Cursor, index: int) -> Weekday:
    """Read what follows in "Friday week", "Friday fortnight", "Friday next week"."""
    if cursor.accept("next week", "of next week"):
        return Weekday(index, "next")
    if cursor.accept("this week", "of this week"):
        return Weekday(index, "this week")
    weeks = {"week": 1, "fortnight": 2}.get(cursor.accept("week", "fortnight"), 0)
    return Weekday(index, weeks=weeks)


def _read_numeric(cursor: Cursor) -> DayOfMonth | None:
    """Read 3/4, 3/4/25, 03.04.2025 and 2025-04-03."""
    if _is_dotted_date(cursor.text("dotted")):
        return day_from_dotted(cursor.take())
    if not cursor.text("date"):
        return None
    shown = cursor.take()
    first, second, *third = re.split("[-/.]", shown)
    if len(first) == _YEAR_DIGITS and third:
        return _numeric_day(third[0], second, first, shown)
    return _numeric_day(first, second, third[0] if third else "", shown)


def _is_dotted_date(text: str) -> bool:
    """Whether "25.10" can only be a date: there is no such hour."""
    return bool(re.fullmatch("(2[4-9]|3[01])[.](0[1-9]|1[0-2])", text))


def _numeric_day(day: str, month: str, year: str, shown: str) -> DayOfMonth:
    if not 1 <= int(month[:6]) <= _LAST_MONTH:
        raise Refusal(
            say('there is no month {month} in "{typed}"', month=month[:6], typed=shown[:20]),
            say("The day comes first, then the month, as in 31/12."),
        )
    return DayOfMonth(_day(day), MonthReference(int(month), _year(year) if year else None))


def day_from_dotted(text: str) -> DayOfMonth:
    """Read "03.04" as a day and month, once the rest of the phrase shows that it cannot be the time.

    Raises:
        Refusal: there is no such month or day.
    """
    day, month = text.split(".")
    return _numeric_day(day, month, "", text)


def _read_day_month(cursor: Cursor) -> DayOfMonth | None:
    """Read "3 April", "the 3rd of April 2025", "3-Apr-25", "the 15th", "the 15th of next month"."""
    definite = bool(cursor.accept("the"))
    in_digits = bool(cursor.text("number"))
    day = read_ordinal(cursor)
    numbered = day is not None and (in_digits or definite)
    if day is None and in_digits:
        day = int(cursor.take()[:6])
    elif day is not None and day <= _LAST_POSITION and cursor.word() in WEEKDAY_WORDS:
        with speaking_english():  # it is to be typed again
            shown = f"{ordinal(day)} {as_written(cursor.word())}"
        raise Refusal(
            say('I do not see of which month the "{typed}" is meant', typed=shown),
            say('Write "{typed} of the month".', typed=shown),
        )
    if day is None:
        return None
    after_day = cursor.position
    cursor.accept("of", "-")
    if cursor.word() in MONTH_WORDS:
        return DayOfMonth(_day(str(day)), _with_year(cursor, MONTH_WORDS[cursor.take()]))
    cursor.position = after_day
    return _read_day_alone(cursor, day) if numbered else None


def _read_day_alone(cursor: Cursor, day: int) -> DayOfMonth:
    start = cursor.position
    where = read_month_place(cursor)
    if where is None:
        cursor.position = start
    return DayOfMonth(_day(str(day)), where or MonthReference())


def _read_month_day(cursor: Cursor) -> DayOfMonth | None:
    """Read "April 3", "April 3rd, 2025", "May the first"."""
    if cursor.word() not in MONTH_WORDS:
        return None
    month = MONTH_WORDS[cursor.take()]
    cursor.accept("-")
    cursor.accept("the")
    day = read_ordinal(cursor)
    if day is None and 0 < len(cursor.text("number")) < _YEAR_DIGITS:
        day = int(cursor.take())
    if day is None:
        raise Refusal(say("I do not see which day of {month} is meant", month=say(MONTHS[month - 1])))
    return DayOfMonth(_day(str(day)), _with_year(cursor, month))


def _day(text: str) -> int:
    day = int(text[:6])
    if day < 1:
        raise Refusal(say("the days of a month are counted from 1"))
    return day


def _with_year(cursor: Cursor, month: int) -> MonthReference:
    """Read the year behind a month, if there is one.

    Four digits from 2000 on are a year; fewer, or less, are left for the time ("3 April 1830", "3 April 12
    noon").
    """
    start = cursor.position
    if cursor.accept("this year"):
        return MonthReference(month, years_ahead=0)
    if cursor.accept("next year"):
        return MonthReference(month, years_ahead=1)
    cursor.accept(",", "-")
    digits = cursor.text("number")
    long_year = len(digits) == _YEAR_DIGITS and int(digits) >= _CENTURY
    short_year = len(digits) == _SHORT_YEAR_DIGITS and int(digits) >= _FIRST_BARE_YEAR
    if (long_year or short_year) and cursor.word(1) not in {
        "hrs",
        "hours",
        "h",
        "am",
        "pm",
        *ORDINAL_SUFFIXES,
    }:
        return MonthReference(month, _year(cursor.take()))
    cursor.position = start
    return MonthReference(month)


def _year(text: str) -> int:
    year = int(text[:6])
    if len(text) == _SHORT_YEAR_DIGITS:
        return _CENTURY + year
    if len(text) != _YEAR_DIGITS or year < _FIRST_YEAR:
        raise Refusal(say('"{typed}" is not a year', typed=text[:20]))
    return year
