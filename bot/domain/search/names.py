"""The titles and keywords of entries, to find one by its whole name or by how it begins."""

from collections.abc import Iterable

from bot.domain.search.words import plain_words

_BOXED = 3


class Names:
    """Names in boxes, by their first letters."""

    def __init__(self) -> None:
        self._exact: dict[str, list[int]] = {}
        self._by_start: dict[str, list[tuple[str, int]]] = {}

    def add(self, position: int, names: Iterable[str]) -> None:
        """Notes what an entry is called. Entries must come in their order."""
        for name in dict.fromkeys(" ".join(plain_words(name)) for name in names):
            if name:
                self._exact.setdefault(name, []).append(position)
                for length in range(1, min(_BOXED, len(name)) + 1):
                    self._by_start.setdefault(name[:length], []).append((name, position))

    def exactly(self, name: str, within: range) -> set[int]:
        """The entries with just this name."""
        return {position for position in self._exact.get(name, ()) if position in within}

    def starting_with(self, start: str, within: range, limit: int) -> set[int]:
        """The first entries of which a name begins like this."""
        box = self._by_start.get(start[:_BOXED], ())
        found: set[int] = set()
        for name, position in box:
            if name.startswith(start) and position in within:
                found.add(position)
                if len(found) >= limit:
                    break
        return found
