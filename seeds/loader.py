"""Brings a campaign's facts into a guild's tables, and takes those of the former campaign out.

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
from db.guilds import ensure_guild, fetch_guild, update_guild
from db.seeded import delete_entries, fetch_in_use, release_entries
from seeds.format import ActionSeed, CampaignSeed, DemandSeed, EntrySeed, MeetingSeed, MotionSeed, TermSeed


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of each entry of the seed, by name, such as "demand wear-yellow".

    `kept` names the entries that were edited in this guild and were therefore left as they are. `removed` came with
    the former campaign; `left` did too, and was left because it was edited, or because work of members or organisers
    hangs on it.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


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
    removed: list[str] = field(default_factory=list[str])
    left: list[str] = field(default_factory=list[str])

    def report(self) -> LoadReport:
        lists = (self.added, self.updated, self.unchanged, self.kept, self.removed, self.left)
        return LoadReport(*(tuple(names) for names in lists))


async def load_campaign(database: Database, guild_id: int, campaign: CampaignSeed) -> LoadReport:
    """Adds what a guild does not have yet and updates what only the seed has changed, in one transaction.

    An entry belongs to the seed as long as its row still has the digest that was stored with it. The caller
    forgets the guild's snapshot afterwards (see `bot.services.snapshot`).
    """
    tally = _Tally()
    async with database.write() as connection:
        await _load(connection, guild_id, campaign, tally)
    return tally.report()


async def change_campaign(
    database: Database, guild_id: int, campaign: CampaignSeed, *, zone: str
) -> LoadReport:
    """Makes this the guild's campaign, in one transaction, and remembers that it is.

    If it had another one, what came with that goes, except what was edited and what members or organisers have worked
    with: answers, progress, imports, schedules, who comes. That belongs to the guild from now on, and no campaign
    changes it. Feedback and the numbers of participation stay. The caller forgets the guild's snapshot and settings
    afterwards.

    Args:
        database: the database.
        guild_id: the guild; it need not be known yet.
        campaign: its campaign from now on.
        zone: the zone of a guild that is not known yet.
    """
    tally = _Tally()
    async with database.write() as connection:
        await ensure_guild(connection, guild_id, zone)
        guild = await fetch_guild(connection, guild_id)
        before = guild.campaign if guild is not None else None
        if before not in {None, campaign.name}:
            await _take_out_former(connection, guild_id, campaign, tally)
        await _load(connection, guild_id, campaign, tally)
        if before != campaign.name:
            await update_guild(connection, guild_id, campaign=campaign.name)
    return tally.report()


async def _take_out_former(
    connection: AsyncConnection, guild_id: int, campaign: CampaignSeed, tally: _Tally
) -> None:
    for kind, entries in _kinds(campaign).items():
        coming = {entry.key for entry in entries}
        stored = await fetch_stored(connection, guild_id, kind, OWNED[kind])
        in_use = await fetch_in_use(connection, guild_id, kind)
        former = {key: entry for key, entry in stored.items() if entry.seed_digest is not None}
        left = {key for key, entry in former.items() if key in in_use or _is_edited(entry)}
        gone = [key for key in former if key not in left]
        await delete_entries(connection, guild_id, kind, gone)
        await release_entries(connection, guild_id, kind, left)
        tally.left.extend(f"{kind.name.lower()} {key}" for key in former if key in left)
        tally.removed.extend(f"{kind.name.lower()} {key}" for key in gone if key not in coming)


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


async def _load(connection: AsyncConnection, guild_id: int, campaign: CampaignSeed, tally: _Tally) -> None:
    for kind, entries in _kinds(campaign).items():
        rows = {entry.key: _row(entry, number) for number, entry in enumerate(entries, start=1)}
        await _load_kind(connection, guild_id, kind, rows, tally)


async def _load_kind(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, rows: Mapping[str, _Row], tally: _Tally
) -> None:
    if not rows:
        return
    stored = await fetch_stored(connection, guild_id, kind, OWNED[kind])
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
    if _is_edited(stored):
        return tally.kept
    return tally.unchanged if stored.seed_digest == wanted else tally.updated


def _is_edited(stored: StoredEntry) -> bool:
    return digest(stored.values) != stored.seed_digest


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
