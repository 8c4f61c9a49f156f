"""Queries on which of Discord's own events stands for which occurrence of a meeting."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import native_events
from db.upsert import insert_or


@dataclass(frozen=True, slots=True)
class NativeEvent:
    """What is known of the event of one occurrence.

    `event_id` is `None` from before the event is asked for until its id is known; `told` is the digest of what Discord was
    last told, `shown` of what Discord showed then; `deletions` is how often somebody deleted it there.
    """

    meeting_key: str
    local_date: date
    event_id: int | None = None
    told: str | None = None
    shown: str | None = None
    deletions: int = 0


async def fetch_events(connection: AsyncConnection, guild_id: int) -> tuple[NativeEvent, ...]:
    """All that is known of a guild's events."""
    query = select(native_events).where(native_events.c.guild_id == guild_id)
    return tuple(
        NativeEvent(
            row.meeting_key, row.local_date, row.event_id, row.told_digest, row.shown_digest, row.deletions
        )
        for row in await connection.execute(query)
    )


async def put_event(connection: AsyncConnection, guild_id: int, event: NativeEvent) -> None:
    """Stores what is known of an event, over what was known before."""
    changeable = {
        "event_id": event.event_id,
        "told_digest": event.told,
        "shown_digest": event.shown,
        "deletions": event.deletions,
    }
    statement = insert_or(connection, native_events).values(
        guild_id=guild_id, meeting_key=event.meeting_key, local_date=event.local_date, **changeable
    )
    key = [native_events.c.guild_id, native_events.c.meeting_key, native_events.c.local_date]
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changeable))


async def rename_day(connection: AsyncConnection, guild_id: int, event: NativeEvent, to: date) -> NativeEvent:
    """Puts the event of a meeting that happens once under the day to which that was moved."""
    await connection.execute(
        update(native_events)
        .where(
            native_events.c.guild_id == guild_id,
            native_events.c.meeting_key == event.meeting_key,
            native_events.c.local_date == event.local_date,
        )
        .values(local_date=to)
    )
    return replace(event, local_date=to)


async def delete_events(connection: AsyncConnection, guild_id: int, events: Collection[NativeEvent]) -> None:
    """Forgets events."""
    keys = [(event.meeting_key, event.local_date) for event in events]
    if keys:
        of_these = tuple_(native_events.c.meeting_key, native_events.c.local_date).in_(keys)
        await connection.execute(delete(native_events).where(native_events.c.guild_id == guild_id, of_these))
