"""Finds the days that a text names: "Thursday 3rd April", "12 to 14 May 2026", "14/01/2026"."""

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.when.words import MONTH_WORDS, WEEKDAY_WORDS

_WEEKDAY: Final = r"(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_NUMBER: Final = r"(?<![\d.:/£$€])\d{1,2}(?!\d|[.:]\d)(?:\s?(?:st|nd|rd|th)\b)?"
_YEAR: Final = (
    r"(?:,?\s?(?P<year>(?:19|20)\d\d)\b(?!\s?(?:hrs|hours|GMT|BST|UTC|CEST|CET|IST)\b)|"
    r"\s[\u2019'](?P<short>\d\d)\b)"
)
_BETWEEN: Final = r"\s?(?:,\s?and|,|and|&|/|or|to|until|till|through|-|\u2013|—)\s?(?:on\s)?"
_ONE: Final = rf"(?:{_WEEKDAY},?\s)?(?:the\s)?{_NUMBER}"
_DAY_MONTH: Final = rf"(?P<days>{_ONE}(?:{_BETWEEN}{_ONE}){{0,6}})(?:\s?of)?[\s-]?(?P<month>{_MONTH}){_YEAR}?"
_MONTH_DAY: Final = (
    rf"(?P<lead>{_WEEKDAY},?\s)?(?P<early>{_MONTH})\s(?:the\s)?(?P<late>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?(?![\d:/%]|\.\d|\s?[ap]\.?m)(?:,?\s?(?P<later>20\d\d)\b)?"
)
_NUMERIC: Final = (
    rf"(?P<first>{_WEEKDAY},?\s)?(?<![\d/.-])(?P<d>\d{{1,2}})(?P<sep>[/.-])(?P<m>\d{{1,2}})"
    r"(?:(?P=sep)(?P<y>\d{4}|\d{2}))?(?![\d/]|[.-]\d|\s?[ap]\.?m\b|%)"
)
_ISO: Final = r"(?<!\d)(?P<iy>20\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?!\d)"
_ALONE: Final = (
    r"(?:(?P<reach>this|next|coming|this coming|every|each)\s)?\b(?P<alone>(?:mon|tues|wednes|thurs|fri|"
    r"satur|sun)day)\b"
    r"(?P<monthly>\s(?:of|in)\s(?:every|each|the)\smonth)?"
)
_DAYS: Final = re.compile(f"{_ISO}|{_DAY_MONTH}|{_NUMERIC}|{_MONTH_DAY}|{_ALONE}", re.IGNORECASE)
_PART: Final = re.compile(
    rf"(?P<join>{_BETWEEN})?(?:(?P<weekday>{_WEEKDAY}),?\s)?(?:the\s)?(?P<number>{_NUMBER})", re.IGNORECASE
)
_RANGE_WORDS: Final = frozenset({"to", "until", "till", "through", "-", "\u2013", "—"})
_ONLY_BETWEEN: Final = re.compile(r"\s?(?:to|until|till|through|-|\u2013|—)\s?", re.IGNORECASE)
_ORDINARY_WORDS: Final = frozenset({"may", "march", "mar", "sun"})
_CENTURY: Final = 2000
_LAST_DAY: Final = 31
_LAST_MONTH: Final = 12
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_MONTH_YEAR: Final = re.compile(
    rf"\b(?P<month>{_MONTH}|spring|summer|autumn|winter)\s(?P<year>20\d\d)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DayMention:
    """A day as a text names it, and where in the text; `year` is `None` where it is not said.

    `number` and `month` are 0 where only a weekday is named. `last` is the day on which a span ends.
    """

    start: int
    end: int
    number: int
    month: int
    year: int | None = None
    weekday: int | None = None
    recurring: bool = False
    last: "DayMention | None" = None


def find_days(text: str) -> list[DayMention]:
    """The days that a text names, in its order."""
    found: list[DayMention] = []
    for match in _DAYS.finditer(text):
        for mention in _read(match):
            before = found[-1] if found else None
            if (
                before
                and before.last is None
                and before.number
                and mention.number
                and _ONLY_BETWEEN.fullmatch(text[before.end : mention.start])
            ):
                found[-1] = _span(before, mention)
            else:
                found.append(mention)
    return found


def find_month(text: str) -> tuple[int, int] | None:
    """The first year and month that a text names without a day: "March 2026"."""
    found = _MONTH_YEAR.search(text)
    if not found:
        return None
    season = _SEASONS.get(found["month"].casefold())
    return int(found["year"]), season or _month(found["month"])


def _read(match: re.Match[str]) -> list[DayMention]:
    start, end = match.span()
    if match["iy"]:
        mentions = [DayMention(start, end, int(match["id"]), int(match["im"]), int(match["iy"]))]
    elif match["days"]:
        mentions = _days_of_month(match)
    elif match["d"]:
        mentions = _numeric(match)
    elif match["early"]:
        year = int(match["later"]) if match["later"] else None
        mentions = [
            DayMention(start, end, int(match["late"]), _month(match["early"]), year, _weekday(match["lead"]))
        ]
    else:
        recurring = bool(match["monthly"]) or (match["reach"] or "").casefold() in {"every", "each"}
        return [DayMention(start, end, 0, 0, None, _weekday(match["alone"]), recurring)]
    if (match["month"] or match["early"] or "") in _ORDINARY_WORDS:
        return []
    return [one for one in mentions if 1 <= one.number <= _LAST_DAY and 1 <= one.month <= _LAST_MONTH]


def _numeric(match: re.Match[str]) -> list[DayMention]:
    """Read 14/01/2026; two numbers alone are a day only behind a weekday or with a slash."""
    if not match["y"] and (match["sep"] != "/" or not match["first"]):
        return []
    year = int(match["y"]) if match["y"] else None
    if year is not None and year < _CENTURY:
        year = year + _CENTURY if len(match["y"]) == 2 else None  # noqa: PLR2004 - "26" is 2026
    return [DayMention(*match.span(), int(match["d"]), int(match["m"]), year, _weekday(match["first"]))]


def _days_of_month(match: re.Match[str]) -> list[DayMention]:
    """Read the days before a month: one, several, or a span."""
    month = _month(match["month"])
    year = int(match["year"]) if match["year"] else int(match["short"]) + _CENTURY if match["short"] else None
    mentions: list[DayMention] = []
    for part in _PART.finditer(match["days"]):
        number = int(re.match(r"\d+", part["number"])[0])  # type: ignore[index]
        begin = match.start("days") + part.start("weekday" if part["weekday"] else "number")
        mention = DayMention(begin, match.end(), number, month, year, _weekday(part["weekday"]))
        join = (part["join"] or "").replace(" on ", " ").strip(" ,").casefold()
        if mentions and join in _RANGE_WORDS:
            mentions[-1] = _span(mentions[-1], mention)
        else:
            mentions.append(mention)
    return mentions


def _span(first: DayMention, last: DayMention) -> DayMention:
    year = first.year if first.year is not None else last.year
    return DayMention(first.start, last.end, first.number, first.month, year, first.weekday, last=last)


def _month(word: str) -> int:
    return MONTH_WORDS[word.casefold().rstrip(".")]


def _weekday(word: str | None) -> int | None:
    return WEEKDAY_WORDS[word.casefold().strip(" .,")] if word else None
