"""Undoing an import: entries become what they were, and what was added goes, except what was changed or used since."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.bulletins.describing import known_name, named
from bot.domain.bulletins.proposals import Kind
from bot.domain.bulletins.records import Deed, EntryChange, ImportRecord
from bot.domain.language import later, say
from bot.domain.models import MeetingState
from bot.domain.problems import NotFound
from bot.services import occurrence_changes
from bot.services.context import Context
from bot.services.import_changes import encoded, schedule_columns
from bot.services.import_drafts import KINDS
from db import imports as queries
from db.campaign import EntryKind, update_entry
from db.guilds import lock_guild
from db.seeded import delete_entries

REASON = later("The import that planned it was undone.")
CHANGED = later("it was changed since")
USED = later("posts, answers or plans hang on it by now")
POSTED = later("some of it was posted already; nothing more will be")
IN_DIARIES = later("it stands in Discord's calendar, so it was cancelled instead of deleted")


@dataclass(slots=True)
class Undone:
    """What undoing an import came to; `already` says that it was undone before. `kept` gives a reason for each title."""

    record: ImportRecord
    already: bool = False
    removed: list[str] = field(default_factory=list[str])
    restored: list[str] = field(default_factory=list[str])
    kept: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


async def undo(context: Context, guild_id: int, import_id: str) -> Undone:
    """Undoes an import in one transaction, the latest change first.

    Raises:
        NotFound: there is no such import.
    """
    async with context.database.write() as connection:
        await lock_guild(connection, guild_id)
        record = await queries.fetch_import(connection, guild_id, import_id)
        if record is None:
            raise NotFound(
                say("I do not know that import."),
                next_step=say("`/organise bulletin list` shows what was imported."),
            )
        undone = Undone(record, already=record.undone_at is not None)
        if undone.already:
            return undone
        for change in reversed(record.changes):
            await _undo_one(context, connection, guild_id, change, undone)
        await queries.mark_undone(connection, guild_id, import_id, context.now())
    context.snapshots.forget(guild_id)
    context.wake()
    context.meetings_changed(guild_id)
    return undone


async def _undo_one(
    context: Context, connection: AsyncConnection, guild_id: int, change: EntryChange, undone: Undone
) -> None:
    if change.deed is Deed.SCHEDULED:
        await _unschedule(context, connection, guild_id, change, undone)
        return
    kind = KINDS[change.kind]
    row = await queries.fetch_row(connection, guild_id, kind, change.key)
    if row is None:
        return  # somebody deleted it already
    title = known_name(change.kind, change.title)
    if not _is_as_written(row, change):
        undone.kept.append((title, say(CHANGED)))
    elif change.deed is Deed.CHANGED:
        await update_entry(connection, guild_id, kind, change.key, change.before)
        if title not in undone.restored:
            undone.restored.append(title)
    else:
        await _remove(connection, guild_id, kind, change, undone)


def _is_as_written(row: dict[str, Any], change: EntryChange) -> bool:
    now = encoded({name: row[name] for name in change.after})
    return now == dict(change.after)


async def _remove(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, change: EntryChange, undone: Undone
) -> None:
    if await queries.is_used(connection, guild_id, kind, change.key):
        undone.kept.append((change.title, say(USED)))
        return
    if change.kind is Kind.MEETING and await queries.has_native_event(connection, guild_id, change.key):
        cancelled = {"state": MeetingState.CANCELLED.value}
        await update_entry(connection, guild_id, kind, change.key, cancelled)
        undone.kept.append((change.title, say(IN_DIARIES)))
        return
    await delete_entries(connection, guild_id, kind, [change.key])
    undone.removed.append(change.title)


async def _unschedule(
    context: Context, connection: AsyncConnection, guild_id: int, change: EntryChange, undone: Undone
) -> None:
    schedule = await queries.fetch_schedule(connection, guild_id, change.key)
    if schedule is None:
        return  # somebody ended it already
    name = named(change.kind, change.title)
    if schedule_columns(schedule) != dict(change.after):
        undone.kept.append((name, say(CHANGED)))
    elif await queries.has_begun(connection, guild_id, change.key):
        await occurrence_changes.end(connection, schedule, now=context.now(), reason=REASON)
        undone.kept.append((name, say(POSTED)))
    else:
        await queries.delete_schedule(connection, guild_id, change.key)
        undone.removed.append(name)
