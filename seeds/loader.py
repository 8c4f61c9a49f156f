"""Brings a campaign's facts into a guild's tables.

It can run as often as wanted: it never undoes what organisers changed there.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.when import resolve
from db.campaign import EntryKind, StoredEntry, fetch_stored, insert_entries, update_entry
from db.engine import Database
from seeds.format import ActionSeed, CampaignSeed, DemandSeed, EntrySeed, MeetingSeed, MotionSeed, TermSeed


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of each entry of the seed, by name, such as "demand wear-yellow".

    `kept` names the entries that were edited in this guild and were therefore left as they are.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """What the seed says of one entry: the columns that it owns, and those that follow from them."""

    owned: Mapping[str, Any]
    derived: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class _Tally:
    added: list[str] = field(default_factory=list[str])
    updated: list[str] = field(default_factory=list[str])
    unchanged: list[str] = field(default_factory=list[str])
    kept: list[str] = field(default_factory=list[str])

    def report(self) -> LoadReport:
        return LoadReport(tuple(self.added), tuple(self.updated), tuple(self.unchanged), tuple(self.kept))


async def load_campaign(database: Database, guild_id: int, campaign: CampaignSeed) -> LoadReport:
    """Adds what a guild does not have yet and updates what only the seed has changed, in one transaction.

    An entry belongs to the seed as long as its row still has the digest that was stored with it. The caller
    forgets the guild's snapshot afterwards (see `bot.services.snapshot`).
    """
    tally = _Tally()
    async with database.write() as connection:
        for kind, entries in _kinds(campaign).items():
            rows = {entry.key: _row(entry, number) for number, entry in enumerate(entries, start=1)}
            await _load_kind(connection, guild_id, kind, rows, tally)
    return tally.report()


def digest(columns: Mapping[str, Any]) -> str:
    """The SHA-256 of the columns as canonical JSON, in hexadecimal."""
    text = json.dumps(columns, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_iso)
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(value: Any) -> str:
    return value.isoformat()


def _kinds(campaign: CampaignSeed) -> Mapping[EntryKind, tuple[EntrySeed, ...]]:
    return {
        EntryKind.DEMAND: campaign.demands,
        EntryKind.AIM: campaign.aims,
        EntryKind.MOTION: campaign.motions,
        EntryKind.ACTION: campaign.actions,
        EntryKind.MEETING: campaign.meetings,
        EntryKind.TERM: campaign.terms,
    }


async def _load_kind(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, rows: Mapping[str, _Row], tally: _Tally
) -> None:
    if not rows:
        return
    columns = next(iter(rows.values())).owned
    stored = await fetch_stored(connection, guild_id, kind, columns)
    new: list[Mapping[str, Any]] = []
    for key, row in rows.items():
        values = {**row.owned, **row.derived, "seed_digest": digest(row.owned)}
        before = stored.get(key)
        outcome = _outcome(before, values["seed_digest"], tally)
        outcome.append(f"{kind.name.lower()} {key}")
        if before is None:
            new.append({"key": key, **values})
        elif outcome is tally.updated:
            await update_entry(connection, guild_id, kind, key, values)
    await insert_entries(connection, guild_id, kind, new)


def _outcome(stored: StoredEntry | None, wanted: str, tally: _Tally) -> list[str]:
    if stored is None:
        return tally.added
    if digest(stored.values) != stored.seed_digest:
        return tally.kept
    return tally.unchanged if stored.seed_digest == wanted else tally.updated


def _row(entry: EntrySeed, position: int) -> _Row:
    common = {
        "position": position,
        "title": entry.title,
        "summary": entry.summary,
        "source": entry.source,
        "source_on": entry.date,
    }
    return _Row({**common, **_own_columns(entry)}, _derived_columns(entry))


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
            return {"links": [link.model_dump() for link in entry.links]}
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
