"""Brings a campaign's facts into a guild's tables, and takes those of the former campaign out.

It can run as often as wanted: it never undoes what organisers changed there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from db.campaign import EntryKind, StoredEntry, fetch_stored, insert_entries, update_entry
from db.engine import Database
from db.guilds import ensure_guild, fetch_guild, lock_guild, update_guild
from db.seeded import delete_entries, fetch_in_use, release_entries
from seeds.format import CampaignSeed, EntrySeed
from seeds.numbers import moves, numbers_of
from seeds.rows import OWNED, SeedRow, digest, row_of


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

    What is added comes behind what is there, and has the numbers after the highest. An entry belongs to the seed as long
    as its row still has the digest that was stored with it. The caller forgets the guild's snapshot afterwards (see
    `bot.services.snapshot`).
    """
    tally = _Tally()
    async with database.write() as connection:
        await lock_guild(connection, guild_id)
        await _load(connection, guild_id, campaign, tally, beside=True)
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
        # What organisers add at the same moment counts on from the highest number, too.
        await lock_guild(connection, guild_id)
        guild = await fetch_guild(connection, guild_id)
        before = guild.campaign if guild is not None else None
        if before not in {None, campaign.name}:
            await _take_out_former(connection, guild_id, campaign, tally)
        await _load(connection, guild_id, campaign, tally, beside=False)
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


def _kinds(campaign: CampaignSeed) -> Mapping[EntryKind, tuple[EntrySeed, ...]]:
    return {
        EntryKind.DEMAND: campaign.demands,
        EntryKind.AIM: campaign.aims,
        EntryKind.MOTION: campaign.motions,
        EntryKind.ACTION: campaign.actions,
        EntryKind.MEETING: campaign.meetings,
        EntryKind.TERM: campaign.terms,
    }


async def _load(
    connection: AsyncConnection, guild_id: int, campaign: CampaignSeed, tally: _Tally, *, beside: bool
) -> None:
    for kind, entries in _kinds(campaign).items():
        if not entries:
            continue
        stored = await fetch_stored(connection, guild_id, kind, OWNED[kind])
        numbers = numbers_of([entry.key for entry in entries], stored, beside=beside)
        rows = {entry.key: row_of(entry, numbers[entry.key]) for entry in entries}
        await _load_kind(connection, guild_id, kind, rows, stored, tally)
        if kind is not EntryKind.MEETING:  # meetings stand by their dates
            await _make_room(connection, guild_id, kind, numbers, stored)


async def _load_kind(
    connection: AsyncConnection,
    guild_id: int,
    kind: EntryKind,
    rows: Mapping[str, SeedRow],
    stored: Mapping[str, StoredEntry],
    tally: _Tally,
) -> None:
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


async def _make_room(
    connection: AsyncConnection,
    guild_id: int,
    kind: EntryKind,
    numbers: Mapping[str, int],
    stored: Mapping[str, StoredEntry],
) -> None:
    """Sees to it that no two entries have one number: organisers and members speak of demands by theirs."""
    for key, number in moves(numbers, stored).items():
        before = stored[key]
        if not _is_edited(before):
            if key in numbers:
                continue  # brought up to date already, its number too
            moved = digest({**before.values, "position": number})
            values = {"position": number, "seed_digest": moved}
        else:
            values = {"position": number}
        await update_entry(connection, guild_id, kind, key, values)


def _outcome(stored: StoredEntry | None, wanted: str, tally: _Tally) -> list[str]:
    if stored is None:
        return tally.added
    if _is_edited(stored):
        return tally.kept
    return tally.unchanged if stored.seed_digest == wanted else tally.updated


def _is_edited(stored: StoredEntry) -> bool:
    return digest(stored.values) != stored.seed_digest
