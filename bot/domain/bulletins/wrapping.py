"""Whether a line goes on in the next: what a mail program or a page has broken is joined again."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bot.domain.bulletins.headings import is_capitals
from bot.domain.bulletins.lines import Line

_WIDEST: Final = 130
_NARROWEST: Final = 32
_SHORT_DOCUMENT: Final = 40
_COMPOUNDS: Final = (
    "self non co re pre anti on off well long short full part low high multi cross post half one two three four five six "
    "seven eight nine ten twenty thirty forty fifty work health face year time trade follow case front day sub mid ill "
    "under over up down in out so all ex vice job pay zero hard first second third last public stress life safe cost"
)
_BEFORE_HYPHENS: Final = frozenset(_COMPOUNDS.split())
_FEWEST_LINES: Final = 3
_SHARE_OF_WIDTH: Final = 0.9
_SHARE_UNFINISHED: Final = 0.6
_ENDS: Final = (".", "!", "?", ":", ";", ".”", ".\u2019", '."', ".)", ":-")
_BROKEN_WORD: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]+-$")
_WORD: Final = re.compile(r"[^\W\d_]+")
_NAMED: Final = re.compile(r"[A-Z][A-Za-z]+(?: [a-z]+){0,3}:\s+\S")
_COLUMNS: Final = re.compile(r"\S(\s{3,}|\t+)\S")


class Wrapping:
    """How wide the document's lines are, and so which of them were broken."""

    def __init__(self, lines: Sequence[Line]) -> None:
        lengths = sorted(len(line.text.rstrip()) for line in lines if not line.is_blank)
        self._width = _width(lengths) if _is_broken(lines) else 0
        self._words = frozenset(
            word
            for line in lines
            for word in _WORD.findall(_BROKEN_WORD.sub("", line.text.rstrip().casefold()))
        )

    def is_full(self, line: Line, following: Line) -> bool:
        """Whether the first word of the next line would not have fitted on this one."""
        first_word = next(iter(following.text.split()), "")
        return (
            bool(self._width)
            and len(line.text.rstrip()) + 1 + len(first_word) > self._width * _SHARE_OF_WIDTH
        )

    def is_unfinished(self, line: Line) -> bool:
        """Whether the line ends as no sentence does."""
        return not line.text.rstrip().endswith(_ENDS)

    def is_mid_sentence(self, line: Line, following: Line) -> bool:
        """Whether a sentence goes on, though the next line begins with what may be a bullet or number."""
        return self.is_full(line, following) and self.is_unfinished(line) and bool(self._width)

    def goes_on(self, line: Line, following: Line) -> bool:
        """Whether the next line belongs to the same paragraph or item."""
        text, after = line.text.rstrip(), following.text.strip()
        full = self.is_full(line, following)
        apart = _COLUMNS.search(line.text.strip()) or _COLUMNS.search(after)
        if apart or (not full and (_NAMED.match(after) or is_capitals(text) != is_capitals(after))):
            return False
        if text.endswith((":", ":-", ";")):
            return full and not after[:1].isupper()
        if after[:1].islower():
            return not after.startswith(("http", "www."))
        return full or (
            bool(self._width) and self.is_unfinished(line) and len(text) > self._width * _SHARE_UNFINISHED
        )

    def end_before(self, text: str, following: str) -> str:
        """The end of a broken line as it stands before what the next line adds to it.

        A hyphen at the end of a line stays where what stands before it is a word by itself, unless the document has the
        whole word elsewhere.
        """
        start, after = text.rstrip(), following.strip()
        if not start.endswith("-") or not after[:1].islower() or not start[-2:-1].isalpha():
            return f"{start} "
        last, first = _WORD.findall(start)[-1], _WORD.match(after)
        joined = f"{last}{first.group() if first else ''}".casefold()
        is_whole = last.casefold() in self._words or last.casefold() in _BEFORE_HYPHENS
        return start if is_whole and joined not in self._words else start[:-1]


def _is_broken(lines: Sequence[Line]) -> bool:
    """Whether lines were broken at all: some begin in the middle of a sentence."""
    written = [(one, other) for one, other in pairwise(lines) if not one.is_blank and not other.is_blank]
    middles = sum(
        other.text.lstrip()[:1].islower()
        and not _COLUMNS.search(one.text.strip())
        and not one.text.rstrip().endswith(_ENDS)
        for one, other in written
    )
    return middles > 1 or (middles == 1 and len(lines) < _SHORT_DOCUMENT)


def _width(lengths: list[int]) -> int:
    """The width at which lines were broken, 0 if they were not."""
    if len(lengths) < _FEWEST_LINES:
        return 0
    widest = lengths[int(len(lengths) * 0.97)]
    return widest if _NARROWEST <= widest <= _WIDEST else 0
