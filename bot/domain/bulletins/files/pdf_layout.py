"""From pieces of text at places on a page to lines in the order in which people read them.

A PDF file says where letters stand, not what belongs together. Rows are found first; then the gap along which most rows
have something on both sides (`pdf_gaps`); then whether these sides are columns of prose, read one after the other, or a
table, read row by row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.domain.bulletins.files.pdf_gaps import Row, Segment, best_gap, strips

_LENGTH_OF_PROSE = 20
_AIR = 1.35
_TIGHTEST = 0.8
_SAME_ROW = 0.4
_SAME_SENTENCE = 0.9
_LARGEST_LABEL_GAP = 45.0
_STRIPS_OF_A_PADDED_TABLE = 3
_BULLET = r"[•·●○■□▪◦‣*–—\uf000-\uf0ff-]|\(cid:\d+\)|o"  # noqa: RUF001
_NUMBER_OR_LETTER = r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]"
_LABEL = re.compile(f"(?:{_BULLET}|{_NUMBER_OR_LETTER})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the result, and where on the page it was."""

    text: str
    middle: float
    height: float
    in_table: bool = False


def reading_order(segments: Sequence[Segment]) -> list[str]:
    """The lines of a page; an empty one where paragraphs are parted by space."""
    return _with_air(_lines(_rows(segments)))


def _rows(segments: Sequence[Segment]) -> list[Row]:
    rows: list[Row] = []
    for segment in sorted(segments, key=lambda one: (-one.middle, one.left)):
        if rows and _is_beside(rows[-1][0], segment):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [_joined(sorted(row, key=lambda one: one.left)) for row in rows]


def _is_beside(one: Segment, other: Segment) -> bool:
    return one.middle - other.middle < _SAME_ROW * min(one.height, other.height)


def _joined(row: Row) -> Row:
    """Pieces of one sentence, and a label with its point, are one."""
    joined = row[:1]
    for segment in row[1:]:
        before = joined[-1]
        gap = segment.left - before.right
        is_label = _LABEL.match(before.text) and gap < _LARGEST_LABEL_GAP
        if is_label or gap < _SAME_SENTENCE * min(before.height, segment.height):
            joined[-1] = before.with_more(segment)
        else:
            joined.append(segment)
    return joined


def _lines(rows: list[Row]) -> list[_Line]:
    gap = best_gap(rows)
    if gap is None:
        return [_line(row, "   ") for row in rows]
    above, within, below = rows[: gap.first], rows[gap.first : gap.last], rows[gap.last :]
    left = [side for row in within if (side := [one for one in row if one.left < gap.edge])]
    right = [side for row in within if (side := [one for one in row if one.left >= gap.edge])]
    middle = _table(within) if _is_table(left, right) else _lines(_again(left)) + _lines(_again(right))
    return _lines(above) + middle + _lines(below)


def _line(row: Row, between: str, *, in_table: bool = False) -> _Line:
    text = row[0].text
    for segment in row[1:]:
        text += (" " if text.endswith(":") else between) + segment.text
    return _Line(text, row[0].middle, row[0].height, in_table)


def _again(rows: list[Row]) -> list[Row]:
    """One side's rows, found anew: what was one row across the gap may be two on this side."""
    return _rows([segment for row in rows for segment in row])


def _is_table(left: list[Row], right: list[Row]) -> bool:
    """Cells are short, and those of a row stand on one line; lines of prose fill their column."""
    lengths = [median(len(segment.text) for row in side for segment in row) for side in (left, right)]
    if min(lengths) >= _LENGTH_OF_PROSE:
        return False
    return _stand_side_by_side(left, right)


def _stand_side_by_side(left: list[Row], right: list[Row]) -> bool:
    """Line by line; or, where cells are centred on their row, strip by strip."""
    heights = [row[0].middle for row in right]
    aligned = sum(any(abs(row[0].middle - height) < row[0].height / 2 for height in heights) for row in left)
    if aligned >= len(left) / 2:
        return True
    edge = min(row[0].left for row in right)
    across = strips(_again(left + right))
    filled = [strip for strip in across if {one.left < edge for row in strip for one in row} == {True, False}]
    return len(across) >= _STRIPS_OF_A_PADDED_TABLE and len(filled) > len(across) / 2


def _table(rows: list[Row]) -> list[_Line]:
    """A row to a line, its cells parted by bars."""
    padded = strips(rows)
    if len(padded) < _STRIPS_OF_A_PADDED_TABLE:
        padded = [[row] for row in rows]
    table: list[Row] = []
    first_edge = min(segment.left for row in rows for segment in row)
    for strip in padded:
        cells: Row = []
        for segment in (segment for row in strip for segment in row):
            _put(cells, segment)
        is_indented = min(cell.left for cell in cells) > first_edge + cells[0].height
        if is_indented and table and _goes_on(table[-1], cells):
            for cell in cells:
                _put(table[-1], cell)
        else:
            table.append(sorted(cells, key=lambda one: one.left))
    return [_line(row, " | ", in_table=True) for row in table]


def _goes_on(above: Row, cells: Row) -> bool:
    """Whether these are further lines of the row above: close to it, and each under one of its cells."""
    white = min(cell.bottom for cell in above) - max(cell.top for cell in cells)
    return white < cells[0].height and all(_cell_over(above, cell) is not None for cell in cells)


def _put(cells: Row, segment: Segment) -> None:
    """Into the cell above it, or into one of its own."""
    place = _cell_over(cells, segment)
    if place is None:
        cells.append(segment)
    else:
        cells[place] = cells[place].with_more(segment)


def _cell_over(cells: Row, segment: Segment) -> int | None:
    for place, cell in enumerate(cells):
        if cell.left < segment.right and segment.left < cell.right:
            return place
    return None


def _with_air(lines: list[_Line]) -> list[str]:
    """An empty line where the page leaves one, and where a new column does not go on with the old one's sentence."""
    steps = [_step(upper, lower) for upper, lower in pairwise(lines)]
    downwards = sorted(step for step in steps if step > _TIGHTEST)
    # Within paragraphs; on a page of short ones, most steps lead from one to the next.
    usual = downwards[len(downwards) // 10] if downwards else 1.0
    shown = [line.text for line in lines[:1]]
    for (upper, lower), step in zip(pairwise(lines), steps, strict=True):
        is_new_column = step < 0 and not lower.text[0].islower()
        is_apart = step > _AIR * usual and not (upper.in_table and lower.in_table)
        if is_new_column or is_apart or upper.in_table is not lower.in_table:
            shown.append("")
        shown.append(lower.text)
    return shown


def _step(upper: _Line, lower: _Line) -> float:
    """How far apart two lines are, measured in their own height."""
    return (upper.middle - lower.middle) / max((upper.height + lower.height) / 2, 1.0)
