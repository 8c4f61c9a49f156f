"""Coming, Maybe, Can't: what members answer to a meeting, its seats, and reminders for those who want one.

A seat goes to whoever asked first. When one becomes free, the first on the waiting list has it and is told.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.attendance import Answer, Counts
from bot.domain.language import later, say
from bot.domain.meeting_days import at_day
from bot.domain.models import Meeting, MeetingState
from bot.domain.problems import BadInput, NotFound
from bot.domain.schedules import Delivery, Schedule, ScheduleKind, planned
from bot.services.context import Context
from bot.services.meeting_telling import Telling
from db import meeting_answers as queries
from db import meetings as meeting_queries
from db.deliveries import insert_missing
from db.delivery_changes import fetch_delivery
from db.meeting_answers import Occasion, StoredAnswer
from db.schedules import fetch_by_ids, fetch_of_meeting

NO_MEETING = later("That meeting is no longer in the diary.")
LOOK_AT_THE_LIST = later("`/meeting list` shows what is planned.")


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a member's answer; `answer` is `None` once it was taken back."""

    meeting: Meeting
    answer: Answer | None
    counts: Counts
    waits: bool = False
    lead: timedelta | None = None
    can_remind: bool = False


async def give(context: Context, guild_id: int, user_id: int, key: str, day: date, answer: Answer) -> Given:
    """Stores what a member answers to one occurrence of a meeting, in place of what they said before.

    Raises:
        NotFound: there is no such meeting, or it does not take place on that day.
        BadInput: it is cancelled or over.
    """

    async def store(connection: AsyncConnection) -> Given:
        return await _give(context, connection, guild_id, user_id, key, day, answer)

    given = await context.together.write(context.database, store)
    _let_see(context, guild_id, given.meeting)
    return given


async def take_back(context: Context, guild_id: int, user_id: int, key: str, day: date) -> Given:
    """Deletes what a member answered, and their reminder; also when the meeting is cancelled, left out or over.

    Raises:
        NotFound: there is no such meeting.
    """

    async def delete(connection: AsyncConnection) -> Given:
        return await _take_back(context, connection, guild_id, user_id, key, day)

    given = await context.together.write(context.database, delete)
    _let_see(context, guild_id, given.meeting)
    return given


def _let_see(context: Context, guild_id: int, meeting: Meeting) -> None:
    """Lets everybody see that other people come, and whoever may have a seat now be told."""
    if meeting.cap is not None:
        context.wake()
    context.answers_changed(guild_id, meeting.key, meeting.day)


async def _give(
    context: Context,
    connection: AsyncConnection,
    guild_id: int,
    user_id: int,
    key: str,
    day: date,
    answer: Answer,
) -> Given:
    meeting = await _open_meeting(context, connection, guild_id, key, day)
    occasion = Occasion(key, meeting.day)
    tally = await queries.fetch_tally(connection, guild_id, occasion, user_id)
    before, counted = tally.own, Counter(tally.counted)
    if before is not None and before.answer is answer:
        waits = answer is Answer.COMING and not await _has_seat(connection, guild_id, meeting, before)
        return Given(meeting, answer, _counts(counted, meeting), waits, before.lead, tally.can_remind)
    had_seat = before is not None and await _has_seat(connection, guild_id, meeting, before)
    lead = before.lead if before and answer is not Answer.NOT_COMING else None
    own = StoredAnswer(user_id, answer, tally.last_place + 1, lead)
    await queries.put_answer(connection, guild_id, occasion, own)
    if had_seat:
        await _give_seat(context, connection, guild_id, meeting)
    if answer is Answer.NOT_COMING:
        await _forget_reminders(connection, guild_id, meeting, user_id)
    if before is not None:
        counted[before.answer] -= 1
    counted[answer] += 1
    given = _counts(counted, meeting)
    # Whoever has just answered asked last, so the last of those who wait is this member.
    waits = answer is Answer.COMING and given.waiting > 0
    return Given(meeting, answer, given, waits, lead, tally.can_remind)


async def _take_back(
    context: Context, connection: AsyncConnection, guild_id: int, user_id: int, key: str, day: date
) -> Given:
    stored = await meeting_queries.fetch_for_change(connection, guild_id, key)
    if stored is None:
        raise NotFound(say(NO_MEETING), next_step=say(LOOK_AT_THE_LIST))
    meeting = await _delete(context, connection, guild_id, user_id, stored, day)
    return Given(meeting, None, await counts_in(connection, guild_id, meeting))


