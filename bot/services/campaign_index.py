"""The one index over all that a guild's campaign holds, and the shelf of each kind of entry in it.

Making it takes a second for ten thousand entries. So it is made in slices between which others are served, and made anew
only when a text has changed: an answer of the employer, or a snapshot that has become old, changes none.
"""

import asyncio
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

from bot.domain.campaign_texts import Entries, Kind, paragraphs_of, texts_of
from bot.domain.search import CONFIDENT, Hit, Kinship, Searchable, SearchIndex, kinship_in_steps

T = TypeVar("T")
_AT_ONCE = 300
MOST_MEANT = 500


class Entry(Protocol):
    """What every entry of a campaign has."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def summary(self) -> str: ...  # noqa: D102


EntryType = TypeVar("EntryType", bound=Entry)


@dataclass(frozen=True, slots=True)
class CampaignIndex:
    """All entries, their texts made ready to be searched, and which motions stand behind which demand."""

    entries: Entries
    texts: tuple[Searchable, ...]
    synonyms: Mapping[str, str]
    places: Mapping[Kind, range]
    index: SearchIndex
    kinship: Kinship

    def kind_at(self, position: int) -> Kind:
        """The kind of the entry in this place."""
        return next(kind for kind, places in self.places.items() if position in places)


class Shelf(Generic[EntryType]):
    """All entries of one kind, in their order and ready to be searched; `places` are theirs in the index."""

    def __init__(self, entries: Sequence[EntryType], index: SearchIndex, places: range | None = None) -> None:
        self.entries = tuple(entries)
        self._by_key = {entry.key: entry for entry in entries}
        self._index = index
        self._meant: dict[str, EntryType | None] = {}
        self._places = range(len(self.entries)) if places is None else places

    def search(self, query: str, *, limit: int) -> list[tuple[EntryType, Hit]]:
        """The entries that answer to a query, the best first."""
        hits = self._index.search(query, limit=limit, within=self._places)
        return [(self.entries[hit.position - self._places.start], hit) for hit in hits]

    def get(self, key: str) -> EntryType | None:
        """The entry with just this key."""
        return self._by_key.get(key)

    def find(self, key_or_words: str) -> EntryType | None:
        """The entry with this key, or else the one that is most likely meant."""
        if key_or_words in self._by_key:
            return self._by_key[key_or_words]
        if key_or_words not in self._meant:  # after a call a whole branch types the same
            if len(self._meant) >= MOST_MEANT:
                self._meant.clear()
            best = self.search(key_or_words, limit=1)
            self._meant[key_or_words] = next((entry for entry, hit in best if hit.score >= CONFIDENT), None)
        return self._meant[key_or_words]


async def index_of(entries: Entries, known: CampaignIndex | None) -> CampaignIndex:
    """The index of these entries: the one that is known, if it is of the same texts.

    Entries that have not changed are replaced by those that were known, so that what was read again is gone at once and
    gives the garbage collector nothing to do.
    """
    if known is not None and await _all_same(entries, known.entries):
        return known
    synonyms = {term.title: term.expansion for term in entries.terms if term.expansion}
    texts, places = await _texts(entries)
    if known is not None and await _is_of(known, texts, places, synonyms):
        return replace(known, entries=entries)
    index = await _gently(SearchIndex.in_steps(texts, synonyms))
    demands = [texts[place] for place in places[Kind.DEMAND]]
    paragraphs = paragraphs_of(entries.motions)
    kinship = await _gently(kinship_in_steps(demands, paragraphs, synonyms, index.seldom))
    return CampaignIndex(entries, texts, synonyms, places, index, kinship)


async def _texts(entries: Entries) -> tuple[tuple[Searchable, ...], dict[Kind, range]]:
    """The text of each entry, kind after kind, and the places of each kind among them."""
    texts: list[Searchable] = []
    numbers = dict.fromkeys(Kind, 0)
    for kind, text in texts_of(entries):
        texts.append(text)
        numbers[kind] += 1
        if len(texts) % _AT_ONCE == 0:
            await asyncio.sleep(0)
    ends = list(accumulate(numbers.values()))
    places = {kind: range(end - numbers[kind], end) for kind, end in zip(Kind, ends, strict=True)}
    return tuple(texts), places


async def _gently(steps: Generator[None, None, T]) -> T:
    """What the steps come to; others get their turn after each."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        await asyncio.sleep(0)


async def _is_of(
    index: CampaignIndex,
    texts: Sequence[Searchable],
    places: Mapping[Kind, range],
    synonyms: Mapping[str, str],
) -> bool:
    if places != index.places or synonyms != index.synonyms:
        return False
    return await _same(texts, index.texts)


async def _all_same(entries: Entries, known: Entries) -> bool:
    for each in fields(Entries):
        if not await _same(getattr(entries, each.name), getattr(known, each.name)):
            return False
    return True


async def _same(some: Sequence[object], others: Sequence[object]) -> bool:
    for start in range(0, max(len(some), len(others)), _AT_ONCE):
        if some[start : start + _AT_ONCE] != others[start : start + _AT_ONCE]:
            return False
        await asyncio.sleep(0)
    return True
