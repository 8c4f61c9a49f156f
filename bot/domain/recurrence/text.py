"""Says in plain English when something repeats.

`parse_recurrence` reads the same words back, but for the few sets of weekdays that only an RRULE can name.
"""

from typing import Final

from bot.domain.holidays import NATIONS
from bot.domain.recurrence.rule import DAYS_IN_ANY_MONTH, WORKING_WEEK, Rule
from bot.domain.recurrence.stepping import Recurrence
from bot.domain.when.moment import format_date
from bot.domain.when.words import LAST, MONTHS, WEEKDAYS, join_words, ordinal

_POSITIONS: Final = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", LAST: "last"}


def describe(recurrence: Recurrence) -> str:
    """Say when it happens: "every Friday at 08:00, except bank holidays in England and Wales"."""
    rule = recurrence.parts
    text = _pattern(rule)
    if rule.frequency != "HOURLY":
        text += f" at {recurrence.start:%H:%M}"
    elif recurrence.start.minute or rule.interval > 1:
        text += f" from {recurrence.start:%H:%M}"
    if rule.until:
        text += f" until {format_date(rule.until.date())}"
    if rule.count:
        text += f", {rule.count} time{'s' * (rule.count != 1)}"
    if recurrence.holidays:
        text += f", except bank holidays in {NATIONS[recurrence.holidays]}"
    return text


def _pattern(rule: Rule) -> str:
    match rule.frequency:
        case "HOURLY":
            return _every(rule.interval, "hour")
        case "DAILY":
            return _every(rule.interval, "day")
        case "WEEKLY":
            return _weekly(rule)
        case "MONTHLY":
            return _monthly(rule)
        case _:
            return f"{_every(rule.interval, 'year')} on {_yearly_day(rule)}"


def _every(interval: int, unit: str) -> str:
    if interval == 1:
        return f"every {unit}"
    return f"every other {unit}" if interval == 2 else f"every {interval} {unit}s"  # noqa: PLR2004 - a pair


def _weekly(rule: Rule) -> str:
    if rule.weekdays == WORKING_WEEK and rule.interval == 1:
        return "every weekday"
    names = [WEEKDAYS[weekday] for _, weekday in rule.weekdays]
    if rule.interval == 1 or (rule.interval == 2 and len(names) == 1):  # noqa: PLR2004 - a pair
        return _every(rule.interval, join_words(names))
    return f"{_every(rule.interval, 'week')} on {join_words(names)}"


def _monthly(rule: Rule) -> str:
    if rule.interval > 1:
        return f"{_every(rule.interval, 'month')} on {_day(rule)}"
    sometimes = any(day > DAYS_IN_ANY_MONTH for day in rule.month_days)
    return f"{_day(rule)} of every month{' that has one' if sometimes else ''}"


def _yearly_day(rule: Rule) -> str:
    month = MONTHS[rule.month - 1]
    if rule.weekdays:
        return f"{_day(rule)} in {month}"
    return join_words(
        [f"{day} {month}" if day > 0 else f"the last day of {month}" for day in rule.month_days]
    )


def _day(rule: Rule) -> str:
    if rule.set_position:
        return f"the {_POSITIONS[rule.set_position]} {_one_of(rule)}"
    if rule.weekdays:
        return f"the {join_words([f'{_POSITIONS[place]} {WEEKDAYS[day]}' for place, day in rule.weekdays])}"
    return f"the {join_words([ordinal(day) if day > 0 else 'last day' for day in rule.month_days])}"


def _one_of(rule: Rule) -> str:
    if rule.weekdays == WORKING_WEEK:
        return "working day"
    return join_words([WEEKDAYS[day] for _, day in rule.weekdays]).replace(" and ", " or ")
