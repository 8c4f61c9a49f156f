"""Reads how something repeats, as British organisers write it: "every Friday at 08:00".

The rules are RFC 5545 on wall time plus zone. Nothing here reads a clock: `now` is always given.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.language import later, say
from bot.domain.recurrence.draft import Draft
from bot.domain.recurrence.readers import read_draft
from bot.domain.recurrence.rule import Rule, read_rule
from bot.domain.recurrence.stepping import Recurrence, next_occurrences
from bot.domain.recurrence.text import describe
from bot.domain.when.days import MonthReference
from bot.domain.when.moment import LocalMoment, format_date, format_time, resolve
from bot.domain.when.phrases import choose_day
from bot.domain.when.problem import DateProblem, Refusal
from bot.domain.when.times import SpokenTime
from bot.domain.when.tokens import PHRASE_LIMIT, Cursor, tokenize

_EXAMPLES: Final = ("every Friday at 08:00", "last Friday of the month 8am")
_REPEAT_EXAMPLES: Final = ("every week", "every month")
_RAW_RULE: Final = re.compile(r"\S*FREQ=\S*", re.IGNORECASE)
_END_OF_DAY: Final = time(23, 59, 59)
_NO_DAY: Final = {
    "WEEKLY": later("it does not say on which weekday"),
    "MONTHLY": later("it does not say on which day of the month"),
    "YEARLY": later("it does not say on which date"),
}
_HOUR: Final = timedelta(hours=1)
_NEVER: Final = later("it would never happen")
_CLOCK_PARTS: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")


def parse_recurrence(
    phrase: str, *, now: datetime, zone: str, default_time: time | None = None, holidays: str | None = None
) -> Recurrence:
    """Read a repetition together with its time of day.

    "until 27 June" includes that day; "until July" ends before July begins. "every other" week is counted
    from the first occurrence that comes.

    Args:
        phrase: what was typed, or an RRULE value, at most 200 characters.
        now: the present instant, aware.
        zone: IANA name.
        default_time: the time of day when the phrase gives none; without it a time is asked for.
        holidays: a key of `holidays.NATIONS` whose bank holidays are left out. "except bank holidays in
            Scotland" in the phrase goes before it.

    Returns:
        A recurrence whose start is its first occurrence that is not past.

    Raises:
        DateProblem: the phrase is not understood, is too frequent, or never happens.
        ValueError: `now` is naive, or there is no such nation.
    """
    if now.tzinfo is None:
        raise ValueError("now has to be aware")
    try:
        return _recurrence(phrase, now, zone, default_time, holidays)
    except Refusal as refusal:
        raise DateProblem.about(phrase, say("a repetition"), refusal, _EXAMPLES) from None


def parse_repeat(repeat: str, *, first: LocalMoment, holidays: str | None = None) -> Recurrence:
    """Read how something repeats whose first occurrence is known: "every week", "monthly".

    Raises:
        DateProblem: the words are not understood, or the first occurrence does not fit them.
        ValueError: there is no such nation.
    """
    try:
        return _repeat(repeat, first, holidays)
    except Refusal as refusal:
        raise DateProblem.about(repeat, say("a repetition"), refusal, _REPEAT_EXAMPLES) from None


def _recurrence(
    phrase: str, now: datetime, zone: str, default_time: time | None, holidays: str | None
) -> Recurrence:
    draft, rule = _read(phrase, now, zone)
    days_known = rule.weekdays or rule.month_days or draft.start
    if rule.frequency in _NO_DAY and not days_known:
        raise Refusal(say(_NO_DAY[rule.frequency]))
    here = now.astimezone(ZoneInfo(zone))
    clock = _clock(draft, rule, default_time)
    begin = choose_day(draft.start, _END_OF_DAY, now, ZoneInfo(zone)) if draft.start else here.date()
    start = _first_wall(rule, _begin(begin, clock, here), now, zone)
    reference = resolve(start, zone) if draft.start else now
    return _checked(_ended(rule, draft, reference, zone), start, zone, draft.holidays or holidays)


def _repeat(repeat: str, first: LocalMoment, holidays: str | None) -> Recurrence:
    draft, rule = _read(repeat, first.instant, first.zone)
    if draft.start:
        raise Refusal(say("the first date is given already"), say("Leave the start out."))
    if draft.time and draft.time.settle(draft.part_of_day) != first.wall.time():
        raise Refusal(
            say(
                "the first one is at {time}, and the repetition says another time",
                time=format_time(first.wall.time()),
            ),
            say("Leave the time out here."),
        )
    ended = _ended(rule, draft, first.instant, first.zone)
    recurrence = _checked(ended, first.wall, first.zone, draft.holidays or holidays)
    if next(iter(rule.from_near(first.wall, first.wall)), None) != first.wall:
        raise Refusal(
            say(
                "the first one, {day}, does not fall on {repetition}",
                day=format_date(first.wall.date()),
                repetition=describe(recurrence),
            ),
            say("Change the day here, or the first date."),
        )
    return recurrence


def _read(phrase: str, now: datetime, zone: str) -> tuple[Draft, Rule]:
    """Read words, or an RRULE with words behind it."""
    raw = _RAW_RULE.search(phrase) if len(phrase) <= PHRASE_LIMIT else None
    if raw is None:
        draft = read_draft(Cursor(tokenize(phrase)), zone=zone, now=now)
        if not draft.frequency:
            raise Refusal(say("it does not say how often"))
        return draft, read_rule(draft.rule().text(), zone)
    rest = f"{phrase[: raw.start()]} {phrase[raw.end() :]}"
    draft = read_draft(Cursor(tokenize(rest)), zone=zone, now=now) if rest.strip() else Draft()
    if draft.frequency or draft.weekdays or draft.month_days or draft.count:
        raise Refusal(say("it repeats in two ways, by a rule and in words"))
    text, clock = _without_time(raw[0])
    draft.time = draft.time or clock
    return draft, read_rule(text, zone)


def _without_time(raw: str) -> tuple[str, SpokenTime | None]:
    """Take BYHOUR and BYMINUTE out of an RRULE: here the time of day belongs to the first occurrence."""
    clock: dict[str, str] = {}
    kept: list[str] = []
    for part in raw.upper().split(";"):
        name, _, value = part.partition("=")
        if name in _CLOCK_PARTS:
            clock[name] = value
        else:
            kept.append(part)
    if not clock:
        return raw, None
    if not all(re.fullmatch("[0-9]{1,2}", value) for value in clock.values()) or "BYHOUR" not in clock:
        raise Refusal(say("it does not name one time of day"), say("Give one BYHOUR and one BYMINUTE."))
    hour, minute, second = (int(clock.get(name, "0")) for name in _CLOCK_PARTS)
    try:
        time(hour, minute)
    except ValueError:
        raise Refusal(say("there is no time of day {hour}:{minute:02}", hour=hour, minute=minute)) from None
    if second:
        raise Refusal(say("times are kept to the minute"))
    return ";".join(kept), SpokenTime(hour, minute, f"{hour:02}:{minute:02}")


def _clock(draft: Draft, rule: Rule, default_time: time | None) -> time | None:
    """Return the time of day; an hourly rule needs none."""
    if draft.time:
        return draft.time.settle(draft.part_of_day)
    if rule.frequency == "HOURLY":
        return None
    if default_time is None or draft.part_of_day:
        raise Refusal(say("it does not say at what time"), say("Add a time, as in 8am or 18:00."))
    return default_time


def _begin(day: date, clock: time | None, here: datetime) -> datetime:
    """Return the wall time from which the first occurrence is looked for."""
    if clock or day != here.date():
        return datetime.combine(day, clock or time())
    full_hour = here.replace(tzinfo=None, minute=0, second=0, microsecond=0)
    return full_hour if full_hour == here.replace(tzinfo=None) else full_hour + _HOUR


def _first_wall(rule: Rule, begin: datetime, now: datetime, zone: str) -> datetime:
    """Find the first occurrence that is not past; "every other week" is then counted from it."""
    interval = rule.interval if rule.frequency == "HOURLY" else 1
    for wall in replace(rule, interval=interval, until=None, count=0).from_near(begin, begin):
        if resolve(wall, zone) >= now:
            return wall
    raise Refusal(say(_NEVER))


def _ended(rule: Rule, draft: Draft, reference: datetime, zone: str) -> Rule:
    """Put the end that was said in words into the rule; without a year it is the next after `reference`."""
    if not (draft.end or draft.end_month):
        return rule
    if rule.until or rule.count:
        raise Refusal(say("it gives two ends"))
    if draft.end:
        last = choose_day(draft.end, _END_OF_DAY, reference, ZoneInfo(zone))
    else:
        today = reference.astimezone(ZoneInfo(zone)).date()
        last = _end_by_month(draft.end_month or MonthReference(), today, whole=draft.whole_end_month)
    return replace(rule, until=datetime.combine(last, _END_OF_DAY))


def _end_by_month(where: MonthReference, today: date, *, whole: bool) -> date:
    last = today
    for year, month in where.months(today):
        following = date(year + month // 12, month % 12 + 1, 1)
        last = (following if whole else date(year, month, 1)) - timedelta(days=1)
        if last >= today:
            return last
    raise Refusal(say("the end, {day}, is past", day=format_date(last)))


def _checked(rule: Rule, start: datetime, zone: str, holidays: str | None) -> Recurrence:
    if rule.until and rule.until < start:
        raise Refusal(
            say(
                "it would end on {end}, before the first one on {first}",
                end=format_date(rule.until.date()),
                first=format_date(start.date()),
            )
        )
    recurrence = Recurrence(rule.anchored(start).text(), start, zone, holidays)
    if not next_occurrences(recurrence, after=resolve(start, zone) - _HOUR, count=1):
        raise Refusal(say(_NEVER))
    return recurrence
