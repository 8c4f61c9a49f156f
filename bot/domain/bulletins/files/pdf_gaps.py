"""Finds the gap between columns: a strip of white that many rows leave free, with text on both of its sides."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_NARROWEST_GAP = 8.0
_FEWEST_ROWS = 2
_ROWS_THAT_NEED_NO_NEIGHBOUR = 4
_MINORITY = 1 / 3
_WHITE = 0.3
_FOOT = 2.8
_MOST_EDGES = 200


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text that stands on one line; the origin is the page's lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def height(self) -> float:
        """How high its letters stand."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """The height of its middle over the page's foot."""
        return (self.top + self.bottom) / 2

    def with_more(self, more: "Segment") -> "Segment":
        """This and another that goes on with it."""
        left, right = min(self.left, more.left), max(self.right, more.right)
        bottom, top = min(self.bottom, more.bottom), max(self.top, more.top)
        return Segment(left, bottom, right, top, f"{self.text} {more.text}")


Row = list[Segment]
"""What stands side by side, from the left."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows from `first` to before `last` leave free what is just left of `edge`."""

    edge: float
    first: int
    last: int
    strength: int


def best_gap(rows: list[Row]) -> Gap | None:
    """The gap along which the most rows have something on both of its sides; `None` if the text has one column."""
    edges = sorted({round(segment.left) for row in rows for segment in row})
    if len(edges) > _MOST_EDGES:  # a drawing or a scattered page: there are no columns to find
        return None
    best: Gap | None = None
    for edge in edges[1:]:
        for first, last in _free_stretches(rows, edge):
            for part in _without_strangers(rows, first, last, edge):
                gap = _gap(rows, *part, edge)
                if gap is not None and (best is None or gap.strength > best.strength):
                    best = gap
    return best


def strips(rows: list[Row]) -> list[list[Row]]:
    """The rows, grouped where more white than usual runs across all of them."""
    if not rows:
        return []
    white = [
        min(segment.bottom for segment in upper) - max(segment.top for segment in lower)
        for upper, lower in pairwise(rows)
    ]
    least = min(white, default=0.0)
    found = [rows[:1]]
    for row, space in zip(rows[1:], white, strict=True):
        if space > max(least, 0) + _WHITE * row[0].height:
            found.append([row])
        else:
            found[-1].append(row)
    return found


def _free_stretches(rows: list[Row], edge: float) -> Iterator[tuple[int, int]]:
    """Rows that follow each other, and that nothing crosses just left of the edge."""
    first = 0
    for place in range(len(rows) + 1):
        if place < len(rows) and all(_is_aside(segment, edge) for segment in rows[place]):
            continue
        if place - first >= _FEWEST_ROWS:
            yield first, place
        first = place + 1


def _is_aside(segment: Segment, edge: float) -> bool:
    return segment.right <= edge - _NARROWEST_GAP or segment.left >= edge - 1


def _without_strangers(rows: list[Row], first: int, last: int, edge: float) -> list[tuple[int, int]]:
    """The stretch, cut where a table stands below or above columns, which leaves the same gap free by chance.

    Rows give it away that have two pieces on one side, where most have one.
    """
    stretch = rows[first:last]
    both = [row for row in stretch if row[0].left < edge - 1 and row[-1].left >= edge - 1]
    strange = [row for row in both if _is_split_on_a_side(row, edge)]
    if not strange or len(strange) > _MINORITY * len(both):
        return [(first, last)]
    parts: list[tuple[int, int]] = []
    begin = place = first
    for strip in strips(stretch):
        if any(_is_split_on_a_side(row, edge) for row in strip):
            parts.append((begin, place))
            begin = place + len(strip)
        place += len(strip)
    return [*parts, (begin, last)]


def _is_split_on_a_side(row: Row, edge: float) -> bool:
    lefts = sum(segment.left < edge - 1 for segment in row)
    return lefts > 1 or len(row) - lefts > 1


def _gap(rows: list[Row], first: int, last: int, edge: float) -> Gap | None:
    lefts = [place for place in range(first, last) if rows[place][0].left < edge - 1]
    rights = [place for place in range(first, last) if rows[place][-1].left >= edge - 1]
    if not lefts or not rights:
        return None
    both = len(set(lefts) & set(rights))
    # Where the two sides do not stand on the same lines, they overlap from the later beginning to the earlier end.
    begin, end = max(lefts[0], rights[0]), min(lefts[-1], rights[-1])
    beside = min(sum(begin <= place <= end for place in side) for side in (lefts, rights))
    if both < _FEWEST_ROWS and beside < _ROWS_THAT_NEED_NO_NEIGHBOUR:
        return None
    step = max(_usual_step([rows[place] for place in side]) for side in (lefts, rights))
    return Gap(edge - 1, *_trimmed(rows, edge, (first, last), (begin, end), step), max(both, beside))


def _usual_step(rows: list[Row]) -> float:
    return median([_distance(upper, lower) for upper, lower in pairwise(rows)] or [0.0])


def _trimmed(
    rows: list[Row], edge: float, stretch: tuple[int, int], core: tuple[int, int], step: float
) -> tuple[int, int]:
    """Without what stands apart above or below both columns, such as a title, a heading or a page's foot."""
    first, last = stretch
    is_left_only = rows[first][0].left < edge - 1
    if is_left_only:  # what stands above both on the left comes before them anyway
        first = core[0]
    for place in range(core[0], first, -1):
        if _distance(rows[place - 1], rows[place]) > _FOOT * step:
            first = place
            break
    # A column that is longer than its neighbour goes on to the page's end; what comes before other things is theirs.
    most = _FOOT if last == len(rows) else 1 + _WHITE
    for place in range(core[1] + 1, last):
        if _distance(rows[place - 1], rows[place]) > most * step:
            last = place
            break
    return first, last


def _distance(upper: Row, lower: Row) -> float:
    return upper[0].middle - lower[0].middle
