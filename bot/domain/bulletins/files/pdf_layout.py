"""From pieces of text at places on a page to lines in the order in which people read them.

A PDF file says where letters stand, not what belongs together. Rows are found first; then the gap between columns, if
rows lie on both sides of one; then whether these are columns of prose, read one after the other, or a table, read row by
row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_NARROWEST_GAP = 8.0
_FEWEST_ROWS = 2
_ROWS_THAT_NEED_NO_NEIGHBOUR = 4
_LENGTH_OF_PROSE = 20
_AIR = 1.4
_LARGEST_LABEL_GAP = 45.0
_BULLET = r"[•·●○■□▪◦‣*–—\uf000-\uf0ff-]|\(cid:\d+\)|o"  # noqa: RUF001
_NUMBER_OR_LETTER = r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]"
_LABEL = re.compile(f"(?:{_BULLET}|{_NUMBER_OR_LETTER})$", re.IGNORECASE)


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


_Row = list[Segment]
"""What stands side by side, from the left."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """Rows from `first` to before `last` leave free what is just left of `edge`."""

    edge: float
    first: int
    last: int
    strength: int


def reading_order(segments: Sequence[Segment]) -> list[str]:
    """The lines of a page; an empty one where paragraphs are parted by space."""
    return _lines(_rows(segments))


def _rows(segments: Sequence[Segment]) -> list[_Row]:
    rows: list[_Row] = []
    for segment in sorted(segments, key=lambda one: (-one.middle, one.left)):
        if rows and abs(rows[-1][0].middle - segment.middle) < 0.4 * min(rows[-1][0].height, segment.height):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [_joined(sorted(row, key=lambda one: one.left)) for row in rows]


def _joined(row: _Row) -> _Row:
    """Pieces of one sentence, and a label with its point, are one."""
    joined = row[:1]
    for segment in row[1:]:
        before = joined[-1]
        gap = segment.left - before.right
        is_label = _LABEL.match(before.text) and gap < _LARGEST_LABEL_GAP
        if is_label or gap < 0.6 * min(before.height, segment.height):
            joined[-1] = Segment(
                before.left,
                min(before.bottom, segment.bottom),
                segment.right,
                max(before.top, segment.top),
                f"{before.text} {segment.text}",
            )
        else:
            joined.append(segment)
    return joined


def _lines(rows: list[_Row]) -> list[str]:
    gap = _widest_reaching_gap(rows)
    if gap is None:
        return _plain_lines(rows)
    above, within, below = rows[: gap.first], rows[gap.first : gap.last], rows[gap.last :]
    left = [side for row in within if (side := [one for one in row if one.left < gap.edge])]
    right = [side for row in within if (side := [one for one in row if one.left >= gap.edge])]
    if _is_table(left, right):
        middle = _table_lines(within)
    else:
        one, other = _lines(_again(left)), _lines(_again(right))
        # A sentence that runs over into the next column goes on with a small letter.
        middle = [*one, *([] if other[0][0].islower() else [""]), *other]
    parts = [part for part in (_lines(above), middle, _lines(below)) if part]
    return [line for place, part in enumerate(parts) for line in ([""] if place else []) + part]


def _again(rows: list[_Row]) -> list[_Row]:
    """One side's rows, regrouped: what was one row across the gap may be two on this side, or the other way round."""
    return _rows([segment for row in rows for segment in row])


def _widest_reaching_gap(rows: list[_Row]) -> _Gap | None:
    """The gap along which the most rows have something on both of its sides."""
    edges = sorted({round(segment.left) for row in rows for segment in row})
    best: _Gap | None = None
    for edge in edges[1:]:
        for gap in _gaps_at(rows, float(edge)):
            if best is None or gap.strength > best.strength:
                best = gap
    return best


def _gaps_at(rows: list[_Row], edge: float) -> Iterator[_Gap]:
    """Stretches of rows that nothing crosses just left of an edge, if they are filled on both sides."""
    first = 0
    for place in range(len(rows) + 1):
        if place < len(rows) and all(_is_aside(segment, edge) for segment in rows[place]):
            continue
        if place > first and (gap := _gap(rows, first, place, edge)):
            yield gap
        first = place + 1


def _is_aside(segment: Segment, edge: float) -> bool:
    return segment.right <= edge - _NARROWEST_GAP or segment.left >= edge - 1


def _gap(rows: list[_Row], first: int, last: int, edge: float) -> _Gap | None:
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
    first, last = _trimmed(rows, (first, last), (begin, end))
    return _Gap(edge - 1, first, last, max(both, beside))


def _trimmed(rows: list[_Row], stretch: tuple[int, int], core: tuple[int, int]) -> tuple[int, int]:
    """Without what stands apart above or below both columns, such as a title or a page's foot."""
    step = median([_distance(one, other) for one, other in pairwise(rows[stretch[0] : stretch[1]])] or [0])
    first, last = stretch
    for place in range(core[0], first, -1):
        if _distance(rows[place - 1], rows[place]) > 2 * _AIR * step:
            first = place
            break
    for place in range(core[1] + 1, last):
        if _distance(rows[place - 1], rows[place]) > 2 * _AIR * step:
            last = place
            break
    return first, last


def _distance(upper: _Row, lower: _Row) -> float:
    return upper[0].middle - lower[0].middle


def _is_table(left: list[_Row], right: list[_Row]) -> bool:
    """Cells are short, and those of a row stand on one line; lines of prose fill their column."""
    lengths = [median(len(segment.text) for row in side for segment in row) for side in (left, right)]
    if min(lengths) >= _LENGTH_OF_PROSE:
        return False
    heights = [row[0].middle for row in right]
    aligned = sum(any(abs(row[0].middle - height) < row[0].height / 2 for height in heights) for row in left)
    return aligned >= 0.6 * len(left)


def _table_lines(rows: list[_Row]) -> list[str]:
    """A row to a line, its cells parted by bars. A row that leaves the first cell free goes on with the one above."""
    first_edge = min(segment.left for row in rows for segment in row)
    table: list[_Row] = []
    for row in rows:
        goes_on = row[0].left > first_edge + _NARROWEST_GAP
        if goes_on and table and all(_cell_above(table[-1], segment) is not None for segment in row):
            for segment in row:
                place = _cell_above(table[-1], segment) or 0
                above = table[-1][place]
                table[-1][place] = Segment(
                    min(above.left, segment.left),
                    segment.bottom,
                    max(above.right, segment.right),
                    above.top,
                    f"{above.text} {segment.text}",
                )
        else:
            table.append(list(row))
    return [" | ".join(segment.text for segment in row) for row in table]


def _cell_above(row: _Row, segment: Segment) -> int | None:
    for place, cell in enumerate(row):
        if cell.left < segment.right and segment.left < cell.right:
            return place
    return None


def _plain_lines(rows: list[_Row]) -> list[str]:
    steps = [_distance(upper, lower) for upper, lower in pairwise(rows)]
    usual = median(steps) if steps else 0.0
    lines: list[str] = []
    for place, row in enumerate(rows):
        if place and steps[place - 1] > _AIR * min(usual, 2 * row[0].height):
            lines.append("")
        lines.append("   ".join(segment.text for segment in row))
    return lines
