"""Which of the times in a sentence belongs to which of its days."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from itertools import pairwise
from typing import Final

from bot.domain.bulletins.clocks import TimeMention, find_times
from bot.domain.bulletins.dates import DayMention

_NEAR: Final = 60
_PAIR: Final = 2
_ENDING: Final = re.compile(
    r"\b(?:finish(?:es|ing)?|ends?|ending|over|done|out|clos(?:es?|ing))\s(?:(?:by|at|around|about)\s)?"
    r"(?P<clock>\d{1,2}(?:[.:]\d\d)?(?:\s?[ap]\.?m\b)?(?!\d|[.,:]\d|%|/|\s?(?:st|nd|rd|th)\b))",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"\s?(?:,|and|&|or|/|;)\s?(?:on\s)?(?:the\s)?", re.IGNORECASE)


def paired(text: str, days: Sequence[DayMention]) -> list[tuple[DayMention, TimeMention | None]]:
    """Each day with its times: those behind it, else the last before it; days that are joined share them."""
    times = find_times(_without(text, days))
    pairs: list[tuple[DayMention, TimeMention | None]] = []
    used = 0
    waiting: list[DayMention] = []
    for index, day in enumerate(days):
        limit = days[index + 1].start if index + 1 < len(days) else len(text)
        joined = index + 1 < len(days) and bool(_JOINED.fullmatch(text[day.end : limit]) or limit < day.end)
        after = _joined_times(text, [one for one in times if day.end <= one.start < max(limit, day.end)])
        before = [
            one for one in times if used <= one.start and one.end <= day.start and day.start - one.end < _NEAR
        ]
        own = after or before[-1:]
        if not own and joined:
            waiting.append(day)
            continue
        pairs += [(one, clock) for one in [*waiting, day] for clock in own or [None]]
        waiting = []
        used = max([used, day.end, *(one.end for one in own)])
    return pairs


def _joined_times(text: str, times: Sequence[TimeMention]) -> list[TimeMention]:
    """The first time, and those that are joined to it: "at 11:00 and 19:00"."""
    joined = list(times[:1])
    for one, other in pairwise(times):
        if not _JOINED.fullmatch(text[one.end : other.start]):
            break
        joined.append(other)
    return joined


def joined_days(text: str, days: Sequence[DayMention]) -> list[DayMention]:
    """The days, of which two that follow each other are one span where the text gives no times: "Sat 24 & Sun 25 May"."""
    if len(days) != _PAIR or find_times(_without(text, days)):
        return list(days)
    first, second = days
    follows = first.month == second.month and second.number == first.number + 1 and first.last is None
    return [replace(first, end=second.end, last=second)] if follows else [first, second]


def end_in(sentence: str, begins: time) -> time | None:
    """When a meeting ends, where a sentence below it says so: "We will finish by 6"."""
    found = _ENDING.search(sentence)
    times = find_times(f"at {found['clock']}") if found else []
    return times[0].begins if times and times[0].begins > begins and times[0].ends is None else None


def phrase_of(sentence: str, day: DayMention, clock: TimeMention | None) -> str:
    """The words that name day and time, where they stand close together."""
    start = min(day.start, clock.start if clock else day.start)
    end = max(day.end, clock.end if clock else day.end)
    return (
        sentence[start:end].strip(" ,;\u2013-") if end - start < _NEAR * 2 else sentence[day.start : day.end]
    )


def _without(text: str, days: Sequence[DayMention]) -> str:
    """The text with its days blanked out, so that "14.01" is not read as a time."""
    for day in days:
        text = text[: day.start] + " " * (day.end - day.start) + text[day.end :]
    return text
