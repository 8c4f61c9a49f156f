"""What changed between two wordings, word by word."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

AROUND = 6
"""Words that are kept on either side of a change; longer stretches that stayed the same are left out."""

MOST_WORDS = 3_000
"""Between the words with which two texts begin and end alike, at most so many of each are compared: more takes long."""

GAP = "…"
_APOSTROPHE = "\u2019"
_WORD = re.compile(r"\w+(?:'\w+)*")


class Change(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand next to each other and had the same fate."""

    change: Change
    text: str


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text without case, punctuation and the shape of its quotation marks."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace(_APOSTROPHE, "'")
    return tuple(_WORD.findall(plain))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but case, punctuation and spaces."""
    return folded_words(one) == folded_words(other)


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """How an old wording becomes a new one, as stretches of words that were kept, removed or added.

    Of texts that differ over more than `MOST_WORDS` words, all that differs is one stretch.
    """
    before, after = old.split(), new.split()
    pieces: list[Piece] = []
    removed = added = 0
    for start, new_start, length in _alike(before, after):
        if start > removed:
            pieces.append(Piece(Change.REMOVED, " ".join(before[removed:start])))
        if new_start > added:
            pieces.append(Piece(Change.ADDED, " ".join(after[added:new_start])))
        if length:
            pieces.append(Piece(Change.KEPT, " ".join(after[new_start : new_start + length])))
        removed, added = start + length, new_start + length
    return tuple(pieces)


def _alike(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Where stretches of the same words begin in both, and how long they are; an empty one stands at the ends."""
    first = _shared(before, after)
    last = _shared(before[first:][::-1], after[first:][::-1])
    middle, new_middle = before[first : len(before) - last], after[first : len(after) - last]
    yield 0, 0, first
    if max(len(middle), len(new_middle)) <= MOST_WORDS:
        for step in Indel.opcodes(list(map(_bare, middle)), list(map(_bare, new_middle))):
            if step.tag == "equal":
                yield first + step.src_start, first + step.dest_start, step.src_end - step.src_start
    yield len(before) - last, len(after) - last, last


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many of the same words both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    differing = (place for place, (word, twin) in pairs if word != twin and _bare(word) != _bare(twin))
    return next(differing, min(len(one), len(other)))


def shortened(pieces: tuple[Piece, ...], around: int = AROUND) -> tuple[Piece, ...]:
    """The same differences, with long stretches that were kept cut to the words next to a change."""
    return tuple(_shortened(pieces, around))


def _shortened(pieces: tuple[Piece, ...], around: int) -> Iterator[Piece]:
    last = len(pieces) - 1
    for position, piece in enumerate(pieces):
        words = piece.text.split()
        first_kept, last_kept = position == 0, position == last
        room = around * (2 - first_kept - last_kept)
        if piece.change is not Change.KEPT or len(words) <= room or not room:
            yield piece
            continue
        before = [] if first_kept else words[:around]
        after = [] if last_kept else words[-around:]
        yield Piece(Change.KEPT, " ".join([*before, GAP, *after]))


def _bare(word: str) -> str:
    """A word as it is compared: a comma that was added is no change of the word."""
    return " ".join(folded_words(word)) or word
