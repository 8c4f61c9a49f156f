"""Tables: markdown's with pipes, and those that tabs or spaces align."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.domain.bulletins.lines import Line, squash
from bot.domain.bulletins.markers import read_marker
from bot.domain.bulletins.model import FoundLink, Place

_SEPARATOR: Final = re.compile(r"\s*\|?[\s:|+=-]*-{2,}[\s:|+=-]*\|?\s*")
_CHUNK: Final = re.compile(r"\S+(?: \S+)*")
_HEADER_WORD: Final = re.compile(
    r"\b(demands?|asks?|claims?|no|number|ref|aims?|objectives?|goals?|date|day|time|venue|where|when|place|location|"
    r"meetings?|events?|who|topic|actions?|what|why|how|status|response|reply|owner|region|branch|link|joining|join|"
    r"details|issues?|offer|resolutions?|audience|speaker|reason|position|item|start|starts|finish|platform)\b|^#$",
    re.IGNORECASE,
)
_MOST_HEADER_WORDS: Final = 5
_SLACK: Final = 2
_WIDE_GAP: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; without cells it is a line that only belongs to one, as the rule under its header."""

    place: Place
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    links: tuple[FoundLink, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A row while it is being read: the words of each column, and its lines."""

    cells: list[str]
    lines: list[Line]


def read_tables(lines: Sequence[Line]) -> dict[int, Row]:
    """The rows of the document's tables by the number of each line that they stand on."""
    rows: dict[int, Row] = {}
    for run in _runs(lines):
        if _is_piped(run):
            _take_piped(run, rows)
        else:
            _take_aligned(run, rows)
    return rows


def _runs(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines between blank ones."""
    runs: list[list[Line]] = [[]]
    for line in lines:
        if line.is_blank:
            runs.append([])
        else:
            runs[-1].append(line)
    return [run for run in runs if len(run) > 1]


def _is_piped(run: list[Line]) -> bool:
    return sum(_has_pipes(line) for line in run) > 1


def _has_pipes(line: Line) -> bool:
    return (
        line.text.count("|") > 1
        or (line.text.lstrip().startswith("|") and line.text.count("|") > 1)
        or " | " in line.text
    )


def _take_piped(run: list[Line], rows: dict[int, Row]) -> None:
    drafts: list[_Draft] = []
    ruled = False
    for line in run:
        if _SEPARATOR.fullmatch(line.text):
            ruled = ruled or len(drafts) == 1
            rows[line.number] = Row(Place(line.number, line.number))
        elif "|" in line.text:
            drafts.append(_Draft([squash(cell) for cell in line.text.strip().strip("|").split("|")], [line]))
    _keep(drafts, rows, ruled=ruled)


def _take_aligned(run: list[Line], rows: dict[int, Row]) -> None:
    """Read a table whose columns stand under each other: at least two lines of several cells."""
    cells = {line.number: _chunks(line) for line in run}
    start = 0
    while start < len(run):
        end = start
        while end < len(run) and (
            len(cells[run[end].number]) > 1
            or (end > start and _hangs(cells[run[end].number], cells[run[start].number]))
        ):
            end += 1
        part = run[start:end]
        if _is_table([cells[line.number] for line in part]):
            _keep(_drafts(part, cells), rows, ruled=False)
        start = max(end, start + 1)


def _chunks(line: Line) -> list[tuple[int, str]]:
    """The line's cells with the columns where they begin; a list's item has one cell however it is set."""
    if "\t" in line.text.strip():
        cells = [(index, squash(cell)) for index, cell in enumerate(line.text.rstrip().split("\t"))]
        found = [(index * 1000, cell) for index, cell in cells if cell]
    else:
        found = [(chunk.start(), chunk.group().removeprefix(": ")) for chunk in _CHUNK.finditer(line.text)]
    marker = read_marker(line.text)
    return (
        found[:1]
        if marker
        and len(found) < _WIDE_GAP
        and not (marker.label and len(found) > 1 and found[0][1] != line.text.split()[0])
        else found
    )


def _hangs(chunks: list[tuple[int, str]], first: list[tuple[int, str]]) -> bool:
    """Whether a line of one cell goes on with a column of the table above."""
    start, text = chunks[0]
    return start > _SLACK and text != "" and any(abs(start - column) <= _SLACK for column, _ in first[1:])


def _is_table(rows: list[list[tuple[int, str]]]) -> bool:
    several = [row for row in rows if len(row) > 1]
    if len(several) < 2:  # noqa: PLR2004 - two rows make a table
        return False
    seconds = [row[1][0] for row in several]
    aligned = max(sum(abs(one - other) <= _SLACK for other in seconds) for one in seconds[:3])
    wide = sum(
        any(right[0] - left[0] - len(left[1]) >= _WIDE_GAP for left, right in pairwise(row))
        for row in several
    )
    return aligned * 2 > len(seconds) and wide * 2 >= len(several)


def _drafts(run: list[Line], cells: dict[int, list[tuple[int, str]]]) -> list[_Draft]:
    columns = _columns([cells[line.number] for line in run])
    drafts: list[_Draft] = []
    for line in run:
        row = [""] * len(columns)
        for start, text in cells[line.number]:
            nearest = min(range(len(columns)), key=lambda column: abs(columns[column] - start))
            row[nearest] = f"{row[nearest]} {text}".strip()
        if row[0] or not drafts:
            drafts.append(_Draft(row, [line]))
        else:
            last = drafts[-1]
            last.cells = [f"{one} {more}".strip() for one, more in zip(last.cells, row, strict=True)]
            last.lines.append(line)
    return drafts


def _columns(rows: list[list[tuple[int, str]]]) -> list[int]:
    """Where the columns begin: places where cells begin in at least two rows, or in the first."""
    columns: list[int] = [start for start, _ in rows[0]]
    starts = sorted(start for row in rows for start, _ in row)
    for one, other in pairwise(starts):
        if other - one <= _SLACK and all(abs(one - column) > _SLACK * 2 for column in columns):
            columns.append(one)
    return sorted(columns)


def _keep(drafts: list[_Draft], rows: dict[int, Row], *, ruled: bool) -> None:
    header: tuple[str, ...] = ()
    if drafts and (ruled or _is_header(drafts[0].cells)):
        header = tuple(drafts[0].cells)
        for line in drafts[0].lines:
            rows[line.number] = Row(Place(line.number, line.number))
        drafts = drafts[1:]
    for draft in drafts:
        place = Place(draft.lines[0].number, draft.lines[-1].number)
        links = tuple(link for line in draft.lines for link in line.links)
        rows[place.first_line] = Row(place, tuple(draft.cells), header, links)
        for line in draft.lines[1:]:
            rows[line.number] = Row(place)


def _is_header(cells: list[str]) -> bool:
    written = [cell for cell in cells if cell]
    short = all(len(cell.split()) <= _MOST_HEADER_WORDS and not re.search(r"\d", cell) for cell in written)
    return short and sum(bool(_HEADER_WORD.search(cell)) for cell in written) * 2 >= len(written)
