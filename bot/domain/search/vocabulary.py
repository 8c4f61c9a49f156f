"""All words of an index, as they are spelt: the beginnings of words, and words spelt almost so."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.domain.search.words import stem

SHORTEST_PREFIX = 3
SHORTEST_TYPO = 4
_LONG_WORD = 9
_NEAR_LENGTHS = 3
_NEAREST_CUTOFF = 55


class Vocabulary:
    """Words in boxes, by their first letters and by their length, so that only few are looked at."""

    def __init__(self) -> None:
        self.stems: dict[str, str] = {}
        self._by_start: dict[str, list[str]] = {}
        self._by_length: dict[int, list[str]] = {}

    def add(self, word: str) -> str:
        """Takes in a word, and says what its stem is."""
        if word in self.stems:
            return self.stems[word]
        stemmed = self.stems[word] = stem(word)
        if len(word) > SHORTEST_PREFIX:
            self._by_start.setdefault(word[:SHORTEST_PREFIX], []).append(word)
        if len(word) >= SHORTEST_TYPO - 1:
            self._by_length.setdefault(len(word), []).append(word)
        return stemmed

    def starting_with(self, start: str) -> set[str]:
        """The stems of the longer words that begin like this."""
        if len(start) < SHORTEST_PREFIX:
            return set()
        box = self._by_start.get(start[:SHORTEST_PREFIX], ())
        return {self.stems[word] for word in box if word.startswith(start)}

    def almost(self, word: str) -> dict[str, float]:
        """The stems of words with one typing error, or two in a long word, each with how near it is (up to 1)."""
        if len(word) < SHORTEST_TYPO:
            return {}
        errors = 2 if len(word) >= _LONG_WORD else 1
        found: dict[str, float] = {}
        for box in self._of_length(len(word), errors):
            for known, distance, _ in process.extract(
                word, box, scorer=OSA.distance, score_cutoff=errors, limit=None
            ):
                stemmed = self.stems[known]
                found[stemmed] = max(found.get(stemmed, 0.0), 1 - distance / (len(word) + 1))
        return found

    def nearest(self, word: str, limit: int) -> list[str]:
        """The words that look most like it, for somebody whose word nothing answers to."""
        found = [
            (ratio, known)
            for box in self._of_length(len(word), _NEAR_LENGTHS)
            for known, ratio, _ in process.extract(
                word, box, scorer=fuzz.ratio, score_cutoff=_NEAREST_CUTOFF, limit=limit
            )
        ]
        return [known for _, known in sorted(found, key=lambda one: (-one[0], one[1]))[:limit]]

    def _of_length(self, length: int, more_or_less: int) -> Sequence[list[str]]:
        lengths = range(length - more_or_less, length + more_or_less + 1)
        return [self._by_length[one] for one in lengths if one in self._by_length]
