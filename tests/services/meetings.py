"""Meetings for tests of what organisers change and what members answer: scheduling them, and what is to come of them."""

from datetime import datetime

from sqlalchemy import select

from bot.domain.attendance import Answer
from bot.domain.models import Meeting
from bot.domain.schedules import ScheduleKind
from bot.services import meeting_answers
from bot.services.context import Context
from bot.services.meeting_telling import SEAT
from bot.services.meetings import MeetingRequest, schedule_meeting
from db.schedules import fetch_by_ids
from db.tables import deliveries, schedules

GUILD, CHANNEL, ANA, BEN, CEM, DAI, EVE = 1_001, 2, 9_001, 9_002, 9_003, 9_004, 9_005
CALL = MeetingRequest("Branch call", "Thursday 10 April 12.30pm", CHANNEL, ask_feedback=True)
WEEKLY = MeetingRequest("Drop-in", "Thursday 10 April 6pm", CHANNEL, repeat="every week", remind="1 d")


async def planned(context: Context) -> list[str]:
    """Every post that is to come, in the guild's wall time: what for, when, and to whom if to one person."""
    async with context.database.read() as connection:
        rows = (
            await connection.execute(
                select(deliveries).where(deliveries.c.state == "pending").order_by(deliveries.c.due_at)
            )
        ).all()
        schedules = await fetch_by_ids(connection, [row.schedule_id for row in rows])
    return [
        f"{schedules[row.schedule_id].kind.value} {row.due_at:%d %b %H:%M}"
        + (f" to {row.target_id}" if row.target_kind == "member" else "")
        for row in rows
        if row.due_at < datetime(2025, 4, 30, tzinfo=row.due_at.tzinfo)
    ]


async def messages(context: Context) -> dict[int, str]:
    """What each member is told by a direct message that is to come."""
    told = {}
    async with context.database.read() as connection:
        rows = (
            await connection.execute(
                select(deliveries).where(deliveries.c.state == "pending", deliveries.c.slot == "notice")
            )
        ).all()
        schedules = await fetch_by_ids(connection, [row.schedule_id for row in rows])
    for row in rows:
        told[row.target_id] = schedules[row.schedule_id].wordings[0]
    return told


async def schedule(context: Context, request: MeetingRequest = CALL) -> Meeting:
    return (await schedule_meeting(context, GUILD, request)).meeting


async def coming(context: Context, meeting: Meeting, *people: int) -> None:
    for person in people:
        await meeting_answers.give(context, GUILD, person, meeting.key, meeting.day, Answer.COMING)


async def seats_told(context: Context) -> int:
    """How many were told that they have a seat now."""
    query = select(schedules.c.wordings).where(schedules.c.kind == ScheduleKind.NOTICE.value)
    async with context.database.read() as connection:
        return sum(SEAT in words[0] for (words,) in await connection.execute(query))
