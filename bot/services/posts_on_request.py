"""Posts that an organiser asks for: a look at the next one, and one at once beside the rule."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.domain.schedules import Delivery, Schedule, ScheduleKind, ScheduleState, planned
from bot.services.actions import with_action
from bot.services.context import Context
from bot.services.delivery import Post
from bot.services.occurrence_changes import deliveries_of
from bot.services.planned import get_planned
from bot.services.schedule_changes import changing, occurrence_on
from db import deliveries as delivery_queries

ANSWERED_WITHIN = timedelta(hours=1)
"""For so long the question "Post it now?" may be answered."""


async def next_post(context: Context, guild_id: int, kind: ScheduleKind, typed: str) -> Post:
    """What the next occurrence will post, without storing anything.

    Raises:
        Problem: nothing fits, or nothing more is to come.
    """
    now = context.now()
    schedule = (await get_planned(context, guild_id, kind, typed)).schedule
    occurrence = occurrence_on(schedule, None, now)
    delivery = deliveries_of(schedule, occurrence, now)[0]
    return await with_action(context, Post(delivery=delivery, schedule=schedule, meeting=None, late=False))


async def post_now(context: Context, guild_id: int, kind: ScheduleKind, typed: str, asked: int) -> Post:
    """What `send_now` would post for a question that was asked at that second; nothing is stored.

    Raises:
        Problem: nothing fits, or it is paused.
    """
    schedule = (await get_planned(context, guild_id, kind, typed)).schedule
    _refuse_paused(schedule)
    delivery = _at_once(schedule, asked, context.now())
    return await with_action(context, Post(delivery=delivery, schedule=schedule, meeting=None, late=False))


async def send_now(context: Context, guild_id: int, kind: ScheduleKind, schedule_id: str, asked: int) -> Post:
    """Posts once, now, beside the rule. The same question answered twice posts once.

    Args:
        context: the running installation.
        guild_id: whose schedule it is.
        kind: what kind of schedule.
        schedule_id: which schedule.
        asked: when the organiser was asked to confirm, in seconds since 1970.

    Raises:
        Problem: the schedule is gone or paused, or the question is too old.
    """
    now = context.now()
    if not 0 <= now.timestamp() - asked <= ANSWERED_WITHIN.total_seconds():
        raise BadInput(
            say("That question is too old to be answered now."),
            next_step=say("Type the command again to be asked afresh."),
        )
    async with changing(context, guild_id, kind, schedule_id) as (connection, schedule):
        _refuse_paused(schedule)
        delivery = _at_once(schedule, asked, now)
        await delivery_queries.insert_missing(connection, [delivery])
    return Post(delivery=delivery, schedule=schedule, meeting=None, late=False)


def _refuse_paused(schedule: Schedule) -> None:
    if schedule.state is ScheduleState.PAUSED:
        raise BadInput(
            say("It is paused, so nothing of it is posted."),
            next_step=say("Resume it first with `/organise {group} resume`.", group=schedule.kind.value),
        )


def _at_once(schedule: Schedule, asked: int, now: datetime) -> Delivery:
    on = datetime.fromtimestamp(asked, ZoneInfo(schedule.zone)).date()
    return planned(schedule, local_date=on, slot=f"now@{asked}", due_at=now, occurs_at=now)
