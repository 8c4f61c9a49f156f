"""Documents on their way in: read, compared with the campaign, and kept until an organiser has decided.

A draft is a row, so that a review outlives a restart. It holds the document and the decisions, and nothing about who
takes them; the daily work deletes what nobody came back to within a day.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.bulletins.differences import folded_words
from bot.domain.bulletins.held import Campaign, Circumstances, Held
from bot.domain.bulletins.matching import Known
from bot.domain.bulletins.model import Document, DocumentKind
from bot.domain.bulletins.naming import cut_text
from bot.domain.bulletins.proposals import Draft, Kind, Origin, Proposal, carried
from bot.domain.bulletins.proposing import counts, propose
from bot.domain.bulletins.records import ImportRecord
from bot.domain.language import say, speaking
from bot.domain.models import MeetingState
from bot.domain.problems import BadInput, NotFound
from bot.domain.schedules import ScheduleKind
from bot.services import guilds, languages
from bot.services.context import Context
from db import imports as queries
from db.campaign import EntryKind
from db.schedules import fetch_schedules

SOURCE_LIMIT = 200
MOST_ITEMS = 200

KINDS = {
    Kind.AIM: EntryKind.AIM,
    Kind.DEMAND: EntryKind.DEMAND,
    Kind.MOTION: EntryKind.MOTION,
    Kind.MEETING: EntryKind.MEETING,
    Kind.ACTION: EntryKind.ACTION,
}
_POSTS = (
    (Kind.MEETING, ScheduleKind.MEETING, "meeting_key"),
    (Kind.ACTION, ScheduleKind.NUDGE, "action_key"),
)


async def begin(context: Context, guild_id: int, text: str) -> Draft | ImportRecord:
    """Reads a document and stores what importing it would do; nothing of the campaign changes.

    Returns:
        The draft, or the import if the same document was imported already.

    Raises:
        BadInput: there is nothing in it to read.
    """
    digest = digest_of(text)
    async with context.database.read() as connection:
        standing = await queries.fetch_standing(connection, guild_id, digest)
        campaign = await campaign_of(connection, guild_id)
    if standing is not None:
        return standing
    around = await circumstances(context, guild_id)
    today = around.now.astimezone(ZoneInfo(around.zone)).date()

    def read() -> tuple[Document, tuple[Proposal, ...]]:
        from bot.domain.bulletins.reading import read_document  # noqa: PLC0415 - its many patterns take long to compile

        document = _of_a_usual_size(read_document(text, today=today, zone=around.zone))
        return document, propose(document, campaign, around)

    # A long document would keep everybody else waiting.
    document, proposals = await asyncio.to_thread(read)
    title = cut_text(
        document.title.strip() or await _untitled(context, guild_id, document.kind), SOURCE_LIMIT
    )
    origin = Origin(
        document.kind.value, title, document.dated, digest, text, document.doubts, counts(document)
    )
    draft = Draft(secrets.token_hex(8), origin, basis_of(campaign), proposals)
    async with context.database.write() as connection:
        await queries.insert_draft(connection, guild_id, draft.draft_id, _stored(draft), at=around.now)
    return draft


async def _untitled(context: Context, guild_id: int, kind: DocumentKind) -> str:
    """What a document is called that has no title, in the guild's language: it becomes the source of what is kept."""
    with speaking(await languages.of_guild(context, guild_id)):
        return say("A motion") if kind is DocumentKind.MOTION else say("A bulletin")


async def circumstances(context: Context, guild_id: int) -> Circumstances:
    """When and where a document is read."""
    guild = await guilds.get(context, guild_id)
    return Circumstances(context.now(), guild.zone, guild.announcements_channel_id)


async def get(context: Context, guild_id: int, draft_id: str) -> Draft:
    """A draft that waits for a decision.

    Raises:
        NotFound: it was applied, given up or forgotten.
    """
    async with context.database.read() as connection:
        return _read(await queries.read_draft(connection, guild_id, draft_id))


async def fetch(connection: AsyncConnection, guild_id: int, draft_id: str) -> Draft:
    """The same, in a transaction in which nobody else changes it.

    Raises:
        NotFound: it was applied, given up or forgotten.
    """
    return _read(await queries.fetch_draft(connection, guild_id, draft_id))


async def change(context: Context, guild_id: int, draft_id: str, deciding: Callable[[Draft], Draft]) -> Draft:
    """Changes a draft by an organiser's decision.

    Raises:
        Problem: the draft is gone, or the decision cannot be taken so.
    """
    async with context.database.write() as connection:
        draft = deciding(await fetch(connection, guild_id, draft_id))
        await queries.update_draft(connection, guild_id, draft_id, _stored(draft))
    return draft


