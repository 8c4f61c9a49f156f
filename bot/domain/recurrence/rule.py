"""The part of RFC 5545's RRULE that campaigns need, read, checked and handed to `dateutil`.

Only this part is accepted, because outside it a rule can be impossible to say in plain English, or can search
millions of days for an occurrence that never comes. The time of day is never in the rule: it is that of the
first occurrence.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from dateutil import rrule as dateutil_rrule

from bot.domain.language import later, say
from bot.domain.when.problem import Refusal, quote

DAY_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_OCCURRENCES: Final = 1000
DAYS_IN_ANY_MONTH: Final = 28
WORKING_WEEK: Final = tuple((0, weekday) for weekday in range(5))
_MONTHS_PER_YEAR: Final = 12
_END_LAYOUTS: Final = ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%S%z")
_A_LEAP_YEAR: Final = 2024
_LONGEST_INTERVALS: Final = {"HOURLY": 744, "DAILY": 366, "WEEKLY": 104, "MONTHLY": 60, "YEARLY": 5}
_FREQUENCIES: Final[dict[str, Literal[0, 1, 2, 3, 4]]] = {
    "HOURLY": dateutil_rrule.HOURLY,
    "DAILY": dateutil_rrule.DAILY,
    "WEEKLY": dateutil_rrule.WEEKLY,
    "MONTHLY": dateutil_rrule.MONTHLY,
    "YEARLY": dateutil_rrule.YEARLY,
}
_STEPS: Final = {"HOURLY": timedelta(hours=1), "DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}
_PARTS_ALLOWED: Final = {
    "HOURLY": frozenset[str](),
    "DAILY": frozenset[str](),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH"}),
}
_ALWAYS_ALLOWED: Final = frozenset({"FREQ", "INTERVAL", "UNTIL", "COUNT", "WKST"})
_PLAIN_NAMES: Final = {
    "BYDAY": later("a weekday"),
    "BYMONTHDAY": later("a day of the month"),
    "BYMONTH": later("a month"),
    "BYSETPOS": later("a working day"),
    "INTERVAL": later("the interval"),
    "COUNT": later("the number of times"),
}
_PLAIN_FREQUENCIES: Final = {
    "HOURLY": later("hourly"),
    "DAILY": later("daily"),
    "WEEKLY": later("weekly"),
    "MONTHLY": later("monthly"),
    "YEARLY": later("yearly"),
}
_DAY_IN_RULE: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in parts.

    Args:
        frequency: HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY.
        interval: every how many hours, days, weeks, months or years.
        weekdays: position in the month (0 for every) and weekday (0 for Monday).
        month_days: days of the month, -1 for the last.
        set_position: which of a month's matching days (1 the first, -1 the last), or 0 for all.
        month: 1 to 12 in a yearly rule, or 0 for the month of the first occurrence.
        until: the last wall time that may occur (naive), or None.
        count: how often it occurs in all, or 0 for no limit.
    """

    frequency: str
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    set_position: int = 0
    month: int = 0
    until: datetime | None = None
    count: int = 0

    def text(self) -> str:
        """Write the rule as an RRULE value."""
        parts = [f"FREQ={self.frequency}"]
        parts += [f"INTERVAL={self.interval}"] * (self.interval > 1)
        parts += [f"BYMONTH={self.month}"] * bool(self.month)
        parts += [f"BYMONTHDAY={','.join(map(str, self.month_days))}"] * bool(self.month_days)
        days = ",".join(f"{position or ''}{DAY_CODES[weekday]}" for position, weekday in self.weekdays)
        parts += [f"BYDAY={days}"] * bool(days)
        parts += [f"BYSETPOS={self.set_position}"] * bool(self.set_position)
        parts += [f"UNTIL={self.until:%Y%m%dT%H%M%S}"] if self.until else []
        parts += [f"COUNT={self.count}"] * bool(self.count)
        return ";".join(parts)

    def anchored(self, start: datetime) -> "Rule":
        """Say outright what the rule leaves to its first occurrence: weekday, day of the month, month."""
        if self.frequency == "WEEKLY" and not self.weekdays:
            return replace(self, weekdays=((0, start.weekday()),))
        if self.frequency not in {"MONTHLY", "YEARLY"}:
            return self
        yearly = self.frequency == "YEARLY"
        return replace(
            self,
            month=(self.month or start.month) if yearly else 0,
            month_days=self.month_days or (() if self.weekdays else (start.day,)),
        )

    def from_near(self, start: datetime, near: datetime) -> dateutil_rrule.rrule:
        """Return the rule that yields the same wall times from `near` on (and perhaps some before it).

        dateutil counts from the first occurrence; a rule that is years old starts here whole periods later
        instead.
        """
        rule = self.anchored(start)
        begin = start if self.count or near <= start else _advanced(rule, start, near)
        weekdays = [dateutil_rrule.weekday(weekday, position or None) for position, weekday in rule.weekdays]
        return dateutil_rrule.rrule(
            _FREQUENCIES[rule.frequency],
            dtstart=begin,
            interval=rule.interval,
            wkst=dateutil_rrule.MO,
            byweekday=weekdays or None,
            bymonthday=list(rule.month_days) or None,
            bymonth=rule.month or None,
            bysetpos=rule.set_position or None,
            until=rule.until,
            count=rule.count or None,
        )


def read_rule(text: str, zone: str) -> Rule:
    """Read an RRULE value, such as "FREQ=WEEKLY;BYDAY=FR".

    Args:
        text: with or without "RRULE:" before it.
        zone: IANA name of the zone in which an UNTIL that is given in UTC is understood.

    Raises:
        Refusal: it is not such a rule, or it asks for more than is supported.
    """
    return _read_rule(text.strip().upper().removeprefix("RRULE:").rstrip(";"), zone)


