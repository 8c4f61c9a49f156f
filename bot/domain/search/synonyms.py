"""Acronyms and what they stand for: each is found by the other."""

from collections.abc import Iterator, KeysView, Mapping, Sequence

from bot.domain.search.words import plain_words, stem


class Synonyms:
    """Pairs that mean the same, by the first word of each."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self.words = {word for pair in pairs.items() for part in pair for word in plain_words(part)}
        self._by_first: dict[str, list[tuple[list[str], list[str]]]] = {}
        for part, other in _both_ways(pairs):
            self._by_first.setdefault(part[0], []).append((part, other))

    def may_be_in(self, stems: KeysView[str]) -> bool:
        """Whether one of the pairs begins with one of these stems."""
        return not self._by_first.keys().isdisjoint(stems)

    def of(self, stems: Sequence[str]) -> list[str]:
        """What stands for something in a text, or for which something in it stands; as stems, like the text."""
        found: list[str] = []
        for start, first in enumerate(stems):
            for part, other in self._by_first.get(first, ()):
                if stems[start : start + len(part)] == part:
                    found += other
        return found


def _both_ways(pairs: Mapping[str, str]) -> Iterator[tuple[list[str], list[str]]]:
    for short, long in pairs.items():
        pair = [stem(word) for word in plain_words(short)], [stem(word) for word in plain_words(long)]
        if all(pair):
            yield pair
            yield pair[1], pair[0]
