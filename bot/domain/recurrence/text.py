"""Says in plain English when something repeats.

`parse_recurrence` reads the same words back, but for the few sets of weekdays that only an RRULE can name.
"""

from typing import Final

from bot.domain.holidays import NATIONS
from bot.domain.language import say
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
        text += say(" at {start:%H:%M}", start=recurrence.start)
    elif recurrence.start.minute or rule.interval > 1:
        text += say(" from {start:%H:%M}", start=recurrence.start)
    if rule.until:
        text += say(" until {date}", date=format_date(rule.until.date()))
    if rule.count:
        text += say(", {count} time{value}", count=rule.count, value="s" * (rule.count != 1))
    if recurrence.holidays:
        text += say(", except bank holidays in {nations}", nations=NATIONS[recurrence.holidays])
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
            return say(
                "{every} on {yearly_day}", every=_every(rule.interval, "year"), yearly_day=_yearly_day(rule)
            )


def _every(interval: int, unit: str) -> str:
    if interval == 1:
        return say("every {unit}", unit=unit)
    return (
        say("every other {unit}", unit=unit)
        if interval == 2
        else say("every {interval} {unit}s", interval=interval, unit=unit)
    )


def _weekly(rule: Rule) -> str:
    if rule.weekdays == WORKING_WEEK and rule.interval == 1:
        return say("every weekday")
    names = [WEEKDAYS[weekday] for _, weekday in rule.weekdays]
    if rule.interval == 1 or (rule.interval == 2 and len(names) == 1):  # noqa: PLR2004 - a pair
        return _every(rule.interval, join_words(names))
    return say("{every} on {join}", every=_every(rule.interval, "week"), join=join_words(names))


def _monthly(rule: Rule) -> str:
    if rule.interval > 1:
        return say("{every} on {day}", every=_every(rule.interval, "month"), day=_day(rule))
    sometimes = any(day > DAYS_IN_ANY_MONTH for day in rule.month_days)
    return say("{day} of every month{which}", day=_day(rule), which=say(" that has one") if sometimes else "")


def _yearly_day(rule: Rule) -> str:
    month = MONTHS[rule.month - 1]
    if rule.weekdays:
        return say("{day} in {month}", day=_day(rule), month=month)
    return join_words(
        [
            f"{day} {month}" if day > 0 else say("the last day of {month}", month=month)
            for day in rule.month_days
        ]
    )


def _day(rule: Rule) -> str:
    if rule.set_position:
        return say("the {positions} {one}", positions=_POSITIONS[rule.set_position], one=_one_of(rule))
    if rule.weekdays:
        return say(
            "the {join}",
            join=join_words([f"{_POSITIONS[place]} {WEEKDAYS[day]}" for place, day in rule.weekdays]),
        )
    return say(
        "the {join}",
        join=join_words([ordinal(day) if day > 0 else say("last day") for day in rule.month_days]),
    )


def _one_of(rule: Rule) -> str:
    if rule.weekdays == WORKING_WEEK:
        return say("working day")
    return join_words([WEEKDAYS[day] for _, day in rule.weekdays]).replace(" and ", " or ")
