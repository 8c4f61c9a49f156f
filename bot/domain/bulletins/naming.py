"""Short titles for what a document says at length."""

import re

from bot.domain.bulletins.proposals import SHORT_TITLE, TITLE_LIMIT

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
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def short_title(text: str, most: int = SHORT_TITLE) -> str:
    """The first words of a text, ending where a word does, and rather at a comma than in the middle of a thought."""
    text = _SPACES.sub(" ", text).strip(_EDGES)
    first = _SENTENCE_END.split(text, maxsplit=1)[0].strip(_EDGES)
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


def meeting_title(text: str, phrase: str) -> str:
    """What a meeting is called: its announcement without the time, in small letters where all were capitals."""
    without = _without(text, phrase)
    without = _NEXT.sub("", _SPACES.sub(" ", without).strip(_EDGES))
    if without.isupper():
        without = without.capitalize()
    title = short_title(without[:1].upper() + without[1:], TITLE_LIMIT)
    return title if any(letter.isalpha() for letter in title) else "Meeting"


def _without(text: str, phrase: str) -> str:
    words = [re.escape(word) for word in re.findall(r"\w+", phrase)]
    if not words:
        return text
    return re.sub(r"\W{1,4}".join(words), " ", text, count=1, flags=re.IGNORECASE)


def cut_text(text: str, most: int) -> str:
    """The text, ending with an ellipsis after a whole word where it had to be cut."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(_EDGES) + "\u2026"
