"""What a document of the union holds, as the reader found it, each item with the lines where it stands.

The words of an item are the document's own: they are for showing to an organiser, and are stored only when that
organiser says so.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class DocumentKind(StrEnum):
    """What sort of document it is."""

    BULLETIN = "bulletin"
    MOTION = "motion"


class ItemKind(StrEnum):
    """What an item of a document is."""

    DEMAND = "demand"
    AIM = "aim"
    MEETING = "meeting"
    ACTION = "action"
    LINK = "link"
    NOTE = "note"
    CONCERN = "concern"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the document's text: its first and last line, counted from 1."""

    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A web address, and the words that stand beside it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class FoundTime:
    """When a meeting is, as far as the document tells.

    `phrase` is the document's own; `starts_wall` is local time in `zone`, and `None` while there is no date or no
    time of day yet.
    """

    phrase: str
    zone: str
    day: date | None = None
    last_day: date | None = None
    starts_wall: datetime | None = None
    ends_wall: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the document says, asks for or announces.

    `label` is its letter or number without punctuation ("a", "3"), empty where it has none. `text` is one line. What the
    reader is unsure of stands in `doubts`, each a sentence for the organiser.
    """

    kind: ItemKind
    text: str
    place: Place
    label: str = ""
    heading: str = ""
    time: FoundTime | None = None
    links: tuple[FoundLink, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read.

    `dated` is the day that the document itself bears. `launched_on` is the day on which it says the campaign began.
    `conference`, `decision` and `calls_on` are those of a motion, empty in a bulletin.
    """

    kind: DocumentKind
    title: str
    body: str
    items: tuple[Item, ...]
    dated: date | None = None
    launched_on: date | None = None
    conference: str = ""
    decision: str = ""
    calls_on: str = ""
    doubts: tuple[str, ...] = field(default=())

    def of_kind(self, kind: ItemKind) -> tuple[Item, ...]:
        """The items of one kind, in the document's order."""
        return tuple(item for item in self.items if item.kind is kind)
