"""Counts presses that come at the same moment together, so that five hundred of them wait for few transactions.

Whatever comes while a transaction is being written is counted in the next one. Nothing is answered before it is stored.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncConnection

from db import participation as queries
from db.campaign import fetch_actions
from db.engine import Database

MOST_TOGETHER = 500


@dataclass(frozen=True, slots=True, order=True)
class Press:
    """A member who wants to be counted for an action in a week; `entry` is their mark in the ledger."""

    guild_id: int
    week: str
    action_key: str
    entry: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """Whether this time counted, and how many members the action has this week."""

    counted: bool
    members_this_week: int


class Presses:
    """The presses that wait to be counted."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Press, asyncio.Future[Recorded | None]]] = []
        self._work: asyncio.Task[None] | None = None

    async def count(self, database: Database, press: Press) -> Recorded | None:
        """Counts a member once; `None` when the guild has no such action."""
        answer: asyncio.Future[Recorded | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((press, answer))
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._count_all(database))
        return await answer

    async def _count_all(self, database: Database) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            answers = [answer for _, answer in batch]
            try:
                counted = await _count_together(database, [press for press, _ in batch])
            except Exception as error:  # noqa: BLE001 - each of those who wait is told
                _settle(answers, error)
            else:
                _settle(answers, counted)
            finally:
                _settle(answers, None)


def _settle(
    answers: Sequence[asyncio.Future[Recorded | None]], outcome: Sequence[Recorded | None] | Exception | None
) -> None:
    """Answers those who still wait; without an outcome, their waiting is ended as the work was."""
    for place, answer in enumerate(answers):
        if answer.done():
            continue
        if outcome is None:
            answer.cancel()
        elif isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome[place])


async def _count_together(database: Database, presses: Sequence[Press]) -> list[Recorded | None]:
    outcome: dict[int, Recorded | None] = {}
    places = sorted(range(len(presses)), key=lambda place: presses[place])
    async with database.write() as connection:
        for (guild_id, week), group in groupby(
            places, key=lambda place: (presses[place].guild_id, presses[place].week)
        ):
            own = list(group)
            counted = await _count_week(connection, guild_id, week, [presses[place] for place in own])
            outcome |= dict(zip(own, counted, strict=True))
    return [outcome[place] for place in range(len(presses))]


async def _count_week(
    connection: AsyncConnection, guild_id: int, week: str, presses: Sequence[Press]
) -> list[Recorded | None]:
    present = {action.key for action in await fetch_actions(connection, guild_id)}
    entries = list(dict.fromkeys(press.entry for press in presses if press.action_key in present))
    new = await queries.enter_ledger(connection, guild_id, week, entries)
    first: set[int] = set()
    for place, press in enumerate(presses):
        if press.entry in new:
            new.remove(press.entry)
            first.add(place)
    for action_key, members in sorted(Counter(presses[place].action_key for place in first).items()):
        await queries.add_members(connection, guild_id, action_key, week, members)
    totals = await queries.fetch_week(connection, guild_id, week)
    return [
        Recorded(place in first, totals.get(press.action_key, 0)) if press.action_key in present else None
        for place, press in enumerate(presses)
    ]
