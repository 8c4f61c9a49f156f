"""Where each word stands: for every stem, the entries that hold it, with how much it says about each.

An entry's place and the weight of the word in it share one number, so that a million of them fit into a few megabytes.
"""

from array import array
from bisect import bisect_left

_WEIGHT_BITS = 8
_FULL_WEIGHT = (1 << _WEIGHT_BITS) - 1
_STRONG = 200
_MOST = 3_000
"""A word in more entries than that tells none of them from the others, except where it is in the title."""


class Postings:
    """The entries that hold each stem, in the order of the entries."""

    def __init__(self) -> None:
        self._lists: dict[str, array[int]] = {}

    def __contains__(self, stem: str) -> bool:
        return stem in self._lists

    def add(self, stem: str, position: int, weight: float) -> None:
        """Notes that an entry holds a stem. Entries must come in their order."""
        posted = position << _WEIGHT_BITS | round(weight * _FULL_WEIGHT)
        known = self._lists.get(stem)
        if known is None:
            self._lists[stem] = array("I", (posted,))
        else:
            known.append(posted)

    def everywhere(self, stem: str) -> int:
        """How many entries hold a stem."""
        return len(self._lists.get(stem, ()))

    def count(self, stem: str, within: range) -> int:
        """How many of these entries hold a stem."""
        first, last = self._bounds(stem, within)
        return last - first

    def weights(self, stem: str, within: range) -> dict[int, float]:
        """The entries that hold a stem, each with its weight; of very many, those for which it says most."""
        first, last = self._bounds(stem, within)
        if last == first:
            return {}
        posted = self._lists[stem][first:last]
        if len(posted) > _MOST:
            strong = array("I", (one for one in posted if one & _FULL_WEIGHT >= _STRONG))
            posted = (strong or posted)[:_MOST]
        return {one >> _WEIGHT_BITS: (one & _FULL_WEIGHT) / _FULL_WEIGHT for one in posted}

    def weight(self, stem: str, position: int) -> float:
        """How much a stem says about one entry; 0 if it does not hold it."""
        posted = self._lists.get(stem)
        if posted is None:
            return 0.0
        place = bisect_left(posted, position << _WEIGHT_BITS)
        if place < len(posted) and posted[place] >> _WEIGHT_BITS == position:
            return (posted[place] & _FULL_WEIGHT) / _FULL_WEIGHT
        return 0.0

    def _bounds(self, stem: str, within: range) -> tuple[int, int]:
        posted = self._lists.get(stem)
        if posted is None:
            return 0, 0
        first = bisect_left(posted, within.start << _WEIGHT_BITS)
        return first, bisect_left(posted, within.stop << _WEIGHT_BITS, lo=first)
