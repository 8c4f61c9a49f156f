"""Reads a time of day: "12.30pm", "0930", "half past seven", "noon", "at 8"."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from bot.domain.language import later, say
from bot.domain.when.problem import Refusal
from bot.domain.when.tokens import Cursor, Token, read_cardinal
from bot.domain.when.words import MONTH_WORDS, ORDINAL_SUFFIXES, PARTS_OF_DAY

_NOON: Final = 12
_DAY: Final = 24
_HOUR: Final = 60
_LAST_AFTERNOON_HOUR: Final = 6
_COMPACT_DIGITS: Final = 4
_MINUTE_DIGITS: Final = 2
_FIRST_SPELT_MINUTE: Final = 10
_HOURS_OF: Final = {
    "morning": range(_NOON),
    "afternoon": range(12, 19),
    "evening": range(16, 24),
    "night": range(18, 24),
}
_NOT_IN: Final = {
    "morning": later('"{time}" is not in the morning'),
    "afternoon": later('"{time}" is not in the afternoon'),
    "evening": later('"{time}" is not in the evening'),
    "night": later('"{time}" is not in the night'),
}


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """A time as it was said; not `settled` while nothing tells the morning from the evening."""

    hour: int
    minute: int
    text: str
    settled: bool = True
    midnight: bool = False
    dotted: bool = False

    def settle(self, part_of_day: str) -> time:
        """Return the time of day.

        Without am, pm or a part of the day, an hour from 1 to 6 is in the afternoon and one from 7 to 12 is
        taken as
        written: nobody calls a meeting for three in the morning.

        Raises:
            Refusal: the time contradicts the part of the day.
        """
        if self.midnight and part_of_day in {"", "night"}:
            return time()
        if part_of_day:
            return time(self._hour_within(part_of_day), self.minute)
        afternoon = not self.settled and self.hour <= _LAST_AFTERNOON_HOUR
        return time(self.hour + _NOON if afternoon else self.hour, self.minute)

    def _hour_within(self, part_of_day: str) -> int:
        possible = [self.hour] if self.settled else [self.hour % _NOON, self.hour % _NOON + _NOON]
        for hour in possible:
            if hour in _HOURS_OF[part_of_day]:
                return hour
        raise Refusal(say(_NOT_IN[part_of_day], time=self.text))


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A part of the day: "in the evening", or with `today` "this evening"."""

    name: str
    today: bool = False


def read_part_of_day(cursor: Cursor) -> PartOfDay | None:
    """Read "in the morning", "at night", "this evening" or a bare "evening"."""
    start = cursor.position
    today = bool(cursor.accept("this"))
    if not today:
        cursor.accept("in the", "at")
    if cursor.word() in PARTS_OF_DAY:
        return PartOfDay(cursor.take(), today)
    cursor.position = start
    return None


def read_time(cursor: Cursor) -> SpokenTime | None:
    """Read a time of day, with or without "at" before it.

    Raises:
        Refusal: it is written as a time but there is no such time (25:00, 12.75pm, 13pm).
    """
    start = cursor.position
    introduced = bool(cursor.accept("at", "@"))
    begin = cursor.position
    for reader in (_read_named, _read_digits, _read_compact, _read_fraction):
        found = reader(cursor)
        if found:
            return found
        cursor.position = begin
    found = _read_hour(cursor, introduced=introduced)
    if not found:
        cursor.position = start
    return found


def _read_named(cursor: Cursor) -> SpokenTime | None:
    start = cursor.position
    cursor.accept("12", "twelve", "12:00", "12.00")
    if cursor.accept("noon", "midday"):
        return SpokenTime(_NOON, 0, cursor.since(start))
    if cursor.accept("midnight"):
        return SpokenTime(0, 0, cursor.since(start), midnight=True)
    return None


def _read_digits(cursor: Cursor) -> SpokenTime | None:
    """Read 12:30, 12.30pm and 19.30 hrs."""
    token = cursor.token()
    if not token or token.kind not in {"clock", "dotted"}:
        return None
    start = cursor.position
    hours, minutes, *seconds = re.split("[:.]", cursor.take())
    _refuse_odd_digits(token, minutes, seconds)
    half = _read_half(cursor)
    if not half:
        cursor.accept("hours", "hrs", "h")
    padded = hours.startswith("0") or len(hours) > _MINUTE_DIGITS
    plain = token.kind == "dotted" and not half
    return _checked(hours, minutes, half, cursor.since(start), padded=padded, dotted=plain)


def _refuse_odd_digits(token: Token, minutes: str, seconds: list[str]) -> None:
    if len(minutes) != _MINUTE_DIGITS:
        raise Refusal(
            say('"{typed}" is not a time', typed=token.text[:20]),
            say("Write the minutes with two digits, and a date with a slash or the month's name."),
        )
    if seconds and int(seconds[0]):
        raise Refusal(
            say('"{typed}" has seconds in it', typed=token.text[:20]),
            say("Times are kept to the minute."),
        )


