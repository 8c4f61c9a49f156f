"""Which items of a document are entries that the campaign has already.

Documents repeat themselves: a bulletin restates last month's demands, and what the campaign holds may be put in other
words than the document's. So an item is compared with an entry's verbatim wording if there is one, and with the words of
its title, summary and keywords, the rare ones counting most. Then the items are assigned to the entries one to one. Where
an item's neighbours in the list are the neighbours of its entry, that counts for it too: lists are mostly repeated in
their order.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from bot.domain.bulletins.differences import folded_words

SURE = 0.6
"""From this score on, an item is taken for the entry."""

UNSURE = 0.3
"""From this score on, an organiser is asked; what is below is new."""

_TITLE_SHARE = 0.4
_NEIGHBOURS = 0.35
_WINDOW = 2
_TIE = 0.01
_RARITY_FLOOR = 0.2
_SHORTEST_STEM = 3
_FEWEST_NEIGHBOURS = 2
COMPARED_WORDS = 150
"""An item of a list that is longer is known by its beginning."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)

_STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about all an and any are as at be been being by can do for from has have how in into is it its no not of on "
        "or our out so such that the their them then there these this those to under up us was we were what when where "
        "which while who will with within you your",
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """An entry as it is compared: its own words, and the document's where an import brought them."""

    key: str
    title: str
    summary: str
    wording: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The entry that an item most likely is."""

    key: str
    score: float

    @property
    def is_sure(self) -> bool:
        """Whether nobody needs to be asked."""
        return self.score >= SURE


@dataclass(frozen=True, slots=True)
class _Pair:
    item: int
    entry: int
    score: float


def match(
    texts: Sequence[str], known: Sequence[Known], *, most_words: int = COMPARED_WORDS
) -> tuple[Match | None, ...]:
    """Assigns the items of one kind to the entries of that kind.

    Args:
        texts: the items' words, in the document's order.
        known: the entries, in the campaign's order.
        most_words: how much of each text is compared.

    Returns:
        For each item the entry that it is or may be; `None` where it is new. No entry is named twice.
    """
    scores = _scores(texts, known, most_words)
    first = _assigned(scores)
    supported = {pair: score + _support(pair, first, len(texts)) for pair, score in scores.items()}
    final = _assigned(supported)
    return tuple(
        Match(known[final[item].entry].key, min(final[item].score, 1.0)) if item in final else None
        for item in range(len(texts))
    )


def _assigned(scores: Mapping[tuple[int, int], float]) -> dict[int, _Pair]:
    """One entry at most for each item, the best pairs first; the same place in both lists decides between equals."""

    def rank(pair: _Pair) -> tuple[float, int]:
        return -round(pair.score / _TIE), abs(pair.item - pair.entry)

    chosen: dict[int, _Pair] = {}
    taken: set[int] = set()
    for pair in sorted((_Pair(*place, score) for place, score in scores.items()), key=rank):
        if pair.score >= UNSURE and pair.item not in chosen and pair.entry not in taken:
            chosen[pair.item] = pair
            taken.add(pair.entry)
    return chosen


def _support(place: tuple[int, int], assigned: Mapping[int, _Pair], items: int) -> float:
    """What the neighbours in the list say for a pair: more, the more of them keep their distance in both lists."""
    item, entry = place
    near = range(max(0, item - _WINDOW), min(items, item + _WINDOW + 1))
    neighbours = [other for other in near if other != item]
    if len(neighbours) < _FEWEST_NEIGHBOURS:
        return 0.0
    in_step = sum(other in assigned and assigned[other].entry - entry == other - item for other in neighbours)
    return _NEIGHBOURS * in_step / len(neighbours)


def _scores(texts: Sequence[str], known: Sequence[Known], most_words: int) -> dict[tuple[int, int], float]:
    items = [_words(text)[:most_words] for text in texts]
    wordings = [_words(entry.wording)[:most_words] for entry in known]
    item_stems = [_stems(words) for words in items]
    titles = [_stems(folded_words(entry.title)) for entry in known]
    whole = [
        title | _stems(_words(" ".join((entry.summary, *entry.keywords)))) | _stems(wording)
        for title, entry, wording in zip(titles, known, wordings, strict=True)
    ]
    rarity = _Rarity([*item_stems, *whole])
    item_weights = [rarity.weight(stems) for stems in item_stems]
    title_weights = [rarity.weight(title) for title in titles]
    scores: dict[tuple[int, int], float] = {}
    for item, stems in enumerate(item_stems):
        for entry, title in enumerate(titles):
            shared = stems & whole[entry]
            if not shared:
                continue  # nothing in common, and most pairs are such
            of_item = rarity.weight(shared) / item_weights[item]
            of_title = rarity.weight(shared & title) / title_weights[entry] if title else 0.0
            own_words = (1 - _TITLE_SHARE) * of_item + _TITLE_SHARE * of_title
            scores[item, entry] = max(own_words, _likeness(items[item], wordings[entry]))
    return scores


def _likeness(item: Sequence[str], wording: Sequence[str]) -> float:
    """How much of two wordings is the same words in the same order; 0 where there is too little to matter."""
    return Indel.normalized_similarity(item, wording, score_cutoff=UNSURE) if wording else 0.0


class _Rarity:
    """How much a word tells: the rarer among all that is compared, the more."""

    def __init__(self, texts: Sequence[frozenset[str]]) -> None:
        counts = Counter(word for words in texts for word in words)
        self._weights = {
            word: math.log((len(texts) + 1) / (count + 1)) + _RARITY_FLOOR for word, count in counts.items()
        }

    def weight(self, words: Iterable[str]) -> float:
        """What some words tell together."""
        return sum(self._weights[word] for word in words)


def _words(text: str) -> tuple[str, ...]:
    """The words of a text; those inside web addresses say little about what it asks for."""
    return folded_words(_ADDRESS.sub(" ", text))


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_stem(word) for word in words if word not in _STOP_WORDS)


def _stem(word: str) -> str:
    """The word in the singular, near enough to compare."""
    word = word.removesuffix("'s").removesuffix("s'")
    if len(word) <= _SHORTEST_STEM:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")
