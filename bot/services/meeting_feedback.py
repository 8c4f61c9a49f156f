"""Asking for feedback when a meeting is over, by a post with a button.

It is an ordinary reminder at the meeting's end that knows its meeting. So the delivery engine sends it as it does any
other post, and organisers see, pause or delete it among their reminders. A meeting that repeats and ends after midnight
has a rule that counts the days on which it starts; the post then has that rule too, and a lead time below zero.
"""

from dataclasses import replace
from datetime import timedelta

from bot.domain.language import later, say
from bot.domain.models import Meeting
from bot.domain.schedules import Schedule, ScheduleKind
from bot.services.schedules import new_schedule_id

QUESTION = later(
    "The meeting is over. Tell the moderators in confidence how it was: what helped, "
    "what was missing, what should come next. It takes a minute, and your name is not "
    "kept with it."
)


def question_after(meeting: Meeting, guild_id: int, channel_id: int) -> Schedule:
    """The post that asks for feedback when a meeting ends, each time if it repeats; in the language spoken now."""
    at_end = Schedule(
        schedule_id=new_schedule_id(),
        guild_id=guild_id,
        kind=ScheduleKind.REMINDER,
        title=_title(meeting),
        wordings=(say(QUESTION),),
        starts_wall=meeting.starts_wall + meeting.duration,
        zone=meeting.zone,
        channel_id=channel_id,
        lead_times=(timedelta(),),
        rule=meeting.repeat,
        meeting_key=meeting.key,
    )
    return _counted_from_start(at_end, meeting.duration) if _ends_another_day(meeting) else at_end


def _title(meeting: Meeting) -> str:
    return say("How was it? {title}", title=meeting.title)


def is_counted_from_start(schedule: Schedule) -> bool:
    """Whether the post's days and times are those at which its meeting starts, and it follows so much later."""
    return any(lead < timedelta() for lead in schedule.lead_times)


def with_new_length(schedule: Schedule, before: Meeting, after: Meeting) -> Schedule:
    """The same post after a meeting whose length, and perhaps title, has changed."""
    titled = replace(schedule, title=_title(after))
    if is_counted_from_start(schedule):
        return replace(titled, lead_times=(-after.duration,))
    if _ends_another_day(after):
        return _counted_from_start(titled, before.duration, now=after.duration)
    return _later(titled, after.duration - before.duration)


def _ends_another_day(meeting: Meeting) -> bool:
    """Whether a rule that counts the days on which the meeting starts would miss those on which it ends."""
    ends_wall = meeting.starts_wall + meeting.duration
    return meeting.repeat is not None and ends_wall.date() != meeting.starts_wall.date()


def _counted_from_start(at_end: Schedule, duration: timedelta, *, now: timedelta | None = None) -> Schedule:
    return replace(_later(at_end, -duration), lead_times=(-(duration if now is None else now),))


def _later(schedule: Schedule, by: timedelta) -> Schedule:
    return replace(
        schedule,
        starts_wall=schedule.starts_wall + by,
        moved=tuple((day, wall + by) for day, wall in schedule.moved),
    )
