"""Imports of the union's documents: applied whole or not at all, recorded, and undone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.bulletins.proposals import Draft
from bot.domain.bulletins.records import Deed, EntryChange, ImportRecord, ImportSummary
from bot.domain.language import say
from bot.domain.problems import BadInput, NotFound
from bot.services import guilds, import_drafts
from bot.services.context import Context
from bot.services.import_changes import Writing
from db import imports as queries
from db.deliveries import fetch_upcoming
from db.guilds import lock_guild

SHOWN_POSTS = 4


@dataclass(frozen=True, slots=True)
class Applied:
    """What confirming a draft came to.

    `record` is the import; `already` says that it was made before, by an earlier press or by somebody else with the same
    document, and it may have been undone since. Without a record nothing was applied, because the campaign had changed:
    `draft` was compared with it anew.
    """

    record: ImportRecord | None
    already: bool = False
    draft: Draft | None = None


async def apply(context: Context, guild_id: int, draft_id: str) -> Applied:
    """Applies what is ticked in a draft, in one transaction; a second time it changes nothing.

    Raises:
        NotFound: the draft is gone.
        BadInput: nothing is ticked, or something that is ticked lacks a channel.
    """
    zone = (await guilds.get(context, guild_id)).zone
    now = context.now()
    async with context.database.write() as connection:
        await lock_guild(connection, guild_id)
        done = await _done(connection, guild_id, draft_id)
        if done is not None:
            return Applied(done, already=True)
        draft = await import_drafts.fetch(connection, guild_id, draft_id)
        campaign = await import_drafts.campaign_of(connection, guild_id)
        record = None
        if import_drafts.basis_of(campaign) == draft.basis:
            today = now.astimezone(ZoneInfo(zone)).date()
            writing = Writing(context, connection, guild_id, _with_something(draft), today, zone)
            record = _record(draft, await writing.apply(), now)
            await queries.insert_import(connection, guild_id, record)
            await queries.delete_draft(connection, guild_id, draft_id)
    if record is None:
        return Applied(None, draft=await import_drafts.compare_again(context, guild_id, draft_id))
    context.snapshots.forget(guild_id)
    context.wake()
    context.meetings_changed(guild_id)
    return Applied(record)


async def list_imports(context: Context, guild_id: int) -> tuple[ImportSummary, ...]:
    """A guild's imports, the latest first."""
    async with context.database.read() as connection:
        return await queries.fetch_imports(connection, guild_id)


async def get(context: Context, guild_id: int, import_id: str) -> ImportRecord:
    """One import.

    Raises:
        NotFound: there is none.
    """
    async with context.database.read() as connection:
        record = await queries.fetch_import(connection, guild_id, import_id)
    if record is None:
        raise NotFound(
            say("I do not know that import."),
            next_step=say("`/organise bulletin list` shows what was imported."),
        )
    return record


async def _done(connection: AsyncConnection, guild_id: int, draft_id: str) -> ImportRecord | None:
    """The import that this draft became, or one of the same document that somebody else confirmed first."""
    done = await queries.fetch_import(connection, guild_id, draft_id)
    if done is not None:
        return done
    draft = await import_drafts.fetch(connection, guild_id, draft_id)
    same = await queries.fetch_standing(connection, guild_id, draft.origin.digest)
    if same is not None:
        await queries.delete_draft(connection, guild_id, draft_id)
    return same


def _with_something(draft: Draft) -> Draft:
    if not draft.chosen:
        raise BadInput(
            say("Nothing is ticked, so nothing was applied."),
            next_step=say("Tick what you want to keep, or give the document up."),
        )
    return draft


def _record(draft: Draft, changes: tuple[EntryChange, ...], now: datetime) -> ImportRecord:
    origin = draft.origin
    return ImportRecord(
        import_id=draft.draft_id,
        digest=origin.digest,
        kind=origin.kind,
        title=origin.title,
        on=origin.dated,
        text=origin.text,
        imported_at=now,
        changes=changes,
    )


async def coming_posts(
    context: Context, guild_id: int, record: ImportRecord
) -> dict[str, tuple[datetime, ...]]:
    """When the posts that an import scheduled go out next, by schedule."""
    async with context.database.read() as connection:
        return {
            change.key: tuple(
                delivery.due_at
                for delivery in await fetch_upcoming(connection, guild_id, change.key, count=SHOWN_POSTS)
            )
            for change in record.of(Deed.SCHEDULED)
        }
