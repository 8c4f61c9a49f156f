"""What is planned: nudges and reminders, each with its rule in words and its next occurrences."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.language import later, say
from bot.domain.problems import BadInput, NotFound
from bot.domain.recurrence import Occurrence, describe, occurrences
from bot.domain.schedules import Schedule, ScheduleKind, ScheduleState
from bot.domain.search import Searchable, search
from bot.domain.when import resolve, short
from bot.services.context import Context
from bot.services.schedules import recurrence_of
from db import delivery_changes
from db import schedules as queries

ONCE = later("once")
SHOWN, SUGGESTIONS = 3, 25
_LOOK_AHEAD = timedelta(days=3653)
_TITLE_ROOM, _RULE_ROOM = 40, 34


@dataclass(frozen=True, slots=True)
class Planned:
    """A schedule with its rule in words and its next occurrences."""

    schedule: Schedule
    rule: str
    occurrences: tuple[datetime, ...]

    @property
    def is_over(self) -> bool:
        """Whether it has run its course; what is paused has not, since somebody still has to decide."""
        return not self.occurrences and self.schedule.state is not ScheduleState.PAUSED


def plan_of(schedule: Schedule, now: datetime) -> Planned:
    """The schedule as it stands at this instant."""
    rule = describe(recurrence_of(schedule)) if schedule.rule else ONCE
    coming = coming_occurrences(schedule, after=now, count=SHOWN)
    return Planned(schedule, rule, tuple(occurrence.instant for occurrence in coming))


def coming_occurrences(
    schedule: Schedule, *, after: datetime, count: int, until: datetime | None = None
) -> list[Occurrence]:
    """The next few occurrences after an instant, of a schedule that repeats or happens once."""
    until = until or after + _LOOK_AHEAD
    if schedule.rule is None:
        wall = schedule.starts_wall
        once = Occurrence(wall.date(), wall, resolve(wall, schedule.zone))
        is_coming = after < once.instant <= until and once.local_date not in schedule.skipped
        return [once] if is_coming else []
    found = occurrences(recurrence_of(schedule), after=after, until=until)
    return [occurrence for occurrence, _ in zip(found, range(count), strict=False)]


async def list_planned(context: Context, guild_id: int, kind: ScheduleKind) -> tuple[Planned, ...]:
    """The guild's schedules of one kind that are still to come or paused, in the order of their titles."""
    async with context.database.read() as connection:
        schedules = await queries.fetch_schedules(connection, guild_id, kind)
    plans = (plan_of(schedule, context.now()) for schedule in schedules)
    return tuple(plan for plan in plans if not plan.is_over)


async def get_planned(context: Context, guild_id: int, kind: ScheduleKind, typed: str) -> Planned:
    """One schedule, by its identity or by words from it.

    Raises:
        NotFound: nothing fits.
        BadInput: several fit equally well.
    """
    async with context.database.read() as connection:
        schedules = await queries.fetch_schedules(connection, guild_id, kind)
    return plan_of(choose(schedules, kind, typed, context.now()), context.now())


async def suggest_planned(
    context: Context, guild_id: int, typed: str, *, kind: ScheduleKind
) -> list[tuple[str, str]]:
    """Schedules that fit what was typed so far, as label and identity."""
    plans = {plan.schedule.schedule_id: plan for plan in await list_planned(context, guild_id, kind)}
    hits = search(typed, [_searchable(plan) for plan in plans.values()], limit=SUGGESTIONS)
    return [(_label(plans[hit.key]), hit.key) for hit in hits]


def choose(schedules: Sequence[Schedule], kind: ScheduleKind, typed: str, now: datetime) -> Schedule:
    """The schedule that was meant; words never find one that has run its course.

    Raises:
        NotFound: nothing fits.
        BadInput: several fit equally well, and guessing could stop the wrong one.
    """
    by_id = {schedule.schedule_id: schedule for schedule in schedules}
    if typed in by_id:
        return by_id[typed]
    plans = [plan for plan in (plan_of(schedule, now) for schedule in schedules) if not plan.is_over]
    hits = search(typed, [_searchable(plan) for plan in plans], limit=2) if typed.strip() else []
    if not hits:
        raise missing(kind, typed)
    if len(hits) > 1 and hits[0].score == hits[1].score:
        raise BadInput(
            say("More than one nudge fits “{typed}”.", typed=_cut(typed, 60))
            if kind is ScheduleKind.NUDGE
            else say("More than one reminder fits “{typed}”.", typed=_cut(typed, 60)),
            next_step=say("Pick one from the list that appears while you type: it shows when each comes."),
        )
    return by_id[hits[0].key]


def missing(kind: ScheduleKind, typed: str) -> NotFound:
    """What to tell somebody who asked for a schedule that is not there."""
    return NotFound(
        say("No nudge fits “{typed}”.", typed=_cut(typed, 60))
        if kind is ScheduleKind.NUDGE
        else say("No reminder fits “{typed}”.", typed=_cut(typed, 60)),
        next_step=say(
            "Pick one from the list that appears while you type, or look at `/organise {group} list`.",
            group=kind.value,
        ),
    )


async def about_post(context: Context, guild_id: int, delivery_id: str) -> Planned:
    """The schedule behind a post, whatever became of it since.

    Raises:
        NotFound: there is no such post in this guild.
    """
    async with context.database.read() as connection:
        delivery = await delivery_changes.fetch_delivery(connection, guild_id, delivery_id)
        schedules = await queries.fetch_by_ids(connection, [delivery.schedule_id] if delivery else [])
    if delivery is None:
        raise NotFound(
            say("I no longer know that post."),
            next_step=say("`/meeting next` and `/action list` show what is on."),
        )
    return plan_of(schedules[delivery.schedule_id], context.now())


def _searchable(plan: Planned) -> Searchable:
    schedule = plan.schedule
    return Searchable(schedule.schedule_id, schedule.title, " ".join((*schedule.wordings, plan.rule)))


def _label(plan: Planned) -> str:
    paused = plan.schedule.state is ScheduleState.PAUSED
    local = None if paused else plan.occurrences[0].astimezone(ZoneInfo(plan.schedule.zone))
    coming = (
        f"{short.weekday(local)} {short.day_month_year(local)}, {local:%H:%M}" if local else say("paused")
    )
    rule = say(ONCE) if plan.rule == ONCE else plan.rule
    return f"{_cut(plan.schedule.title, _TITLE_ROOM)} · {_cut(rule, _RULE_ROOM)} · {coming}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
