"""Finds the times of day that a text names: "12.30pm", "6-7pm", "18:00", "noon", "6.30 for 7pm"."""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from bot.domain.language import later, say
from bot.domain.when.words import NUMBERS_TO_TWELVE

_HALF: Final = r"\s?(?:([ap])\.?\s?m\b\.?|(noon|midday))"
_CLOCK: Final = r"(?<![\d£$€.:/,-])(\d{1,2})(?:[.:](\d{2}))?(?!\d|[.,]\d|%|/)"
_ONE: Final = rf"{_CLOCK}(?:{_HALF})?"
_LATER: Final = rf"(\d{{1,2}})(?:[.:](\d{{2}}))?(?!\d|[.,]\d|%|/)(?:{_HALF})?"
_TIMES: Final = re.compile(
    rf"(?P<spoken>\bhalf[ -]past (?P<past>\d{{1,2}}|one|two|three|four|five|six|seven|eight|nine|ten|"
    rf"eleven|twelve)\b)|"
    rf"(?<![\d£$€.:/,-])(?P<compact>[01]\d[0-5]\d|2[0-3][0-5]\d)(?:\s?(?:-|\u2013|—|"
    rf"to)\s?(?P<until>[012]\d[0-5]\d))?\s?(?:hrs|hours|h|(?=(?:GMT|BST|UTC|CET|CEST|IST)\b))\b|"
    rf"(?:(?<=\()|(?<=\bat\s)|(?<=,\s))(?P<military>[01]\d[0-5]\d|2[0-3][0-5]\d)"
    rf"(?=\)|\son\s(?:the\s)?(?:\d|\s|(?:mon|tue|wed|thu|fri|sat|sun)))|"
    rf"(?P<clock>(?P<at>(?:\bat|\bfrom|@|\btime:|"
    rf"(?P<between>\bbetween))\s?)?{_ONE}(?:(?P<oclock>\s?o[\u2019']?clock))?(?P<join>\s?(?:-|\u2013|—|\bto\b|"
    rf"\buntil\b|\btill\b|\bfor\b|\bfor a\b|(?(between)\band\b|(?!)))\s?{_LATER})?)|"
    r"\b(?:12\s)?(?P<named>noon|midday)\b(?:\s?(?:-|\u2013|—|to|until|"
    r"till)\s?(?P<end>\d{1,2})(?:[.:](?P<end_minute>\d{2}))?\s?(?P<end_half>[ap])\.?m\b)?",
    re.IGNORECASE,
)
_ZONE: Final = re.compile(r"\b(?:GMT|BST|UK|British|London|CET|CEST|IST|EST|EDT|UTC|PST|PDT)\b(?= time|\W|$)")
_LONDON: Final = frozenset({"GMT", "BST", "UK", "British", "London"})
_ELSEWHERE: Final = {"CET": "Europe/Paris", "CEST": "Europe/Paris", "UTC": "Etc/UTC"}
_NOON: Final = 12
_DAY: Final = 24
_HOUR: Final = 60
_BY_DAY: Final = (10, 11, _NOON)
_LAST_AFTERNOON_HOUR: Final = 6
_UNSETTLED: Final = later(
    "The text does not say whether this is in the morning or the evening: please check the time."
)


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time of day, or a span, as a text names it and where in the text."""

    start: int
    end: int
    begins: time
    ends: time | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """An hour as it was said: `half` is "a" or "p", empty where it was left out."""

    hour: int
    minute: int
    half: str
    padded: bool = False

    @property
    def possible(self) -> bool:
        top = _NOON if self.half else _DAY - 1
        return self.hour <= top and self.minute < _HOUR and not (self.half and self.hour == 0)

    def at(self, half: str) -> time:
        """The time of day in that half; without one, as the clock says it."""
        if not half:
            return time(self.hour, self.minute)
        return time(self.hour % _NOON + (_NOON if half == "p" else 0), self.minute)


def find_times(text: str) -> list[TimeMention]:
    """The times of day that a text names, in its order."""
    return [mention for match in _TIMES.finditer(text) if (mention := _read(match)) is not None]


def find_zone(text: str, zone: str) -> tuple[str, str]:
    """The zone that a text names, or the usual one; and a doubt where a name means several."""
    found = _ZONE.search(text)
    if not found:
        return zone, ""
    if found.group() in _LONDON:
        return "Europe/London", ""
    if found.group() in _ELSEWHERE:
        return _ELSEWHERE[found.group()], ""
    return zone, say(
        "It is not clear which zone “{name}” stands for: please check the time.", name=found.group()
    )


def _read(match: re.Match[str]) -> TimeMention | None:
    start, end = match.span()
    if match["named"]:
        return TimeMention(start, end, time(_NOON), _end_of_noon(match))
    if match["military"]:
        return TimeMention(start, end, time(int(match["military"][:2]), int(match["military"][2:])))
    if match["compact"]:
        until = match["until"]
        closes = time(int(until[:2]), int(until[2:])) if until and int(until[:2]) < _DAY else None
        return TimeMention(start, end, time(int(match["compact"][:2]), int(match["compact"][2:])), closes)
    if match["spoken"]:
        word = match["past"].casefold()
        hour = NUMBERS_TO_TWELVE.index(word) + 1 if word in NUMBERS_TO_TWELVE else int(word)
        said = _Said(hour, 30, "")
        return _settled(start, end, said) if said.possible else None
    return _read_clock(match)


def _end_of_noon(match: re.Match[str]) -> time | None:
    if not match["end"]:
        return None
    said = _Said(int(match["end"]), int(match["end_minute"] or 0), match["end_half"].casefold())
    return said.at(said.half) if said.possible else None


def _read_clock(match: re.Match[str]) -> TimeMention | None:
    groups = re.match(_ONE, match["clock"][len(match["at"] or "") :], re.IGNORECASE)
    if groups is None:
        return None
    first = _said(groups)
    last = _end_of(match, first)
    end = match.end() if last else match.end() - len(match["join"] or "")
    plain = groups[2] or first.half or match["oclock"] or (last and (last.half or last.minute))
    if not first.possible or not (plain or (match["at"] and (last or 1 <= first.hour <= _NOON))):
        return None
    return _span(match, end, first, last) if last else _settled(match.start(), end, first)


def _end_of(match: re.Match[str], first: _Said) -> _Said | None:
    """The later time of a span, if what follows the first is one: "6-7pm" is, "12-14" is not."""
    later = re.search(rf"{_LATER}$", match["join"], re.IGNORECASE) if match["join"] else None
    last = _said(later) if later else None
    if later is None or last is None or not last.possible:
        return None
    written = ":" in match["clock"] or "." in match["clock"] or bool(first.half or last.half)
    return last if written else None


def _said(groups: re.Match[str]) -> _Said:
    half = (groups[3] or "").casefold()
    if groups[4]:
        half = "p"
    return _Said(
        int(groups[1]), int(groups[2] or 0), half, groups[1].startswith("0") or int(groups[1]) > _NOON
    )


def _settled(start: int, end: int, said: _Said) -> TimeMention:
    if said.half or said.padded or said.hour in {0, *_BY_DAY}:
        return TimeMention(start, end, said.at(said.half))
    half = "p" if said.hour <= _LAST_AFTERNOON_HOUR else "a"
    return TimeMention(
        start, end, said.at(half), doubt="" if said.hour <= _LAST_AFTERNOON_HOUR else _UNSETTLED
    )


def _span(match: re.Match[str], end: int, first: _Said, last: _Said) -> TimeMention:
    """Read "6-7pm", "11am to 1pm", "18:00-19:30" and "6.30 for 7pm"."""
    closes = last.at(last.half) if last.half or last.padded else _settled(0, 0, last).begins
    if first.half or first.padded or first.hour == 0:
        opens = first.at(first.half)
    else:
        candidates = [first.at(half) for half in ("p", "a")]
        opens = next((one for one in candidates if one < closes), candidates[-1])
    if not last.half and not last.padded and closes <= opens and last.hour < _NOON:
        closes = last.at("p")
    if re.search(r"\bfor\b", match["join"], re.IGNORECASE):
        doubt = say(
            "Doors open before the start: the text says “{words}”.", words=" ".join(match["clock"].split())
        )
        return TimeMention(match.start(), end, closes, doubt=doubt)
    return TimeMention(match.start(), end, opens, closes if closes > opens else None)
