"""Queries on imported documents, on drafts of them, and on the entries that an import may touch."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Table, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.bulletins.proposals import Kind
from bot.domain.bulletins.records import Deed, EntryChange, ImportRecord, ImportSummary
from bot.domain.schedules import DeliveryState, Schedule, ScheduleState
from db.campaign import EntryKind
from db.schedules import schedule_of
from db.seeded import references
from db.tables import (
    deliveries,
    import_drafts,
    imports,
    native_events,
    participation,
    schedules,
)


async def insert_draft(
    connection: AsyncConnection, guild_id: int, draft_id: str, draft: Mapping[str, Any], *, at: datetime
) -> None:
    """Stores what was read from a document."""
    await connection.execute(
        insert(import_drafts).values(guild_id=guild_id, draft_id=draft_id, created_at=at, draft=draft)
    )


async def fetch_draft(connection: AsyncConnection, guild_id: int, draft_id: str) -> dict[str, Any] | None:
    """A draft; in a write transaction nobody else can change it until that ends."""
    query = select(import_drafts.c.draft).where(
        import_drafts.c.guild_id == guild_id, import_drafts.c.draft_id == draft_id
    )
    return (await connection.execute(query.with_for_update())).scalar_one_or_none()


async def read_draft(connection: AsyncConnection, guild_id: int, draft_id: str) -> dict[str, Any] | None:
    """A draft, to look at."""
    query = select(import_drafts.c.draft).where(
        import_drafts.c.guild_id == guild_id, import_drafts.c.draft_id == draft_id
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def update_draft(
    connection: AsyncConnection, guild_id: int, draft_id: str, draft: Mapping[str, Any]
) -> None:
    """Writes a changed draft back."""
    await connection.execute(
        update(import_drafts)
        .where(import_drafts.c.guild_id == guild_id, import_drafts.c.draft_id == draft_id)
        .values(draft=draft)
    )


async def delete_draft(connection: AsyncConnection, guild_id: int, draft_id: str) -> bool:
    """Deletes a draft. Returns whether it was there."""
    result = await connection.execute(
        delete(import_drafts).where(
            import_drafts.c.guild_id == guild_id, import_drafts.c.draft_id == draft_id
        )
    )
    return result.rowcount > 0


async def insert_import(connection: AsyncConnection, guild_id: int, record: ImportRecord) -> None:
    """Records an import."""
    await connection.execute(
        insert(imports).values(
            guild_id=guild_id,
            import_id=record.import_id,
            digest=record.digest,
            kind=record.kind,
            title=record.title,
            on=record.on,
            text=record.text,
            imported_at=record.imported_at,
            changes=[asdict(change) for change in record.changes],
        )
    )


async def fetch_import(connection: AsyncConnection, guild_id: int, import_id: str) -> ImportRecord | None:
    """One import."""
    row = (await connection.execute(_imports(guild_id).where(imports.c.import_id == import_id))).one_or_none()
    return None if row is None else _record(row)


async def fetch_imports(connection: AsyncConnection, guild_id: int) -> tuple[ImportSummary, ...]:
    """A guild's imports, the latest first, without their texts."""
    columns = imports.c
    query = (
        select(columns.import_id, columns.title, columns.imported_at, columns.undone_at)
        .where(columns.guild_id == guild_id)
        .order_by(columns.imported_at.desc(), columns.import_id)
    )
    rows = await connection.execute(query)
    return tuple(ImportSummary(row.import_id, row.title, row.imported_at, row.undone_at) for row in rows)


async def fetch_standing(connection: AsyncConnection, guild_id: int, digest: str) -> ImportRecord | None:
    """The import of a document with this digest that was not undone."""
    query = _imports(guild_id).where(imports.c.digest == digest, imports.c.undone_at.is_(None)).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _record(row)


async def mark_undone(connection: AsyncConnection, guild_id: int, import_id: str, at: datetime) -> None:
    """Records that an import was undone."""
    await connection.execute(
        update(imports)
        .where(imports.c.guild_id == guild_id, imports.c.import_id == import_id)
        .values(undone_at=at)
    )


