"""Reads the words of a repetition: "every other Tuesday until July", "the last Friday of every month"."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.language import say
from bot.domain.recurrence.draft import Draft
from bot.domain.recurrence.rule import WORKING_WEEK
from bot.domain.when.day_readers import day_from_dotted, read_day, read_month, read_month_place, read_ordinal
from bot.domain.when.days import DayOfMonth, MonthReference
from bot.domain.when.moment import city
from bot.domain.when.parts import Parts, skip_filler
from bot.domain.when.problem import Refusal
from bot.domain.when.times import read_part_of_day, read_time
from bot.domain.when.tokens import Cursor, read_cardinal
from bot.domain.when.words import (
    LAST,
    MONTH_WORDS,
    ORDINAL_SUFFIXES,
    WEEKDAY_PLURALS,
    WEEKDAY_WORDS,
    as_written,
    ordinal,
)
from bot.domain.when.zones import read_zone

_FREQUENCY_WORDS: Final = {
    "hourly": ("HOURLY", 1),
    "daily": ("DAILY", 1),
    "weekly": ("WEEKLY", 1),
    "fortnightly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1),
    "quarterly": ("MONTHLY", 3),
    "yearly": ("YEARLY", 1),
    "annually": ("YEARLY", 1),
}
_UNIT_WORDS: Final = {
    "hour": ("HOURLY", 1),
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}
_TOO_OFTEN: Final = frozenset({"minute", "minutes", "second", "seconds", "minutely", "secondly"})
_TWO_MEANINGS: Final = frozenset({"biweekly", "bimonthly", "biannually"})
_WORKING_DAYS: Final = ("weekdays", "weekday", "working days", "working day", "workdays", "workday")
_END_WORDS: Final = ("until", "till", "til", "up to", "ending on", "ending")
_START_WORDS: Final = ("starting from", "starting on", "starting", "beginning on", "beginning", "from")
_EXCEPTIONS: Final = (
    "except on bank holidays",
    "except bank holidays",
    "except for bank holidays",
    "excluding bank holidays",
    "not on bank holidays",
    "but not on bank holidays",
)
_NATION_WORDS: Final = {
    "in england and wales": "england-and-wales",
    "in england": "england-and-wales",
    "in wales": "england-and-wales",
    "in scotland": "scotland",
    "in northern ireland": "northern-ireland",
}
_DEFAULT_NATION: Final = "england-and-wales"
_LAST_POSITION: Final = 5
_LONGEST_MONTH: Final = 31


def read_draft(cursor: Cursor, *, zone: str, now: datetime) -> Draft:
    """Read a whole phrase about a repetition.

    Raises:
        Refusal: a word is not understood, or the parts do not go together.
    """
    draft = Draft()
    readers = (_read_end, _read_start, _read_exception, _read_count, _read_every, _read_frequency, _read_days)
    while not cursor.done:
        if any(reader(cursor, draft) for reader in readers) or _read_clock(cursor, draft, zone, now):
            continue
        if not cursor.accept("and", "&"):
            skip_filler(cursor, first=draft == Draft())
    return draft


def _read_end(cursor: Cursor, draft: Draft) -> bool:
    if not cursor.accept(*_END_WORDS):
        return False
    if draft.end or draft.end_month:
        raise Refusal(say("it gives two ends"))
    draft.end_month = _read_end_month(cursor, draft)
    if not draft.end_month:
        draft.end = _read_date(cursor)
    return True


def _read_end_month(cursor: Cursor, draft: Draft) -> MonthReference | None:
    """Read "July", which ends before July begins, or "the end of July"."""
    start = cursor.position
    if cursor.accept("the end", "end"):
        draft.whole_end_month = True
        return read_month_place(cursor)
    in_front_of_day = cursor.text("number", 1) and len(cursor.text("number", 1)) <= 2  # noqa: PLR2004 - "July 3"
    if cursor.word() in MONTH_WORDS and not in_front_of_day:
        return read_month(cursor)
    cursor.position = start
    return None


def _read_start(cursor: Cursor, draft: Draft) -> bool:
    if not cursor.accept(*_START_WORDS):
        return False
    time = read_time(cursor)
    if time:
        draft.take_time(time)
        return True
    if draft.start:
        raise Refusal(say("it gives two dates to start on"))
    draft.start = _read_date(cursor)
    return True


def _read_date(cursor: Cursor) -> Parts:
    parts = Parts()
    if cursor.text("dotted"):
        parts.add_day(day_from_dotted(cursor.take()))
    while day := read_day(cursor):
        parts.add_day(day)
        cursor.accept(",")
    if parts.empty:
        raise Refusal(say("there is no date where I expected one")) if cursor.done else cursor.unread()
    return parts


def _read_exception(cursor: Cursor, draft: Draft) -> bool:
    if not cursor.accept(*_EXCEPTIONS):
        if cursor.word() in {"except", "excluding"}:
            raise Refusal(
                say("only bank holidays can be left out by a rule"), say("Skip a single date afterwards.")
            )
        return False
    draft.holidays = _NATION_WORDS.get(cursor.accept(*_NATION_WORDS), draft.holidays or _DEFAULT_NATION)
    return True


def _read_count(cursor: Cursor, draft: Draft) -> bool:
    if not (cursor.text("number") and cursor.word(1) in {"times", "time"}):
        return False
    draft.count = int(cursor.take()[:6])
    cursor.take()
    if not draft.count:
        raise Refusal(say("it would never happen"))
    return True


def _read_frequency(cursor: Cursor, draft: Draft) -> bool:
    word = cursor.word()
    if word in _TWO_MEANINGS:
        raise Refusal(
            say('"{word}" can mean twice in one, or once in two', word=word),
            say('Write "every 2 weeks" or "every other month".'),
        )
    if word in _TOO_OFTEN:
        raise Refusal(say("that would be more often than once an hour"), say("Once an hour is the most."))
    if word in _FREQUENCY_WORDS:
        draft.repeat(*_FREQUENCY_WORDS[cursor.take()])
        return True
    return False


def _read_every(cursor: Cursor, draft: Draft) -> bool:
    if not cursor.accept("every", "each"):
        return False
    if _read_yearly_date(cursor, draft) or _read_positions(cursor, draft, required=True):
        return True
    after_every = cursor.position
    alternate = bool(cursor.accept("other", "alternate"))
    interval = 2 if alternate else read_ordinal(cursor) or read_cardinal(cursor)
    if interval is not None and interval < 1:
        raise Refusal(say("it would never happen"))
    if _read_unit(cursor, draft, interval or 1):
        return True
    if cursor.accept(*_WORKING_DAYS) and interval is None:
        draft.repeat("WEEKLY")
        draft.weekdays += WORKING_WEEK
        return True
    if cursor.word() in WEEKDAY_WORDS and (interval is None or alternate):
        draft.repeat("WEEKLY", interval or 1)
        draft.weekdays.append((0, WEEKDAY_WORDS[cursor.take()]))
        return True
    if cursor.done:
        raise Refusal(say("it does not say how often"))
    cursor.position = after_every
    raise cursor.unread()


def _read_unit(cursor: Cursor, draft: Draft, interval: int) -> bool:
    word = cursor.word()
    if word in _TOO_OFTEN:
        raise Refusal(say("that would be more often than once an hour"), say("Once an hour is the most."))
    singular = word.removesuffix("s")
    if singular not in _UNIT_WORDS:
        return False
    cursor.take()
    frequency, factor = _UNIT_WORDS[singular]
    draft.repeat(frequency, interval * factor)
    cursor.accept("that has one")
    return True


def _read_days(cursor: Cursor, draft: Draft) -> bool:
    """Read the days behind a frequency, or plural weekdays by themselves."""
    start = cursor.position
    cursor.accept("on")
    if _read_yearly_date(cursor, draft) or _read_positions(cursor, draft):
        return True
    if cursor.word() in WEEKDAY_PLURALS:
        draft.within("WEEKLY")
        draft.weekdays.append((0, WEEKDAY_PLURALS[cursor.take()]))
        return True
    if cursor.word() in WEEKDAY_WORDS:
        draft.weekdays.append((0, WEEKDAY_WORDS[cursor.take()]))
        return True
    if cursor.accept(*_WORKING_DAYS):
        draft.within("WEEKLY")
        draft.weekdays += WORKING_WEEK
        return True
    cursor.position = start
    return False


def _read_yearly_date(cursor: Cursor, draft: Draft) -> bool:
    """Read "26 June" or "June 26th"."""
    ahead = 2 if cursor.text("number") and cursor.word(1) in ORDINAL_SUFFIXES else 1
    day_first = cursor.text("number") and MONTH_WORDS.keys() & {cursor.word(1), cursor.word(ahead)}
    if not (day_first or cursor.word() in MONTH_WORDS):
        return False
    day = read_day(cursor)
    if not isinstance(day, DayOfMonth) or not day.where.month:
        return False
    if day.where.year or day.where.years_ahead is not None:
        raise Refusal(
            say("a date with its year comes only once"),
            say('Leave out the year, or write "starting" before it.'),
        )
    draft.within("YEARLY")
    draft.take_month(day.where.month)
    draft.month_days.append(day.day)
    return True


def _read_positions(cursor: Cursor, draft: Draft, *, required: bool = False) -> bool:
    """Read "the first and third Monday of the month", "the 15th", "the last working day of every month".

    With `required` the month has to follow, because "every third Friday" alone has two meanings.
    """
    start = cursor.position
    cursor.accept("the")
    positions = _read_position_list(cursor)
    if not positions or not _read_counted(cursor, draft, positions):
        cursor.position = start
        return False
    if _read_place(cursor, draft) or not required:
        return True
    spoken = as_written(cursor.since(start))
    raise Refusal(
        say('"every {day}" can mean one in each month, or one every few weeks', day=spoken),
        say(
            'Write "the {day} of every month", or count the weeks, as in "every 3 weeks on Friday".',
            day=spoken,
        ),
    )


def _read_position_list(cursor: Cursor) -> list[int]:
    positions: list[int] = []
    after = cursor.position
    while (position := LAST if cursor.accept("last") else read_ordinal(cursor)) is not None:
        positions.append(position)
        after = cursor.position
        cursor.accept("and the", "and", ",", "&")
    cursor.position = after
    return positions


def _read_counted(cursor: Cursor, draft: Draft, positions: list[int]) -> bool:
    """Read what is counted in the month: a weekday, working days, or (when nothing is named) days."""
    weekday = {**WEEKDAY_PLURALS, **WEEKDAY_WORDS}.get(cursor.word())
    if weekday is not None:
        cursor.take()
        draft.weekdays += [(_counted_position(position), weekday) for position in positions]
    elif cursor.accept(*_WORKING_DAYS):
        if len(positions) > 1 or draft.set_position:
            raise Refusal(say("it counts working days in more than one way"))
        draft.set_position = _counted_position(positions[0])
        draft.weekdays += WORKING_WEEK
    elif cursor.accept("day", "days") or LAST not in positions:
        if cursor.word() in _UNIT_WORDS:
            return False
        draft.month_days += [_month_day(day) for day in positions]
    else:
        return False
    return True


def _counted_position(position: int) -> int:
    if position == LAST or 1 <= position <= _LAST_POSITION:
        return position
    raise Refusal(say("no month has a {ordinal} one of these", ordinal=ordinal(position)))


def _month_day(day: int) -> int:
    if day == LAST or 1 <= day <= _LONGEST_MONTH:
        return day
    raise Refusal(say("no month has a {ordinal} day", ordinal=ordinal(day)))


def _read_place(cursor: Cursor, draft: Draft) -> bool:
    """Read "of the month", "of every other month that has one", "in May"."""
    start = cursor.position
    if not cursor.accept("of", "in"):
        return False
    if cursor.accept("the month", "a month"):
        draft.within("MONTHLY")
        return True
    if cursor.word() in MONTH_WORDS:
        draft.within("YEARLY")
        draft.take_month(MONTH_WORDS[cursor.take()])
        return True
    if cursor.accept("every", "each"):
        interval = 2 if cursor.accept("other") else read_cardinal(cursor) or 1
        if cursor.word() in {"month", "months"}:
            return _read_unit(cursor, draft, interval)
    cursor.position = start
    return False


def _read_clock(cursor: Cursor, draft: Draft, zone: str, now: datetime) -> bool:
    if word := read_zone(cursor, zone, now):
        if word.info != ZoneInfo(zone):
            raise Refusal(
                say("a repetition keeps to the clock in {city}", city=city(zone)),
                say("Leave the time zone out."),
            )
    elif time := read_time(cursor):
        draft.take_time(time)
    elif part := read_part_of_day(cursor):
        draft.part_of_day = part.name
    else:
        return False
    return True
