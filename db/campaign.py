"""Queries on the campaign's entries: demands and their responses, aims, actions, terms.

Meetings and motions have queries of their own; here they are only loaded from seeds, by the same rule as the others.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.models import (
    Action,
    ActionPicture,
    Aim,
    Demand,
    DemandResponse,
    DemandStatus,
    Link,
    Source,
    Term,
)
from db.slices import read_each
from db.tables import actions, aims, demand_responses, demands, imports, meetings, motions, terms


class EntryKind(Enum):
    """The kinds of entry that a campaign's seed can hold."""

    DEMAND = demands
    AIM = aims
    MOTION = motions
    ACTION = actions
    MEETING = meetings
    TERM = terms


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it stands in the database, with the digest of the seed that it came from."""

    values: Mapping[str, Any]
    seed_digest: str | None


async def fetch_demands(connection: AsyncConnection, guild_id: int) -> tuple[Demand, ...]:
    """A guild's demands in their order, each with its responses from the oldest to the latest."""
    responses = await _fetch_responses(connection, demand_responses.c.guild_id == guild_id)
    documents = await _fetch_documents(connection, guild_id)
    return await read_each(
        connection,
        _entries(demands, guild_id),
        lambda row: _demand(row, responses.get(row.key, ()), documents),
    )


async def fetch_demand(connection: AsyncConnection, guild_id: int, key: str) -> Demand | None:
    """One demand with its responses, or `None` when the guild has no such demand."""
    row = (await connection.execute(_entries(demands, guild_id).where(demands.c.key == key))).one_or_none()
    if row is None:
        return None
    responses = await _fetch_responses(
        connection, demand_responses.c.guild_id == guild_id, demand_responses.c.demand_key == key
    )
    return _demand(row, responses.get(key, ()), await _fetch_documents(connection, guild_id))


async def fetch_aims(connection: AsyncConnection, guild_id: int) -> tuple[Aim, ...]:
    """A guild's aims in their order."""
    return await read_each(
        connection,
        _entries(aims, guild_id),
        lambda row: Aim(row.key, row.position, row.title, row.summary, _source(row)),
    )


async def fetch_actions(connection: AsyncConnection, guild_id: int) -> tuple[Action, ...]:
    """A guild's standing actions in their order, without those that are retired."""
    query = _entries(actions, guild_id).where(actions.c.retired_on.is_(None))
    return await read_each(connection, query, action_of)


async def fetch_terms(connection: AsyncConnection, guild_id: int) -> tuple[Term, ...]:
    """A guild's glossary in its order."""
    return await read_each(
        connection,
        _entries(terms, guild_id),
        lambda row: Term(row.key, row.position, row.title, row.summary, row.expansion, _source(row)),
    )


async def insert_response(
    connection: AsyncConnection,
    guild_id: int,
    demand_key: str,
    response: DemandResponse,
    *,
    response_id: str,
    recorded_at: datetime,
) -> None:
    """Adds one answer of the employer to the history of a demand of this guild."""
    await connection.execute(
        insert(demand_responses).values(
            guild_id=guild_id,
            response_id=response_id,
            demand_key=demand_key,
            on=response.on,
            status=response.status.value,
            text=response.text,
            source=response.source,
            recorded_at=recorded_at,
            corrects=response.corrects,
        )
    )


async def fetch_stored(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, columns: Collection[str]
) -> dict[str, StoredEntry]:
    """These columns of a guild's entries of one kind, by key, locked until the transaction ends."""
    table: Table = kind.value
    query = select(table.c.key, table.c.seed_digest, *(table.c[name] for name in columns))
    rows = await connection.execute(query.where(table.c.guild_id == guild_id).with_for_update())
    return {
        row["key"]: StoredEntry({name: row[name] for name in columns}, row["seed_digest"])
        for row in rows.mappings()
    }


async def insert_entries(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, entries: Sequence[Mapping[str, Any]]
) -> None:
    """Stores new entries of one kind; each mapping holds the columns of one row, its key among them."""
    if entries:
        await connection.execute(insert(kind.value), [{"guild_id": guild_id, **entry} for entry in entries])


async def update_entry(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, key: str, values: Mapping[str, Any]
) -> None:
    """Changes these columns of one entry.

    A meeting's sequence goes up with it, so that calendars take the change.
    """
    table: Table = kind.value
    raised = {"sequence": table.c.sequence + 1} if kind is EntryKind.MEETING else {}
    query = update(table).where(table.c.guild_id == guild_id, table.c.key == key)
    await connection.execute(query.values(**values, **raised))


def _entries(table: Table, guild_id: int) -> Select[Any]:
    return select(table).where(table.c.guild_id == guild_id).order_by(table.c.position, table.c.key)


async def _fetch_responses(
    connection: AsyncConnection, *conditions: ColumnElement[bool]
) -> dict[str, tuple[DemandResponse, ...]]:
    table = demand_responses
    query = select(table).where(*conditions).order_by(table.c.on, table.c.recorded_at, table.c.response_id)
    found: dict[str, list[DemandResponse]] = {}
    for row in await connection.execute(query):
        response = DemandResponse(
            row.on, DemandStatus(row.status), row.text, row.source, row.response_id, row.corrects
        )
        found.setdefault(row.demand_key, []).append(response)
    return {key: tuple(responses) for key, responses in found.items()}


def _source(row: Row[Any]) -> Source:
    return _same_source(row.source, row.source_on)


@lru_cache(maxsize=256)
def _same_source(title: str, on: date) -> Source:
    """One and the same for all entries of a document: there are few documents, and many entries."""
    return Source(title, on)


async def _fetch_documents(connection: AsyncConnection, guild_id: int) -> dict[str | None, Source]:
    """The documents that were imported, by import; those that bear no date are left out."""
    query = select(imports.c.import_id, imports.c.title, imports.c.on)
    query = query.where(imports.c.guild_id == guild_id, imports.c.on.is_not(None))
    return {row.import_id: Source(row.title, row.on) for row in await connection.execute(query)}


def _demand(
    row: Row[Any], responses: tuple[DemandResponse, ...], documents: Mapping[str | None, Source]
) -> Demand:
    return Demand(
        key=row.key,
        position=row.position,
        title=row.title,
        summary=row.summary,
        source=_source(row),
        keywords=tuple(row.keywords),
        responses=responses,
        wording=row.wording,
        wording_source=documents.get(row.import_id),
        retired_on=row.retired_on,
        retired_reason=row.retired_reason,
    )


def action_of(row: Row[Any]) -> Action:
    """The action that a row of `db.tables.actions` holds."""
    return Action(
        key=row.key,
        position=row.position,
        title=row.title,
        summary=row.summary,
        links=tuple(Link(link["label"], link["url"]) for link in row.links),
        source=_source(row),
        button=row.button,
        goal=row.goal,
        picture=ActionPicture(row.picture_url, row.picture_alt or "") if row.picture_url else None,
        retired_on=row.retired_on,
    )
