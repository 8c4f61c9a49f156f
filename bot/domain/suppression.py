"""Counts that may be shown: nobody can work out from them how large a small group is.

One table. A group of fewer than `K` is not named; it is counted with everything else that is not named, in one
number, "all others together". If that number would be under `K`, or if every group in it has the same size, the next
smallest groups join them, all that are equally small at once, until neither holds; if nothing is left, only the
total is shown, and that only from `K` on. What is shown depends on the sizes in the pool through their sum only, so
exchanging two of different sizes shows the same: each could have another size, also for those who know these rules.
Groups without any piece are not named either, so that what is missing does not tell whether it is small or empty.

Two tables. Subtracting the table of weeks 1 to 10 from that of weeks 1 to 11 would give week 11 alone, however
carefully each is made. So there are no tables of a part: topics, regions and demands count everything that was handed
over and not set aside, whatever else was asked for. Weeks are one table, too; asking for some of them shows fewer
lines of it, and changes none. Two reports of the same day therefore agree in every number that both show, and
subtracting them gives nothing. Nothing can take back what a report of an earlier day has said: between two days,
the figures differ by what came in and what was withdrawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.export_rows import K


@dataclass(frozen=True, slots=True)
class Counts:
    """Groups with their sizes, the largest first, and how many belong to all others together.

    `together` is `None` where even that would be too few to tell.
    """

    shown: tuple[tuple[str, int], ...]
    together: int | None

    @property
    def total(self) -> int | None:
        """How many there are in all, if that can be told."""
        return None if self.together is None else self.together + sum(size for _, size in self.shown)


def suppressed(sizes: Mapping[str | None, int]) -> Counts:
    """The counts that may be shown.

    Args:
        sizes: the size of every group that there could be, the empty ones too. Those who belong to no group are
            counted under `None`; they are never named.
    """
    pool = {group: size for group, size in sizes.items() if group is None or size < K}
    left = sorted((item for item in sizes.items() if item[0] not in pool), key=lambda item: item[1])
    small = any(0 < size < K for size in pool.values())
    while small and left and not _safe(pool):
        smallest = left[0][1]
        pool |= {group: size for group, size in left if size == smallest}
        left = [item for item in left if item[1] != smallest]
    together = sum(pool.values())
    shown = tuple((group, size) for group, size in reversed(left) if group is not None)
    return Counts(shown, together if together == 0 or together >= K else None)


def _safe(pool: Mapping[str | None, int]) -> bool:
    return sum(pool.values()) >= K and len(set(pool.values())) > 1
