"""The titles and keywords of entries, to find one by its whole name or by how it begins."""

from collections.abc import Iterable

from bot.domain.search.words import plain_words

_BOXED = 3


class Names:
    """Names in boxes, by their first letters."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._others: dict[str, list[int]] = {}
        self._by_start: dict[str, list[str]] = {}

    def add(self, position: int, names: Iterable[str]) -> None:
        """Notes what an entry is called. Entries must come in their order."""
        for name in dict.fromkeys(" ".join(plain_words(name)) for name in names):
            if name in self._first:
                self._others.setdefault(name, []).append(position)
            elif name:
                self._first[name] = position
                for length in range(1, min(_BOXED, len(name)) + 1):
                    self._by_start.setdefault(name[:length], []).append(name)

    def exactly(self, name: str, within: range) -> set[int]:
        """The entries with just this name."""
        if name not in self._first:
            return set()
        named = (self._first[name], *self._others.get(name, ()))
        return {position for position in named if position in within}

    def starting_with(self, start: str, within: range, limit: int) -> set[int]:
        """The first entries of which a name begins like this."""
        found: set[int] = set()
        for name in self._by_start.get(start[:_BOXED], ()):
            if name.startswith(start):
                found |= self.exactly(name, within)
                if len(found) >= limit:
                    break
        return found