def _read_compact(cursor: Cursor) -> SpokenTime | None:
    """Read 0930, 1930 hrs and 730pm."""
    digits = cursor.text("number")
    if len(digits) not in {_COMPACT_DIGITS - 1, _COMPACT_DIGITS}:
        return None
    start = cursor.position
    cursor.take()
    half = _read_half(cursor)
    if not half:
        cursor.accept("hours", "hrs", "h")
    if len(digits) < _COMPACT_DIGITS and not half:
        return None
    return _checked(digits[:-2], digits[-2:], half, cursor.since(start), padded=True)


def _read_fraction(cursor: Cursor) -> SpokenTime | None:
    """Read "half past seven", "half twelve", "quarter to 6", "ten past six pm"."""
    start = cursor.position
    minutes_in_digits = bool(cursor.text("number"))
    minutes = _read_minutes(cursor)
    if minutes is None:
        return None
    named = bool(cursor.accept("minutes", "minute", "mins", "min"))
    direction = cursor.accept("past", "to")
    if not direction and cursor.since(start) != "half":
        return None
    hour_in_digits = bool(cursor.text("number"))
    hour = read_cardinal(cursor)
    if hour is None or not 1 <= hour <= _NOON:
        return None
    if direction == "to" and minutes_in_digits and hour_in_digits and not named:
        raise Refusal(
            say('"{typed}" may be a time or a span of hours', typed=cursor.since(start)),
            say("Give the start only; the length has an option of its own."),
        )
    total = (hour % _NOON) * _HOUR + (-minutes if direction == "to" else minutes)
    hour_then, minute_then = divmod(total % (_NOON * _HOUR), _HOUR)
    cursor.accept("o'clock", "oclock")
    half = _read_half(cursor)
    return _checked(str(hour_then or _NOON), str(minute_then), half, cursor.since(start))


def _read_minutes(cursor: Cursor) -> int | None:
    cursor.accept("a")
    if cursor.accept("half"):
        return 30
    if cursor.accept("quarter"):
        return 15
    minutes = read_cardinal(cursor)
    return minutes if minutes is not None and 1 <= minutes < _HOUR else None


def _read_hour(cursor: Cursor, *, introduced: bool) -> SpokenTime | None:
    """Read an hour that something marks as one: "9 o'clock", "8am", "at 8", "7 in the evening"."""
    start = cursor.position
    spelt = not cursor.text("number")
    hour = read_cardinal(cursor)
    if hour is None or _continues_as_a_date(cursor):
        return None
    minute = _read_spelt_minutes(cursor) if spelt else 0
    clock = bool(cursor.accept("o'clock", "oclock"))
    half = _read_half(cursor)
    if not (introduced or clock or half or _part_of_day_follows(cursor)):
        return None
    return _checked(str(hour), str(minute), half, cursor.since(start))


def _read_spelt_minutes(cursor: Cursor) -> int:
    start = cursor.position
    minute = read_cardinal(cursor)
    if minute is not None and _FIRST_SPELT_MINUTE <= minute < _HOUR:
        return minute
    cursor.position = start
    return 0


def _continues_as_a_date(cursor: Cursor) -> bool:
    return cursor.word() in {*ORDINAL_SUFFIXES, *MONTH_WORDS, "of"}


def _part_of_day_follows(cursor: Cursor) -> bool:
    start = cursor.position
    following = bool(cursor.accept("in the", "at")) and cursor.word() in PARTS_OF_DAY
    cursor.position = start
    return following


def _read_half(cursor: Cursor) -> str:
    return cursor.accept("am", "pm")


def _checked(
    hours: str, minutes: str, half: str, text: str, *, padded: bool = False, dotted: bool = False
) -> SpokenTime:
    hour, minute = int(hours), int(minutes)
    shown = text[:20]
    if minute >= _HOUR:
        raise Refusal(say('an hour has only 60 minutes, so "{typed}" is not a time', typed=shown))
    if half:
        return SpokenTime(_hour_of_half(hour, half, shown), minute, shown)
    if hour >= _DAY:
        raise Refusal(say('a day ends at 23:59, so "{typed}" is not a time', typed=shown))
    settled = padded or not 1 <= hour <= _NOON
    return SpokenTime(hour, minute, shown, settled=settled, dotted=dotted)


def _hour_of_half(hour: int, half: str, shown: str) -> int:
    if not 1 <= hour <= _NOON:
        raise Refusal(
            say('"{typed}" mixes the 12-hour and the 24-hour clock', typed=shown),
            say("Leave out the {half}.", half=half),
        )
    return hour % _NOON + (_NOON if half == "pm" else 0)
