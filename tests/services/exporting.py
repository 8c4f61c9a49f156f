"""Exports for tests that want the one file, whatever else it is about."""

from sqlalchemy import insert, select

from bot.services import exports, feedback
from bot.services.context import Context
from bot.services.exports import Export, Wish
from db import tables

A, B = 1_001, 1_002
MODERATOR = 900_719_925_474_099


async def exported_files(
    context: Context, guild_id: int, actor_id: int, purpose: str, **asked: str
) -> list[Export]:
    """Every file of an export."""
    return [one async for one in exports.export_files(context, guild_id, actor_id, Wish(purpose, **asked))]


async def exported(context: Context, guild_id: int, actor_id: int, purpose: str, **asked: str) -> Export:
    """The one file of an export."""
    (one,) = await exported_files(context, guild_id, actor_id, purpose, **asked)
    return one


async def give(
    context: Context, *texts: str, guild_id: int = A, topic: str = "other", **options: str
) -> None:
    for text in texts:
        await feedback.give(context, guild_id, 1, topic, text, **options)


async def fill(context: Context, rows: int, text, **values: object) -> None:
    """Many pieces at once, as if they had been given and handed over."""
    entries = [
        {
            "feedback_id": f"{number:032x}",
            "guild_id": A,
            "topic": "other",
            "iso_week": "2025-W14",
            "text": text(number),
            "receipt_hash": f"{number:064x}",
            "state": "new",
            **values,
        }
        for number in range(rows)
    ]
    async with context.database.write() as connection:
        await connection.execute(insert(tables.feedback), entries)


async def audited(context: Context) -> list:
    async with context.database.read() as connection:
        return list((await connection.execute(select(tables.audit))).all())
