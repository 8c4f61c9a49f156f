"""Reads a conference motion: what it notes, what concerns it, what it resolves, and whom it calls on."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.bulletin import body_of, read_bulletin
from bot.domain.bulletins.entries import inline_entries, list_end, read_entries, trimmed
from bot.domain.bulletins.model import Document, DocumentKind, Item, ItemKind
from bot.domain.bulletins.motion_head import read_head
from bot.domain.bulletins.motion_words import (
    Mode,
    body_called_on,
    is_lead,
    mode_of,
    mode_of_item,
    names_the_body,
)
from bot.domain.bulletins.notices import parted
from bot.domain.bulletins.sections import without_signatures
from bot.domain.language import later

_KINDS: Final = {
    Mode.NOTES: ItemKind.NOTE,
    Mode.CONCERNS: ItemKind.CONCERN,
    Mode.RESOLVES: ItemKind.RESOLUTION,
}
_UNLED: Final = later("The text does not say whether this is noted or resolved: please check it.")


def read_motion(blocks: Sequence[Block], *, today: date, zone: str) -> Document:
    """The motion that these blocks are; where a notice of a meeting carries it, with the meeting."""
    notice, own = parted(blocks)
    head, rest = read_head(without_signatures(own), today=today)
    items, calls_on = _read_body(rest)
    if notice:
        told = read_bulletin(notice, today=today, zone=zone)
        items += [item for item in told.items if item.kind in {ItemKind.MEETING, ItemKind.LINK}]
        items.sort(key=lambda item: item.place.first_line)
    doubts = [*head.doubts]
    if not any(item.kind is ItemKind.RESOLUTION for item in items):
        doubts.append(later("I found no resolutions in it."))
    return Document(
        DocumentKind.MOTION,
        head.title,
        body_of(rest),
        tuple(items),
        dated=head.dated,
        conference=head.conference,
        decision=head.decision,
        calls_on=calls_on,
        doubts=tuple(doubts),
    )


def _read_body(blocks: Sequence[Block]) -> tuple[list[Item], str]:
    items: list[Item] = []
    mode: Mode | None = None
    heading = ""
    calls_on = ""
    bare = False
    index = 0
    while index < len(blocks):
        block = blocks[index]
        end = index + 1
        if block.shape is Shape.ITEM:
            end = list_end(blocks, index)
            items += _of_list(blocks[index:end], mode, heading, bare=bare)
            index = end
            continue
        bare = bare or names_the_body(block.text)
        led = mode_of(block.text, heading=bare or block.shape is Shape.HEADING)
        mode = led or mode
        if led is Mode.RESOLVES:
            calls_on = calls_on or body_called_on(block.text)
        before_list = end < len(blocks) and blocks[end].shape is Shape.ITEM
        before_list = before_list and not block.text.endswith((".", "!", "?"))
        if block.shape is Shape.HEADING or before_list or block.text.rstrip(" -").endswith(":"):
            heading = block.text.rstrip(":; ") if block.shape is Shape.HEADING else heading
        elif block.shape is Shape.PARAGRAPH:
            items += _of_paragraph(block, mode, heading)
        index = end
    return items, calls_on


def _of_list(run: Sequence[Block], mode: Mode | None, heading: str, *, bare: bool) -> list[Item]:
    items: list[Item] = []
    for entry in read_entries(run):
        verb = mode_of_item(entry.text)
        own = is_lead(entry.text) or (verb if bare else None) or mode or verb
        kind = _KINDS[own or Mode.NOTES]
        doubts = () if own else (_UNLED,)
        items.append(
            Item(
                kind,
                entry.text,
                entry.place,
                entry.label,
                entry.group or heading,
                links=entry.links,
                doubts=doubts,
            )
        )
    return items


def _of_paragraph(block: Block, mode: Mode | None, heading: str) -> list[Item]:
    """A paragraph is one note or one resolution, or a list inside a sentence."""
    entries = inline_entries(block) if mode else []
    if mode and entries:
        return [
            Item(_KINDS[mode], entry.text, entry.place, entry.label, heading, links=entry.links)
            for entry in entries
        ]
    kind = ItemKind.RESOLUTION if mode is Mode.RESOLVES else ItemKind.NOTE
    return [Item(kind, trimmed(block.text), block.place, "", heading, links=block.links)]
