"""A notice of a meeting that carries a motion: what is the notice's, and what is the motion's."""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.bulletins.blocks import Block
from bot.domain.bulletins.motion_head import names_a_motion, names_people
from bot.domain.bulletins.motion_words import is_lead

_NOTICE: Final = re.compile(
    r"\W{0,3}(?:agenda|order of business|notice of\b.{0,80}\bmeeting)\W*", re.IGNORECASE
)


def parted(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """The blocks of a notice and those of the motion in it; no blocks of a notice where it is only a motion."""
    first = next((index for index, block in enumerate(blocks) if is_lead(block.text)), None)
    if first is None or not any(_NOTICE.fullmatch(block.text) for block in blocks[:first]):
        return (), blocks
    start = next((index for index in range(first, -1, -1) if names_a_motion(blocks[index])), first)
    end = _end(blocks, first)
    return [*blocks[:start], *blocks[end:]], blocks[start:end]


def _end(blocks: Sequence[Block], first: int) -> int:
    """Where the motion ends: below those who moved it, unless it goes on there."""
    last_lead = max(index for index, block in enumerate(blocks) if is_lead(block.text))
    people = [index for index in range(first, len(blocks)) if names_people(blocks[index])]
    return people[-1] + 1 if people and people[-1] > last_lead else len(blocks)
