"""Rows of tables as entries: which column holds the words, and what the table is of."""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.entries import Entry, trimmed
from bot.domain.bulletins.purposes import Purpose

_COLUMNS: Final = (
    (
        Purpose.DEMANDS,
        re.compile(
            r"\b(?:demands?|asks?|claims?|we want|what we(?:[\u2019']re| are) (?:asking|calling|seeking)|"
            r"requirements?|our position|union position)\b",
            re.IGNORECASE,
        ),
    ),
    (Purpose.AIMS, re.compile(r"\b(?:aims?|objectives?|goals?)\b", re.IGNORECASE)),
    (Purpose.MEETINGS, re.compile(r"\b(?:dates?|days?|when)\b", re.IGNORECASE)),
    (
        Purpose.ACTIONS,
        re.compile(r"\b(?:actions?|what (?:you|to) (?:can )?do|what to do|tasks?)\b", re.IGNORECASE),
    ),
)
_NUMBER: Final = re.compile(r"\W{0,2}(\d{1,3}|[a-z]|[ivx]{1,4})\W{0,2}", re.IGNORECASE)


def is_of_meetings(block: Block) -> bool:
    """Whether a row stands in a table of dates."""
    return block.shape is Shape.ROW and _purpose(block.header)[0] is Purpose.MEETINGS


def row_entries(run: Sequence[Block], purpose: Purpose | None) -> tuple[Purpose | None, list[Entry]]:
    """What the table is of, and its rows as entries."""
    own, column = _purpose(run[0].header)
    if own and not (
        own is Purpose.MEETINGS
        and purpose in {Purpose.DEMANDS, Purpose.AIMS, Purpose.ACTIONS}
        and column is None
    ):
        purpose = own
    if column is None or purpose is not own:
        column = _widest(run)
    return purpose, [
        _entry(block, column) for block in run if column < len(block.cells) and block.cells[column]
    ]


def _purpose(header: Sequence[str]) -> tuple[Purpose | None, int | None]:
    for purpose, pattern in _COLUMNS:
        for index, cell in enumerate(header):
            if pattern.search(cell) and not re.search(r"\b(?:no|number|ref)\b\.?", cell, re.IGNORECASE):
                return purpose, index
    return None, None


def _widest(run: Sequence[Block]) -> int:
    """The first of the columns with the most words."""
    width = max(len(block.cells) for block in run)
    lengths = [
        sum(len(block.cells[index]) for block in run if index < len(block.cells)) for index in range(width)
    ]
    return lengths.index(max(lengths))


def _entry(block: Block, column: int) -> Entry:
    first = _NUMBER.fullmatch(block.cells[0].strip()) if column else None
    return Entry(first[1].casefold() if first else "", trimmed(block.cells[column]), block.place, block.links)
