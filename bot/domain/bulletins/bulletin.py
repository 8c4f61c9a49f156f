"""Reads a bulletin: demands, aims, actions, meetings and links, by the sections and lists in which they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.domain.bulletins.asking import asks, mostly_ask, question_before, requests_in, says_who_is_asked
from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.bulletin_head import dates_of, explicit_days, launched_on, read_mail_head, title_of
from bot.domain.bulletins.clocks import find_times
from bot.domain.bulletins.entries import Entry, inline_entries, list_end, read_entries
from bot.domain.bulletins.links import without_addresses
from bot.domain.bulletins.meeting_words import lists_dates, tells_of_a_ballot
from bot.domain.bulletins.meetings import Scene, find_meetings
from bot.domain.bulletins.model import Document, DocumentKind, FoundLink, Item, ItemKind, Place
from bot.domain.bulletins.plain_lists import bare_list, introduced_list, plain_entries
from bot.domain.bulletins.purposes import Purpose, may_be_news, purpose_of_heading, purpose_of_introduction
from bot.domain.bulletins.rows import is_of_meetings, row_entries
from bot.domain.bulletins.sections import Section, read_sections, with_plain_lists, without_signatures
from bot.domain.bulletins.years import Calendar
from bot.domain.language import later

_KINDS: Final = {
    Purpose.DEMANDS: ItemKind.DEMAND,
    Purpose.AIMS: ItemKind.AIM,
    Purpose.ACTIONS: ItemKind.ACTION,
}
_SHORT: Final = 90
_MOST_POINTS: Final = 60
_UNTOLD: Final = later("Nothing above it says that it is for members to do: please check that it is meant.")
_GUESSED: Final = later("It stands in no list: please check that it is meant.")
_NOTHING: Final = later("I found no demands, aims, actions, meetings or links in it.")


@dataclass(slots=True)
class _Reading:
    """What has been found so far, and the blocks that were claimed as something else than a meeting."""

    items: list[Item] = field(default_factory=list[Item])
    claimed: set[Place] = field(default_factory=set[Place])
    actions: set[Place] = field(default_factory=set[Place])
    known: set[tuple[ItemKind, str]] = field(default_factory=set[tuple[ItemKind, str]])

    def claim(self, purpose: Purpose | None, run: Sequence[Block]) -> None:
        """Note what the blocks of a list are."""
        kind = self.actions if purpose is Purpose.ACTIONS else self.claimed
        kind.update(block.place for block in run)


def read_bulletin(blocks: Sequence[Block], *, today: date, zone: str) -> Document:
    """The bulletin that these blocks are."""
    head, kept = read_mail_head(with_plain_lists(without_signatures(blocks)))
    sections = read_sections(kept)
    dated, around = dates_of(head, kept)
    reading = _Reading()
    for section in sections:
        _read_section(section, reading)
    calendar = Calendar(today, around, explicit_days(kept))
    scenes = [
        Scene(
            section.title,
            [block for block in section.everything if block.place not in reading.claimed],
            _is_about_meetings(section),
            frozenset(reading.actions),
        )
        for section in sections
    ]
    items = [*reading.items, *find_meetings(scenes, calendar, zone), *_links(sections)]
    items.sort(key=lambda item: item.place.first_line)
    doubts = () if items else (_NOTHING,)
    return Document(
        DocumentKind.BULLETIN,
        head["subject"].text if "subject" in head else title_of(kept),
        body_of(kept),
        tuple(items),
        dated=dated,
        launched_on=launched_on(kept),
        doubts=doubts,
    )


def _is_about_meetings(section: Section) -> bool:
    """Whether days in the section are meetings though nothing else says so; among a ballot's dates they are not."""
    if any(is_of_meetings(block) for block in section.blocks):
        return True
    balloted = any(tells_of_a_ballot(block.text) for block in section.blocks)
    return section.purpose is Purpose.MEETINGS and not (balloted and lists_dates(section.title))


def body_of(blocks: Sequence[Block]) -> str:
    """The document's words, a paragraph to a line."""
    return "\n\n".join(f"{_sign(block)}{block.text}" for block in blocks)


def _sign(block: Block) -> str:
    if block.marker is None:
        return ""
    return f"{block.marker.label}) " if block.marker.label else "• "


def _read_section(section: Section, reading: _Reading) -> None:
    introduced: Purpose | None = None
    last_list: tuple[Purpose | None, Block] | None = None
    index = 0
    blocks = section.blocks
    while index < len(blocks):
        block = blocks[index]
        if block.shape is Shape.PARAGRAPH:
            introduced = purpose_of_introduction(block.text)
            plain = _plain_list(blocks, index, introduced, section)
            if plain and not _is_news(plain_entries(plain), introduced or section.purpose, section):
                _add(plain_entries(plain), introduced or section.purpose, section, reading)
                reading.claim(introduced or section.purpose, plain)
                index += len(plain) + (plain[0] is not block)
                introduced = None
                continue
            _read_paragraph(block, introduced, section, reading)
            introduced = introduced if _leads(block, introduced) else None
            index += 1
            continue
        end = list_end(blocks, index) if block.shape is Shape.ITEM else _rows_end(blocks, index)
        run = blocks[index:end]
        purpose = introduced or section.purpose
        if last_list and introduced is None and _goes_on(last_list[1], block):
            purpose = last_list[0]
        _read_list(run, purpose, section, reading)
        last_list = (purpose, next((one for one in reversed(run) if one.marker), block))
        introduced = None
        index = end


def _goes_on(last: Block, block: Block) -> bool:
    """Whether a list goes on with the next number after something that stood between."""
    return block.marker is not None and not block.marker.may_begin and block.marker.may_follow(last.marker)


