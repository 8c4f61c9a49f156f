"""Coming, Maybe, Can't: seats, the waiting list, members' own reminders, and taking all of it back."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from bot.domain.attendance import Answer
from bot.domain.problems import BadInput, NotFound
from bot.services import meeting_answers, meeting_changes, members
from bot.services.context import Context
from bot.services.meeting_changes import Edits
from bot.services.meetings import get_meeting
from db.tables import deliveries
from db.tables import meeting_answers as answers
from tests.conftest import StoppedClock
from tests.services.meetings import (
    ANA,
    BEN,
    CEM,
    DAI,
    GUILD,
    WEEKLY,
    coming,
    messages,
    planned,
    schedule,
    seats_told,
)


async def test_a_free_seat_goes_to_who_waited_longest(context: Context) -> None:
    meeting = await schedule(context)
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="1"))
    await coming(context, meeting, ANA, BEN, CEM)
    given = await meeting_answers.give(context, GUILD, BEN, meeting.key, meeting.day, Answer.COMING)
    assert given.waits
    assert (given.counts.seated, given.counts.waiting) == (1, 2)
    freed = await meeting_answers.take_back(context, GUILD, ANA, meeting.key, meeting.day)
    assert (freed.counts.coming, freed.answer) == (2, None)
    assert set(await messages(context)) == {BEN}
    await coming(context, meeting, ANA)
    again = await meeting_answers.give(context, GUILD, ANA, meeting.key, meeting.day, Answer.COMING)
    assert again.waits, "who gave a seat back stands at the end"
    await meeting_answers.take_back(context, GUILD, ANA, meeting.key, meeting.day)
    assert set(await messages(context)) == {BEN}, "one who waited gave nothing back"
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="5"))
    assert set(await messages(context)) == {BEN, CEM}


async def test_a_seat_of_somebody_who_is_forgotten_is_passed_on_and_posts_show_it(context: Context) -> None:
    meeting = await schedule(context)
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="1"))
    await coming(context, meeting, ANA, BEN, CEM)
    changed: list[tuple[str, date]] = []
    context.show_answers = lambda guild_id, key, day: changed.append((key, day))
    before = await members.forget(context, GUILD, ANA)
    assert [len(one.rows) for one in before if one.column.table == "meeting_answers"] == [1]
    assert set(await messages(context)) == {BEN}
    assert changed == [(meeting.key, meeting.day)]
    counts = await meeting_answers.counts(context, GUILD, await get_meeting(context, GUILD, meeting.key))
    assert (counts.seated, counts.waiting) == (1, 1)


async def test_answers_of_the_same_moment_are_all_counted(context: Context) -> None:
    meeting = await schedule(context)
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="50"))
    said = [Answer.COMING, Answer.COMING, Answer.MAYBE, Answer.NOT_COMING, Answer.COMING]
    people = [(10_000 + number, said[number % 5]) for number in range(150)]
    presses = [*people, *people[:50], (1, Answer.COMING)]

    async def press(person: int, answer: Answer) -> str:
        day = date(2025, 4, 10)
        key = meeting.key if person != 1 else "gone"
        try:
            await meeting_answers.give(context, GUILD, person, key, day, answer)
        except NotFound:
            return "refused"
        return "stored"

    outcomes = await asyncio.gather(*(press(*one) for one in presses))
    assert (outcomes.count("stored"), outcomes[-1]) == (200, "refused")
    counts = await meeting_answers.counts(context, GUILD, await get_meeting(context, GUILD, meeting.key))
    assert (counts.coming, counts.maybe, counts.not_coming) == (90, 30, 30)
    assert (counts.seated, counts.waiting) == (50, 40)


async def test_every_press_is_told_what_is_stored(context: Context) -> None:
    meeting = await schedule(context)
    await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="2"))
    yes, maybe, no = Answer.COMING, Answer.MAYBE, Answer.NOT_COMING
    presses = [
        *[(ANA, yes), (BEN, yes), (CEM, yes), (CEM, yes), (ANA, yes), (BEN, maybe), (CEM, yes)],
        *[(BEN, yes), (DAI, no), (DAI, yes), (ANA, no), (ANA, no), (BEN, yes), (DAI, maybe), (ANA, yes)],
    ]
    asked: list[int] = []
    for person, said in presses:
        if said is not yes or person not in asked:
            asked = [one for one in asked if one != person] + [person] * (said is yes)
        given = await meeting_answers.give(context, GUILD, person, meeting.key, meeting.day, said)
        assert given.waits == (person in asked[2:])
        assert given.counts.coming == len(asked)
        assert given.counts == await meeting_answers.counts(context, GUILD, given.meeting)
        assert given.can_remind
    await meeting_answers.remind(context, GUILD, BEN, meeting.key, meeting.day, timedelta(hours=2))
    again = await meeting_answers.give(context, GUILD, BEN, meeting.key, meeting.day, maybe)
    assert again.lead == timedelta(hours=2), "who may come is reminded as before"


async def test_a_press_asks_the_database_three_things(context: Context) -> None:
    meeting, asked = await schedule(context), list[str]()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement.split(maxsplit=1)[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await coming(context, meeting, ANA)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert [word for word in asked if word != "BEGIN"] == ["SELECT", "SELECT", "INSERT"]


async def test_own_reminders(context: Context, clock: StoppedClock) -> None:
    meeting = await schedule(context)
    with pytest.raises(BadInput, match="those who come"):
        await meeting_answers.remind(context, GUILD, ANA, meeting.key, meeting.day, timedelta(hours=1))
    await coming(context, meeting, ANA)
    for hours in (1, 3):
        await meeting_answers.remind(context, GUILD, ANA, meeting.key, meeting.day, timedelta(hours=hours))
    assert [line for line in await planned(context) if "to" in line] == [f"meeting 10 Apr 08:30 to {ANA}"]
    await meeting_answers.give(context, GUILD, ANA, meeting.key, meeting.day, Answer.NOT_COMING)
    assert [line for line in await planned(context) if "to" in line] == []
    clock.forward(days=10, hours=1)
    await coming(context, meeting, BEN)
    with pytest.raises(BadInput, match="past already"):
        await meeting_answers.remind(context, GUILD, BEN, meeting.key, meeting.day, timedelta(hours=3))


async def test_messages_about_a_meeting_can_be_stopped(context: Context) -> None:
    meeting = await schedule(context)
    await coming(context, meeting, ANA, BEN)
    await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 2pm")
    async with context.database.read() as connection:
        query = select(deliveries.c.delivery_id).where(deliveries.c.target_id == ANA)
        (notice,) = (await connection.execute(query)).scalars()
    assert await meeting_answers.stop(context, GUILD, ANA, notice) == "Branch call"
    await meeting_changes.move(context, GUILD, meeting.key, "Friday 11 April 3pm")
    assert [line for line in await planned(context) if line.startswith("notice")] == [
        f"notice 31 Mar 08:00 to {ANA}",
        *[f"notice 31 Mar 08:00 to {BEN}"] * 2,
    ]
    with pytest.raises(NotFound, match="no longer know"):
        await meeting_answers.stop(context, GUILD + 1, ANA, notice)


async def test_an_answer_goes_whatever_has_become_of_the_meeting(
    context: Context, clock: StoppedClock
) -> None:
    meeting = await schedule(context, WEEKLY)
    first = await meeting_changes.edit(context, GUILD, meeting.key, Edits(cap="1"))
    days = [date(2025, 4, day) for day in (10, 17, 24)]
    for day in days:
        for person in (ANA, BEN, CEM):
            await meeting_answers.give(context, GUILD, person, meeting.key, day, Answer.COMING)
    await meeting_answers.remind(context, GUILD, ANA, meeting.key, days[2], timedelta(hours=3))
    await meeting_changes.skip(context, GUILD, meeting.key, on="17 April")
    notice = await notice_to(context, ANA)
    clock.forward(days=11)
    taken = await meeting_answers.take_back(context, GUILD, CEM, meeting.key, days[1])
    assert (taken.meeting.starts_wall, taken.counts.coming) == (datetime(2025, 4, 17, 18, 0), 2)
    await meeting_changes.cancel(context, GUILD, first.after.key)
    before = await seats_told(context)
    assert await meeting_answers.stop(context, GUILD, ANA, notice) == "Drop-in"
    assert await answered(context) == {BEN: set(days), CEM: {days[0], days[2]}}
    assert await seats_told(context) == before, "nobody can have a seat where nothing takes place"
    own = select(func.count()).where(deliveries.c.target_id == ANA, deliveries.c.slot.startswith("own:"))
    async with context.database.read() as connection:
        assert (await connection.execute(own)).scalar_one() == 0


async def notice_to(context: Context, person: int) -> str:
    query = select(deliveries.c.delivery_id).where(
        deliveries.c.target_id == person, deliveries.c.slot == "notice"
    )
    async with context.database.read() as connection:
        return (await connection.execute(query)).scalars().one()


async def answered(context: Context) -> dict[int, set[date]]:
    """The days to which each member's answer is kept."""
    kept: dict[int, set[date]] = {}
    async with context.database.read() as connection:
        for user_id, day in await connection.execute(
            select(answers.c.user_id, answers.c.local_date).order_by(answers.c.user_id)
        ):
            kept.setdefault(user_id, set()).add(day)
    return kept
