"""One search over all that the campaign holds: demands, motions, terms, meetings, actions, aims and documents."""

import asyncio
from dataclasses import dataclass

from bot.domain.campaign_texts import Kind
from bot.domain.language import later, say
from bot.domain.models import ImportedDocument
from bot.domain.problems import NotFound
from bot.domain.search import LITERAL, Fragment, Hit
from bot.services.campaign import Suggestion
from bot.services.campaign_index import CampaignIndex
from bot.services.context import Context

MOST_FOUND = 25
SUGGESTED = 10
"""More would not be read while somebody types, and each costs time at every key."""

FRAGMENT_LENGTH = 160
_NEAREST = 3
_REFERENCE = ":"

KIND_WORDS = {
    Kind.DEMAND: later("Demand"),
    Kind.MOTION: later("Motion"),
    Kind.TERM: later("Glossary"),
    Kind.MEETING: later("Meeting"),
    Kind.ACTION: later("Action"),
    Kind.AIM: later("Aim"),
    Kind.DOCUMENT: later("Document"),
}


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """Something that answers to a search, with the part of its text that does, if its text does."""

    kind: Kind
    key: str
    title: str
    fragment: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search came to, the best first.

    `literal` says that these hold all that was typed; else they only hold words that look like it, or some of it.
    `instead` are words to try when nothing was found.
    """

    entries: tuple[FoundEntry, ...]
    literal: bool = True
    instead: tuple[str, ...] = ()


async def search_everything(context: Context, guild_id: int, query: str) -> Findings:
    """What answers to a query, at most 25 entries."""
    everything = (await context.snapshots.get(context, guild_id)).everything
    index = everything.index
    hits = index.search(query, limit=MOST_FOUND)
    if not hits:
        return Findings((), instead=tuple(index.nearest_words(query, limit=_NEAREST)))
    await asyncio.sleep(0)  # each of these steps takes a moment, and others wait
    wanted = index.wanted(query)
    found: list[FoundEntry] = []
    for hit in hits:
        found.append(_entry(everything, hit, index.fragment(hit.position, wanted, FRAGMENT_LENGTH)))
        await asyncio.sleep(0)
    return Findings(tuple(found), literal=hits[0].score >= LITERAL)


async def suggest_everything(context: Context, guild_id: int, typed: str) -> list[Suggestion]:
    """What answers to what was typed so far, the ten best, as label and reference; nothing before the first letter."""
    if not typed.strip():
        return []
    everything = (await context.snapshots.get(context, guild_id)).everything
    hits = everything.index.search(typed, limit=SUGGESTED)
    entries = (_entry(everything, hit, None) for hit in hits)
    return [
        (f"{say(KIND_WORDS[entry.kind])}: {entry.title}", f"{entry.kind}{_REFERENCE}{entry.key}")
        for entry in entries
    ]


async def referred_to(context: Context, guild_id: int, typed: str) -> FoundEntry | None:
    """The entry to which a reference from the suggestions leads; `None` when words were typed instead."""
    kind, _, key = typed.partition(_REFERENCE)
    if kind not in set(Kind):
        return None
    everything = (await context.snapshots.get(context, guild_id)).everything
    texts = (everything.texts[place] for place in everything.places[Kind(kind)])
    return next((FoundEntry(Kind(kind), text.key, text.title) for text in texts if text.key == key), None)


async def get_document(context: Context, guild_id: int, key: str) -> ImportedDocument:
    """An imported document.

    Raises:
        NotFound: there is none with this key, or its import was undone.
    """
    found = (await context.snapshots.get(context, guild_id)).documents.get(key)
    if found is None:
        raise NotFound(
            say("That document is not here any more."),
            next_step=say("`/search` shows what there is instead."),
        )
    return found


def _entry(everything: CampaignIndex, hit: Hit, fragment: Fragment | None) -> FoundEntry:
    text = everything.texts[hit.position]
    return FoundEntry(everything.kind_at(hit.position), text.key, text.title, fragment)
