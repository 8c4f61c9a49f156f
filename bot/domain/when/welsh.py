"""Dates and times that are written in Welsh: what the bot writes in Welsh, its readers must understand.

The words are put into English before a phrase is taken apart; everything that holds for English phrases then holds for
them too. `Mawrth` is Tuesday after `dydd` or `nos`, and March everywhere else.
"""

import re
from typing import Final

from bot.domain.when.words import MONTHS, WEEKDAYS

_DAYS: Final = ("llun", "mawrth", "mercher", "iau", "gwener", "sadwrn", "sul")
_EVENINGS: Final = ("lun", "fawrth", "fercher", "iau", "wener", "sadwrn", "sul")
_MONTHS: Final = (
    ("ionawr",),
    ("chwefror",),
    ("mawrth", "fawrth"),
    ("ebrill",),
    ("mai", "fai"),
    ("mehefin", "fehefin"),
    ("gorffennaf", "orffennaf"),
    ("awst",),
    ("medi", "fedi"),
    ("hydref",),
    ("tachwedd", "dachwedd"),
    ("rhagfyr", "ragfyr"),
)
"""Each month as it stands by itself, and as it sounds after words that soften it."""

_OTHERS: Final = {
    "canol dydd": "noon",
    "hanner dydd": "noon",
    "canol nos": "midnight",
    "hanner nos": "midnight",
    "heddiw": "today",
    "yfory": "tomorrow",
    "heno": "tonight",
    "ddoe": "yesterday",
    "bob": "every",
    "y mis diwethaf": "last month",
    "mis diwethaf": "last month",
    "y mis hwn": "this month",
    "yr wythnos ddiwethaf": "last week",
    "wythnos ddiwethaf": "last week",
    "yr wythnos hon": "this week",
    "llynedd": "last year",
    "eleni": "this year",
}
_IN_ENGLISH: Final = (
    {
        f"{before} {day}": WEEKDAYS[number].lower()
        for number, day in enumerate(_DAYS)
        for before in ("dydd", "ddydd")
    }
    | {f"nos {day}": f"{WEEKDAYS[number].lower()} evening" for number, day in enumerate(_EVENINGS)}
    | {name: MONTHS[number].lower() for number, names in enumerate(_MONTHS) for name in names}
    | _OTHERS
)
_WORDS: Final = re.compile(rf"\b(?:{'|'.join(map(re.escape, _IN_ENGLISH))})\b")
_AGO: Final = re.compile(r"\b(\d{1,3}) (dd?iwrnod|wythnos|[mf]is|[bfm]lynedd) yn ôl\b")
_UNITS: Final = {
    "diwrnod": "days",
    "ddiwrnod": "days",
    "wythnos": "weeks",
    "mis": "months",
    "fis": "months",
    "blynedd": "years",
    "flynedd": "years",
    "mlynedd": "years",
}
_NEXT_DAY: Final = re.compile(rf"\bdd?ydd ({'|'.join(_DAYS)}) nesaf\b")


def in_english(phrase: str) -> str:
    """A phrase in lower case with its Welsh words for days, months and times in English; the rest as it was."""
    in_order = _NEXT_DAY.sub(r"next dydd \1", phrase)  # "next Friday" and "Friday next" are not the same day
    in_order = _AGO.sub(lambda found: f"{found[1]} {_UNITS[found[2]]} ago", in_order)
    return _WORDS.sub(lambda found: _IN_ENGLISH[found[0]], in_order)
