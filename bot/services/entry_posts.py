"""The posts that go with a meeting or an action, the same however they are asked for."""

from datetime import timedelta

from bot.domain.models import Meeting
from bot.domain.recurrence import Recurrence
from bot.domain.schedules import Schedule, ScheduleKind
from bot.services.schedules import new_schedule_id


def reminders_of(
    guild_id: int,
    meeting: Meeting,
    *,
    channel_id: int,
    leads: tuple[timedelta, ...],
    role_id: int | None = None,
) -> Schedule:
    """The schedule of a meeting's reminders."""
    return Schedule(
        schedule_id=new_schedule_id(),
        guild_id=guild_id,
        kind=ScheduleKind.MEETING,
        title=meeting.title,
        wordings=(),
        starts_wall=meeting.starts_wall,
        zone=meeting.zone,
        channel_id=channel_id,
        lead_times=leads,
        rule=meeting.repeat,
        skipped=meeting.skipped,
        moved=meeting.moved,
        role_id=role_id,
        meeting_key=meeting.key,
    )


def nudge_of(
    guild_id: int,
    action_key: str,
    title: str,
    recurrence: Recurrence,
    *,
    wordings: tuple[str, ...],
    channel_id: int,
    role_id: int | None = None,
) -> Schedule:
    """The schedule of an action's nudge."""
    return Schedule(
        schedule_id=new_schedule_id(),
        guild_id=guild_id,
        kind=ScheduleKind.NUDGE,
        title=title,
        wordings=wordings,
        starts_wall=recurrence.start,
        zone=recurrence.zone,
        channel_id=channel_id,
        lead_times=(timedelta(),),
        rule=recurrence.rule,
        holidays=recurrence.holidays,
        role_id=role_id,
        action_key=action_key,
    )
