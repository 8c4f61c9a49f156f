"""A document in short words, for tests that name everything that is to be found in it."""

from datetime import date
from textwrap import dedent

from bot.domain.bulletins.model import Document, ItemKind
from bot.domain.bulletins.reading import read_document

LONDON = "Europe/London"
TODAY = date(2026, 3, 2)


def read(text: str) -> Document:
    return read_document(dedent(text).strip("\n"), today=TODAY, zone=LONDON)


def told(document: Document) -> list[str]:
    """The items in short: "demand 2: No redundancies", a meeting with its day and time, a link with its address."""
    lines: list[str] = []
    for item in document.items:
        words = item.text
        if item.kind is ItemKind.MEETING and item.time:
            last = f" to {item.time.last_day}" if item.time.last_day else ""
            start = f" {item.time.starts_wall:%H:%M}" if item.time.starts_wall else ""
            end = f"-{item.time.ends_wall:%H:%M}" if item.time.ends_wall else ""
            words = f"{item.time.day}{last}{start}{end}"
        elif item.kind is ItemKind.LINK:
            words = f"{item.text} <{item.links[0].url}>"
        lines.append(f"{item.kind} {item.label}".strip() + f": {words}")
    return lines
