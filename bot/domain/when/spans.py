"""Lengths of time: of a meeting, of the notice that a reminder gives, of "in 2 hours"."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

from bot.domain.language import say, say_count
from bot.domain.when.problem import DateProblem, Refusal
from bot.domain.when.tokens import Cursor, Token, read_cardinal, tokenize
from bot.domain.when.words import DAY_UNITS, MINUTE_UNITS, MONTH_UNITS

LONGEST_LEAD: Final = timedelta(days=60)
MOST_LEADS: Final = 10
SHORTEST_DURATION: Final = timedelta(minutes=5)
LONGEST_DURATION: Final = timedelta(hours=24)

_LEAD_EXAMPLES: Final = ("7 d, 1 d, 1 h, start", "1 week, 1 hour")
_DURATION_EXAMPLES: Final = ("1 hour", "90 minutes")
_NO_LEADS: Final = ("none", "no reminders", "no", "off")
_AT_THE_START: Final = ("at the start", "at start", "the start", "start", "when it starts", "on time")
_SEPARATORS: Final = frozenset({",", ";", "and", "&", "+"})
_HALVES: Final = ("half an", "half a", "a half")
_LEADS_LIMIT: Final = 500
_ENOUGH: Final = 10_000_000
_MINUTES_PER_DAY: Final = 24 * 60
_MINUTES_PER_HOUR: Final = 60
_UNITS: Final = {
    **{word: ("minutes", factor) for word, factor in MINUTE_UNITS.items()},
    **{word: ("days", factor) for word, factor in DAY_UNITS.items()},
    **{word: ("months", factor) for word, factor in MONTH_UNITS.items()},
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as it was said: whole months and days go by the calendar, minutes by the clock."""

    months: int = 0
    days: int = 0
    minutes: int = 0

    def as_timedelta(self) -> timedelta:
        """Return the length, with days of 24 hours.

        Raises:
            Refusal: it has months, which have no one length.
        """
        if self.months:
            raise Refusal(say("a month or a year has no fixed length"), say("Write weeks or days."))
        return timedelta(days=self.days, minutes=self.minutes)


def read_span(cursor: Cursor) -> Span | None:
    """Read "2 hours", "1h30", "1 day and 2 hours", "an hour and a half", "half an hour".

    Raises:
        Refusal: it does not come to whole minutes, days or months, or it is absurdly long.
    """
    totals: dict[str, Fraction] = {}
    position = cursor.position
    while part := _read_part(cursor):
        unit, amount = part
        totals[unit] = totals.get(unit, Fraction()) + amount
        position = cursor.position
        cursor.accept(",", "and")
    cursor.position = position
    return _whole(totals) if totals else None


def _read_part(cursor: Cursor) -> tuple[str, Fraction] | None:
    start = cursor.position
    amount = _read_amount(cursor)
    word = cursor.word()
    if amount is None or word not in _UNITS:
        cursor.position = start
        return None
    cursor.take()
    unit, factor = _UNITS[word]
    if cursor.accept("and a half"):
        amount += Fraction(1, 2)
    if factor == _MINUTES_PER_HOUR:
        amount += _read_joined_minutes(cursor)
    return unit, amount * factor


def _read_amount(cursor: Cursor) -> Fraction | None:
    if cursor.accept(*_HALVES):
        return Fraction(1, 2)
    if cursor.accept("an", "a"):
        return Fraction(1)
    if cursor.text("dotted"):
        return Fraction(cursor.take())
    number = read_cardinal(cursor)
    return None if number is None else Fraction(number)


def _read_joined_minutes(cursor: Cursor) -> Fraction:
    """Read the 30 of "1h30"."""
    token = cursor.token()
    if token and token.kind == "number" and token.joined and cursor.word(1) not in _UNITS:
        return Fraction(int(cursor.take()), _MINUTES_PER_HOUR)
    return Fraction()


def _whole(totals: dict[str, Fraction]) -> Span:
    if any(amount > _ENOUGH for amount in totals.values()):
        raise Refusal(say("that is longer than I can plan for"))
    months, days = totals.get("months", Fraction()), totals.get("days", Fraction())
    minutes = totals.get("minutes", Fraction()) + days % 1 * _MINUTES_PER_DAY
    if months.denominator != 1 or minutes.denominator != 1:
        raise Refusal(
            say("it does not come to whole minutes"), say("Write hours and minutes, as in 1 hour 20 minutes.")
        )
    return Span(int(months), int(days), int(minutes))


