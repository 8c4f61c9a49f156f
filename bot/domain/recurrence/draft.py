"""What has been read of a phrase about a repetition, before it is a rule."""

from dataclasses import dataclass, field

from bot.domain.language import say
from bot.domain.recurrence.rule import Rule
from bot.domain.when.days import MonthReference
from bot.domain.when.parts import Parts
from bot.domain.when.problem import Refusal
from bot.domain.when.times import SpokenTime
from bot.domain.when.words import LAST


@dataclass(slots=True)
class Draft:
    """What a phrase says about a repetition, part by part."""

    frequency: str = ""
    interval: int = 1
    weekdays: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    month_days: list[int] = field(default_factory=list[int])
    set_position: int = 0
    month: int = 0
    time: SpokenTime | None = None
    part_of_day: str = ""
    count: int = 0
    start: Parts | None = None
    end: Parts | None = None
    end_month: MonthReference | None = None
    whole_end_month: bool = False
    holidays: str | None = None

    def repeat(self, frequency: str, interval: int = 1) -> None:
        """Take how often it happens.

        Raises:
            Refusal: it was said before, and differently.
        """
        if self.frequency and (self.frequency, self.interval) != (frequency, interval):
            raise Refusal(say("it says how often in two ways that do not agree"))
        self.frequency, self.interval = frequency, interval

    def within(self, frequency: str) -> None:
        """Take a frequency that a day implies ("Fridays" are weekly), keeping an "every other"."""
        self.repeat(frequency, self.interval)

    def take_month(self, month: int) -> None:
        """Take the month of a yearly date.

        Raises:
            Refusal: there was another one.
        """
        if self.month not in {0, month}:
            raise Refusal(say("it gives days of two months"), say("Plan them one by one."))
        self.month = month

    def take_time(self, time: SpokenTime) -> None:
        """Take the time of day.

        Raises:
            Refusal: there was one before.
        """
        if self.time:
            raise Refusal(
                say(
                    'it gives two times, "{first}" and "{second}"',
                    first=self.time.text,
                    second=time.text,
                ),
                say("Plan them one by one."),
            )
        self.time = time

    def rule(self) -> Rule:
        """Return the rule, without its end, its days in order."""
        weekdays = sorted(set(self.weekdays), key=lambda day: (day[0] == LAST, day))
        month_days = sorted(set(self.month_days), key=lambda day: (day == LAST, day))
        return Rule(
            self.frequency,
            self.interval,
            tuple(weekdays),
            tuple(month_days),
            self.set_position,
            self.month,
            count=self.count,
        )
