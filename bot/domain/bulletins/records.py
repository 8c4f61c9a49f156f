"""Imports that were made: which document, and what it changed, so that it can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.bulletins.proposals import Kind


class Deed(StrEnum):
    """What an import did to one thing."""

    ADDED = "added"
    CHANGED = "changed"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One thing that an import did: the columns that it wrote, and what they held before.

    Dates and times stand in it as ISO 8601 text. `key` is the entry's, or the schedule's.
    """

    deed: Deed
    kind: Kind
    key: str
    title: str
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """An import as it stands in a list: without the document's text, which may be long, and what it changed."""

    import_id: str
    title: str
    imported_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """A document that was imported, and what that changed."""

    import_id: str
    digest: str
    kind: str
    title: str
    on: date | None
    text: str
    imported_at: datetime
    changes: tuple[EntryChange, ...]
    undone_at: datetime | None = None

    def of(self, deed: Deed) -> tuple[EntryChange, ...]:
        """The changes of one sort."""
        return tuple(change for change in self.changes if change.deed is deed)
