"""Queries on the union's documents that were imported, for members."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import ImportedDocument
from db.slices import read_each
from db.tables import imports


async def fetch_documents(connection: AsyncConnection, guild_id: int) -> tuple[ImportedDocument, ...]:
    """A guild's documents, the latest first, without those of which the import was undone."""
    columns = imports.c
    query = (
        select(columns.import_id, columns.kind, columns.title, columns.on, columns.text)
        .where(columns.guild_id == guild_id, columns.undone_at.is_(None))
        .order_by(columns.imported_at.desc(), columns.import_id)
    )
    return await read_each(
        connection,
        query,
        lambda row: ImportedDocument(row.import_id, row.kind, row.title, row.on, row.text),
    )
