"""Quiet hours: the part of each night in which nudges wait.

They are set as local wall times. Each night is one stretch between two instants, so a clock change within it makes it an
hour longer or shorter, and never tears it in two.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.domain.when.moment import format_time, resolve
from bot.domain.when.problem import Refusal, quote
from bot.domain.when.times import SpokenTime, read_time
from bot.domain.when.tokens import Cursor, tokenize

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one local wall time until another; where the second is not later, it is that of the following day.

    Raises:
        ValueError: both are the same, which would be silence for ever, or none at all.
    """

    starts: time
    ends: time

    def __post_init__(self) -> None:
        if self.starts == self.ends:
            raise ValueError("quiet hours need two different times")

    def __str__(self) -> str:
        return say("{start} to {end}", start=format_time(self.starts), end=format_time(self.ends))

    def cover(self, instant: datetime, zone: str) -> bool:
        """Whether an aware instant lies within them; the end itself does not."""
        return any(start <= instant < end for start, end in self._stretches(instant, zone))

    def end_after(self, instant: datetime, zone: str) -> datetime:
        """The first instant from this one on, in UTC, that lies outside them: itself, if it already does."""
        free = instant
        # The clock change can close the gap between two stretches, so one end may be the start of the next.
        while ends := [end for start, end in self._stretches(free, zone) if start <= free < end]:
            free = max(ends)
        return free

    def _stretches(self, instant: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
        """The stretches that can hold an instant: that of its local day, and that of the evening before."""
        today = instant.astimezone(ZoneInfo(zone)).date()
        length = _DAY if self.ends <= self.starts else timedelta()
        for day in (today - _DAY, today):
            start = resolve(datetime.combine(day, self.starts), zone)
            yield start, resolve(datetime.combine(day + length, self.ends), zone)


def quiet_hours(starts: str | None, ends: str | None) -> QuietHours | None:
    """The quiet hours of a guild's settings, which hold them as HH:MM; `None` where there are none."""
    if starts is None or ends is None:
        return None
    return QuietHours(time.fromisoformat(starts), time.fromisoformat(ends))


def read_time_of_day(typed: str) -> time:
    """A time of day as people write it: "9pm" or "21:00"; "half past nine" is refused.

    Where a colon stands it is the 24-hour clock, so 6:30 is in the morning.

    Raises:
        BadInput: it is no time, or nothing tells the morning from the evening.
    """
    try:
        cursor = Cursor(tokenize(typed))
        spoken = read_time(cursor)
    except Refusal:
        spoken = None
    else:
        spoken = spoken if cursor.done else None
    if spoken is None or not _is_clear(spoken):
        shown = quote(typed)
        raise BadInput(
            say("I cannot tell which time of day “{typed}” is.", typed=shown)
            if shown
            else say("I cannot read that as a time of day."),
            next_step=say("Write it like 9pm or 21:00."),
        )
    return time(spoken.hour, spoken.minute)


def _is_clear(spoken: SpokenTime) -> bool:
    return spoken.settled or ":" in spoken.text
