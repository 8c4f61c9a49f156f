"""Who looks at a meeting sees at once what members of this process answered, and within a minute what others' did."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attendance import Answer
from bot.services import meeting_answers, members
from bot.services.context import Context
from bot.services.known_counts import KnownCounts
from bot.services.meetings import get_meeting, next_meeting
from tests.conftest import StoppedClock
from tests.services.meetings import ANA, BEN, GUILD, coming, schedule


async def looked_up(context: Context) -> int:
    meeting = await next_meeting(context, GUILD)
    return (await meeting_answers.counts(context, GUILD, meeting)).coming


async def test_what_is_answered_taken_back_and_forgotten_is_seen_at_once(context: Context) -> None:
    meeting = await schedule(context)
    assert await looked_up(context) == 0
    await coming(context, meeting, ANA, BEN)
    assert await looked_up(context) == 2
    await meeting_answers.take_back(context, GUILD, ANA, meeting.key, meeting.day)
    assert await looked_up(context) == 1
    await members.forget(context, GUILD, BEN)
    assert await looked_up(context) == 0


async def test_what_another_process_was_told_is_seen_within_a_minute(
    context: Context, clock: StoppedClock
) -> None:
    meeting = await schedule(context)
    assert await looked_up(context) == 0
    known, context.counts = context.counts, KnownCounts()
    await coming(context, meeting, ANA)
    context.counts = known
    clock.forward(minutes=1)
    assert await looked_up(context) == 1


async def test_a_count_that_was_overtaken_by_an_answer_is_not_kept(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = await schedule(context)
    read, has_read, may_go_on = context.database.read, asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def held_up() -> AsyncGenerator[AsyncConnection]:
        async with read() as connection:
            yield connection
        has_read.set()
        await may_go_on.wait()

    with monkeypatch.context() as patch:
        patch.setattr(context.database, "read", held_up)
        looking = asyncio.create_task(meeting_answers.counts(context, GUILD, meeting))
        await has_read.wait()
    await coming(context, meeting, ANA)
    may_go_on.set()
    assert (await looking).coming == 0
    assert await looked_up(context) == 1


@pytest.mark.parametrize("typed", ["", "call"])
async def test_a_second_look_asks_the_database_nothing(context: Context, typed: str) -> None:
    meeting = await schedule(context)
    await meeting_answers.give(context, GUILD, ANA, meeting.key, meeting.day, Answer.COMING)
    assert await looked_up(context) == 1
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert await looked_up(context) == 1
        await get_meeting(context, GUILD, typed or meeting.key)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert asked == []
