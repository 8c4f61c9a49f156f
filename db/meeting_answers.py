"""Queries on who comes to a meeting: one occurrence is known by its meeting's key and the day of its rule."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attendance import Answer
from bot.domain.schedules import DeliveryState, ScheduleKind, ScheduleState, TargetKind
from db.tables import deliveries, meeting_answers, meeting_counts, schedules
from db.upsert import insert_or, put


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occurrence of a meeting in a guild."""

    meeting_key: str
    day: date


class StoredAnswer(NamedTuple):
    """A member's answer. `place` is the order in which seats were asked for; `lead` is when to remind them."""

    user_id: int
    answer: Answer
    place: int
    lead: timedelta | None


class Tally(NamedTuple):
    """How the answers to an occurrence stand before a member answers.

    `own` is what the member said before, `last_place` the highest that was given out, `counted` how many gave which
    answer; `can_remind` says that the meeting has reminders to which members' own can belong.
    """

    own: StoredAnswer | None
    last_place: int
    counted: dict[Answer, int]
    can_remind: bool


async def fetch_answer(
    connection: AsyncConnection, guild_id: int, occasion: Occasion, user_id: int
) -> StoredAnswer | None:
    """One member's answer."""
    of_one = _at(guild_id, occasion) & (meeting_answers.c.user_id == user_id)
    rows = await _fetch(connection, of_one)
    return rows[0] if rows else None


async def fetch_answers(
    connection: AsyncConnection, guild_id: int, occasion: Occasion
) -> tuple[StoredAnswer, ...]:
    """All answers, in the order in which seats were asked for."""
    return await _fetch(connection, _at(guild_id, occasion))


async def put_answer(
    connection: AsyncConnection, guild_id: int, occasion: Occasion, answer: StoredAnswer
) -> None:
    """Stores a member's answer in place of an earlier one."""
    row = {
        "guild_id": guild_id,
        "meeting_key": occasion.meeting_key,
        "local_date": occasion.day,
        "user_id": answer.user_id,
        "answer": answer.answer.value,
        "place": answer.place,
        "lead_seconds": None if answer.lead is None else int(answer.lead.total_seconds()),
    }
    await connection.execute(put(connection, meeting_answers), row)


async def delete_answer(connection: AsyncConnection, guild_id: int, occasion: Occasion, user_id: int) -> None:
    """Deletes a member's answer."""
    of_one = _at(guild_id, occasion) & (meeting_answers.c.user_id == user_id)
    await connection.execute(delete(meeting_answers).where(of_one))


async def fetch_tally(connection: AsyncConnection, guild_id: int, occasion: Occasion, user_id: int) -> Tally:
    """All that a press has to know of the answers so far, in one round trip: a branch presses at the same moment."""
    asked = {
        "guild": guild_id,
        "meeting": occasion.meeting_key,
        "day": occasion.day,
        "member": user_id,
    }
    row = (await connection.execute(_tally(), asked)).one()
    own = None if row.said is None else _answer_of(user_id, row.said, row.place, row.lead_seconds)
    counted = {one: number for one in Answer if (number := getattr(row, one.name))}
    return Tally(own, row.last_place, counted, bool(row.can_remind))


@cache
def _tally() -> Select[Any]:
    """Made once: to make this statement takes longer than to execute it, and a branch waits for it."""
    table = meeting_answers
    is_own = table.c.user_id == bindparam("member")
    reminders = exists().where(
        schedules.c.guild_id == bindparam("guild"),
        schedules.c.meeting_key == bindparam("meeting"),
        schedules.c.kind == ScheduleKind.MEETING.value,
        schedules.c.state != ScheduleState.ENDED.value,
    )
    columns: dict[str, ColumnElement[Any]] = {
        "said": func.max(case((is_own, table.c.answer))),
        "place": func.max(case((is_own, table.c.place))),
        "lead_seconds": func.max(case((is_own, table.c.lead_seconds))),
        "last_place": func.coalesce(func.max(table.c.place), 0),
        "can_remind": reminders,
        **{one.name: func.count().filter(table.c.answer == one.value) for one in Answer},
    }
    return select(*(column.label(name) for name, column in columns.items())).where(
        table.c.guild_id == bindparam("guild"),
        table.c.meeting_key == bindparam("meeting"),
        table.c.local_date == bindparam("day"),
    )


async def count_coming_before(
    connection: AsyncConnection, guild_id: int, occasion: Occasion, place: int
) -> int:
    """How many of those who come asked earlier."""
    table = meeting_answers
    query = select(func.count()).where(
        _at(guild_id, occasion), table.c.answer == Answer.COMING.value, table.c.place < place
    )
    return (await connection.execute(query)).scalar_one()


async def fetch_coming(
    connection: AsyncConnection, guild_id: int, occasion: Occasion, *, skip: int, limit: int
) -> tuple[int, ...]:
    """Who comes, in the order in which they asked, without the first few."""
    table = meeting_answers
    query = (
        select(table.c.user_id)
        .where(_at(guild_id, occasion), table.c.answer == Answer.COMING.value)
        .order_by(table.c.place)
        .offset(skip)
        .limit(limit)
    )
    return tuple((await connection.execute(query)).scalars())


async def count_answers(connection: AsyncConnection, guild_id: int, occasion: Occasion) -> dict[Answer, int]:
    """How many gave each answer, also to an occurrence whose answers were deleted since, all but their number."""
    return await _count(connection, guild_id, occasion) or await _fetch_kept_counts(
        connection, guild_id, occasion
    )


