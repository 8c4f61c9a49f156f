"""Which occurrences a repetition has, on local wall time plus zone.

Times are RFC 5545 rules on the wall clock, localised one by one, so that "every Friday at 08:00" is at 08:00
on both sides of a clock change. A wall time that the clocks skip becomes the first instant after the gap; a
repeated one is its first occurrence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.holidays import NATIONS, bank_holidays
from bot.domain.recurrence.rule import Rule, read_rule
from bot.domain.when.moment import resolve
from bot.domain.when.problem import Refusal

_SEARCH_LIMIT: Final = timedelta(days=3653)
_WIDEST_SHIFT: Final = timedelta(days=2)
"""More than any zone has ever put its clocks forward or back: nothing near a window's edge is missed."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something repeats.

    Args:
        rule: an RFC 5545 RRULE value without DTSTART, its UNTIL in wall time.
        start: naive wall time of the first occurrence; the time of day of all of them.
        zone: IANA name.
        holidays: a key of `holidays.NATIONS` whose bank holidays are left out, or None.
        skipped: dates of the rule on which it does not happen.
        moved: dates of the rule, each with the naive wall time at which it happens instead. A date that is
            moved happens even if it is a bank holiday, unless it is skipped too.

    Raises:
        ValueError: the rule is not one that is supported, or the nation is unknown.
    """

    rule: str
    start: datetime
    zone: str
    holidays: str | None = None
    skipped: frozenset[date] = frozenset()
    moved: tuple[tuple[date, datetime], ...] = ()

    def __post_init__(self) -> None:
        if self.holidays is not None and self.holidays not in NATIONS:
            raise ValueError(f"no nation {self.holidays!r}")
        try:
            read_rule(self.rule, self.zone)
        except Refusal as refusal:
            raise ValueError(f"{self.rule!r}: {refusal.reason}") from refusal

    @property
    def parts(self) -> Rule:
        """The rule, read, with what it leaves to its start said outright."""
        return read_rule(self.rule, self.zone).anchored(self.start)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that it happens.

    Args:
        local_date: the rule's own date, which stays when the occurrence is moved: with the wall time it
            identifies it.
        wall: the naive local time at which it happens, after a move or a gap.
        instant: the same, aware, in UTC.
    """

    local_date: date
    wall: datetime
    instant: datetime


def occurrences(recurrence: Recurrence, *, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """Yield what happens strictly after one instant, up to and including another, in order of time.

    Args:
        recurrence: the rule.
        after: aware.
        until: aware.
    """
    regular = _regular(recurrence, after, until)
    moved = sorted(_moved(recurrence, after, until), key=_by_instant)
    return merge(regular, moved, key=_by_instant)


def next_occurrences(recurrence: Recurrence, *, after: datetime, count: int = 3) -> list[Occurrence]:
    """Return the next few occurrences after an aware instant, looking at most ten years ahead."""
    return list(islice(occurrences(recurrence, after=after, until=after + _SEARCH_LIMIT), count))


def _by_instant(occurrence: Occurrence) -> datetime:
    return occurrence.instant


def _regular(recurrence: Recurrence, after: datetime, until: datetime) -> Iterator[Occurrence]:
    left_out = recurrence.skipped | {day for day, _ in recurrence.moved}
    latest = after
    for wall in _walls_from(recurrence, after):
        found = _occurrence(recurrence.zone, wall.date(), wall)
        if found.instant > until:
            return
        # An hourly rule has two wall times for the one instant at which a gap ends.
        if found.instant <= latest or wall.date() in left_out or _on_holiday(recurrence, wall.date()):
            continue
        latest = found.instant
        yield found


def _moved(recurrence: Recurrence, after: datetime, until: datetime) -> Iterator[Occurrence]:
    for day, wall in recurrence.moved:
        found = _occurrence(recurrence.zone, day, wall)
        if after < found.instant <= until and day not in recurrence.skipped and _falls_on(recurrence, day):
            yield found


def _walls_from(recurrence: Recurrence, after: datetime) -> Iterator[datetime]:
    near = after.astimezone(ZoneInfo(recurrence.zone)).replace(tzinfo=None) - _WIDEST_SHIFT
    for wall in read_rule(recurrence.rule, recurrence.zone).from_near(recurrence.start, near):
        if wall >= near:
            yield wall


def _falls_on(recurrence: Recurrence, day: date) -> bool:
    begin = datetime.combine(day, time())
    for wall in read_rule(recurrence.rule, recurrence.zone).from_near(recurrence.start, begin):
        if wall >= begin:
            return wall.date() == day
    return False


def _occurrence(zone: str, day: date, wall: datetime) -> Occurrence:
    instant = resolve(wall, zone)
    return Occurrence(
        day, instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0), instant.astimezone(UTC)
    )


def _on_holiday(recurrence: Recurrence, day: date) -> bool:
    return recurrence.holidays is not None and day in bank_holidays(recurrence.holidays, day.year)
