"""Says when something repeats, in plain words.

`parse_recurrence` reads the English words back, but for the few sets of weekdays that only an RRULE can name.
"""

from typing import Final

from bot.domain.holidays import NATIONS
from bot.domain.language import later, say, say_count
from bot.domain.recurrence.rule import DAYS_IN_ANY_MONTH, WORKING_WEEK, Rule
from bot.domain.recurrence.stepping import Recurrence
from bot.domain.when.moment import format_date
from bot.domain.when.words import LAST, MONTHS, WEEKDAYS, either_of, join_words, ordinal

_PLACED: Final = {
    1: later("first {weekday}"),
    2: later("second {weekday}"),
    3: later("third {weekday}"),
    4: later("fourth {weekday}"),
    5: later("fifth {weekday}"),
    LAST: later("last {weekday}"),
}
_EVERY: Final = {
    "HOURLY": later("every hour"),
    "DAILY": later("every day"),
    "WEEKLY": later("every week"),
    "MONTHLY": later("every month"),
    "YEARLY": later("every year"),
}
_EVERY_OTHER: Final = {
    "HOURLY": later("every other hour"),
    "DAILY": later("every other day"),
    "WEEKLY": later("every other week"),
    "MONTHLY": later("every other month"),
    "YEARLY": later("every other year"),
}
_OTHER: Final = 2


def describe(recurrence: Recurrence) -> str:
    """Say when it happens: "every Friday at 08:00, except bank holidays in England and Wales"."""
    rule = recurrence.parts
    text, clock = _pattern(rule), f"{recurrence.start:%H:%M}"
    if rule.frequency != "HOURLY":
        text = say("{pattern} at {time}", pattern=text, time=clock)
    elif recurrence.start.minute or rule.interval > 1:
        text = say("{pattern} from {time}", pattern=text, time=clock)
    if rule.until:
        text = say("{pattern} until {day}", pattern=text, day=format_date(rule.until.date()))
    if rule.count:
        text = say_count(rule.count, "{pattern}, {number} time", "{pattern}, {number} times", pattern=text)
    if recurrence.holidays:
        nations = say(NATIONS[recurrence.holidays])
        text = say("{pattern}, except bank holidays in {nations}", pattern=text, nations=nations)
    return text


def _pattern(rule: Rule) -> str:
    match rule.frequency:
        case "HOURLY" | "DAILY":
            return _every(rule)
        case "WEEKLY":
            return _weekly(rule)
        case "MONTHLY":
            return _monthly(rule)
        case _:
            return say("{every} on {day}", every=_every(rule), day=_yearly_day(rule))


def _every(rule: Rule) -> str:
    if rule.interval == 1:
        return say(_EVERY[rule.frequency])
    if rule.interval == _OTHER:
        return say(_EVERY_OTHER[rule.frequency])
    return _every_few(rule.frequency, rule.interval)


def _every_few(frequency: str, interval: int) -> str:
    match frequency:
        case "HOURLY":
            return say_count(interval, "every {number} hour", "every {number} hours")
        case "DAILY":
            return say_count(interval, "every {number} day", "every {number} days")
        case "WEEKLY":
            return say_count(interval, "every {number} week", "every {number} weeks")
        case "MONTHLY":
            return say_count(interval, "every {number} month", "every {number} months")
        case _:
            return say_count(interval, "every {number} year", "every {number} years")


def _weekly(rule: Rule) -> str:
    if rule.weekdays == WORKING_WEEK and rule.interval == 1:
        return say("every weekday")
    names = [say(WEEKDAYS[weekday]) for _, weekday in rule.weekdays]
    if rule.interval == 1:
        return say("every {days}", days=join_words(names))
    if rule.interval == _OTHER and len(names) == 1:
        return say("every other {days}", days=names[0])
    return say("{every} on {day}", every=_every(rule), day=join_words(names))


def _monthly(rule: Rule) -> str:
    if rule.interval > 1:
        return say("{every} on {day}", every=_every(rule), day=_day(rule))
    if any(day > DAYS_IN_ANY_MONTH for day in rule.month_days):
        return say("{day} of every month that has one", day=_day(rule))
    return say("{day} of every month", day=_day(rule))


def _yearly_day(rule: Rule) -> str:
    month = say(MONTHS[rule.month - 1])
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
        return say("the {days}", days=say(_PLACED[rule.set_position], weekday=_one_of(rule)))
    if rule.weekdays:
        days = [say(_PLACED[place], weekday=say(WEEKDAYS[day])) for place, day in rule.weekdays]
    else:
        days = [ordinal(day) if day > 0 else say("last day") for day in rule.month_days]
    return say("the {days}", days=join_words(days))


def _one_of(rule: Rule) -> str:
    if rule.weekdays == WORKING_WEEK:
        return say("working day")
    return either_of([say(WEEKDAYS[day]) for _, day in rule.weekdays])
