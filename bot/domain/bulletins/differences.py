"""What changed between two wordings, word by word."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

AROUND = 6
"""Words that are kept on either side of a change; longer stretches that stayed the same are left out."""

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
    """How an old wording becomes a new one, as stretches of words that were kept, removed or added."""
    before, after = old.split(), new.split()
    matcher = SequenceMatcher(None, [_bare(word) for word in before], [_bare(word) for word in after], False)
    pieces: list[Piece] = []
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Change.KEPT, " ".join(after[new_start:new_end])))
            continue
        if end > start:
            pieces.append(Piece(Change.REMOVED, " ".join(before[start:end])))
        if new_end > new_start:
            pieces.append(Piece(Change.ADDED, " ".join(after[new_start:new_end])))
    return tuple(pieces)


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
