"""The entries of a list: items with what hangs under them, and where one list ends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.links import without_addresses
from bot.domain.bulletins.model import FoundLink, Place

_LIST_END: Final = re.compile(r"\s?[;,]\s?(?:and|or)?$", re.IGNORECASE)
_LABEL: Final = re.compile(r"\(?(\d{1,2}|[a-h]|[ivx]{1,4})[.)]\s+(?=\S)")
_JOINING: Final = re.compile(r"^(?:and|or)\s", re.IGNORECASE)
_INLINE: Final = re.compile(r"(?:(?<=\s)|(?<=^))\(?([a-h]|\d{1,2}|i{1,3}|iv|v|vi{1,3})\)\s*(?=\S)")
_GROUP: Final = re.compile(r"[^:]*\w:")
_GOES_ON: Final = re.compile(
    r"\b(?:to|that|for|by|with|including|shall|will|must|should|and|means):$", re.IGNORECASE
)
_DEEPEST: Final = 6
_GROUP_WORDS: Final = 6
_CHILD_WORDS: Final = 4


@dataclass(slots=True)
class Entry:
    """One item of a list with the lines that hang under it. `group` is what a short item above it says: "Pay:"."""

    label: str
    text: str
    place: Place
    links: tuple[FoundLink, ...] = ()
    group: str = ""
    children: list["Entry"] = field(default_factory=list["Entry"])
    style: str = ""
    indent: int = 0
    first_words: str = ""


def trimmed(text: str) -> str:
    """An item's words without what only joins it to the next: "; and"."""
    words = text.strip()
    return _LIST_END.sub("", words).rstrip() or words


def list_end(blocks: Sequence[Block], start: int) -> int:
    """The index after the list that begins at `start`.

    A line without a bullet between two items of a list that stands close together belongs to the item above it.
    """
    end = start + 1
    while end < len(blocks):
        block = blocks[end]
        if block.shape is Shape.ITEM or (_is_between(blocks, end)):
            end += 1
        else:
            break
    return end


def _is_between(blocks: Sequence[Block], index: int) -> bool:
    block = blocks[index]
    if block.shape is not Shape.PARAGRAPH or not block.tight or block.text.endswith(":"):
        return False
    if blocks[index - 1].shape is Shape.ITEM and _is_name(blocks[index - 1].text):
        return True
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is None or following.marker is None or not following.tight:
        return False
    return not following.marker.label or not following.marker.may_follow(None)


def _is_name(text: str) -> bool:
    """Whether an item is only a name for what stands below it: "Demand 1: Pay"."""
    return len(text.split()) <= _CHILD_WORDS and text[-1:].isalpha()


def read_entries(blocks: Sequence[Block]) -> list[Entry]:
    """The entries of one list, what is nested in them folded in."""
    top: list[Entry] = []
    open_entries: list[Entry] = []
    for block in blocks:
        if block.marker is None:
            if open_entries:
                _extend(open_entries[-1], block)
                for parent in open_entries[:-1]:
                    parent.place = Place(parent.place.first_line, block.place.last_line)
            continue
        entry = Entry(
            block.marker.label.casefold(),
            block.text,
            block.place,
            block.links,
            style=block.marker.style,
            indent=block.marker.indent,
            first_words=block.text,
        )
        _close_to(open_entries, entry, first=block.marker.may_begin)
        if open_entries:
            open_entries[-1].children.append(entry)
        else:
            top.append(entry)
        open_entries.append(entry)
    return [folded for entry in _with_loose_children(top) for folded in _folded(entry)]


def inline_entries(block: Block) -> list[Entry]:
    """The entries of a list inside a sentence: "we demand (a) …; (b) … and (c) …", "we call for: …; …; and …"."""
    found = [match for match in _INLINE.finditer(block.text) if match[0].strip()]
    if len(found) > 1 and found[0][1] in {"a", "1", "i"}:
        ends = [*[match.start() for match in found[1:]], len(block.text)]
        parts = [(match[1], block.text[match.end() : end]) for match, end in zip(found, ends, strict=True)]
    else:
        rest = block.text.partition(": ")[2]
        parts = [_labelled(part) for part in rest.split(";")] if rest.count(";") > 1 else []
    return [Entry(label, trimmed(words), block.place, block.links) for label, words in parts if words.strip()]