async def _delete(
    context: Context, connection: AsyncConnection, guild_id: int, user_id: int, stored: Meeting, day: date
) -> Meeting:
    """Deletes an answer whatever has become of the meeting; a seat is passed on only while somebody can still come."""
    meeting = at_day(stored, day)
    is_on = meeting is not None and _is_to_come(context, meeting)
    meeting = meeting or _left_out(stored, day)
    own = await queries.fetch_answer(connection, guild_id, Occasion(meeting.key, meeting.day), user_id)
    if own is not None:
        had_seat = is_on and await _has_seat(connection, guild_id, meeting, own)
        await queries.delete_answer(connection, guild_id, Occasion(meeting.key, meeting.day), user_id)
        await _forget_reminders(connection, guild_id, meeting, user_id)
        if had_seat:
            await _give_seat(context, connection, guild_id, meeting)
    return meeting


def _is_to_come(context: Context, meeting: Meeting) -> bool:
    return meeting.state is MeetingState.PLANNED and meeting.ends_at > context.now()


def _left_out(stored: Meeting, day: date) -> Meeting:
    """The meeting at an occurrence that does not take place any more."""
    as_it_was = replace(stored, skipped=stored.skipped - {day})
    return at_day(as_it_was, day) or replace(stored, occurrence_day=day)


async def remind(
    context: Context, guild_id: int, user_id: int, key: str, day: date, lead: timedelta | None
) -> Given:
    """Sets how long before a meeting a member who comes gets a direct message; `None` for none.

    Raises:
        NotFound: there is no such meeting, or it does not take place on that day.
        BadInput: it is cancelled or over, the member has not said that they come, or it is too late for that.
    """
    async with context.database.write() as connection:
        meeting = await _open_meeting(context, connection, guild_id, key, day)
        occasion = Occasion(key, meeting.day)
        own = await queries.fetch_answer(connection, guild_id, occasion, user_id)
        if own is None or own.answer is Answer.NOT_COMING:
            raise BadInput(
                say("A reminder goes to those who come."), next_step=say("Press “Coming” or “Maybe” first.")
            )
        await _forget_reminders(connection, guild_id, meeting, user_id)
        if lead is not None:
            await _add_reminder(context, connection, guild_id, meeting, user_id, lead)
        await queries.put_answer(connection, guild_id, occasion, own._replace(lead=lead))
        waits = own.answer is Answer.COMING and not await _has_seat(connection, guild_id, meeting, own)
        counted = await counts_in(connection, guild_id, meeting)
    context.wake()
    return Given(meeting, own.answer, counted, waits, lead, can_remind=True)


async def stop(context: Context, guild_id: int, user_id: int, delivery_id: str) -> str:
    """Deletes what a member answered to the meeting that a message was about; returns its title.

    Raises:
        NotFound: the message is not known any more.
    """
    async with context.database.write() as connection:
        delivery = await fetch_delivery(connection, guild_id, delivery_id)
        schedules = await fetch_by_ids(connection, [delivery.schedule_id] if delivery else [])
        key = schedules[delivery.schedule_id].meeting_key if delivery else None
        stored = await meeting_queries.fetch_for_change(connection, guild_id, key) if key else None
        if stored is None or key is None:
            raise NotFound(say("I no longer know that meeting."), next_step=say(LOOK_AT_THE_LIST))
        days = await queries.fetch_days_of(connection, guild_id, key, user_id)
        for day in days:
            await _delete(context, connection, guild_id, user_id, stored, day)
    let_see_all(context, guild_id, [Occasion(key, day) for day in days])
    return stored.title


async def take_back_all(
    context: Context, connection: AsyncConnection, guild_id: int, user_id: int
) -> tuple[Occasion, ...]:
    """Deletes every answer of a member, in the caller's transaction; whoever has a seat now is told.

    Returns:
        What was answered to. Once that is committed, `let_see_all` lets everybody see it.
    """
    occasions = await queries.fetch_occasions_of(connection, guild_id, user_id)
    for occasion in occasions:
        stored = await meeting_queries.fetch_for_change(connection, guild_id, occasion.meeting_key)
        if stored is not None:
            await _delete(context, connection, guild_id, user_id, stored, occasion.day)
    return occasions


def let_see_all(context: Context, guild_id: int, occasions: Sequence[Occasion]) -> None:
    """Lets everybody see that other people come, and whoever may have a seat now be told."""
    if occasions:
        context.wake()
    for occasion in occasions:
        context.answers_changed(guild_id, occasion.meeting_key, occasion.day)


