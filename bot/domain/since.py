"""Reads from when on somebody wants to see something: a day, or a stretch of time such as "last month" or "2 weeks ago"."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from bot.domain.language import say
from bot.domain.past_days import parse_past_day
from bot.domain.problems import BadInput
from bot.domain.when.moment import format_calendar_day
from bot.domain.when.welsh import in_english
from bot.domain.when.words import MONTHS, WEEKDAYS

_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_AGO = re.compile(r"(?:the )?(?:last |past )?(\d{1,3}|[a-z]+) (day|week|month|year)s?(?: ago)?")
_STRETCH = re.compile(r"(?:the )?(this|last) (week|month|year)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORTEST_NAME = 3


def parse_since(phrase: str, *, now: datetime, zone: str) -> date:
    """The first day that the phrase can mean: "1 March", "last month", "two weeks ago", "Monday", "March", "2025-03-01".

    "Last month" begins with the first of the month before this one, "last week" with its Monday.

    Raises:
        BadInput: it is no such day, or one that lies ahead.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    plain = " ".join(phrase.split()).casefold().removeprefix("since ")
    typed = in_english(plain)
    try:
        found = _stretch(typed, today) or _ago(typed, today) or _weekday(typed, today) or _month(typed, today)
    except (OverflowError, ValueError):
        found = None
    if found is not None:
        return found
    try:
        return parse_past_day(plain, now=now, zone=zone)
    except BadInput as problem:
        raise BadInput(
            problem.what,
            next_step=say(
                "Write a day, such as {day} or 03/04/2025, or: last month, 2 weeks ago, Monday.",
                day=format_calendar_day(today),
            ),
        ) from problem


def _stretch(typed: str, today: date) -> date | None:
    found = _STRETCH.fullmatch(typed)
    if found is None:
        return None
    which, unit = found.groups()
    back = 1 if which == "last" else 0
    match unit:
        case "week":
            return today - timedelta(days=today.weekday() + 7 * back)
        case "month":
            return today.replace(day=1) - relativedelta(months=back)
        case _:
            return date(today.year - back, 1, 1)


def _ago(typed: str, today: date) -> date | None:
    found = _AGO.fullmatch(typed)
    if found is None:
        return None
    word, unit = found.groups()
    number = int(word) if word.isdigit() else _NUMBERS.get(word)
    if number is None:
        return None
    steps = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
    back: dict[str, int] = {steps[unit]: number}
    return today - relativedelta(**back)  # pyright: ignore[reportArgumentType] - the stubs know the names one by one


def _weekday(typed: str, today: date) -> date | None:
    name = typed.removeprefix("last ")
    for number, weekday in enumerate(map(str.lower, WEEKDAYS)):
        if len(name) >= _SHORTEST_NAME and weekday.startswith(name):
            return today - timedelta(days=(today.weekday() - number) % 7 or 7)
    return None


def _month(typed: str, today: date) -> date | None:
    if _YEAR.fullmatch(typed):
        return date(int(typed), 1, 1) if int(typed) <= today.year else None
    name, _, year = typed.partition(" ")
    if len(name) < _SHORTEST_NAME or (year and not _YEAR.fullmatch(year)):
        return None
    for number, month in enumerate(map(str.lower, MONTHS), start=1):
        if month.startswith(name):
            first = date(int(year) if year else today.year, number, 1)
            if year:
                return first if first <= today else None
            return first if first <= today else first - relativedelta(years=1)
    return None
