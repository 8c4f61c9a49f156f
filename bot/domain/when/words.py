"""The words that British organisers use for days and times, in full and as abbreviated on a leaflet."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.domain.language import later, say

WEEKDAYS: Final = (
    later("Monday"),
    later("Tuesday"),
    later("Wednesday"),
    later("Thursday"),
    later("Friday"),
    later("Saturday"),
    later("Sunday"),
)
MONTHS: Final = (
    later("January"),
    later("February"),
    later("March"),
    later("April"),
    later("May"),
    later("June"),
    later("July"),
    later("August"),
    later("September"),
    later("October"),
    later("November"),
    later("December"),
)
ORDINAL_SUFFIXES: Final = frozenset({"st", "nd", "rd", "th"})
LAST: Final = -1

_SHORT_WEEKDAYS = (
    ("mon",),
    ("tue", "tues"),
    ("wed", "weds"),
    ("thu", "thur", "thurs"),
    ("fri",),
    ("sat",),
    ("sun",),
)
_UNITS = "one two three four five six seven eight nine ten eleven twelve"
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty"
_ORDINAL_UNITS = "first second third fourth fifth sixth seventh eighth ninth"
_ORDINAL_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)


def _weekday_words() -> dict[str, int]:
    words = {name.lower(): index for index, name in enumerate(WEEKDAYS)}
    for index, short_names in enumerate(_SHORT_WEEKDAYS):
        words.update(dict.fromkeys(short_names, index))
    return words


def _month_words() -> dict[str, int]:
    words = {name.lower(): number for number, name in enumerate(MONTHS, start=1)}
    words.update({name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)})
    return {**words, "sept": 9}


WEEKDAY_WORDS: Final[Mapping[str, int]] = MappingProxyType(_weekday_words())
WEEKDAY_PLURALS: Final[Mapping[str, int]] = MappingProxyType(
    {f"{word}s": index for word, index in _weekday_words().items() if not word.endswith("s")}
)
MONTH_WORDS: Final[Mapping[str, int]] = MappingProxyType(_month_words())
SMALL_NUMBERS: Final[Mapping[str, int]] = MappingProxyType(
    {word: number for number, word in enumerate(f"{_UNITS} {_TEENS}".split(), start=1)}
)
TENS: Final[Mapping[str, int]] = MappingProxyType(
    {word: number * 10 for number, word in enumerate(_TENS.split(), start=2)}
)
ORDINAL_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **{word: number for number, word in enumerate(f"{_ORDINAL_UNITS} {_ORDINAL_TEENS}".split(), start=1)},
        "twentieth": 20,
        "thirtieth": 30,
    }
)
MINUTE_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
        **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 60),
    }
)
DAY_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("d", "day", "days"), 1),
        **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), 7),
        **dict.fromkeys(("fortnight", "fortnights"), 14),
    }
)
MONTH_UNITS: Final[Mapping[str, int]] = MappingProxyType(
    {**dict.fromkeys(("month", "months"), 1), **dict.fromkeys(("year", "years"), 12)}
)
PARTS_OF_DAY: Final = frozenset({"morning", "afternoon", "evening", "night"})

_GRAMMAR_WORDS = (
    "after afternoon annually bank before daily day each evening every except fortnight fortnightly half "
    "holidays hourly in last midday midnight monthly morning next night noon o'clock other past quarter "
    "start starting this to today tomorrow tonight until week weekday weekly yearly"
)
KNOWN_WORDS: Final = tuple(
    sorted(
        {
            *_GRAMMAR_WORDS.split(),
            *WEEKDAY_WORDS,
            *MONTH_WORDS,
            *SMALL_NUMBERS,
            *TENS,
            *ORDINAL_WORDS,
            *MINUTE_UNITS,
            *DAY_UNITS,
            *MONTH_UNITS,
        }
    )
)
"""Every word that a reader knows."""

SUGGESTIONS: Final = tuple(
    word for word in KNOWN_WORDS if not any(word in short_names for short_names in _SHORT_WEEKDAYS)
)
"""Those to suggest when a word is not known: whole ones."""

_ORDINALS: Final = (
    later("1st"),
    later("2nd"),
    later("3rd"),
    later("4th"),
    later("5th"),
    later("6th"),
    later("7th"),
    later("8th"),
    later("9th"),
    later("10th"),
    later("11th"),
    later("12th"),
    later("13th"),
    later("14th"),
    later("15th"),
    later("16th"),
    later("17th"),
    later("18th"),
    later("19th"),
    later("20th"),
    later("21st"),
    later("22nd"),
    later("23rd"),
    later("24th"),
    later("25th"),
    later("26th"),
    later("27th"),
    later("28th"),
    later("29th"),
    later("30th"),
    later("31st"),
)
"""Those of days of a month: other languages write each in its own way."""

_BEYOND_A_MONTH: Final = {
    0: later("{number}th"),
    1: later("{number}st"),
    2: later("{number}nd"),
    3: later("{number}rd"),
}


def ordinal(number: int) -> str:
    """Write a number as British readers expect it in a date: 1st, 2nd, 3rd, 11th, 23rd."""
    if 0 < number <= len(_ORDINALS):
        return say(_ORDINALS[number - 1])
    teens = range(11, 14)
    kind = 0 if number % 100 in teens else number % 10
    return say(_BEYOND_A_MONTH.get(kind, _BEYOND_A_MONTH[0]), number=number)


def as_written(words: str) -> str:
    """Give weekdays and months their capital letter back."""
    names = WEEKDAY_WORDS.keys() | MONTH_WORDS.keys()
    return " ".join(word.title() if word in names else word for word in words.split(" "))


def join_words(words: list[str]) -> str:
    """Join names as in a sentence: "Monday, Tuesday and Friday"."""
    if len(words) < 2:  # noqa: PLR2004 - one, or none
        return "".join(words)
    return say("{others} and {last}", others=", ".join(words[:-1]), last=words[-1])


def either_of(words: list[str]) -> str:
    """Join names among which there is a choice: "Monday, Tuesday or Friday"."""
    if len(words) < 2:  # noqa: PLR2004 - one, or none
        return "".join(words)
    return say("{others} or {last}", others=", ".join(words[:-1]), last=words[-1])


NUMBERS_TO_TWELVE: Final = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
"""The number one comes first."""
