"""Reads the day on which something happened, day first."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil import parser

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.domain.when.moment import format_calendar_day, format_date
from bot.domain.when.welsh import in_english

LONGEST_PHRASE = 60
_NAMED = {"today": 0, "yesterday": 1}
_DAY_AND_MONTH = re.compile(r"\d.*[^\w].*\w|\d.*[a-z]{3}|[a-z]{3}.*\d")


def parse_past_day(phrase: str, *, now: datetime, zone: str) -> date:
    """The latest day, today at most, that the phrase can mean: "1 March", "03/04/2025", "yesterday", "2025-03-01".

    Raises:
        BadInput: it is not a date, or a date with a year that lies ahead.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    typed = " ".join(phrase.split()).casefold()
    in_words = in_english(typed)
    if in_words in _NAMED:
        return today - timedelta(days=_NAMED[in_words])
    # Two years tell whether one was typed: what is not typed is filled in from the default.
    readings = {_read(in_words, year) for year in (today.year, today.year - 1, _leap_year_before(today.year))}
    days = [day for day in readings if day is not None]
    past = [day for day in days if day <= today]
    if past:
        return max(past)
    if days:
        raise BadInput(
            say("{day} is still to come.", day=format_date(min(days))),
            next_step=say(
                "Give a day in the past, such as {day} or yesterday.",
                day=format_calendar_day(today),
            ),
        )
    raise BadInput(
        say("“{typed}” is not a date that I can read.", typed=typed[:LONGEST_PHRASE]),
        next_step=say(
            "Write it day first, such as {day} or 03/04/2025.",
            day=format_calendar_day(today),
        ),
    )


def _leap_year_before(year: int) -> int:
    return next(
        leap for leap in range(year, year - 9, -1) if leap % 4 == 0 and (leap % 100 or leap % 400 == 0)
    )


def _read(typed: str, year: int) -> date | None:
    if len(typed) > LONGEST_PHRASE or not _DAY_AND_MONTH.search(typed):
        return None
    is_iso = typed[:4].isdigit()
    try:
        return parser.parse(typed, dayfirst=not is_iso, yearfirst=is_iso, default=datetime(year, 1, 1)).date()  # noqa: DTZ001
    except (ArithmeticError, ValueError, TypeError):  # of a number that is too long, too
        return None
