"""The kinds of text files that feedback is exported to, written a few rows at a time."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from typing import Protocol

from bot.domain.export_rows import HEADER, Entry, Particulars, guarded, quoted
from bot.domain.language import later, say


class FileFormat(StrEnum):
    """The kinds of files."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    MD = "md"
    HTML = "html"


GROUPED = frozenset({FileFormat.MD, FileFormat.HTML})
"""Documents to be read: their pieces come topic by topic."""

NOTHING = later("Nothing was found.")


@dataclass(frozen=True, slots=True)
class About:
    """What a file says about itself. `asked_for` are pairs of what was asked for and its value, in words."""

    title: str
    made_on: str
    purpose: str
    asked_for: Mapping[str, str] = field(default_factory=dict[str, str])
    note: str = ""

    @property
    def asked_in_words(self) -> str:
        """What the file is limited to."""
        return "; ".join(f"{name}: {value}" for name, value in self.asked_for.items()) or say("everything")


class Writer(Protocol):
    """Writes one kind of file, from its start to its end."""

    def start(self) -> str:
        """What stands before the first row."""
        ...

    def rows(self, entries: Sequence[Entry]) -> str:
        """Some rows."""
        ...

    def end(self) -> str:
        """What stands after the last row."""
        ...


_QUOTE, _TWO_QUOTES = '"', '""'
PLAIN_END = '","",""\r\n'
"""What follows the text of a row without tags and without anything sealed, from the quote that closes the text."""


class CsvWriter:
    """CSV for spreadsheets: UTF-8 with its mark, every cell quoted, CRLF line ends."""

    def start(self) -> str:
        """The mark and the header."""
        return "\ufeff" + ",".join(map(quoted, HEADER)) + "\r\n"

    def rows(self, entries: Sequence[Entry]) -> str:
        """One line each."""
        return "".join(
            [
                # Nearly every row is like this one, and there may be a million.
                f"{particulars.csv_start}{guarded(text).replace(_QUOTE, _TWO_QUOTES)}{PLAIN_END}"
                if not tags and not sealed
                else self._line(particulars, text, tags, sealed)
                for particulars, text, tags, sealed in entries
            ]
        )

    @staticmethod
    def _line(particulars: Particulars, text: str, tags: str, sealed: str) -> str:
        said = guarded(text).replace(_QUOTE, _TWO_QUOTES)
        return f'{particulars.csv_start}{said}",{quoted(tags)},"{sealed}"\r\n'

    def end(self) -> str:
        """Nothing."""
        return ""


class JsonWriter:
    """JSON: an object with what the file is, and the pieces as an array of objects."""

    def __init__(self, about: About) -> None:
        self._about = about
        self._first = True

    def start(self) -> str:
        """What the file is."""
        head = {
            "title": self._about.title,
            "made_on": self._about.made_on,
            "purpose": self._about.purpose,
            "asked_for": dict(self._about.asked_for),
            "note": self._about.note,
        }
        return json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "feedback": ['

    def rows(self, entries: Sequence[Entry]) -> str:
        """One object each, on a line of its own."""
        lines = [json.dumps(self._object(entry), ensure_ascii=False) for entry in entries]
        before = "\n  " if self._first else ",\n  "
        self._first = self._first and not lines
        return before + ",\n  ".join(lines) if lines else ""

    @staticmethod
    def _object(entry: Entry) -> dict[str, object]:
        one = entry.particulars
        return {
            "topic": one.topic,
            "region": one.region or None,
            "grade": one.grade or None,
            "week": one.week,
            "demand": one.demand or None,
            "state": one.state,
            "text": entry.text,
            "tags": entry.tags.split(", ") if entry.tags else [],
            "sealed": entry.sealed,
        }

    def end(self) -> str:
        """Closes the array and the object."""
        return "\n ]\n}\n"


class MarkdownWriter:
    """A document to be read, topic by topic, in which nothing that somebody typed becomes formatting."""

    def __init__(self, about: About) -> None:
        self._about = about
        self._topic: str | None = None

    def start(self) -> str:
        """The title, and what the file is."""
        about = self._about
        made = say(
            "Made on {day} for: {purpose}. Holds: {asked_for}.",
            day=about.made_on,
            purpose=_plain(about.purpose),
            asked_for=_plain(about.asked_in_words),
        )
        return f"# {_plain(about.title)}\n\n{made}\n\n{about.note}\n"

    def rows(self, entries: Sequence[Entry]) -> str:
        """Each piece as a quotation under its topic."""
        return "".join([self._piece(entry) for entry in entries])

    def _piece(self, entry: Entry) -> str:
        heading = (
            "" if entry.particulars.topic == self._topic else f"\n## {_plain(entry.particulars.topic)}\n"
        )
        self._topic = entry.particulars.topic
        lines = "\n".join(f"> {_plain(line)}  " for line in entry.text.splitlines())
        return f"{heading}\n{_plain(said_about(entry))}\n\n{lines}\n"

    def end(self) -> str:
        """A word where there is nothing to read."""
        return "" if self._topic is not None else f"\n{say(NOTHING)}\n"


def said_about(entry: Entry) -> str:
    """The line above a piece in a document: its week, its state, what it speaks to; no region and no grade."""
    one = entry.particulars
    return " · ".join(part for part in (one.week, one.state, one.demand, entry.tags) if part)


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-!|~>=:.])")


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", escape(" ".join(text.split()), quote=False))
