"""How late a post may be and still be worth sending, by what it is for."""

from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from bot.domain.schedules import Delivery, Schedule, ScheduleKind

PUNCTUAL = timedelta(minutes=2)
"""Up to here nobody calls it late."""

JUST_STARTED = timedelta(minutes=15)
"""So long after a meeting's start it still helps to say that it has started."""

REMINDER_KEEPS = timedelta(hours=24)
ANSWER_KEEPS = timedelta(days=7)


class Lateness(Enum):
    """What to do with a delivery at the moment of sending."""

    ON_TIME = "on time"
    LATE = "late"
    TOO_LATE = "too late"


def judge(schedule: Schedule, delivery: Delivery, now: datetime) -> Lateness:
    """Whether a delivery still serves its purpose.

    A meeting's reminder is useless once the meeting is under way; a nudge serves its own day; any other reminder is
    useful for a day, and what the employer answered for a week.
    """
    if now - delivery.due_at <= PUNCTUAL:
        return Lateness.ON_TIME
    return Lateness.LATE if now < _useful_until(schedule, delivery) else Lateness.TOO_LATE


def _useful_until(schedule: Schedule, delivery: Delivery) -> datetime:
    match schedule.kind:
        case ScheduleKind.MEETING:
            started = delivery.due_at >= delivery.occurs_at
            return delivery.occurs_at + (JUST_STARTED if started else timedelta())
        case ScheduleKind.NUDGE:
            return _end_of_day(delivery.due_at, schedule.zone)
        case ScheduleKind.REMINDER | ScheduleKind.NOTICE:
            return delivery.due_at + REMINDER_KEEPS
        case ScheduleKind.FOLLOW:
            return delivery.due_at + ANSWER_KEEPS


def _end_of_day(instant: datetime, zone: str) -> datetime:
    local = instant.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