def _labelled(part: str) -> tuple[str, str]:
    """A part of a sentence with the number before it, if it has one."""
    words = _JOINING.sub("", part.strip())
    found = _LABEL.match(words)
    return (found[1], words[found.end() :]) if found else ("", words)


def _extend(entry: Entry, block: Block) -> None:
    entry.text = f"{entry.text}{':' if _is_name(entry.text) else ''} {block.text}"
    entry.place = Place(entry.place.first_line, block.place.last_line)
    entry.links = (*entry.links, *block.links)


def _close_to(open_entries: list[Entry], entry: Entry, *, first: bool) -> None:
    """Leave only those entries open under which the new one stands."""
    del open_entries[_DEEPEST:]
    while open_entries:
        top = open_entries[-1]
        if entry.indent > top.indent + 1 and (entry.style != top.style or not entry.label or first):
            return
        same = entry.style == top.style
        if (
            not same
            and abs(entry.indent - top.indent) <= 1
            and not any(one.style == entry.style for one in open_entries)
            and _hangs_under(top.style, entry.style, first=first)
        ):
            return
        open_entries.pop()
        if same and entry.indent >= top.indent - 1:
            return


def _hangs_under(above: str, style: str, *, first: bool) -> bool:
    """Whether a marker of another sort begins a list inside the list: letters under numbers, rings under dots."""
    if above.startswith(("number", "letter")):
        return first
    return above == "dot" and style in {"ring", "dash"}


def _with_loose_children(entries: list[Entry]) -> list[Entry]:
    """Put links that follow "… from your union's website:" under it, though they have the same bullet."""
    kept: list[Entry] = []
    for entry in entries:
        before = kept[-1] if kept else None
        if (
            before
            and _is_only_a_link(entry)
            and before.text.endswith(":")
            and len(before.text.split()) > _GROUP_WORDS
        ):
            before.children.append(entry)
        else:
            kept.append(entry)
    return kept


def _folded(entry: Entry) -> list[Entry]:
    """The entry with its children's words, or the children themselves under a short "Pay:"."""
    if not entry.children:
        return [replace(entry, text=trimmed(entry.text))]
    is_group = _GROUP.fullmatch(entry.text) and not _GOES_ON.search(entry.text)
    if is_group and len(entry.text.split()) <= _GROUP_WORDS:
        inner = [one for child in entry.children for one in _folded(child)]
        return [
            replace(one, group=one.group or entry.text.rstrip(":"), label=_joined_label(entry, one))
            for one in inner
        ]
    inner = [one for child in entry.children for one in _folded(child)]
    last_line = max(one.place.last_line for one in [entry, *inner])
    own = entry.text if entry.text.endswith(":") else trimmed(entry.text)
    words = "; ".join(told for one in inner if (told := _words_below(one)))
    return [
        replace(
            entry,
            text=f"{own} {words}".strip(),
            place=Place(entry.place.first_line, last_line),
            links=(*entry.links, *(link for one in inner for link in one.links)),
            children=[],
        )
    ]


def _is_only_a_link(entry: Entry) -> bool:
    """Whether it is an address with its name: "Napo: https://…"."""
    return bool(entry.links) and len(without_addresses(entry.first_words).split()) <= _CHILD_WORDS


def _words_below(entry: Entry) -> str:
    """What an entry adds to the one above it: its words, which of an address are only what follows it."""
    return entry.text.removeprefix(entry.first_words).strip() if _is_only_a_link(entry) else entry.text


def _joined_label(parent: Entry, child: Entry) -> str:
    return f"{parent.label}{child.label}" if parent.label and child.label else child.label
