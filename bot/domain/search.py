"""Finds campaign entries by what people type: prefixes, words in any form, acronyms, and typing errors.

A title or keyword that is, or starts with, what was typed comes first; then entries with every word. Only if
there are neither: entries with words spelt almost so. Comparing spellings keeps everybody else waiting.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

QUERY_LIMIT = 200
"""Characters of a query that are looked at."""

FRAGMENT_LIMIT = 80
CONFIDENT = 25.0
"""From this score on, a hit is taken for what was meant; below it, it is only the nearest there is."""

_EXACT, _PREFIX, _WORDS, _WORDS_SPAN, _TYPO_SPAN = 100.0, 90.0, 50.0, 35.0, 45.0
_TITLE, _KEYWORD, _TEXT = 1.0, 0.9, 0.6
_WORD_PREFIX = 0.8
_SHORTEST_PREFIX = 3
_SHORTEST_TYPO = 4
_TYPO_CUTOFF = 80
_TYPO_SHARE = 0.5

_QUOTE = "['\u2019\u2018\u02bc`\u00b4]"
_QUOTES = re.compile(_QUOTE)
_WORD = re.compile(rf"[^\W_]+(?:{_QUOTE}[^\W_]+)*")
_INITIALS = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")
"""The points in A.I., which is one word."""

_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about an and any are as at be by can do for from has have how i in is it me my of on or our that "
        "the their there this to us was we what when where which who will with you your",
    )
)
_SPELLINGS = (
    (re.compile(r"(?<=.)iz(?=(e|ed|er|ing|ation)$)"), "is"),
    (re.compile(r"yz(?=(e|ed|ing)$)"), "ys"),
    (re.compile(r"(?<=..)our$"), "or"),
    (re.compile(r"amme$"), "am"),
)


@dataclass(frozen=True, slots=True)
class Searchable:
    """What can be found. `keywords` are other words for it that people use."""

    key: str
    title: str
    text: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A find. Scores lie between 0 and 100; `fragment` shows where in the text the words stand, if so."""

    key: str
    score: float
    fragment: str | None = None


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


