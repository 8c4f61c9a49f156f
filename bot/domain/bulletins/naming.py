"""Short titles for what a document says at length."""

import re

from bot.domain.bulletins.proposals import SHORT_TITLE, TITLE_LIMIT
from bot.domain.language import say

_FEWEST_LETTERS = 25
"""A title is not cut at a comma before this many letters."""

_DANGLING = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "per",
        "such",
        "that",
        "the",
        "their",
        "this",
        "to",
        "via",
        "which",
        "with",
    ]
)
_EDGES = " \t-\u2013\u2014:;,.|\u2022\u00b7"
_NEXT = re.compile(r"^(?:our\s+|the\s+)?next\s+", re.IGNORECASE)
_SPACES = re.compile(r"\s+")
_CELL = re.compile(r"\s\|\s")
_FEW_WORDS = 6
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def short_title(text: str, most: int = SHORT_TITLE) -> str:
    """The first words of a text, ending where a word does, and rather at a comma than in the middle of a thought."""
    text = _SPACES.sub(" ", text).strip(_EDGES)
    first = _SENTENCE_END.split(text, maxsplit=1)[0].strip(_EDGES)
    first = first[:1].upper() + first[1:]
    if len(first) <= most:
        return first
    cut = first[: most + 1].rsplit(" ", 1)[0] if " " in first[: most + 1] else first[:most]
    pauses = [cut.rfind(mark) for mark in (",", ";", ":", " \u2013", " -")]
    if max(pauses) >= _FEWEST_LETTERS:
        cut = cut[: max(pauses)]
    words = cut.strip(_EDGES).split(" ")
    while len(words) > 1 and words[-1].casefold() in _DANGLING:
        words.pop()
    return " ".join(words).strip(_EDGES)


def meeting_title(heading: str, text: str, phrase: str) -> str:
    """What a meeting is called, from the heading above it and its own words.

    Its time is left out, and so is "next". A row of a table is named by its heading and its first cell, a line by what
    stands before a colon or before the time, and a sentence by its heading.
    """
    before, after = _around(text, phrase)
    if _CELL.search(text):
        name = _joined(heading, next(filter(_says_something, _CELL.split(f"{before} | {after}")), ""))
    elif ":" in before:
        name = before.partition(":")[0]
    elif _says_something(before):
        name = before if not heading or len(before.split()) <= _FEW_WORDS else heading
    else:
        name = _joined(heading, short_title(after))
    title = cut_text(_small(_NEXT.sub("", _small(name))), TITLE_LIMIT)
    return title if _says_something(title) else say("Meeting")


def _around(text: str, phrase: str) -> tuple[str, str]:
    """What stands before a phrase and after it, whatever marks and spaces are between its words."""
    words = [re.escape(word) for word in re.findall(r"\w+", phrase)]
    found = re.search(r"\W{1,4}".join(words), text, re.IGNORECASE) if words else None
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def _joined(heading: str, detail: str) -> str:
    return ": ".join(part for part in (_small(heading), _small(detail)) if part)


def _small(name: str) -> str:
    """A name in small letters where all were capitals, beginning with a capital."""
    name = _SPACES.sub(" ", name).strip(_EDGES)
    name = name.capitalize() if name.isupper() else name
    return name[:1].upper() + name[1:]


def _says_something(text: str) -> bool:
    return "://" not in text and any(letter.isalpha() for letter in text)


def cut_text(text: str, most: int) -> str:
    """The text, ending with an ellipsis after a whole word where it had to be cut."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(_EDGES) + "\u2026"
