"""Asking for feedback when a meeting is over, by a post with a button.

It is an ordinary reminder at the meeting's end that knows its meeting. So the delivery engine sends it as it does any
other post, and organisers see, pause or delete it among their reminders.
"""

from datetime import timedelta

from bot.domain.models import Meeting
from bot.domain.schedules import Schedule, ScheduleKind
from bot.services.schedules import new_schedule_id

QUESTION_TITLE = "How was it? {}"
QUESTION = (
    "The meeting is over. Tell the moderators in confidence how it was: what helped, what was missing, what should come "
    "next. It takes a minute, and your name is not kept with it."
)


def question_after(meeting: Meeting, guild_id: int, channel_id: int) -> Schedule | None:
    """The post that asks for feedback when a meeting ends, each time if it repeats.

    Returns:
        The schedule, or `None` for a meeting that repeats and ends on another day than it began: its rule counts days.
    """
    ends_wall = meeting.starts_wall + meeting.duration
    if meeting.repeat is not None and ends_wall.date() != meeting.starts_wall.date():
        return None
    return Schedule(
        schedule_id=new_schedule_id(),
        guild_id=guild_id,
        kind=ScheduleKind.REMINDER,
        title=QUESTION_TITLE.format(meeting.title),
        wordings=(QUESTION,),
        starts_wall=ends_wall,
        zone=meeting.zone,
        channel_id=channel_id,
        lead_times=(timedelta(),),
        rule=meeting.repeat,
        meeting_key=meeting.key,
    )
