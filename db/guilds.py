"""Queries on guilds' settings, and on the installation's own facts."""

from datetime import date
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import Guild
from bot.domain.shards import EVERYTHING, Share
from db.shares import belongs_to
from db.tables import guilds, installation
from db.upsert import insert_or


async def ensure_guild(connection: AsyncConnection, guild_id: int, zone: str) -> None:
    """Makes the guild's row, if there is none yet."""
    await connection.execute(
        insert_or(connection, guilds).values(guild_id=guild_id, zone=zone).on_conflict_do_nothing()
    )


async def lock_guild(connection: AsyncConnection, guild_id: int) -> None:
    """Lets one transaction at a time change what there is one of in a guild: its numbered lists, its open round.

    SQLite has one writer anyway; on PostgreSQL the guild's own row, which has to be there, stands for it.
    """
    await connection.execute(select(guilds.c.guild_id).where(guilds.c.guild_id == guild_id).with_for_update())


async def fetch_guild(connection: AsyncConnection, guild_id: int) -> Guild | None:
    """A guild's settings."""
    row = (await connection.execute(select(guilds).where(guilds.c.guild_id == guild_id))).one_or_none()
    return None if row is None else _guild_of(row)


async def fetch_guild_ids(connection: AsyncConnection, share: Share = EVERYTHING) -> tuple[int, ...]:
    """Every guild that the installation serves, or those of a share."""
    query = select(guilds.c.guild_id).where(belongs_to(guilds.c.guild_id, share)).order_by(guilds.c.guild_id)
    return tuple((await connection.execute(query)).scalars())


async def fetch_feed_epochs(connection: AsyncConnection) -> tuple[tuple[int, int], ...]:
    """Every guild that has a calendar feed, with the number that belongs to its present address."""
    query = select(guilds.c.guild_id, guilds.c.feed_epoch).where(guilds.c.feed_epoch.is_not(None))
    return tuple((row.guild_id, row.feed_epoch) for row in await connection.execute(query))


async def update_guild(
    connection: AsyncConnection, guild_id: int, **values: int | str | list[int] | None
) -> None:
    """Changes some of a guild's settings."""
    await connection.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(values))


async def read_fact(connection: AsyncConnection, key: str) -> str | None:
    """Something that the installation remembers about itself."""
    return (
        await connection.execute(select(installation.c.value).where(installation.c.key == key))
    ).scalar_one_or_none()


async def write_fact(connection: AsyncConnection, key: str, value: str) -> None:
    """Remembers something about the installation itself, in place of what it remembered under that key."""
    statement = insert_or(connection, installation).values(key=key, value=value)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )


async def read_facts(connection: AsyncConnection, prefix: str) -> dict[str, str]:
    """All that the installation remembers under keys with this beginning."""
    query = select(installation.c.key, installation.c.value).where(
        installation.c.key.startswith(prefix, autoescape=True)
    )
    return {row.key: row.value for row in await connection.execute(query)}


async def delete_fact(connection: AsyncConnection, key: str) -> bool:
    """Forgets something. Returns whether it was remembered."""
    result = await connection.execute(delete(installation).where(installation.c.key == key))
    return result.rowcount > 0


async def read_day(connection: AsyncConnection, key: str) -> date | None:
    """A remembered calendar day."""
    text = await read_fact(connection, key)
    return date.fromisoformat(text) if text else None


def _guild_of(row: Row[Any]) -> Guild:
    return Guild(
        guild_id=row.guild_id,
        zone=row.zone,
        language=row.language,
        organiser_role_id=row.organiser_role_id,
        moderator_role_id=row.moderator_role_id,
        announcements_channel_id=row.announcements_channel_id,
        organisers_channel_id=row.organisers_channel_id,
        moderators_channel_id=row.moderators_channel_id,
        fallback_channel_id=row.fallback_channel_id,
        ping_role_ids=tuple(row.ping_role_ids),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        weekly_cap=row.weekly_cap,
        feedback_weeks=row.feedback_weeks,
        audit_weeks=row.audit_weeks,
        privacy_contact=row.privacy_contact,
        campaign=row.campaign,
        attendance_names=row.attendance_names,
        attendance_days=row.attendance_days,
        feed_epoch=row.feed_epoch,
        member_role_id=row.member_role_id,
    )
