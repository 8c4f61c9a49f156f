"""The part of a text that shows what was found in it."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.domain.search.words import WORD, fold, stem

_WALKED = 20_000
"""Characters of a text that are read word by word; further on, only for words that are spelt as they are looked for."""
_BEFORE, _AROUND = 400, 1_500


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a text, and where in it the words stand that were looked for: start and end of each."""

    text: str
    marks: tuple[tuple[int, int], ...]


def fragment_of(text: str, wanted: Collection[str], *, limit: int) -> Fragment | None:
    """The part of the text around the first wanted word, cut between words.

    Args:
        text: where to look.
        wanted: the stems of the words to show.
        limit: as many characters at most.
    """
    place = _first_place(text, wanted)
    if place is None:
        return None
    start = max(0, place - _BEFORE)
    text = " ".join(unicodedata.normalize("NFKC", text[start : place + _AROUND]).split())
    first = next(_found(text, wanted), None)
    if first is None:
        return None
    cut = _cut(text, first, limit, is_beginning=start == 0)
    return Fragment(cut, tuple(match.span() for match in _found(cut, wanted)))


def _found(text: str, wanted: Collection[str]) -> Iterator[re.Match[str]]:
    return (match for match in WORD.finditer(text) if stem(fold(match.group())) in wanted)


def _first_place(text: str, wanted: Collection[str]) -> int | None:
    near = next(_found(text[:_WALKED], wanted), None)
    if near is not None:
        return near.start()
    if len(text) <= _WALKED or not wanted:
        return None
    # A stem can differ from the word in its last letters: police is polic, policy stays.
    starts = "|".join(sorted({re.escape(one[: max(3, len(one) - 1)]) for one in wanted}))
    for match in re.finditer(rf"\b(?:{starts})\w*", text[_WALKED:], re.IGNORECASE):
        if stem(fold(match.group())) in wanted:
            return _WALKED + match.start()
    return None


def _cut(text: str, first: re.Match[str], limit: int, *, is_beginning: bool) -> str:
    if len(text) <= limit and is_beginning:
        return text
    earliest = first.end() - limit // 2
    after = (match.start() for match in WORD.finditer(text) if match.start() >= earliest)
    start = 0 if earliest <= 0 else min(next(after, first.start()), first.start())
    cut = text[start:]
    before = "…" if start or not is_beginning else ""
    room = limit - len(before)
    if len(cut) <= room:
        return before + cut
    return before + cut[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
