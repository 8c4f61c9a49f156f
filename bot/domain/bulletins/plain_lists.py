"""Lists whose items have no bullets: lines below "We demand:", or short lines right under a heading."""

from collections.abc import Sequence
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.entries import Entry, trimmed

_SHORT: Final = 90
_LONGEST: Final = 400
_LONGEST_BARE: Final = 200
_LONGEST_SENTENCE: Final = 140
_FEWEST_SENTENCES: Final = 3
_JOINS: Final = (";", "; and", ";and", ",")


def introduced_list(blocks: Sequence[Block], start: int) -> Sequence[Block]:
    """The lines of a list without bullets below the paragraph at `start`, which introduces them."""
    end = start + 1
    while end < len(blocks) and _goes_on(blocks[end], blocks[end - 1], first=end == start + 1):
        end += 1
    return blocks[start + 1 : end] if end - start > 2 else ()  # noqa: PLR2004 - one line is no list


def bare_list(blocks: Sequence[Block], start: int) -> Sequence[Block]:
    """The short lines from `start` that stand close together: two without full stops, or three sentences."""
    end = start
    while end < len(blocks) and _is_bare(blocks[end], first=end == start):
        end += 1
    if end - start > 1:
        return blocks[start:end]
    end = start
    while end < len(blocks) and _is_line(blocks[end], first=end == start):
        end += 1
    return blocks[start:end] if end - start >= _FEWEST_SENTENCES else ()


def plain_entries(run: Sequence[Block]) -> list[Entry]:
    """Such lines as entries."""
    return [Entry("", trimmed(block.text), block.place, block.links) for block in run]


def _goes_on(block: Block, before: Block, *, first: bool) -> bool:
    if block.shape is not Shape.PARAGRAPH or len(block.text) > _LONGEST or block.text.endswith(":"):
        return False
    joined = block.tight or before.text.endswith(_JOINS) or block.text.endswith(_JOINS)
    return joined or (first and len(block.text) < _SHORT and not block.text.endswith("."))


def _is_line(block: Block, *, first: bool) -> bool:
    """Whether a sentence stands on a line of its own, close below the one before."""
    short = block.shape is Shape.PARAGRAPH and len(block.text) <= _LONGEST_SENTENCE
    return short and (first or block.tight) and not block.text.endswith(":")


def _is_bare(block: Block, *, first: bool) -> bool:
    short = block.shape is Shape.PARAGRAPH and len(block.text) <= _LONGEST_BARE
    return short and (first or block.tight) and not block.text.endswith((".", ":", "!", "?", ","))
