"""The columns of the tables that a campaign's facts fill, and the digest by which an edit of them is noticed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.when import resolve
from db.campaign import EntryKind
from seeds.format import ActionSeed, DemandSeed, EntrySeed, MeetingSeed, MotionSeed, TermSeed

_COMMON = ("position", "title", "summary", "source", "source_on")
OWNED: Mapping[EntryKind, tuple[str, ...]] = {
    EntryKind.DEMAND: (*_COMMON, "keywords"),
    EntryKind.AIM: _COMMON,
    EntryKind.MOTION: (*_COMMON, "conference", "decision", "calls_on", "points"),
    EntryKind.ACTION: (*_COMMON, "links", "button", "picture_url", "picture_alt"),
    EntryKind.MEETING: (*_COMMON, "starts_wall", "zone", "duration_minutes"),
    EntryKind.TERM: (*_COMMON, "expansion"),
}
"""The columns of each kind that a seed owns: what else a row holds is not its business."""


@dataclass(frozen=True, slots=True)
class SeedRow:
    """What the seed says of one entry: the columns that it owns, and those that follow from them."""

    owned: Mapping[str, Any]
    derived: Mapping[str, Any] = field(default_factory=dict[str, Any])


def row_of(entry: EntrySeed, position: int) -> SeedRow:
    """What the seed says of an entry that stands in this place."""
    common = {
        "position": position,
        "title": entry.title,
        "summary": entry.summary,
        "source": entry.source,
        "source_on": entry.date,
    }
    return SeedRow({**common, **_own_columns(entry)}, _derived_columns(entry))


def _own_columns(entry: EntrySeed) -> dict[str, Any]:
    match entry:
        case DemandSeed():
            return {"keywords": list(entry.keywords)}
        case MotionSeed():
            return {
                "conference": entry.conference,
                "decision": entry.decision,
                "calls_on": entry.calls_on,
                "points": [
                    {"kind": point.kind.value, "label": point.label or "", "text": point.text}
                    for point in entry.points
                ],
            }
        case ActionSeed():
            return {
                "links": [link.model_dump() for link in entry.links],
                "button": entry.button,
                "picture_url": entry.picture.url if entry.picture else None,
                "picture_alt": entry.picture.alt if entry.picture else None,
            }
        case MeetingSeed():
            return {
                "starts_wall": entry.starts,
                "zone": entry.zone,
                "duration_minutes": entry.duration_minutes,
            }
        case TermSeed():
            return {"expansion": entry.expansion or ""}
        case _:
            return {}


def _derived_columns(entry: EntrySeed) -> dict[str, Any]:
    if isinstance(entry, MeetingSeed):
        return {"starts_at": resolve(entry.starts, entry.zone)}
    return {}


def digest(columns: Mapping[str, Any]) -> str:
    """The SHA-256 of the columns as canonical JSON, in hexadecimal."""
    text = json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso)
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(value: Any) -> str:
    return value.isoformat()
