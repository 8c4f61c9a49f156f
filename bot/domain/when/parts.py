"""Collects what the readers find in a phrase, and refuses what does not go together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.language import later, say
from bot.domain.when.day_readers import day_from_dotted, read_day
from bot.domain.when.days import DayOfMonth, DayRule, DaysAhead, MonthReference, Weekday
from bot.domain.when.problem import Refusal
from bot.domain.when.spans import Span, read_span
from bot.domain.when.times import PartOfDay, SpokenTime, read_part_of_day, read_time
from bot.domain.when.tokens import Cursor
from bot.domain.when.zones import ZoneWord, read_zone

_FILLERS: Final = ("on", "at", "the", "of", "@", ",", "-", "(", ")")
_ONE_TIME_ONLY: Final = later("Give the start only; the length has an option of its own.")


@dataclass(slots=True)
class Parts:
    """What a phrase says, part by part."""

    time: SpokenTime | None = None
    part_of_day: str = ""
    weekday: Weekday | None = None
    day: DayRule | None = None
    ahead: Span | None = None
    zone: ZoneWord | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing at all was found."""
        return self == Parts()

    def add_time(self, time: SpokenTime, *, after_dash: bool = False) -> None:
        """Take a time; of two, "03.04 at 12.30", the one with a dot may be the date.

        Raises:
            Refusal: there are two times.
        """
        if self.time is None:
            self.time = time
            return
        dotted = next((each for each in (self.time, time) if each.dotted), None)
        if self.day or after_dash or dotted is None:
            raise Refusal(
                say('it gives two times, "{first}" and "{second}"', first=self.time.text, second=time.text),
                say(_ONE_TIME_ONLY),
            )
        self.day = day_from_dotted(dotted.text)
        self.time = time if dotted is self.time else self.time

    def add_day(self, day: DayRule | Weekday) -> None:
        """Take a day; a weekday may stand beside a date.

        Raises:
            Refusal: there are two dates or two weekdays.
        """
        if isinstance(day, Weekday):
            if self.weekday:
                raise Refusal(say("it gives two weekdays"))
            self.weekday = day
            return
        if self.day:
            raise Refusal(say("it gives two dates"))
        self.day = day

    def add_part_of_day(self, part: PartOfDay) -> None:
        """Take "evening" or "this evening".

        Raises:
            Refusal: there are two, or "this evening" stands beside another date.
        """
        if self.part_of_day:
            raise Refusal(say("it gives two parts of the day"))
        self.part_of_day = part.name
        if part.today:
            self.add_day(DaysAhead(0, closing=True))

    def add_zone(self, zone: ZoneWord) -> None:
        """Take a zone.

        Raises:
            Refusal: there are two.
        """
        if self.zone:
            raise Refusal(say("it gives two time zones"))
        self.zone = zone


def read_parts(cursor: Cursor, *, zone: str, now: datetime) -> Parts:
    """Read a whole phrase.

    Raises:
        Refusal: a word is not understood, or the parts do not go together.
    """
    parts = Parts()
    after_dash = False
    while not cursor.done:
        if read_part(cursor, parts, zone=zone, now=now, after_dash=after_dash):
            after_dash = False
        else:
            after_dash = skip_filler(cursor, first=parts.empty) == "-"
    return parts


def skip_filler(cursor: Cursor, *, first: bool) -> str:
    """Move past a word or mark that says nothing by itself.

    Raises:
        Refusal: it is not one of these; a dash at the very start may be a minus and is not.
    """
    filler = cursor.accept(*_FILLERS)
    if not filler or (filler == "-" and first):
        cursor.position -= bool(filler)
        raise cursor.unread()
    return filler


def read_part(cursor: Cursor, parts: Parts, *, zone: str, now: datetime, after_dash: bool = False) -> bool:
    """Read one part into `parts`; return whether there was one.

    Raises:
        Refusal: what comes next is impossible, or does not go with what came before.
    """
    if found_zone := read_zone(cursor, zone, now):
        parts.add_zone(found_zone)
    elif _read_stamp(cursor, parts) or _read_tonight(cursor, parts) or _read_ahead(cursor, parts):
        pass
    elif day := read_day(cursor):
        parts.add_day(day)
    elif time := read_time(cursor):
        parts.add_time(time, after_dash=after_dash)
    elif part_of_day := read_part_of_day(cursor):
        parts.add_part_of_day(part_of_day)
    else:
        return False
    return True


def _read_stamp(cursor: Cursor, parts: Parts) -> bool:
    """Read a date and time as machines write them."""
    stamp = cursor.text("stamp")
    if not stamp:
        return False
    cursor.take()
    shown = stamp[:30].upper()
    try:
        moment = datetime.fromisoformat(stamp.upper().replace(" Z", "Z").replace(" +", "+"))
    except ValueError:
        raise Refusal(say('there is no such date and time as "{typed}"', typed=shown)) from None
    if moment.second or moment.microsecond:
        raise Refusal(say('"{typed}" has seconds in it', typed=shown), say("Times are kept to the minute."))
    parts.add_day(DayOfMonth(moment.day, MonthReference(moment.month, moment.year)))
    parts.add_time(SpokenTime(moment.hour, moment.minute, f"{moment:%H:%M}"))
    if offset := moment.tzinfo:
        parts.add_zone(ZoneWord(offset))
    return True


def _read_tonight(cursor: Cursor, parts: Parts) -> bool:
    if not cursor.accept("tonight"):
        return False
    parts.add_day(DaysAhead(0, closing=True))
    if not parts.part_of_day:
        parts.part_of_day = "night"
    return True


def _read_ahead(cursor: Cursor, parts: Parts) -> bool:
    """Read "in 2 hours", "2 hours from now", "in 3 days' time"."""
    start = cursor.position
    introduced = bool(cursor.accept("in"))
    span = read_span(cursor)
    ending = cursor.accept("time", "from now")
    if span is None or not (introduced or ending == "from now"):
        cursor.position = start
        return False
    if span == Span():
        raise Refusal(say("that is no time at all from now"))
    if span.minutes:
        if parts.ahead:
            raise Refusal(say("it gives two lengths of time"))
        parts.ahead = span
    else:
        parts.add_day(DaysAhead(span.days, span.months))
    return True