def parse_duration(text: str) -> timedelta:
    """Read how long something lasts: "1 hour", "90 minutes", "1h30", "an hour and a half".

    Returns:
        From 5 minutes to 24 hours.

    Raises:
        DateProblem: it is not a length of time, or outside these bounds.
    """
    try:
        return _duration(text)
    except Refusal as refusal:
        raise DateProblem.about(text, say("a length of time"), refusal, _DURATION_EXAMPLES) from None


def _duration(text: str) -> timedelta:
    cursor = Cursor(tokenize(text))
    span = read_span(cursor)
    if not cursor.done:
        raise _without_unit(cursor) or cursor.unread()
    length = span.as_timedelta() if span else timedelta()
    if length < SHORTEST_DURATION:
        raise Refusal(say("it is shorter than 5 minutes"))
    if length > LONGEST_DURATION:
        raise Refusal(say("it is longer than 24 hours"))
    return length


def parse_lead_times(text: str) -> tuple[timedelta, ...]:
    """Read how long before the start reminders go out: "7 d, 1 d, 1 h, start", or "none".

    Returns:
        At most ten lead times of at most 60 days, longest first, each once; zero stands for the start itself.
        A day is 24 hours here: whoever schedules decides how a clock change counts.

    Raises:
        DateProblem: an item is not a length of time, or there are too many, or one is too long.
    """
    try:
        return _lead_times(text)
    except Refusal as refusal:
        raise DateProblem.about(text, say("reminder times"), refusal, _LEAD_EXAMPLES) from None


def _lead_times(text: str) -> tuple[timedelta, ...]:
    tokens = tokenize(text, _LEADS_LIMIT)
    whole = Cursor(tokens)
    if whole.accept(*_NO_LEADS) and whole.done:
        return ()
    leads = {_lead_time(Cursor(item)) for item in _items(tokens)}
    if len(leads) > MOST_LEADS:
        raise Refusal(
            say(
                "it has {count} reminders, and more than {most} would tire people",
                count=len(leads),
                most=MOST_LEADS,
            )
        )
    return tuple(sorted(leads, reverse=True))


def _items(tokens: list[Token]) -> list[list[Token]]:
    items: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in _SEPARATORS:
            items.append([])
        else:
            items[-1].append(token)
    filled = [item for item in items if item]
    if not filled:
        raise Refusal(say("there is no length of time in it"))
    return filled


def _lead_time(cursor: Cursor) -> timedelta:
    if cursor.accept(*_AT_THE_START):
        if not cursor.done:
            raise cursor.unread()
        return timedelta()
    span = read_span(cursor)
    if span:
        cursor.accept("before the start", "before", "ahead")
    if not cursor.done:
        raise _without_unit(cursor) or cursor.unread()
    lead = span.as_timedelta() if span else timedelta()
    if lead > LONGEST_LEAD:
        raise Refusal(say("a reminder goes out at most {days} days before", days=LONGEST_LEAD.days))
    return lead


def _without_unit(cursor: Cursor) -> Refusal | None:
    if cursor.text("number") and not cursor.word(1):
        return Refusal(
            say('"{typed}" has no unit', typed=cursor.text("number")[:20]),
            say("Say minutes, hours, days or weeks."),
        )
    return None


def format_lead_time(lead: timedelta) -> str:
    """Write a lead time: "7 days before", "1 hour 30 minutes before", "at the start"."""
    return say("{length} before", length=format_duration(lead)) if lead else say("at the start")


def format_duration(length: timedelta) -> str:
    """Write a length of time, to the minute: "1 hour 30 minutes", "7 days"."""
    hours, minutes = divmod(length.seconds // 60, _MINUTES_PER_HOUR)
    words = [say_count(length.days, "{number} day", "{number} days")] if length.days else []
    words += [say_count(hours, "{number} hour", "{number} hours")] if hours else []
    words += [say_count(minutes, "{number} minute", "{number} minutes")] if minutes or not words else []
    return " ".join(words)