async def _count(connection: AsyncConnection, guild_id: int, occasion: Occasion) -> dict[Answer, int]:
    query = (
        select(meeting_answers.c.answer, func.count())
        .where(_at(guild_id, occasion))
        .group_by(meeting_answers.c.answer)
    )
    return {Answer(answer): number for answer, number in await connection.execute(query)}


async def rename_day(connection: AsyncConnection, guild_id: int, occasion: Occasion, *, to: date) -> None:
    """Takes the answers along when a meeting that happens once is moved to another day."""
    await connection.execute(update(meeting_answers).where(_at(guild_id, occasion)).values(local_date=to))


async def keep_only_counts(connection: AsyncConnection, guild_id: int, occasion: Occasion) -> int:
    """Replaces the answers to one occurrence by their numbers; returns how many answers there were."""
    counted = await _count(connection, guild_id, occasion)
    if not counted:
        return 0
    row = {"guild_id": guild_id, "meeting_key": occasion.meeting_key, "local_date": occasion.day}
    numbers = {
        "coming": counted.get(Answer.COMING, 0),
        "maybe": counted.get(Answer.MAYBE, 0),
        "not_coming": counted.get(Answer.NOT_COMING, 0),
    }
    statement = insert_or(connection, meeting_counts).values(**row, **numbers)
    await connection.execute(statement.on_conflict_do_update(index_elements=list(row), set_=numbers))
    await connection.execute(delete(meeting_answers).where(_at(guild_id, occasion)))
    return sum(counted.values())


async def _fetch_kept_counts(
    connection: AsyncConnection, guild_id: int, occasion: Occasion
) -> dict[Answer, int]:
    table = meeting_counts
    query = select(table).where(
        table.c.guild_id == guild_id,
        table.c.meeting_key == occasion.meeting_key,
        table.c.local_date == occasion.day,
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return {}
    return {Answer.COMING: row.coming, Answer.MAYBE: row.maybe, Answer.NOT_COMING: row.not_coming}


async def fetch_days_of(
    connection: AsyncConnection, guild_id: int, meeting_key: str, user_id: int
) -> tuple[date, ...]:
    """The days of the occurrences of a meeting to which a member has answered."""
    table = meeting_answers
    query = select(table.c.local_date).where(
        table.c.guild_id == guild_id, table.c.meeting_key == meeting_key, table.c.user_id == user_id
    )
    return tuple((await connection.execute(query)).scalars())


async def fetch_occasions_of(
    connection: AsyncConnection, guild_id: int, user_id: int
) -> tuple[Occasion, ...]:
    """The occurrences, of whatever meeting, to which a member has answered; always in one order, for whoever locks them."""
    table = meeting_answers
    query = (
        select(table.c.meeting_key, table.c.local_date)
        .where(table.c.guild_id == guild_id, table.c.user_id == user_id)
        .order_by(table.c.meeting_key, table.c.local_date)
    )
    return tuple(Occasion(*row) for row in await connection.execute(query))


async def fetch_days(connection: AsyncConnection, guild_id: int, meeting_key: str) -> tuple[date, ...]:
    """The days of the occurrences of a meeting to which anybody has answered."""
    table = meeting_answers
    query = (
        select(table.c.local_date)
        .where(table.c.guild_id == guild_id, table.c.meeting_key == meeting_key)
        .distinct()
        .order_by(table.c.local_date)
    )
    return tuple((await connection.execute(query)).scalars())


async def fetch_answered_before(connection: AsyncConnection, day: date) -> tuple[tuple[int, Occasion], ...]:
    """Occurrences that have answers and whose day is past, each with its guild; for the daily work."""
    table = meeting_answers
    query = (
        select(table.c.guild_id, table.c.meeting_key, table.c.local_date)
        .where(table.c.local_date < day)
        .distinct()
    )
    return tuple(
        (guild_id, Occasion(meeting_key, local_date))
        for guild_id, meeting_key, local_date in await connection.execute(query)
    )


async def delete_waiting_reminders(
    connection: AsyncConnection, guild_id: int, occasion: Occasion, user_id: int
) -> None:
    """Deletes a member's own reminders of one occurrence that were not sent; also when the meeting is called off."""
    of_meeting = select(schedules.c.schedule_id).where(
        schedules.c.guild_id == guild_id,
        schedules.c.meeting_key == occasion.meeting_key,
        schedules.c.kind == ScheduleKind.MEETING.value,
    )
    await connection.execute(
        delete(deliveries).where(
            deliveries.c.guild_id == guild_id,
            deliveries.c.schedule_id.in_(of_meeting),
            deliveries.c.local_date == occasion.day,
            deliveries.c.target_kind == TargetKind.MEMBER.value,
            deliveries.c.target_id == user_id,
            deliveries.c.state.in_((DeliveryState.PENDING.value, DeliveryState.SKIPPED.value)),
        )
    )


def _at(guild_id: int, occasion: Occasion) -> ColumnElement[bool]:
    return and_(
        meeting_answers.c.guild_id == guild_id,
        meeting_answers.c.meeting_key == occasion.meeting_key,
        meeting_answers.c.local_date == occasion.day,
    )


async def _fetch(connection: AsyncConnection, where: ColumnElement[bool]) -> tuple[StoredAnswer, ...]:
    table = meeting_answers
    query = select(table).where(where).order_by(table.c.place, table.c.user_id)
    return tuple(
        _answer_of(row.user_id, row.answer, row.place, row.lead_seconds)
        for row in await connection.execute(query)
    )


def _answer_of(user_id: int, answer: str, place: int, lead_seconds: int | None) -> StoredAnswer:
    lead = None if lead_seconds is None else timedelta(seconds=lead_seconds)
    return StoredAnswer(user_id, Answer(answer), place, lead)
