"""What members choose about themselves; and what is held about them, shown and erased on request."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.focus import Round
from bot.domain.language import say
from bot.domain.personal_data import PERSONAL_COLUMNS, Choices, FoundBy, Holding, PersonalColumn
from bot.services import backups, guilds, meeting_answers, retention
from bot.services.context import Context
from bot.services.zones import find_zone, suggest_zones
from db import focus as focus_queries
from db import members as queries
from db.direct_nudges import delete_waiting

Marked: TypeAlias = tuple[str, str] | Round
"""What a mark in a ledger stands for: an action with its week, or a round in which the person has voted."""


async def choices(context: Context, guild_id: int, user_id: int) -> Choices:
    """What a member chose."""
    async with context.database.read() as connection:
        return await queries.fetch_choices(connection, guild_id, user_id)


async def set_nudges(context: Context, guild_id: int, user_id: int, *, on: bool) -> None:
    """Switches a member's nudges by direct message on or off; off also takes back what is still to be sent."""
    async with context.database.write() as connection:
        chosen = await queries.fetch_choices(connection, guild_id, user_id)
        await queries.write_choices(connection, guild_id, user_id, replace(chosen, nudges=on))
        if not on:
            await delete_waiting(connection, guild_id, user_id)


async def set_zone(context: Context, guild_id: int, user_id: int, typed: str | None) -> str:
    """Sets the zone in which a member types times, and returns its IANA name.

    Args:
        context: the installation.
        guild_id: the guild.
        user_id: the member.
        typed: the zone's name or a city; `None` returns to the guild's own.

    Raises:
        BadInput: there is no such zone; nothing is changed then.
    """
    zone = find_zone(typed) if typed is not None else None
    async with context.database.write() as connection:
        chosen = await queries.fetch_choices(connection, guild_id, user_id)
        await queries.write_choices(connection, guild_id, user_id, replace(chosen, zone=zone))
    return await zone_for(context, guild_id, user_id)


async def zone_for(context: Context, guild_id: int, user_id: int) -> str:
    """The zone in which to read what a person types: their own if they set one, else the guild's."""
    chosen = await choices(context, guild_id, user_id)
    return chosen.zone or (await guilds.get(context, guild_id)).zone


async def suggest(context: Context, guild_id: int, typed: str) -> list[tuple[str, str]]:
    """Zones that fit what was typed so far, as label and IANA name."""
    del context, guild_id
    return suggest_zones(typed)


async def held(context: Context, guild_id: int, user_id: int) -> tuple[Holding, ...]:
    """All that is held about a person in a guild, column by column; also where it is nothing."""
    async with context.database.read() as connection:
        return await _held(context, connection, guild_id, user_id)


async def forget(context: Context, guild_id: int, user_id: int) -> tuple[Holding, ...]:
    """Erases all that is held about a person in a guild and may be erased; returns what was held before."""
    async with context.database.write() as connection:
        await focus_queries.lock_rounds_in_ledger(connection, guild_id)
        before = await _held(context, connection, guild_id, user_id)
        marks = await _marks(context, connection, guild_id, user_id)
        answered = await meeting_answers.take_back_all(context, connection, guild_id, user_id)
        for holding in before:
            if not (holding.column.erasable and holding.rows):
                continue
            if holding.column.found_by is FoundBy.MARK:
                for row in holding.rows:
                    mark = str(row[holding.column.column])
                    await _undo(context, connection, guild_id, mark, marks[mark])
            values = _values(holding.column, user_id, marks)
            await queries.erase_rows(connection, guild_id, holding.column, values)
        await backups.note_erased(connection)
    context.languages.forget(guild_id)
    meeting_answers.let_see_all(context, guild_id, answered)
    await retention.wipe(context)
    return before


async def _held(
    context: Context, connection: AsyncConnection, guild_id: int, user_id: int
) -> tuple[Holding, ...]:
    marks = await _marks(context, connection, guild_id, user_id)
    holdings: list[Holding] = []
    for column in PERSONAL_COLUMNS:
        values = _values(column, user_id, marks)
        rows = await queries.fetch_rows(connection, guild_id, column, values)
        holdings.append(Holding(column, tuple(_as_text(row, column, marks) for row in rows)))
    return tuple(holdings)


async def _marks(
    context: Context, connection: AsyncConnection, guild_id: int, user_id: int
) -> dict[str, Marked]:
    """Every mark that the person could have left in a ledger, with what it stands for."""
    mark, voted = context.keys.participation_hash, context.keys.focus_hash
    marks: dict[str, Marked] = {
        mark(guild_id, action, week, user_id): (action, week)
        for action, week in await queries.fetch_counted(connection, guild_id)
    }
    for one in await focus_queries.fetch_rounds_in_ledger(connection, guild_id):
        marks[voted(guild_id, one.round_id, user_id)] = one
    return marks


async def _undo(
    context: Context, connection: AsyncConnection, guild_id: int, mark: str, marked: Marked
) -> None:
    """Takes a person out of a week's numbers. A vote cannot be taken out: nothing shows which one is theirs."""
    if isinstance(marked, Round):
        context.forgotten_votes.remember(mark, until=marked.closes_at, now=context.now())
    else:
        await queries.take_out(connection, guild_id, *marked)


def _values(column: PersonalColumn, user_id: int, marks: Mapping[str, object]) -> list[int | str]:
    return [*marks] if column.found_by is FoundBy.MARK else [user_id]


def _as_text(
    row: Mapping[str, Any], column: PersonalColumn, marks: Mapping[str, Marked]
) -> dict[str, str | None]:
    shown = {name: None if value is None else str(value) for name, value in row.items()}
    if column.found_by is FoundBy.MARK:
        marked = marks[str(row[column.column])]
        shown |= {"round": marked.title} if isinstance(marked, Round) else {"action_key": marked[0]}
    if column.table == "demand_follows":
        shown["demand_key"] = shown["demand_key"] or say("all demands")
    return shown
