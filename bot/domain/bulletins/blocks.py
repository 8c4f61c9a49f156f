"""Lines joined to what a reader sees as one thing: a heading, a paragraph, an item of a list, a row of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.bulletins.headings import heading_level, is_capitals
from bot.domain.bulletins.lines import Line, squash
from bot.domain.bulletins.markers import Marker, read_marker
from bot.domain.bulletins.model import FoundLink, Place
from bot.domain.bulletins.purposes import purpose_of_heading
from bot.domain.bulletins.tables import read_tables
from bot.domain.bulletins.wrapping import Wrapping


class Shape(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines that belong together.

    `level` is how deep a heading is. `marker` is what stands before an item. `cells` are those of a row, and `header`
    the words above them. `tight` says that no blank line stands before it.
    """

    shape: Shape
    text: str
    place: Place
    level: int = 0
    marker: Marker | None = None
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    links: tuple[FoundLink, ...] = ()
    tight: bool = False

    @property
    def introduces(self) -> bool:
        """Whether it ends as a sentence does before a list."""
        return self.text.rstrip(" -\u2013—").endswith((":", ":-", ";")) or self.text.endswith(
            (":-", ":\u2013")
        )


_MOST_HEADING_LINES: Final = 3
_MOST_HEADING_WORDS: Final = 8


@dataclass(slots=True)
class _Open:
    """The block that is being read, while it is not known where it ends."""

    shape: Shape
    lines: list[Line]
    pieces: list[str]
    tight: bool
    level: int = 0
    marker: Marker | None = None
    column: int = 0

    def closed(self) -> Block:
        return Block(
            self.shape,
            squash("".join(self.pieces)),
            Place(self.lines[0].number, self.lines[-1].number),
            self.level,
            self.marker,
            links=tuple(link for line in self.lines for link in line.links),
            tight=self.tight,
        )


def read_blocks(lines: Sequence[Line]) -> list[Block]:
    """The document's blocks, in order."""
    rows = read_tables(lines)
    wrapping = Wrapping(lines)
    blocks: list[Block] = []
    current: _Open | None = None
    blank = True
    for index, line in enumerate(lines):
        row = rows.get(line.number)
        if line.is_blank or row is not None:
            if row is not None:
                current = _close(blocks, current)
                if row.cells:
                    blocks.append(
                        Block(
                            Shape.ROW,
                            " | ".join(cell for cell in row.cells if cell),
                            row.place,
                            cells=row.cells,
                            header=row.header,
                            links=row.links,
                            tight=not blank,
                        )
                    )
            blank = True
            continue
        before = current.lines[-1] if current else None
        marker = None if line.heading else read_marker(line.text)
        if current and before and _continues(current, before, line, marker, wrapping, blank=blank):
            current.pieces[-1] = wrapping.end_before(current.pieces[-1], line.text)
            current.pieces.append(line.text.strip())
            current.lines.append(line)
        else:
            current = _close(blocks, current)
            current = _begin(line, marker, lines[index + 1 : index + 3], blocks[-1:], blank=blank)
        blank = False
    _close(blocks, current)
    return blocks


def _close(blocks: list[Block], current: _Open | None) -> None:
    if current and any(squash(piece) for piece in current.pieces):
        blocks.append(current.closed())


def _begin(
    line: Line, marker: Marker | None, ahead: Sequence[Line], above: Sequence[Block], *, blank: bool
) -> _Open:
    """The block that a line begins, by what stands above it and ahead."""
    after = ahead[0] if ahead else None
    if marker and not _is_numbered_heading(marker, ahead, above):
        return _Open(Shape.ITEM, [line], [marker.rest], not blank, marker=marker, column=marker.column)
    text = marker.rest if marker else line.text
    next_is_blank = after is None or after.is_blank
    next_is_item = after is not None and not after.is_blank and read_marker(after.text) is not None
    alone = marker is not None or (blank and (next_is_blank or next_is_item))
    alone = alone or (next_is_item and _may_head(text, above))
    level = line.heading or heading_level(text, alone=alone)
    return _Open(Shape.HEADING if level else Shape.PARAGRAPH, [line], [text], not blank, level=level)


def _may_head(text: str, above: Sequence[Block]) -> bool:
    """Whether a line that stands close below something may be the heading of a list."""
    if not above or above[0].shape is Shape.HEADING:
        return True
    if above[0].shape is Shape.PARAGRAPH:
        return above[0].text.endswith((".", "!", "?", ":"))
    return len(text.split()) <= _MOST_HEADING_WORDS and purpose_of_heading(text) is not None


def _is_numbered_heading(marker: Marker, ahead: Sequence[Line], above: Sequence[Block]) -> bool:
    """Whether a number stands before a heading ("2. OUR DEMANDS") rather than before an item."""
    in_list = bool(above) and above[0].marker is not None and above[0].marker.style == marker.style
    if not marker.label or in_list or len(marker.rest.split()) > _MOST_HEADING_WORDS:
        return False
    following = next((line for line in ahead if not line.is_blank), None)
    next_marker = read_marker(following.text) if following else None
    if following is None or (next_marker and next_marker.style == marker.style):
        return False
    named = purpose_of_heading(marker.rest) is not None and not marker.rest.endswith((".", ";", ","))
    return named or (is_capitals(marker.rest) and next_marker is None)


def _continues(
    current: _Open, before: Line, line: Line, marker: Marker | None, wrapping: Wrapping, *, blank: bool
) -> bool:
    """Whether a line goes on with the block that is open."""
    if line.heading or current.shape is Shape.HEADING:
        return not blank and not marker and _is_more_heading(current, before, line)
    if marker:
        return not blank and wrapping.is_mid_sentence(before, line) and not marker.may_follow(current.marker)
    if is_capitals(line.text) and not is_capitals(before.text) and not wrapping.is_full(before, line):
        return False
    in_item = current.shape is Shape.ITEM
    if line.after_page and wrapping.is_unfinished(before) and line.text.lstrip()[:1].islower():
        return True
    if blank:
        return in_item and line.indent >= max(2, current.column - 1) and before.indent <= line.indent
    hangs = in_item and line.indent >= max(1, current.column - 1)
    return hangs or wrapping.goes_on(before, line)


def _is_more_heading(current: _Open, before: Line, line: Line) -> bool:
    """Whether a heading in capitals goes on in a second line."""
    capitals = is_capitals(before.text) and is_capitals(line.text)
    return (
        current.shape is Shape.HEADING
        and capitals
        and not line.heading
        and not before.heading
        and not before.text.rstrip().endswith(("!", "."))
        and len(current.lines) < _MOST_HEADING_LINES
    )
