"""Finds entries by what people type: names, words in any form, beginnings, acronyms, and typing errors.

A title or keyword that is, or starts with, what was typed comes first; then entries with every word. Only if there are
neither: entries with words spelt almost so. Nothing here looks at every entry: what one query may look at is bounded,
because everybody else waits meanwhile.
"""

import heapq
import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.search.building import Indexed, reading
from bot.domain.search.entries import Hit, Searchable
from bot.domain.search.fragments import Fragment, fragment_of
from bot.domain.search.vocabulary import SHORTEST_TYPO
from bot.domain.search.words import meaningful, plain_words, stem

QUERY_LIMIT = 200
"""Characters of a query that are looked at."""

_EXACT, _PREFIX, _WORDS, _WORDS_SPAN, _TYPO_SPAN = 100.0, 90.0, 50.0, 35.0, 45.0
_WORD_PREFIX = 0.8
_TYPO_SHARE = 0.5
_MOST_NAMES = 500
_MOST_BEGINNINGS = 40
_MOST_BEGINNING_PLACES = 4_000
_MOST_MISSPELT = 4
_MOST_LOOSE_WORDS = 6
_MOST_LOOSE_PLACES = 3_000
_BISECTIONS_WORTH = 8
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that was typed: the stems that answer to it with how well, and how seldom it is."""

    stems: Mapping[str, float]
    places: int
    seldom: float


class SearchIndex:
    """Entries made ready to be searched many times."""

    def __init__(self, entries: Sequence[Searchable], synonyms: Mapping[str, str] | None = None) -> None:
        self._entries = tuple(entries)
        self._indexed: Indexed
        for _ in self._reading(synonyms or {}):
            pass

    @classmethod
    def in_steps(
        cls, entries: Sequence[Searchable], synonyms: Mapping[str, str]
    ) -> Generator[None, None, "SearchIndex"]:
        """Makes an index in short steps, so that somebody else can be served between two; returns it at the end."""
        index = cls(())
        index._entries = tuple(entries)
        yield from index._reading(synonyms)
        return index

    def _reading(self, synonyms: Mapping[str, str]) -> Generator[None, None, None]:
        for indexed in reading(self._entries, synonyms):
            self._indexed = indexed
            yield

    def search(self, query: str, *, limit: int, within: range | None = None) -> list[Hit]:
        """Finds entries, the best first; all of them, in their order, when nothing was typed.

        Args:
            query: what was typed.
            limit: how many hits at most.
            within: the places of the entries to look at, all unless given.
        """
        within = range(len(self._entries)) if within is None else within
        query = query[:QUERY_LIMIT]
        if not query.strip():
            return [Hit(self._entries[one].key, 0.0, position=one) for one in within[:limit]]
        words = plain_words(query)
        if not words:
            return []
        scores = self._scores(words, within)
        return [
            Hit(self._entries[position].key, round(scores[position], 1), position)
            for position in _best(scores, limit)
        ]

    def wanted(self, query: str) -> frozenset[str]:
        """The stems by which a query is answered, to show where a text holds them."""
        words, everywhere = plain_words(query[:QUERY_LIMIT]), range(len(self._entries))
        typed = [self._word(word, everywhere) for word in meaningful(words)]
        return self._wanted(words, self._corrected(meaningful(words), typed, everywhere))

    def fragment(self, position: int, wanted: frozenset[str], limit: int) -> Fragment | None:
        """The part of an entry's text that holds one of these stems, of so many characters at most."""
        return fragment_of(self._entries[position].text, wanted, limit=limit)

    def nearest_words(self, query: str, *, limit: int) -> list[str]:
        """Words of the entries that look like the first word typed that none of them holds."""
        for word in meaningful(plain_words(query[:QUERY_LIMIT])):
            if len(word) >= SHORTEST_TYPO and stem(word) not in self._indexed.postings:
                return self._indexed.vocabulary.nearest(word, limit)
        return []

    def seldom(self, stemmed: str) -> float:
        """How seldom a stem is among the entries: 1 for one that a single entry has, 0 for one that all have."""
        everywhere = max(1, self._indexed.postings.everywhere(stemmed))
        number = max(2, len(self._entries))
        return math.log(number / everywhere) / math.log(number)

    def _scores(self, words: list[str], within: range) -> dict[int, float]:
        by_name = self._by_name(words, within)
        typed = [self._word(word, within) for word in meaningful(words)]
        by_words = self._with_all(typed, within, _WORDS, _WORDS_SPAN)
        if by_name or by_words:
            return {**by_words, **by_name}
        typed = self._corrected(meaningful(words), typed, within)
        return self._with_all(typed, within, 0.0, _TYPO_SPAN) or self._with_some(typed, within)

    def _by_name(self, words: list[str], within: range) -> dict[int, float]:
        phrase, names = " ".join(words), self._indexed.names
        return {
            **dict.fromkeys(names.starting_with(phrase, within, _MOST_NAMES), _PREFIX),
            **dict.fromkeys(names.exactly(phrase, within), _EXACT),
        }

    def _word(self, word: str, within: range) -> _Word:
        postings, whole = self._indexed.postings, stem(word)
        everything = len(within) == len(self._entries)
        counted = [
            (postings.everywhere(one) if everything else postings.count(one, within), one)
            for one in self._indexed.vocabulary.starting_with(word)
            if one != whole
        ]
        stems = {whole: 1.0} if whole in postings else {}
        places = postings.count(whole, within)
        for number, one in heapq.nlargest(_MOST_BEGINNINGS, counted):
            if number and places + number <= _MOST_BEGINNING_PLACES:
                stems[one] = _WORD_PREFIX
                places += number
        return self._made(stems, places, within)

    def _made(self, stems: Mapping[str, float], places: int, within: range) -> _Word:
        return _Word(stems, places, math.log(2 + len(within) / (1 + places)))

    def _corrected(self, words: list[str], typed: list[_Word], within: range) -> list[_Word]:
        """The same words, where nothing answers to one with what is spelt almost like it."""
        unknown = [number for number, word in enumerate(typed) if not word.places]
        for number in sorted(unknown, key=lambda one: -len(words[one]))[:_MOST_MISSPELT]:
            stems = self._indexed.vocabulary.almost(words[number])
            places = sum(self._indexed.postings.count(one, within) for one in stems)
            typed[number] = self._made(stems, places, within)
        return typed

    def _with_all(self, typed: list[_Word], within: range, base: float, span: float) -> dict[int, float]:
        """The entries with every word, scored by how much each word says about them, seldom words more."""
        rarest, *others = sorted(typed, key=lambda word: word.places)
        found = self._places(rarest, within)
        if not others:
            return {position: base + span * weight for position, weight in found.items()}
        scores = {position: weight * rarest.seldom for position, weight in found.items()}
        for word in others:
            if not scores:
                break
            scores = self._with_this_too(scores, word, within)
        whole = sum(word.seldom for word in typed)
        return {position: base + span * score / whole for position, score in scores.items()}

    def _with_this_too(self, scores: Mapping[int, float], word: _Word, within: range) -> dict[int, float]:
        """Those of the entries that hold this word, too."""
        postings = self._indexed.postings
        few = word.places >= _BISECTIONS_WORTH * len(scores) * len(word.stems)
        weights = postings.weights_at if few else postings.weights_among
        best = _best_of(word, lambda one: weights(one, scores, within))
        return {position: scores[position] + weight * word.seldom for position, weight in best.items()}

    def _with_some(self, typed: list[_Word], within: range) -> dict[int, float]:
        """The entries with half of the words; of a long query, only its rarest words are looked for."""
        known = sorted((word for word in typed if word.places), key=lambda word: word.places)
        looked_for = known[:_MOST_LOOSE_WORDS]
        scores: dict[int, float] = {}
        times: dict[int, int] = {}
        for word in looked_for:
            if word.places > _MOST_LOOSE_PLACES and word is not looked_for[0]:
                break
            for position, weight in self._places(word, within).items():
                scores[position] = scores.get(position, 0.0) + weight * word.seldom
                times[position] = times.get(position, 0) + 1
        least = min(len(typed), _MOST_LOOSE_WORDS) * _TYPO_SHARE
        whole = sum(word.seldom for word in typed)
        return {
            position: _TYPO_SPAN * score / whole
            for position, score in scores.items()
            if times[position] >= least
        }

    def _places(self, word: _Word, within: range) -> dict[int, float]:
        """The best weight that any stem of a word has in each entry; of very many, where it says most."""
        return _best_of(word, lambda one: self._indexed.postings.weights(one, within))

    def _wanted(self, words: list[str], found: list[_Word]) -> frozenset[str]:
        """The stems to show a fragment for, with what the acronyms among them stand for."""
        others = self._indexed.synonyms.of([stem(word) for word in words])
        return frozenset(others).union(*(word.stems for word in found))