class SearchIndex:
    """Entries made ready to be searched many times."""

    def __init__(self, entries: Sequence[Searchable], synonyms: Mapping[str, str] | None = None) -> None:
        self._entries = tuple(entries)
        self._names = [
            tuple(" ".join(_plain_words(name)) for name in (entry.title, *entry.keywords))
            for entry in entries
        ]
        self._synonyms = tuple(_both_ways(synonyms or {}))
        self._postings: dict[str, dict[int, float]] = {}
        for position, entry in enumerate(self._entries):
            self._post(position, entry.text, _TEXT)
            self._post(position, " ".join(entry.keywords), _KEYWORD)
            self._post(position, entry.title, _TITLE)

    def _post(self, position: int, text: str, weight: float) -> None:
        """Notes the words of a text, and those that its acronyms stand for or that stand for its words."""
        words = _plain_words(text)
        others = [word for part, other in self._synonyms if _holds(words, part) for word in other]
        for word in {_stem(word) for word in (*words, *others)}:
            self._postings.setdefault(word, {})[position] = weight

    def search(self, query: str, *, limit: int) -> list[Hit]:
        """The same as `search` on these entries."""
        query = query[:QUERY_LIMIT]
        if not query.strip():
            return [Hit(entry.key, 0.0) for entry in self._entries[:limit]]
        words = _plain_words(query)
        if not words:
            return []
        scores = self._best((self._by_name(words), self._by_words(words))) or self._by_spelling(words)
        ranked = sorted(scores, key=lambda position: (-scores[position], position))[:limit]
        wanted = self._wanted(words) if ranked else frozenset[str]()
        return [self._hit(position, scores[position], wanted) for position in ranked]

    @staticmethod
    def _best(scores: Iterable[Mapping[int, float]]) -> dict[int, float]:
        best: dict[int, float] = {}
        for some in scores:
            for position, score in some.items():
                best[position] = max(score, best.get(position, 0.0))
        return best

    def _by_name(self, words: tuple[str, ...]) -> dict[int, float]:
        phrase = " ".join(words)
        found: dict[int, float] = {}
        for position, names in enumerate(self._names):
            if phrase in names:
                found[position] = _EXACT
            elif any(name.startswith(phrase) for name in names):
                found[position] = _PREFIX
        return found

    def _by_words(self, words: tuple[str, ...]) -> dict[int, float]:
        found = [self._places(self._matches(word)) for word in _meaningful(words)]
        in_all = set(found[0]).intersection(*found[1:])
        return {
            position: _WORDS + _WORDS_SPAN * sum(places[position] for places in found) / len(found)
            for position in in_all
        }

    def _by_spelling(self, words: tuple[str, ...]) -> dict[int, float]:
        found = [self._places(self._almost(word)) for word in _meaningful(words)]
        scores: dict[int, float] = {}
        for position in set[int]().union(*found):
            weights = [places[position] for places in found if position in places]
            if len(weights) >= len(found) * _TYPO_SHARE:
                scores[position] = _TYPO_SPAN * sum(weights) / len(found)
        return scores

    def _places(self, matches: Mapping[str, float]) -> dict[int, float]:
        """The best weight that any of these words of the vocabulary has in each entry."""
        return self._best(
            {position: weight * quality for position, weight in self._postings[word].items()}
            for word, quality in matches.items()
        )

    def _matches(self, word: str) -> dict[str, float]:
        stem = _stem(word)
        found = {}
        if len(stem) >= _SHORTEST_PREFIX:
            found = {known: _WORD_PREFIX for known in self._postings if known.startswith(stem)}
        if stem in self._postings:
            found[stem] = 1.0
        return found

    def _almost(self, word: str) -> dict[str, float]:
        found = self._matches(word)
        if found or len(word) < _SHORTEST_TYPO:
            return found
        similar = process.extract(
            _stem(word), self._postings.keys(), scorer=fuzz.ratio, score_cutoff=_TYPO_CUTOFF, limit=None
        )
        return {known: ratio / 100 for known, ratio, _ in similar}

    def _wanted(self, words: tuple[str, ...]) -> frozenset[str]:
        """The words to show a fragment for, with what the acronyms among them stand for."""
        others = [word for part, other in self._synonyms if _holds(words, part) for word in other]
        return frozenset(known for word in (*_meaningful(words), *others) for known in self._almost(word))

    def _hit(self, position: int, score: float, wanted: Collection[str]) -> Hit:
        entry = self._entries[position]
        return Hit(entry.key, round(score, 1), _fragment(entry.text, wanted))


def _both_ways(synonyms: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for short, long in synonyms.items():
        pair = _plain_words(short), _plain_words(long)
        if all(pair):
            yield pair
            yield pair[1], pair[0]


def _plain_words(text: str) -> tuple[str, ...]:
    """The words without case, accents, punctuation and quotation marks."""
    joined = _INITIALS.sub("", unicodedata.normalize("NFKC", text))
    return tuple(_fold(match.group()) for match in _WORD.finditer(joined))


def _fold(word: str) -> str:
    bare = _QUOTES.sub("", unicodedata.normalize("NFKD", word))
    return "".join(letter for letter in bare if not unicodedata.combining(letter)).casefold()


def _stem(word: str) -> str:
    """The word in the singular, in one spelling for British and American habits; not always a real word."""
    for pattern, spelling in _SPELLINGS:
        word = pattern.sub(spelling, word)
    if len(word) <= _SHORTEST_PREFIX:
        return word
    if word.endswith("ies") and len(word) > len("dies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")


def _meaningful(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _STOP_WORDS) or words


def _holds(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(words[start : start + len(part)] == part for start in range(len(words) - len(part) + 1))


def _fragment(text: str, wanted: Collection[str]) -> str | None:
    """The part of the text around the first wanted word, cut between words."""
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    matches = list(_WORD.finditer(text))
    first = next((match for match in matches if _stem(_fold(match.group())) in wanted), None)
    if first is None:
        return None
    if len(text) <= FRAGMENT_LIMIT:
        return text
    earliest = first.end() - FRAGMENT_LIMIT // 2
    after = (match.start() for match in matches if match.start() >= earliest)
    start = 0 if earliest <= 0 else min(next(after, first.start()), first.start())
    cut = text[start:]
    before = "…" if start else ""
    room = FRAGMENT_LIMIT - len(before)
    if len(cut) <= room:
        return before + cut
    return before + cut[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