async def tick(
    context: Context, guild_id: int, draft_id: str, numbers: Sequence[int], among: Sequence[int]
) -> Draft:
    """Ticks some of the proposals that were shown, and unticks the others that were.

    Raises:
        NotFound: the draft is gone.
    """
    return await change(context, guild_id, draft_id, lambda draft: draft.ticking(numbers, among))


async def compare_again(context: Context, guild_id: int, draft_id: str) -> Draft:
    """Compares a draft's document with the campaign as it is now; decisions stay where nothing has changed.

    Raises:
        NotFound: the draft is gone.
    """
    around = await circumstances(context, guild_id)
    today = around.now.astimezone(ZoneInfo(around.zone)).date()
    async with context.database.read() as connection:
        campaign = await campaign_of(connection, guild_id)
    draft = await get(context, guild_id, draft_id)

    from bot.domain.bulletins.reading import read_document  # noqa: PLC0415 - as above

    def read() -> tuple[Proposal, ...]:
        return propose(read_document(draft.origin.text, today=today, zone=around.zone), campaign, around)

    proposals = await asyncio.to_thread(read)
    return await change(
        context,
        guild_id,
        draft_id,
        lambda old: replace(old, basis=basis_of(campaign), proposals=carried(old.proposals, proposals)),
    )


async def give_up(context: Context, guild_id: int, draft_id: str) -> bool:
    """Forgets a draft. Returns whether there was something to forget."""
    async with context.database.write() as connection:
        return await queries.delete_draft(connection, guild_id, draft_id)


def _of_a_usual_size(document: Document) -> Document:
    if len(document.items) > MOST_ITEMS:
        raise BadInput(
            say(
                "I find {count} items in it; at most {most} can be looked through at once.",
                count=len(document.items),
                most=MOST_ITEMS,
            ),
            next_step=say("Import it in parts, one section at a time."),
        )
    return document


def digest_of(text: str) -> str:
    """The SHA-256 of a document's words: the same for any spaces, quotation marks and line endings."""
    return hashlib.sha256(" ".join(folded_words(text)).encode()).hexdigest()


async def campaign_of(connection: AsyncConnection, guild_id: int) -> Campaign:
    """What a guild's campaign has, as far as documents are compared with it."""
    with_posts = {
        kind: {
            getattr(schedule, column)
            for schedule in await fetch_schedules(connection, guild_id, schedule_kind)
        }
        for kind, schedule_kind, column in _POSTS
    }
    return {
        kind: [
            _held(kind, row, has_posts=row["key"] in with_posts.get(kind, set()))
            for row in await queries.fetch_rows(connection, guild_id, entry_kind)
        ]
        for kind, entry_kind in KINDS.items()
    }


def basis_of(campaign: Campaign) -> str:
    """A digest of all that a document was compared with."""
    return hashlib.sha256(repr(sorted(campaign.items())).encode()).hexdigest()


def _held(kind: Kind, row: dict[str, Any], *, has_posts: bool) -> Held:
    wall = row.get("starts_wall")
    return Held(
        Known(row["key"], row["title"], row["summary"], row["wording"] or "", tuple(row.get("keywords", ()))),
        position=row["position"] if kind in {Kind.DEMAND, Kind.AIM} else 0,
        on=wall.date() if wall else row["source_on"],
        starts_at=row.get("starts_at"),
        conference=row.get("conference", ""),
        labels=tuple(point["label"] for point in row.get("points", ())),
        link=row.get("link") or "",
        repeats=(row["repeat"], row["starts_wall"], row["zone"]) if row.get("repeat") else None,
        has_posts=has_posts,
        is_over=row.get("retired_on") is not None or row.get("state") == MeetingState.CANCELLED.value,
    )


@cache
def _drafts() -> TypeAdapter[Draft]:
    return TypeAdapter(Draft)


def _stored(draft: Draft) -> dict[str, Any]:
    return _drafts().dump_python(draft, mode="json")


def _read(stored: dict[str, Any] | None) -> Draft:
    if stored is None:
        raise NotFound(
            say("That document is no longer waiting: it was applied or given up, or a day has passed."),
            next_step=say(
                "`/organise bulletin list` shows what was imported. To read a document, use "
                "`/organise bulletin import`."
            ),
        )
    return _drafts().validate_python(stored)