def _best_of(word: _Word, weights: Callable[[str], dict[int, float]]) -> dict[int, float]:
    """The best weight that any stem of a word has in each entry, of those that are asked for."""
    best: dict[int, float] = {}
    for one, share in word.stems.items():
        found = weights(one)
        if not best and share == 1.0:
            best = found
            continue
        for position, weight in found.items():
            if weight * share > best.get(position, 0.0):
                best[position] = weight * share
    return best


def _best(scores: Mapping[int, float], limit: int) -> list[int]:
    """The entries with the highest scores, those that come first before others."""
    if len(scores) > limit > 0:
        least = sorted(scores.values(), reverse=True)[limit - 1]
        scores = {position: score for position, score in scores.items() if score >= least}
    return sorted(scores, key=lambda position: (-round(scores[position], _DIGITS), position))[:limit]


def search(
    query: str, entries: Sequence[Searchable], *, limit: int, synonyms: Mapping[str, str] | None = None
) -> list[Hit]:
    """Finds entries, the best first; all of them, in their order, when nothing was typed.

    Args:
        query: what was typed.
        entries: what to look in. Whoever asks often keeps a `SearchIndex` instead.
        limit: how many hits at most.
        synonyms: acronyms with what they stand for; each is found by the other.
    """
    return SearchIndex(entries, synonyms).search(query, limit=limit)