async def fetch_rows(connection: AsyncConnection, guild_id: int, kind: EntryKind) -> list[dict[str, Any]]:
    """All columns of a guild's entries of one kind, in their order."""
    table: Table = kind.value
    query = select(table).where(table.c.guild_id == guild_id).order_by(table.c.position, table.c.key)
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def fetch_positions(connection: AsyncConnection, guild_id: int, kind: EntryKind) -> dict[str, int]:
    """Where each of a guild's entries of one kind stands, by key."""
    table: Table = kind.value
    query = select(table.c.key, table.c.position).where(table.c.guild_id == guild_id)
    return {row.key: row.position for row in await connection.execute(query)}


async def fetch_row(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, key: str
) -> dict[str, Any] | None:
    """All columns of one entry, locked until the transaction ends."""
    table: Table = kind.value
    query = select(table).where(table.c.guild_id == guild_id, table.c.key == key).with_for_update()
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)


async def is_used(connection: AsyncConnection, guild_id: int, kind: EntryKind, key: str) -> bool:
    """Whether people have done something with an entry: answered, recorded, proposed, scheduled or taken part."""
    # Discord's own event is the bot's doing.
    columns = [column for column in references(kind) if column.table is not native_events]
    if kind is EntryKind.ACTION:
        columns.append(participation.c.action_key)
    uses = [exists(select(1).where(column.table.c.guild_id == guild_id, column == key)) for column in columns]
    return bool(uses) and bool((await connection.execute(select(or_(*uses)))).scalar_one())


async def has_native_event(connection: AsyncConnection, guild_id: int, meeting_key: str) -> bool:
    """Whether a meeting stands in Discord's own calendar."""
    query = select(
        exists(
            select(1).where(native_events.c.guild_id == guild_id, native_events.c.meeting_key == meeting_key)
        )
    )
    return bool((await connection.execute(query)).scalar_one())


async def fetch_schedule(connection: AsyncConnection, guild_id: int, schedule_id: str) -> Schedule | None:
    """A schedule that is not ended."""
    query = select(schedules).where(
        schedules.c.guild_id == guild_id,
        schedules.c.schedule_id == schedule_id,
        schedules.c.state != ScheduleState.ENDED.value,
    )
    row = (await connection.execute(query.with_for_update())).one_or_none()
    return None if row is None else schedule_of(row)


async def has_begun(connection: AsyncConnection, guild_id: int, schedule_id: str) -> bool:
    """Whether anything of a schedule was posted, is being posted, or ended in another way."""
    query = select(
        exists(
            select(1).where(
                deliveries.c.guild_id == guild_id,
                deliveries.c.schedule_id == schedule_id,
                deliveries.c.state != DeliveryState.PENDING.value,
            )
        )
    )
    return bool((await connection.execute(query)).scalar_one())


async def delete_schedule(connection: AsyncConnection, guild_id: int, schedule_id: str) -> None:
    """Deletes a schedule of which nothing was posted, with its deliveries."""
    await connection.execute(
        delete(schedules).where(schedules.c.guild_id == guild_id, schedules.c.schedule_id == schedule_id)
    )


def _imports(guild_id: int) -> Select[Any]:
    return select(imports).where(imports.c.guild_id == guild_id)


def _record(row: Row[Any]) -> ImportRecord:
    return ImportRecord(
        import_id=row.import_id,
        digest=row.digest,
        kind=row.kind,
        title=row.title,
        on=row.on,
        text=row.text,
        imported_at=row.imported_at,
        undone_at=row.undone_at,
        changes=tuple(
            EntryChange(
                deed=Deed(change["deed"]),
                kind=Kind(change["kind"]),
                key=change["key"],
                title=change["title"],
                before=change["before"],
                after=change["after"],
            )
            for change in row.changes
        ),
    )
