"""Each guild's campaign, kept in memory: members look things up far more often than anything changes.

Whatever changes a guild's campaign calls `forget`. Another process (a second instance, the command line) has
no way to, so a snapshot is also read anew once it is a minute old.
"""

import asyncio
import gc
from collections import OrderedDict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from bot.domain.campaign_texts import Entries, Kind
from bot.domain.models import Action, Aim, Demand, ImportedDocument, Meeting, Motion, Term
from bot.services.campaign_index import CampaignIndex, Shelf, index_of
from db import campaign as queries
from db.documents import fetch_documents
from db.engine import Database
from db.feedback_work import count_evidence
from db.meetings import fetch_meetings
from db.motions import fetch_motions

if TYPE_CHECKING:
    from bot.services.context import Context

MAXIMUM_AGE = timedelta(minutes=1)
MAXIMUM_GUILDS = 500
MANY_TEXTS = 2_000
"""Through so many the collector is in a few milliseconds; what it is to pass over, it will not find to be garbage either."""


@dataclass(frozen=True, slots=True)
class CampaignSnapshot:
    """A guild's campaign as it stood at one moment."""

    demands: Shelf[Demand]
    aims: tuple[Aim, ...]
    motions: Shelf[Motion]
    actions: Shelf[Action]
    terms: Shelf[Term]
    meetings: Shelf[Meeting]
    documents: Shelf[ImportedDocument]
    everything: CampaignIndex
    evidence: Mapping[str, int]
    """How many pieces of feedback speak to each demand."""
    taken_at: datetime


class CampaignSnapshots:
    """The snapshots of the guilds that asked last.

    The index over a campaign's texts outlives its snapshot, and serves the next one if no text has changed.

    When a guild is forgotten while its snapshot is being read, that snapshot is not kept: it may show what
    was true before the change.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[int, CampaignSnapshot] = OrderedDict()
        self._indexes: OrderedDict[int, CampaignIndex] = OrderedDict()
        self._reading: dict[int, object] = {}
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def get(self, context: "Context", guild_id: int) -> CampaignSnapshot:
        """The guild's campaign, from memory if possible."""
        kept = self._fresh(guild_id, context.now())
        if kept is not None:
            return kept
        # One reader per guild: after a restart, a hundred members who ask at once cost one reading.
        async with self._turns.setdefault(guild_id, asyncio.Lock()):
            return self._fresh(guild_id, context.now()) or await self._read(context, guild_id)

    def forget(self, guild_id: int) -> None:
        """Drops what is known of a guild's campaign. Call it after the change is committed."""
        self._kept.pop(guild_id, None)
        self._reading.pop(guild_id, None)

    def _fresh(self, guild_id: int, now: datetime) -> CampaignSnapshot | None:
        kept = self._kept.get(guild_id)
        if kept is None or not timedelta() <= now - kept.taken_at < MAXIMUM_AGE:
            return None
        self._kept.move_to_end(guild_id)
        return kept

    async def _read(self, context: "Context", guild_id: int) -> CampaignSnapshot:
        reading = self._reading[guild_id] = object()
        try:
            known = self._indexes.get(guild_id)
            with _collecting_no_garbage():
                snapshot = await _take(context.database, guild_id, context.now(), known)
                if snapshot.everything is not known and len(snapshot.everything.texts) > MANY_TEXTS:
                    gc.freeze()  # it will be of use until a text changes: the collector need not look through it
            self._indexes[guild_id] = snapshot.everything
            _drop_oldest(self._indexes, guild_id)
            if self._reading.get(guild_id) is reading:
                self._keep(guild_id, snapshot)
            return snapshot
        finally:
            if self._reading.get(guild_id) is reading:
                del self._reading[guild_id]

    def _keep(self, guild_id: int, snapshot: CampaignSnapshot) -> None:
        self._kept[guild_id] = snapshot
        _drop_oldest(self._kept, guild_id)


@contextmanager
def _collecting_no_garbage() -> Generator[None]:
    """Within it nobody looks for garbage: among all that is being made, which stays, that would stop everybody else."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _drop_oldest(kept: OrderedDict[int, Any], latest: int) -> None:
    kept.move_to_end(latest)
    while len(kept) > MAXIMUM_GUILDS:
        kept.popitem(last=False)


async def _take(
    database: Database, guild_id: int, now: datetime, known: CampaignIndex | None
) -> CampaignSnapshot:
    async with database.read() as connection:
        entries = Entries(
            demands=await queries.fetch_demands(connection, guild_id),
            motions=await fetch_motions(connection, guild_id),
            terms=await queries.fetch_terms(connection, guild_id),
            meetings=await fetch_meetings(connection, guild_id),
            actions=await queries.fetch_actions(connection, guild_id),
            aims=await queries.fetch_aims(connection, guild_id),
            documents=await fetch_documents(connection, guild_id),
        )
        evidence = await count_evidence(connection, guild_id)
    index = await index_of(entries, known)
    entries = index.entries
    return CampaignSnapshot(
        demands=Shelf(entries.demands, index.index, index.places[Kind.DEMAND]),
        aims=entries.aims,
        motions=Shelf(entries.motions, index.index, index.places[Kind.MOTION]),
        actions=Shelf(entries.actions, index.index, index.places[Kind.ACTION]),
        terms=Shelf(entries.terms, index.index, index.places[Kind.TERM]),
        meetings=Shelf(entries.meetings, index.index, index.places[Kind.MEETING]),
        documents=Shelf(entries.documents, index.index, index.places[Kind.DOCUMENT]),
        everything=index,
        evidence=evidence,
        taken_at=now,
    )
