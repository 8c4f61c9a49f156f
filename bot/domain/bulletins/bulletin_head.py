"""The head of a bulletin: its title, its date, and the day on which it says the campaign began."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.domain.bulletins.blocks import Block, Shape
from bot.domain.bulletins.dates import find_days, find_month
from bot.domain.bulletins.headings import ALONE_LEVEL
from bot.domain.bulletins.purposes import purpose_of_heading
from bot.domain.bulletins.years import Calendar

_MAIL: Final = re.compile(r"(from|to|cc|bcc|date|sent|subject|reply-to):\s+(\S.*)", re.IGNORECASE)
_SUBJECT: Final = re.compile(r"(?:re|ref|subject|title):\s+(\S.{2,150})", re.IGNORECASE)
_PAPER: Final = re.compile(r"\b(?:newsletter|bulletin|news|voice|update)\b", re.IGNORECASE)
_SENDER: Final = re.compile(
    r"\b(?:union|association|federation|society|guild|branch|branches|alliance|committee|unions)$|"
    r"^to:? (?:all )?(?:members|branches|reps|staff|colleagues)\b|^dear\b|"
    r"^(?:the )?(?:national )?(?:union|association|federation|society|guild|confederation) of\b",
    re.IGNORECASE,
)
_ANNOUNCED: Final = re.compile(
    r"\b(?:meetings?|rally|launched|ballot|strike|webinar|deadline|conference|agm|join us)\b|"
    r"\d\s?[ap]\.?m\b|\d[:.]\d\d\b(?! \+0000)",
    re.IGNORECASE,
)
_LAUNCH: Final = re.compile(r"\blaunch(?:ed|es|ing)?\b", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")
_TOP: Final = 8
_MARKED: Final = 2
_LAST: Final = 2
_DATE_WORDS: Final = 6
_SHORT: Final = 90
_LONGEST_TITLE: Final = 150


def read_mail_head(blocks: Sequence[Block]) -> tuple[dict[str, Block], list[Block]]:
    """The lines that a mail program puts above a message, by their name, and the blocks of the message."""
    head: dict[str, Block] = {}
    rest = list(blocks)
    while rest and (found := _MAIL.fullmatch(rest[0].text)):
        head[found[1].casefold()] = replace(rest.pop(0), text=found[2])
    return (head, rest) if "subject" in head else ({}, list(blocks))


def is_sender(text: str) -> bool:
    """Whether a line only names a union, or those to whom it writes."""
    return bool(_SENDER.search(text)) and not _PAPER.search(text)


def title_of(blocks: Sequence[Block]) -> str:
    """The first heading that is more than the sender's name, or else the first words."""
    for block in blocks[:_TOP]:
        if found := _SUBJECT.fullmatch(block.text):
            return found[1]
    top = [block for block in blocks[:_TOP] if block.shape is Shape.HEADING]
    headings = [block for block in top if not _is_only_a_day(block.text)] or top
    marked = [block for block in headings if block.level <= _MARKED]
    named = [block for block in marked or headings if not is_sender(block.text)]
    before = blocks.index(named[0]) if named else 0
    first = _first_words(blocks[:before], named[0]) if named and len(marked) != 1 else None
    chosen = first or next(iter([*named, *headings, *blocks]), None)
    if chosen is None:
        return ""
    words = chosen.text.partition(" | ")[0].rstrip(":")
    return words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _is_only_a_day(text: str) -> bool:
    days = find_days(text)
    return len(days) == 1 and not (text[: days[0].start] + text[days[0].end :]).strip(" ,.|")


def _first_words(blocks: Sequence[Block], heading: Block) -> Block | None:
    """A short line above the first heading, where that heading is only one of the sections."""
    lines = [block for block in blocks if block.shape is Shape.PARAGRAPH]
    short = [block for block in lines if len(block.text) <= _SHORT and not find_days(block.text)]
    usable = [
        block for block in short if not block.text.endswith((".", ",", ":")) and not is_sender(block.text)
    ]
    is_section = heading.level >= ALONE_LEVEL or purpose_of_heading(heading.text) is not None
    return usable[0] if usable and is_section else None


def dates_of(head: Mapping[str, Block], blocks: Sequence[Block]) -> tuple[date | None, date | None]:
    """The date that the document bears, and the time around which it was written."""
    around: date | None = None
    for name in ("date", "sent"):
        for day in find_days(head[name].text) if name in head else ():
            if day.year is not None:
                settled = Calendar(date(day.year, 1, 1)).settle(day).day
                return settled, settled
    for block in [*blocks[:_TOP], *blocks[-_LAST:]]:
        if len(block.text) > _SHORT or block.shape is Shape.ITEM:
            continue
        days = [one for one in find_days(block.text) if one.year is not None and one.last is None]
        told = block.text.endswith(".") and len(block.text.split()) > _DATE_WORDS
        if len(days) == 1 and not told and not _ANNOUNCED.search(block.text):
            settled = Calendar(date(days[0].year or 1, 1, 1)).settle(days[0]).day
            if settled:
                return settled, settled
        if around is None and (month := find_month(block.text)):
            around = date(*month, 1)
    return None, around


def explicit_days(blocks: Sequence[Block]) -> tuple[date, ...]:
    """The days that the document names with their year."""
    found = (
        Calendar(date(day.year, 1, 1)).settle(day).day
        for block in blocks
        for day in find_days(block.text)
        if day.year
    )
    return tuple(sorted({day for day in found if day}))


def launched_on(blocks: Sequence[Block]) -> date | None:
    """The day on which the document says that the campaign was launched."""
    for block in blocks:
        for sentence in _SENTENCE.split(block.text):
            if not _LAUNCH.search(sentence) or "will launch" in sentence:
                continue
            for day in find_days(sentence):
                if day.year is not None and day.number:
                    return Calendar(date(day.year, 1, 1)).settle(day).day
    return None