def _advanced(rule: Rule, start: datetime, near: datetime) -> datetime:
    """Move the start on by whole periods, to at most `near`."""
    if step := _STEPS.get(rule.frequency):
        return start + (near - start) // (step * rule.interval) * (step * rule.interval)
    months = (near.year - start.year) * _MONTHS_PER_YEAR + near.month - start.month
    period = rule.interval * (_MONTHS_PER_YEAR if rule.frequency == "YEARLY" else 1)
    moved = months // period * period
    if not moved:
        return start
    years, zero_based = divmod(start.month - 1 + moved, _MONTHS_PER_YEAR)
    month = 1 if rule.frequency == "YEARLY" else zero_based + 1
    return start.replace(year=start.year + years, month=month, day=1)


@lru_cache(maxsize=1024)
def _read_rule(text: str, zone: str) -> Rule:
    parts = _split(text)
    rule = Rule(
        parts["FREQ"],
        _number(parts, "INTERVAL", 1, _LONGEST_INTERVALS[parts["FREQ"]]),
        tuple(_day_in_rule(code, parts["FREQ"]) for code in _list(parts, "BYDAY")),
        tuple(_month_day(day) for day in _list(parts, "BYMONTHDAY")),
        _position(parts.get("BYSETPOS", "0")),
        _number(parts, "BYMONTH", 0, _MONTHS_PER_YEAR),
        _until(parts["UNTIL"], zone) if "UNTIL" in parts else None,
        _number(parts, "COUNT", 0, MOST_OCCURRENCES),
    )
    _refuse_odd_combinations(rule)
    return rule


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name in parts:
            raise Refusal(say('"{part}" is not a part of a repetition rule', part=quote(part, 30)))
        parts[name] = value
    frequency = parts.get("FREQ", "")
    if frequency in {"SECONDLY", "MINUTELY"}:
        raise Refusal(say("it would happen more than once an hour"), say("Once an hour is the most."))
    if frequency not in _FREQUENCIES:
        raise Refusal(say("it does not say how often (FREQ)"))
    for name in sorted(parts.keys() - _ALWAYS_ALLOWED - _PARTS_ALLOWED[frequency]):
        raise Refusal(
            say(
                "{part} cannot go with what is {frequency}",
                part=say(_PLAIN_NAMES.get(name, quote(name, 20))),
                frequency=say(_PLAIN_FREQUENCIES[frequency]),
            )
        )
    if parts.get("WKST", "MO") != "MO":
        raise Refusal(say("weeks begin on Monday here"))
    return parts


def _list(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(parts: dict[str, str], name: str, default: int, most: int) -> int:
    text = parts.get(name)
    if text is None:
        return default
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= most:
        raise Refusal(
            say(
                "{part} can only be a number from 1 to {most}",
                part=say(_PLAIN_NAMES[name]),
                most=most,
            )
        )
    return int(text)


def _day_in_rule(code: str, frequency: str) -> tuple[int, int]:
    match = _DAY_IN_RULE.fullmatch(code)
    if not match:
        raise Refusal(say('"{code}" is not a weekday of a rule', code=quote(code, 20)))
    position = int(match[1] or 0)
    if position and frequency == "WEEKLY":
        raise Refusal(say("a weekly rule cannot count weekdays in a month"))
    return position, DAY_CODES.index(match[2])


def _month_day(text: str) -> int:
    if not re.fullmatch("-1|[0-9]{1,2}", text) or not (text == "-1" or 1 <= int(text) <= 31):  # noqa: PLR2004
        raise Refusal(say('"{typed}" is not a day of the month', typed=quote(text, 20)))
    return int(text)


def _position(text: str) -> int:
    if not re.fullmatch("-1|[0-5]", text):
        raise Refusal(say("BYSETPOS has to be 1 to 5, or -1 for the last"))
    return int(text)


def _until(text: str, zone: str) -> datetime:
    """Read the end, in wall time as the whole rule is; a bare date means to the end of that day."""
    for layout in _END_LAYOUTS:
        try:
            found = datetime.strptime(text, layout)  # noqa: DTZ007 - wall time
            return _as_wall(found, zone) if "T" in text else found.replace(hour=23, minute=59, second=59)
        except (ValueError, OverflowError):
            continue
    raise Refusal(
        say('there is no such end as "{typed}"', typed=quote(text, 20)), say("Write it as 20250627.")
    )


def _as_wall(end: datetime, zone: str) -> datetime:
    return end.astimezone(ZoneInfo(zone)).replace(tzinfo=None) if end.tzinfo else end


def _refuse_odd_combinations(rule: Rule) -> None:
    positions = {position for position, _ in rule.weekdays}
    if rule.until and rule.count:
        raise Refusal(say("it gives both a last day and a number of times"))
    if rule.weekdays and rule.month_days:
        raise Refusal(say("it gives both weekdays and days of the month"))
    if rule.set_position and (not rule.weekdays or positions != {0}):
        raise Refusal(say("it counts weekdays in two ways"))
    counted = rule.frequency in {"MONTHLY", "YEARLY"} and not rule.set_position
    if counted and 0 in positions:
        raise Refusal(
            say("it does not say which one of the month"),
            say("Write the first, second, third, fourth, fifth or last."),
        )
    if rule.frequency == "YEARLY" and (rule.weekdays or rule.month_days) and not rule.month:
        raise Refusal(say("it does not say in which month"))
    longest = monthrange(_A_LEAP_YEAR, rule.month)[1] if rule.month else 0
    if longest and any(day > longest for day in rule.month_days):
        raise Refusal(say("that month never has so many days"))
