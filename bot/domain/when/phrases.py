"""Reads dates and times as British organisers write them, day first, and writes them back.

Nothing here reads a clock: `now` is always given. Nothing is guessed in silence either: a word that is not
understood, a weekday that does not fit its date, a time that is past, each is a `DateProblem` that says so
and shows two phrases that work.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.language import later, say
from bot.domain.when.days import WEEK, YEARS_AHEAD, DayOfMonth, DayRule, DaysAhead, Weekday, years_when
from bot.domain.when.moment import (
    LocalMoment,
    city,
    format_calendar_day,
    format_date,
    format_time,
    moment_of,
    resolve,
)
from bot.domain.when.parts import Parts, read_parts
from bot.domain.when.problem import DateProblem, Refusal
from bot.domain.when.tokens import Cursor, tokenize
from bot.domain.when.words import MONTHS, WEEKDAYS, either_of
from bot.domain.when.zones import ZoneWord, moment_in_second_half

_HALF_WEEK: Final = 3
_ANOTHER_WEEK: Final = {
    "coming": later('{day} is not "coming {weekday}", which is {meant}'),
    "this": later('{day} is not "this {weekday}", which is {meant}'),
    "next": later('{day} is not "next {weekday}", which is {meant}'),
    "this week": later('{day} is not "this week {weekday}", which is {meant}'),
    "last": later('{day} is not "last {weekday}", which is {meant}'),
}


def parse_moment(phrase: str, *, now: datetime, zone: str, default_time: time | None = None) -> LocalMoment:
    """Read a date and time, such as "Thursday 3rd April 12.30PM", "next Friday 8am" or "in 2 hours".

    The readings that had to be chosen:

    * The day comes first. Without a year it is the next such date that is not past; a weekday beside it has
      to fit.
    * "Friday" and "this Friday" are the coming one; "next Friday" is that of the next calendar week, Monday
      to Sunday.
    * An hour from 1 to 6 without am or pm is in the afternoon, 7 to 12 is as written; "half twelve" is 12:30.
    * "midnight" begins the day that is named, but "tonight" and "today" at midnight is the night that comes.
    * A time without a date is the next such time, today or tomorrow.
    * A wall time that the clocks skip becomes the first instant after the gap; a repeated one is its first
      occurrence.

    Args:
        phrase: what was typed, at most 200 characters.
        now: the present instant, aware.
        zone: IANA name of the zone in which the phrase is meant.
        default_time: the time of day when the phrase gives none; without it a time is asked for.

    Returns:
        A moment from now to five years ahead, to the minute, in `zone`. Only a moment in the second half of a
        repeated hour, which the zone's wall time cannot name, comes in UTC.

    Raises:
        DateProblem: the phrase is not understood, contradicts itself, is past, or is too far ahead.
        ValueError: `now` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("now has to be aware")
    try:
        parts = read_parts(Cursor(tokenize(phrase)), zone=zone, now=now)
        return _moment(parts, now, zone, default_time)
    except Refusal as refusal:
        raise DateProblem.about(phrase, say("a date and time"), refusal, moment_examples(now, zone)) from None


def moment_examples(now: datetime, zone: str) -> tuple[str, str]:
    """Return two phrases that `parse_moment` accepts at this instant: a date a week ahead, and tomorrow."""
    day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=WEEK)
    a_week_ahead = f"{say(WEEKDAYS[day.weekday()])} {day.day} {say(MONTHS[day.month - 1])} 12.30pm"
    return a_week_ahead, say("tomorrow 9am")


def _moment(parts: Parts, now: datetime, zone: str, default_time: time | None) -> LocalMoment:
    if parts.empty:
        raise Refusal(say("there is no date or time in it"))
    if parts.ahead:
        return moment_of(_instant_ahead(parts, now, zone), zone)
    word = parts.zone or ZoneWord(ZoneInfo(zone))
    clock = _time_of(parts, default_time)
    day = choose_day(parts, clock, now, word.info)
    wall = datetime.combine(day, clock)
    return moment_of(moment_in_second_half(wall, word) or resolve(wall, word.info), zone)


def _time_of(parts: Parts, default_time: time | None) -> time:
    if parts.time:
        return parts.time.settle(parts.part_of_day)
    if default_time is None or parts.part_of_day:
        raise Refusal(say("it does not say at what time"), say("Add a time, as in 12.30pm or 18:00."))
    return default_time


