"""Queries on the entries that a campaign's seed brought: what hangs on them, and their removal."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, or_, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.campaign import EntryKind
from db.tables import actions, demand_follows, demands, meetings, metadata, schedules

_SET_HERE: Mapping[EntryKind, ColumnElement[bool]] = {
    EntryKind.DEMAND: demands.c.retired_on.is_not(None),
    EntryKind.ACTION: or_(actions.c.retired_on.is_not(None), actions.c.goal.is_not(None)),
    EntryKind.MEETING: or_(
        meetings.c.link.is_not(None),
        meetings.c.channel_id.is_not(None),
        meetings.c.repeat.is_not(None),
        meetings.c.notes.is_not(None),
        meetings.c.state != "planned",
    ),
}
"""What only organisers set: no seed does, so the digest of a seed says nothing of it."""


async def fetch_in_use(connection: AsyncConnection, guild_id: int, kind: EntryKind) -> frozenset[str]:
    """The keys of a guild's entries of one kind on which work of organisers or members hangs.

    Such work is whatever refers to them (answers, progress, schedules, who comes), an import that they came from or
    were matched by, and what only organisers set.
    """
    table: Table = kind.value
    of_guild = table.c.guild_id == guild_id
    worked_on: list[ColumnElement[bool]] = [table.c.import_id.is_not(None), table.c.wording.is_not(None)]
    if kind in _SET_HERE:
        worked_on.append(_SET_HERE[kind])
    queries: list[Select[Any]] = [select(table.c.key).where(of_guild, or_(*worked_on))]
    queries += [
        select(column).where(column.table.c.guild_id == guild_id, column.is_not(None))
        for column in references(kind)
    ]
    found = await connection.execute(union(*queries))
    return frozenset(str(key) for key in found.scalars())


async def delete_entries(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, keys: Collection[str]
) -> None:
    """Deletes entries of one kind, and what members asked to be told about them. Numbers and feedback stay."""
    if not keys:
        return
    table: Table = kind.value
    await connection.execute(delete(table).where(table.c.guild_id == guild_id, table.c.key.in_(keys)))
    if kind is EntryKind.DEMAND:
        follows = demand_follows
        await connection.execute(
            delete(follows).where(follows.c.guild_id == guild_id, follows.c.demand_key.in_(keys))
        )


async def release_entries(
    connection: AsyncConnection, guild_id: int, kind: EntryKind, keys: Collection[str]
) -> None:
    """Makes entries of one kind the guild's own: from now on no seed changes them or takes them out."""
    table: Table = kind.value
    query = update(table).where(table.c.guild_id == guild_id, table.c.key.in_(keys))
    await connection.execute(query.values(seed_digest=None))


def references(kind: EntryKind) -> Iterator[ColumnElement[str]]:
    """The columns in other tables that hold a key of this kind: what is deleted with an entry would be lost."""
    for table in metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table is kind.value:
                yield from (one.parent for one in constraint.elements if one.column.name == "key")
    if kind is EntryKind.ACTION:
        # Without a foreign key, as a nudge goes on when its action is gone.
        yield schedules.c.action_key
