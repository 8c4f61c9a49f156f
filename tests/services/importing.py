"""What the tests of imports share: a server without a campaign, one with it, and a look at what is stored."""

from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import func, select

from bot.domain.bulletins.proposals import Draft, Kind
from bot.domain.bulletins.records import ImportRecord
from bot.services import guilds, import_drafts, imports
from bot.services.context import Context
from db.guilds import ensure_guild
from db.tables import (
    actions,
    aims,
    deliveries,
    demands,
    meetings,
    motions,
    schedules,
)
from seeds.loader import load_campaign
from seeds.reader import read_campaign
from tests.services.bulletins import DOCUMENTS

GUILD, CHANNEL = 5, 77
ENTRIES = (demands, aims, motions, actions, meetings, schedules, deliveries)
needs_documents = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason=f"the campaign's documents are not at {DOCUMENTS}"
)


@pytest.fixture
async def empty(context: Context) -> Context:
    """A server without a campaign, whose posts go to a channel."""
    async with context.database.write() as connection:
        await ensure_guild(connection, GUILD, "Europe/London")
    await guilds.change(context, GUILD, announcements_channel_id=CHANNEL)
    return context


@pytest.fixture
async def seeded(empty: Context) -> Context:
    """A server with the campaign that comes with the bot."""
    await load_campaign(empty.database, GUILD, read_campaign("operation_protect"))
    return empty


async def draft_of(context: Context, document: str) -> Draft:
    found = await import_drafts.begin(context, GUILD, document)
    assert isinstance(found, Draft)
    return found


async def imported(context: Context, document: str) -> ImportRecord:
    applied = await imports.apply(context, GUILD, (await draft_of(context, document)).draft_id)
    assert applied.record is not None
    assert not applied.already
    return applied.record


async def stored(context: Context, *tables: sqlalchemy.Table) -> dict[str, list[str]]:
    """Every row of some tables, as text; a meeting's sequence only ever goes up, and is left out."""
    async with context.database.read() as connection:
        found = {}
        for table in tables or ENTRIES:
            columns = [column for column in table.c if column.name != "sequence"]
            found[table.name] = sorted(map(repr, await connection.execute(select(*columns))))
        return found


async def number_of(context: Context, table: sqlalchemy.Table) -> int:
    async with context.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


async def column(context: Context, table: sqlalchemy.Table, name: str) -> list[Any]:
    async with context.database.read() as connection:
        return list((await connection.execute(select(table.c[name]).order_by(table.c.position))).scalars())


def numbered(draft: Draft, kind: Kind, words: str = "") -> int:
    return next(one.number for one in draft.proposals if one.kind is kind and words in one.title)
