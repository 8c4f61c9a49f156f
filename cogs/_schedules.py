"""How what is planned looks to organisers."""

from datetime import datetime

from bot.domain.language import say, say_count
from bot.domain.schedules import ScheduleKind, ScheduleState
from bot.domain.when import format_moment
from bot.domain.when.moment import format_date, moment_of
from bot.services.context import Context
from bot.services.planned import ONCE, Planned, list_planned
from cogs._lookups import Found, Lookup
from cogs._render import Page, moment, plain

PER_PAGE = 6


def planned_list(kind: ScheduleKind) -> Lookup:
    """The look-up of all nudges, or of all reminders."""

    async def look(context: Context, guild_id: int, argument: str) -> Found:
        del argument
        plans = await list_planned(context, guild_id, kind)
        if not plans:
            return Found(
                (
                    Page(
                        say("There are no nudges yet.")
                        if kind is ScheduleKind.NUDGE
                        else say("There are no reminders yet."),
                        say("`/organise {group} schedule` makes one.", group=kind.value),
                    ),
                )
            )
        details = [(heading(plan), _standing(plan, context.now())) for plan in plans]
        chunks = [tuple(details[start : start + PER_PAGE]) for start in range(0, len(details), PER_PAGE)]
        headline = (
            say_count(len(plans), "{number} nudge", "{number} nudges")
            if kind is ScheduleKind.NUDGE
            else say_count(len(plans), "{number} reminder", "{number} reminders")
        )
        return Found(tuple(Page(headline, details=chunk) for chunk in chunks))

    return look


def heading(plan: Planned) -> str:
    """What it is and how often it comes, on one line."""
    return plain(plan.schedule.title) if plan.rule == ONCE else f"{plain(plan.schedule.title)}, {plan.rule}"


def times(plan: Planned) -> str:
    """The next occurrences, each with its weekday, date and zone, and in the reader's own time."""
    return "\n".join(time(instant, plan.schedule.zone) for instant in plan.occurrences) or say("No more.")


def time(instant: datetime, zone: str) -> str:
    """An instant as it is known where the schedule is at home, and in the reader's own time."""
    return f"{format_moment(moment_of(instant, zone))} · {moment(instant)}"


def zone_line(plan: Planned) -> str:
    """For the foot of a page: what the times mean."""
    return say("Times are in {zone}.", zone=plan.schedule.zone)


def _standing(plan: Planned, now: datetime) -> str:
    schedule = plan.schedule
    today = moment_of(now, schedule.zone).wall.date()
    left_out = ", ".join(format_date(day) for day in sorted(schedule.skipped) if day >= today)
    lines = [say("‖ Paused: nothing is posted.")] if schedule.state is ScheduleState.PAUSED else []
    lines += [say("In <#{channel_id}>", channel_id=schedule.channel_id), times(plan)]
    lines += [say("Left out: {days}", days=left_out)] if left_out else []
    return "\n".join(lines)