async def counts(context: Context, guild_id: int, meeting: Meeting) -> Counts:
    """How many answered what to this occurrence of a meeting, also when it is long over."""
    return _counts(await context.counts.of(context, guild_id, meeting.key, meeting.day), meeting)


async def counts_in(connection: AsyncConnection, guild_id: int, meeting: Meeting) -> Counts:
    """The same as `counts`, but certainly as it is now, in the caller's transaction."""
    occasion = Occasion(meeting.key, meeting.day)
    return _counts(await queries.count_answers(connection, guild_id, occasion), meeting)


def _counts(counted: Mapping[Answer, int], meeting: Meeting) -> Counts:
    return Counts(
        counted.get(Answer.COMING, 0),
        counted.get(Answer.MAYBE, 0),
        counted.get(Answer.NOT_COMING, 0),
        meeting.cap,
    )


async def move_reminders(
    context: Context, connection: AsyncConnection, guild_id: int, before: Meeting, after: Meeting
) -> None:
    """Takes members' reminders along when an occurrence was moved, in the caller's transaction."""
    for one in await queries.fetch_answers(connection, guild_id, Occasion(after.key, after.day)):
        if one.lead is not None:
            await _forget_reminders(connection, guild_id, before, one.user_id)
            await _add_reminder(
                context, connection, guild_id, after, one.user_id, one.lead, refuse_late=False
            )


async def _open_meeting(
    context: Context, connection: AsyncConnection, guild_id: int, key: str, day: date
) -> Meeting:
    stored = await meeting_queries.fetch_for_change(connection, guild_id, key)
    if stored is None:
        raise NotFound(say(NO_MEETING), next_step=say(LOOK_AT_THE_LIST))
    if stored.state is MeetingState.CANCELLED:
        raise BadInput(say("{title} is cancelled.", title=stored.title), next_step=say(LOOK_AT_THE_LIST))
    meeting = at_day(stored, day)
    if meeting is None:
        raise NotFound(
            say("{title} does not take place on that day any more.", title=stored.title),
            next_step=say(LOOK_AT_THE_LIST),
        )
    if meeting.ends_at <= context.now():
        raise BadInput(
            say("{title} is over.", title=stored.title),
            next_step=say("`/meeting next` shows the next meeting."),
        )
    return meeting


async def _has_seat(connection: AsyncConnection, guild_id: int, meeting: Meeting, own: StoredAnswer) -> bool:
    if own.answer is not Answer.COMING:
        return False
    if meeting.cap is None:
        return True
    occasion = Occasion(meeting.key, meeting.day)
    return await queries.count_coming_before(connection, guild_id, occasion, own.place) < meeting.cap


async def _give_seat(context: Context, connection: AsyncConnection, guild_id: int, meeting: Meeting) -> None:
    """Tells whoever has the seat now that somebody gave back: the last of those who have one."""
    if meeting.cap is not None:
        telling = Telling(context, connection, guild_id)
        await telling.seats([meeting], first=meeting.cap - 1, number=1)


async def _reminders_of(connection: AsyncConnection, guild_id: int, key: str) -> Schedule | None:
    """The schedule of a meeting's reminders, to which members' own belong; `None` where it has none."""
    schedules = await fetch_of_meeting(connection, guild_id, key)
    return next((one for one in schedules if one.kind is ScheduleKind.MEETING), None)


async def _forget_reminders(
    connection: AsyncConnection, guild_id: int, meeting: Meeting, user_id: int
) -> None:
    await queries.delete_waiting_reminders(connection, guild_id, Occasion(meeting.key, meeting.day), user_id)


async def _add_reminder(
    context: Context,
    connection: AsyncConnection,
    guild_id: int,
    meeting: Meeting,
    user_id: int,
    lead: timedelta,
    *,
    refuse_late: bool = True,
) -> None:
    schedule = await _reminders_of(connection, guild_id, meeting.key)
    due_at = meeting.starts_at - lead
    if due_at <= context.now() and refuse_late:
        raise BadInput(
            say("That time is past already."), next_step=say("Choose a shorter time before the meeting.")
        )
    if schedule is None or due_at <= context.now():
        return
    await insert_missing(connection, [_reminder(schedule, meeting, user_id, lead, due_at)])


def _reminder(
    schedule: Schedule, meeting: Meeting, user_id: int, lead: timedelta, due_at: datetime
) -> Delivery:
    slot = f"own:{int(lead.total_seconds())}@{meeting.starts_wall:%m%dT%H:%M}"
    return planned(
        schedule,
        local_date=meeting.day,
        slot=slot,
        due_at=due_at,
        occurs_at=meeting.starts_at,
        member=user_id,
    )
