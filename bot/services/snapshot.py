"""Each guild's campaign, kept in memory: members look things up far more often than anything changes.

Whatever changes a guild's campaign calls `forget`. Another process (a second instance, the command line) has
no way to, so a snapshot is also read anew once it is a minute old.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar
from weakref import WeakValueDictionary

from bot.domain.models import Action, Aim, Demand, Motion, Term
from bot.domain.search import CONFIDENT, Hit, Searchable, SearchIndex
from db import campaign as queries
from db.engine import Database
from db.feedback_work import count_evidence
from db.motions import fetch_motions

if TYPE_CHECKING:
    from bot.services.context import Context

MAXIMUM_AGE = timedelta(minutes=1)
MAXIMUM_GUILDS = 500


class Entry(Protocol):
    """What every entry of a campaign has."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def summary(self) -> str: ...  # noqa: D102


EntryType = TypeVar("EntryType", bound=Entry)


class Shelf(Generic[EntryType]):
    """All entries of one kind, in their order and ready to be searched."""

    def __init__(
        self, entries: Sequence[EntryType], searchable: Sequence[Searchable], synonyms: dict[str, str]
    ) -> None:
        self.entries = tuple(entries)
        self._by_key = {entry.key: entry for entry in entries}
        self._index = SearchIndex(searchable, synonyms)

    def search(self, query: str, *, limit: int) -> list[tuple[EntryType, Hit]]:
        """The entries that answer to a query, the best first."""
        return [(self._by_key[hit.key], hit) for hit in self._index.search(query, limit=limit)]

    def find(self, key_or_words: str) -> EntryType | None:
        """The entry with this key, or else the one that is most likely meant."""
        if key_or_words in self._by_key:
            return self._by_key[key_or_words]
        best = self.search(key_or_words, limit=1)
        return next((entry for entry, hit in best if hit.score >= CONFIDENT), None)


@dataclass(frozen=True, slots=True)
class CampaignSnapshot:
    """A guild's campaign as it stood at one moment."""

    demands: Shelf[Demand]
    aims: tuple[Aim, ...]
    motions: Shelf[Motion]
    actions: Shelf[Action]
    terms: Shelf[Term]
    evidence: Mapping[str, int]
    """How many pieces of feedback speak to each demand."""
    taken_at: datetime


class CampaignSnapshots:
    """The snapshots of the guilds that asked last.

    When a guild is forgotten while its snapshot is being read, that snapshot is not kept: it may show what
    was true before the change.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[int, CampaignSnapshot] = OrderedDict()
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
            snapshot = await _take(context.database, guild_id, context.now())
            if self._reading.get(guild_id) is reading:
                self._keep(guild_id, snapshot)
            return snapshot
        finally:
            if self._reading.get(guild_id) is reading:
                del self._reading[guild_id]

    def _keep(self, guild_id: int, snapshot: CampaignSnapshot) -> None:
        self._kept[guild_id] = snapshot
        self._kept.move_to_end(guild_id)
        while len(self._kept) > MAXIMUM_GUILDS:
            self._kept.popitem(last=False)


async def _take(database: Database, guild_id: int, now: datetime) -> CampaignSnapshot:
    async with database.read() as connection:
        demands = await queries.fetch_demands(connection, guild_id)
        aims = await queries.fetch_aims(connection, guild_id)
        motions = await fetch_motions(connection, guild_id)
        actions = await queries.fetch_actions(connection, guild_id)
        terms = await queries.fetch_terms(connection, guild_id)
        evidence = await count_evidence(connection, guild_id)
    synonyms = {term.title: term.expansion for term in terms if term.expansion}
    return CampaignSnapshot(
        demands=Shelf(
            demands, [Searchable(one.key, one.title, one.summary, one.keywords) for one in demands], synonyms
        ),
        aims=aims,
        motions=Shelf(motions, [_searchable_motion(motion) for motion in motions], synonyms),
        actions=Shelf(actions, [Searchable(one.key, one.title, one.summary) for one in actions], synonyms),
        terms=Shelf(terms, [_searchable_term(term) for term in terms], synonyms),
        evidence=evidence,
        taken_at=now,
    )


def _searchable_motion(motion: Motion) -> Searchable:
    text = " ".join((motion.summary, *(point.text for point in motion.points)))
    return Searchable(motion.key, motion.title, text, (motion.conference,))


def _searchable_term(term: Term) -> Searchable:
    return Searchable(term.key, term.title, term.summary, (term.expansion,) if term.expansion else ())
