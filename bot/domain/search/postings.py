"""Where each word stands: for every stem, the entries that hold it, with how much it says about each.

An entry's place and the weight of the word in it share one number of four bytes, so that a million of them fit into a few
megabytes. They are kept as bytes, which the garbage collector need not look through while everybody waits.
"""

import sys
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence

_WEIGHT_BITS = 8
_FULL_WEIGHT = (1 << _WEIGHT_BITS) - 1
_BYTES, _NUMBER = 4, "I"
_STRONG = 200
_MOST = 3_000
"""A word in more entries than that tells none of them from the others, except where it is in the title."""


class Postings:
    """The entries that hold each stem, in the order of the entries."""

    def __init__(self) -> None:
        self._lists: dict[str, bytearray] = {}

    def __contains__(self, stem: str) -> bool:
        return stem in self._lists

    def add(self, position: int, weights: Mapping[str, float]) -> None:
        """Notes the stems that an entry holds, each with its weight up to 1. Entries must come in their order."""
        numbers: dict[float, bytes] = {}
        for stem, weight in weights.items():
            number = numbers.get(weight)
            if number is None:
                posted = position << _WEIGHT_BITS | round(weight * _FULL_WEIGHT)
                number = numbers[weight] = posted.to_bytes(_BYTES, sys.byteorder)
            known = self._lists.get(stem)
            if known is None:
                self._lists[stem] = bytearray(number)
            else:
                known += number

    def everywhere(self, stem: str) -> int:
        """How many entries hold a stem."""
        return len(self._lists.get(stem, b"")) // _BYTES

    def count(self, stem: str, within: range) -> int:
        """How many of these entries hold a stem."""
        return len(self._posted(stem, within))

    def weights(self, stem: str, within: range) -> dict[int, float]:
        """The entries that hold a stem, each with its weight; of very many, those for which it says most."""
        posted = self._posted(stem, within)
        if len(posted) > _MOST:
            strong = [one for one in posted if one & _FULL_WEIGHT >= _STRONG]
            posted = (strong or posted)[:_MOST]
        return {one >> _WEIGHT_BITS: (one & _FULL_WEIGHT) / _FULL_WEIGHT for one in posted}

    def weights_among(self, stem: str, positions: Container[int], within: range) -> dict[int, float]:
        """Those of some entries that hold a stem, each with its weight; all entries that hold it are looked at."""
        return {
            one >> _WEIGHT_BITS: (one & _FULL_WEIGHT) / _FULL_WEIGHT
            for one in self._posted(stem, within)
            if one >> _WEIGHT_BITS in positions
        }

    def weights_at(self, stem: str, positions: Iterable[int], within: range) -> dict[int, float]:
        """The same where the entries are few: each of them is looked up."""
        posted, found = self._posted(stem, within), dict[int, float]()
        for position in positions:
            place = bisect_left(posted, position << _WEIGHT_BITS)
            if place < len(posted) and posted[place] >> _WEIGHT_BITS == position:
                found[position] = (posted[place] & _FULL_WEIGHT) / _FULL_WEIGHT
        return found

    def _posted(self, stem: str, within: range) -> Sequence[int]:
        numbers = self._lists.get(stem)
        if numbers is None:
            return ()
        posted = memoryview(numbers).cast(_NUMBER)
        first = bisect_left(posted, within.start << _WEIGHT_BITS)
        return posted[first : bisect_left(posted, within.stop << _WEIGHT_BITS, lo=first)]