def _instant_ahead(parts: Parts, now: datetime, zone: str) -> datetime:
    """Count days and months by the calendar, then hours and minutes by the clock."""
    span = parts.ahead
    if span is None or parts != Parts(ahead=span):
        raise Refusal(
            say("it gives a length of time and a time or date as well"),
            say('Write either "in 2 hours" or a date.'),
        )
    info = ZoneInfo(zone)
    here = now.astimezone(info)
    day = next(DaysAhead(span.days, span.months).days(here.date()))
    _refuse_far(day, here.date())
    start = now if day == here.date() else resolve(datetime.combine(day, here.time()), info)
    instant = start.astimezone(UTC) + timedelta(minutes=span.minutes)
    _refuse_far(instant.date(), here.date())
    return instant


def choose_day(parts: Parts, clock: time, now: datetime, info: tzinfo) -> date:
    """Return the soonest day that the phrase can mean and at which the time is not past.

    Raises:
        Refusal: there is no such day, or the weekday beside it does not fit.
    """
    today = now.astimezone(info).date()
    rule = parts.day
    shift = timedelta(days=1 if _is_closing_midnight(parts) else 0)
    days = (day + shift for day in _days(rule, parts.weekday, today))
    chosen = _first_not_past(days, clock, now, info)
    if rule and parts.weekday and not parts.weekday.fits(chosen - shift, today):
        raise _misfit(rule, parts.weekday, chosen - shift, today)
    return chosen


def _is_closing_midnight(parts: Parts) -> bool:
    """Whether the midnight ends the day that is named: "today at midnight", "Friday night at midnight"."""
    closing = isinstance(parts.day, DaysAhead) and parts.day.closing
    return parts.time is not None and parts.time.midnight and (closing or parts.part_of_day == "night")


def _days(rule: DayRule | None, weekday: Weekday | None, today: date) -> Iterable[date]:
    if rule:
        return rule.days(today)
    return weekday.days(today) if weekday else (today, today + timedelta(days=1))


def _first_not_past(days: Iterable[date], clock: time, now: datetime, info: tzinfo) -> date:
    here = now.astimezone(info)
    past = here.date()
    for day in days:
        _refuse_far(day, here.date())
        if resolve(datetime.combine(day, clock), info) >= now:
            return day
        past = day
    raise _is_past(datetime.combine(past, clock), here, info)


def _is_past(wall: datetime, here: datetime, info: tzinfo) -> Refusal:
    told: dict[str, str] = {
        "day": format_date(wall.date()),
        "time": format_time(wall.time()),
        "now": format_time(here.time()),
        "today": format_date(here.date()),
    }
    if not isinstance(info, ZoneInfo):
        return Refusal(say("{day}, {time} is past; it is now {now} on {today} there", **told))
    told["city"] = city(info.key)
    return Refusal(say("{day}, {time} is past; it is now {now} on {today} in {city}", **told))


def _refuse_far(day: date, today: date) -> None:
    if (day.year, day.month, day.day) > (today.year + YEARS_AHEAD, today.month, today.day):
        raise Refusal(say("{day} is more than {years} years ahead", day=format_date(day), years=YEARS_AHEAD))


def _misfit(rule: DayRule, weekday: Weekday, day: date, today: date) -> Refusal:
    """Name what was probably meant: the right weekday, the right date, or the year in which both fit."""
    wanted = say(WEEKDAYS[weekday.index])
    if day.weekday() == weekday.index:
        meant = format_date(next(iter(weekday.days(today))))
        return Refusal(say(_ANOTHER_WEEK[weekday.reach], day=format_date(day), weekday=wanted, meant=meant))
    fits = [format_date(day), *_nearest(day, weekday.index, today), *_year_of(rule, day, weekday.index)]
    return Refusal(
        say(
            "{day} is a {weekday}, not a {wanted}",
            day=format_calendar_day(day),
            weekday=say(WEEKDAYS[day.weekday()]),
            wanted=wanted,
        ),
        say("The nearest that fit: {days}.", days=either_of(fits)),
    )


def _nearest(day: date, weekday: int, today: date) -> Iterator[str]:
    ahead = (weekday - day.weekday()) % WEEK
    nearest = day + timedelta(days=ahead if ahead <= _HALF_WEEK else ahead - WEEK)
    yield format_date(nearest if nearest >= today else nearest + timedelta(days=WEEK))


def _year_of(rule: DayRule, day: date, weekday: int) -> Iterator[str]:
    if isinstance(rule, DayOfMonth) and rule.where.month:
        found = next(years_when(day, weekday), None)
        yield from [format_date(found)] if found else []
