"""Whether a line is a heading, and how deep, where no markdown says so."""

import re
from typing import Final

CAPITALS_LEVEL: Final = 10
ALONE_LEVEL: Final = 20
_MOST_CAPITALS: Final = 140
_MOST_ALONE: Final = 80
_MOST_WORDS: Final = 11
_SHARE_OF_CAPITALS: Final = 0.72
_FEWEST_LETTERS: Final = 4
_NOT_ALONE: Final = re.compile(
    r"^(dear|hi|hello|in solidarity|yours|best wishes|kind regards|regards|thanks|thank you)\b|\S@\S|"
    r"://|www\.|\t|\s{3,}",
    re.IGNORECASE,
)
_TWO_SENTENCES: Final = re.compile(r"\w[.!?]\s+[A-Z]")
_COLUMNS: Final = re.compile(r"\t|\s{3,}")
_PAIR: Final = re.compile(r"^[A-Z][A-Za-z ]{1,24}:\s+\S")


def is_capitals(text: str) -> bool:
    """Whether a line is set in capitals, give or take a "3rd" or a small word."""
    if len(text) > _MOST_CAPITALS or "://" in text:
        return False
    upper = sum(character.isupper() for character in text)
    lower = sum(character.islower() for character in text)
    return upper >= _FEWEST_LETTERS and upper >= _SHARE_OF_CAPITALS * (upper + lower)


def heading_level(text: str, *, alone: bool) -> int:
    """How deep a heading the line is, 0 if it is none; `alone` says that it stands by itself."""
    stripped = text.strip()
    is_pair = _PAIR.match(stripped) and not stripped.endswith("!")
    if is_capitals(stripped) and not is_pair and not _COLUMNS.search(stripped):
        return CAPITALS_LEVEL if len(stripped.split()) > 1 or len(stripped) > _FEWEST_LETTERS else ALONE_LEVEL
    short = len(stripped) <= _MOST_ALONE and len(stripped.split()) <= _MOST_WORDS
    if not (alone and short) or _NOT_ALONE.search(stripped) or _PAIR.match(stripped):
        return 0
    if _TWO_SENTENCES.search(stripped):
        return 0
    begins = stripped[:1].isupper() or stripped[:1].isdigit() or stripped[:1] in "\u2018“'\"#"
    return ALONE_LEVEL if begins and not stripped.endswith((".", ";", ",", ":")) else 0