def _plain_list(
    blocks: Sequence[Block], index: int, introduced: Purpose | None, section: Section
) -> Sequence[Block]:
    """The items without bullets that begin at a paragraph or below it."""
    if (introduced or section.purpose) not in _KINDS:
        return ()
    if blocks[index].introduces:
        return introduced_list(blocks, index)
    below_a_list = index > 0 and blocks[index - 1].shape is Shape.ITEM
    return bare_list(blocks, index) if introduced is None and not below_a_list else ()


def _leads(block: Block, introduced: Purpose | None) -> bool:
    """Whether the paragraph's purpose holds for the list below it: a sentence with a full stop only hints."""
    return block.introduces or introduced is not Purpose.OTHER


def _rows_end(blocks: Sequence[Block], start: int) -> int:
    end = start + 1
    while end < len(blocks) and blocks[end].shape is Shape.ROW and blocks[end].header == blocks[start].header:
        end += 1
    return end


def _read_paragraph(block: Block, introduced: Purpose | None, section: Section, reading: _Reading) -> None:
    """Read what a paragraph asks for itself: a list inside its sentence, or one action."""
    entries = inline_entries(block) if introduced in _KINDS else []
    if entries:
        _add(entries, introduced, section, reading)
        return
    lead, rest = question_before(block.text)
    if rest and purpose_of_heading(lead) is Purpose.ACTIONS:
        _add_requests(rest, block, section, reading)
        return
    alone = not block.introduces and not section.has_list
    if section.purpose is Purpose.ACTIONS and alone:
        _add_requests(block.text, block, section, reading)


def _add_requests(text: str, block: Block, section: Section, reading: _Reading) -> None:
    requests = requests_in(text)
    entries = [Entry("", words, block.place, _links_in(words, block, requests)) for words in requests]
    _add(entries, Purpose.ACTIONS, section, reading, doubt=_GUESSED)


def _links_in(words: str, block: Block, requests: Sequence[str]) -> tuple[FoundLink, ...]:
    """The links of a paragraph that belong to one of the things it asks for."""
    if len(requests) == 1:
        return block.links
    return tuple(link for link in block.links if link.url in words or (link.label and link.label in words))


def _read_list(run: Sequence[Block], purpose: Purpose | None, section: Section, reading: _Reading) -> None:
    if run[0].shape is Shape.ROW:
        purpose, entries = row_entries(run, purpose)
    else:
        entries = read_entries(run)
    if purpose in _KINDS and not _is_news(entries, purpose, section):
        _add(entries, purpose, section, reading)
        reading.claim(purpose, run)
    elif purpose is None and run[0].shape is Shape.ITEM and not _read_points(run, section, reading):
        asking = len(entries) > 1 and all(asks(entry.text) for entry in entries)
        _add(entries if asking else (), Purpose.ACTIONS, section, reading, doubt=_UNTOLD)


def _read_points(run: Sequence[Block], section: Section, reading: _Reading) -> bool:
    """Read the numbered points of a circular: one may introduce a list of its own, or ask for something."""
    found = False
    for index, block in enumerate(run):
        inner = _points_below(run, index)
        purpose = purpose_of_introduction(block.text) if inner else None
        if purpose in _KINDS:
            _add(read_entries(inner), purpose, section, reading)
            reading.claim(purpose, inner)
            found = True
        elif not inner and len(run) > 1 and says_who_is_asked(block.text) and not find_times(block.text):
            entry = Entry(block.marker.label if block.marker else "", block.text, block.place, block.links)
            _add([entry], Purpose.ACTIONS, section, reading, doubt=_UNTOLD)
    return found


def _points_below(run: Sequence[Block], start: int) -> Sequence[Block]:
    """The items of another sort that stand below one that does not end as a sentence."""
    above = run[start].marker
    if above is None or run[start].text.endswith((".", "!", "?")):
        return ()
    end = start + 1
    limit = min(len(run), start + _MOST_POINTS)
    while end < limit and (below := run[end].marker) and below.style != above.style:
        end += 1
    return run[start + 1 : end]


def _is_news(entries: Sequence[Entry], purpose: Purpose | None, section: Section) -> bool:
    """Whether a list under "Next steps" tells what others will do."""
    unsure = purpose is Purpose.ACTIONS and may_be_news(section.title)
    return unsure and not mostly_ask([entry.text for entry in entries])


def _add(
    entries: Sequence[Entry], purpose: Purpose | None, section: Section, reading: _Reading, *, doubt: str = ""
) -> None:
    kind = _KINDS[purpose] if purpose else None
    doubts = (doubt,) if doubt else ()
    for entry in entries:
        if kind and entry.text and (kind, entry.text.casefold()) not in reading.known:
            reading.known.add((kind, entry.text.casefold()))
            heading = entry.group or section.title
            item = Item(kind, entry.text, entry.place, entry.label, heading, links=entry.links, doubts=doubts)
            reading.items.append(item)


def _links(sections: Sequence[Section]) -> list[Item]:
    """Every address of the document once."""
    items: list[Item] = []
    seen: set[str] = set()
    for section in sections:
        for block in section.everything:
            for link in block.links:
                if link.url.rstrip("/").casefold() not in seen:
                    seen.add(link.url.rstrip("/").casefold())
                    label = (
                        link.label
                        or _shortened(without_addresses(block.text))
                        or link.url.partition("://")[2]
                    )
                    items.append(
                        Item(
                            ItemKind.LINK,
                            label,
                            block.place,
                            heading=section.title,
                            links=(FoundLink(label, link.url),),
                        )
                    )
    return items


def _shortened(words: str) -> str:
    return words if len(words) <= _SHORT else words[:_SHORT].rsplit(" ", 1)[0].rstrip()
