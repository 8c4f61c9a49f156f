"""What an administrator set against too many nudges: quiet hours, a weekly limit, and the roles that may be pinged.

The delivery engine asks before it sends. A meeting's reminder never waits and is never left out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later, say
from bot.domain.lateness import Lateness, judge
from bot.domain.models import Guild
from bot.domain.problems import BadInput, TooMany
from bot.domain.quiet import QuietHours, quiet_hours, read_time_of_day
from bot.domain.schedules import Delivery, Schedule, ScheduleKind, TargetKind
from bot.domain.when import resolve
from bot.services import guilds
from bot.services.context import Context
from db import guilds as guild_queries
from db.direct_nudges import count_nudges
from db.members import fetch_choices

NONE = "none"
MOST_A_WEEK, MOST_ROLES = 50, 25
QUIET_BEYOND_DAY = later("The quiet hours last beyond the day for which it was meant.")
NUDGES_OFF = later("The member has switched nudges off.")
LIMIT_REACHED = later("The channel's weekly limit of {limit} was reached.")
_BEFORE, _AFTER = LIMIT_REACHED.split("{limit}")
_WAITING_KINDS = frozenset({ScheduleKind.NUDGE, ScheduleKind.FOLLOW})


async def postponed_until(
    context: Context, connection: AsyncConnection, delivery: Delivery, schedule: Schedule, now: datetime
) -> datetime | None:
    """When a nudge, or word to followers, may go out that falls into the quiet hours; `None` when it need not wait.

    One that would be too late by then does not wait: `refusal` says why it is left out.
    """
    free_at = await _free_at(context, connection, delivery, schedule, now)
    if free_at is None or judge(schedule, delivery, free_at) is Lateness.TOO_LATE:
        return None
    return free_at


async def refusal(
    context: Context, connection: AsyncConnection, delivery: Delivery, schedule: Schedule, now: datetime
) -> str | None:
    """Why a nudge is left out, as it is stored for the organisers, in English; `None` when it may go out."""
    if schedule.kind is not ScheduleKind.NUDGE:
        return None
    free_at = await _free_at(context, connection, delivery, schedule, now)
    if free_at is not None and judge(schedule, delivery, free_at) is Lateness.TOO_LATE:
        return QUIET_BEYOND_DAY
    if delivery.target_kind is TargetKind.MEMBER:
        chosen = await fetch_choices(connection, delivery.guild_id, delivery.target_id)
        return None if chosen.nudges else NUDGES_OFF
    guild = await _guild(context, connection, delivery.guild_id)
    if guild.weekly_cap is None:
        return None
    since, until = local_week(now, guild.zone)
    sent = await count_nudges(connection, delivery.guild_id, delivery, since=since, until=until)
    return LIMIT_REACHED.format(limit=guild.weekly_cap) if sent >= guild.weekly_cap else None


def limit_in_words(reason: str) -> str | None:
    """Why a nudge is left out, in the reader's language, where the weekly limit is why; `None` where it is not."""
    limit = reason.removeprefix(_BEFORE).removesuffix(_AFTER)
    return say(LIMIT_REACHED, limit=limit) if reason == LIMIT_REACHED.format(limit=limit) else None


async def _free_at(
    context: Context, connection: AsyncConnection, delivery: Delivery, schedule: Schedule, now: datetime
) -> datetime | None:
    if schedule.kind not in _WAITING_KINDS:
        return None
    guild = await _guild(context, connection, delivery.guild_id)
    quiet = quiet_hours(guild.quiet_from, guild.quiet_until)
    return quiet.end_after(now, guild.zone) if quiet and quiet.cover(now, guild.zone) else None


async def _guild(context: Context, connection: AsyncConnection, guild_id: int) -> Guild:
    """The guild's settings, through the caller's connection: a second one could wait for the first for ever."""
    known = context.guilds.get(guild_id) or await guild_queries.fetch_guild(connection, guild_id)
    return known or Guild(guild_id, context.settings.campaign.timezone)


def local_week(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The instants at which the ISO week begins and ends, Monday to Monday, in a zone."""
    today = now.astimezone(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    starts, ends = (datetime.combine(day, time()) for day in (monday, monday + timedelta(weeks=1)))
    return resolve(starts, zone), resolve(ends, zone)


def may_ping(guild: Guild, role_id: int) -> bool:
    """Whether a guild lets posts ping a role: any, unless it has listed some."""
    return not guild.ping_role_ids or role_id in guild.ping_role_ids


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What an administrator typed; what is `None` stays as it is, and "none" takes a limit away."""

    quiet_from: str | None = None
    quiet_until: str | None = None
    weekly_cap: str | None = None
    add_role_id: int | None = None
    remove_role_id: int | None = None


async def change(context: Context, guild_id: int, wanted: PolicyChange) -> Guild:
    """Changes a guild's limits on nudges, and returns all its settings.

    Raises:
        BadInput: something that was typed cannot be used; nothing is changed then.
        TooMany: the list of roles is full; nothing is changed then.
    """
    async with context.database.write() as connection:
        await guild_queries.ensure_guild(connection, guild_id, context.settings.campaign.timezone)
        guild = await guild_queries.fetch_guild(connection, guild_id)
        known = guild or Guild(guild_id, context.settings.campaign.timezone)
        quiet = _quiet(known, wanted)
        await guild_queries.update_guild(
            connection,
            guild_id,
            quiet_from=f"{quiet.starts:%H:%M}" if quiet else None,
            quiet_until=f"{quiet.ends:%H:%M}" if quiet else None,
            weekly_cap=_cap(known, wanted.weekly_cap),
            ping_role_ids=_roles(known.ping_role_ids, wanted),
        )
    context.guilds.pop(guild_id, None)
    return await guilds.get(context, guild_id)


def _quiet(guild: Guild, wanted: PolicyChange) -> QuietHours | None:
    typed = [text.strip() for text in (wanted.quiet_from, wanted.quiet_until) if text is not None]
    if not typed:
        return quiet_hours(guild.quiet_from, guild.quiet_until)
    if any(text.casefold() == NONE for text in typed):
        return None
    starts = read_time_of_day(wanted.quiet_from) if wanted.quiet_from else _stored(guild.quiet_from)
    ends = read_time_of_day(wanted.quiet_until) if wanted.quiet_until else _stored(guild.quiet_until)
    if starts is None or ends is None or starts == ends:
        raise BadInput(
            say("Quiet hours need a start and an end, and the two must differ."),
            next_step=say(
                "Give both, such as `quiet_from:9pm quiet_until:8am`, or `none` for no quiet hours."
            ),
        )
    return QuietHours(starts, ends)


def _stored(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _cap(guild: Guild, typed: str | None) -> int | None:
    if typed is None:
        return guild.weekly_cap
    text = typed.strip().casefold()
    if text == NONE:
        return None
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_A_WEEK))
    number = int(text) if is_number else 0
    if not 1 <= number <= MOST_A_WEEK:
        raise BadInput(
            say("The weekly limit is not a number that I can use."),
            next_step=say("Give a number from 1 to {most}, or `none` for no limit.", most=MOST_A_WEEK),
        )
    return number


def _roles(known: Collection[int], wanted: PolicyChange) -> list[int]:
    kept = [role_id for role_id in known if role_id != wanted.remove_role_id]
    if wanted.add_role_id is not None and wanted.add_role_id not in kept:
        kept.append(wanted.add_role_id)
    if len(kept) > MOST_ROLES:
        raise TooMany(
            say("{number} roles are on the list already, so nothing was changed.", number=MOST_ROLES),
            next_step=say("Take one off with `remove_ping_role:` first."),
        )
    return kept
