"""A time zone as diary programs want it (VTIMEZONE of RFC 5545): when its clocks change, as rules where it has any."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.recurrence.rule import DAY_CODES

_YEARS = 8
"""So many years are looked at; a change that comes at the same place in each of them is taken for a rule."""

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Change:
    """One time that the clocks change. `wall` is what they show just then, before they change."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str


def timezone_of(zone: str, first: datetime) -> Any:
    """The zone as a component of a calendar whose earliest entry begins at `first`, aware.

    Where the clocks change by a rule, such as on the last Sunday of March, the rule is said, so that entries of far
    years are right too; other changes are listed.
    """
    from icalendar import Timezone  # noqa: PLC0415 - slow to import, and needed only for diaries

    begin = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    changes = _changes(ZoneInfo(zone), begin)
    kinds: dict[tuple[timedelta, timedelta, str], list[Change]] = defaultdict(list)
    for change in changes:
        kinds[change.before, change.after, change.name].append(change)
    rules = [_rule(kind) for kind in kinds.values()]
    component: Any = Timezone()  # it takes any property, which its annotations leave open
    component.add("tzid", zone)
    if not rules or None in rules:
        component.add_component(_first_part(ZoneInfo(zone), begin))
    for kind, rule in zip(kinds.values(), rules, strict=True):
        component.add_component(_part(kind, rule))
    return component


def _changes(zone: ZoneInfo, begin: datetime) -> list[Change]:
    end = begin.replace(year=begin.year + _YEARS)
    found: list[Change] = []
    day = begin
    while day < end:
        if _offset(day, zone) != _offset(day + _DAY, zone):
            found.append(_change(zone, day, day + _DAY))
        day += _DAY
    return found


def _change(zone: ZoneInfo, early: datetime, late: datetime) -> Change:
    """The change between two instants, found by halving."""
    before = _offset(early, zone)
    while late - early > _SECOND:
        middle = early + (late - early) // 2 // _SECOND * _SECOND
        early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
    name = late.astimezone(zone).tzname() or ""
    return Change((late + before).replace(tzinfo=None), before, _offset(late, zone), name)


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _rule(kind: Sequence[Change]) -> dict[str, Any] | None:
    """The rule by which a change comes every year; `None` if it follows none that is known here."""
    walls = [change.wall for change in kind]
    same_place = len({(wall.month, wall.weekday(), wall.time()) for wall in walls}) == 1
    if len(walls) < _YEARS or len({wall.year for wall in walls}) != len(walls) or not same_place:
        return None
    if all((wall + _WEEK * _DAY).month != wall.month for wall in walls):
        place = -1
    elif len(places := {(wall.day - 1) // _WEEK + 1 for wall in walls}) == 1:
        place = places.pop()
    else:
        return None
    weekday = DAY_CODES[walls[0].weekday()]
    return {"FREQ": "YEARLY", "BYMONTH": walls[0].month, "BYDAY": f"{place}{weekday}"}


def _part(kind: Sequence[Change], rule: dict[str, Any] | None) -> Any:
    first = kind[0]
    part = _observance(first.wall, first.before, first.after, first.name)
    if rule is not None:
        part.add("rrule", rule)
    elif len(kind) > 1:
        part.add("rdate", [change.wall for change in kind[1:]])
    return part


def _first_part(zone: ZoneInfo, begin: datetime) -> Any:
    """What applies until the first change that is listed."""
    offset = _offset(begin, zone)
    wall = (begin + offset).replace(tzinfo=None)
    return _observance(wall, offset, offset, begin.astimezone(zone).tzname() or "")


def _observance(wall: datetime, before: timedelta, after: timedelta, name: str) -> Any:
    from icalendar import TimezoneDaylight, TimezoneStandard  # noqa: PLC0415

    part: Any = TimezoneDaylight() if after > before else TimezoneStandard()
    part.add("dtstart", wall)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
    return part
