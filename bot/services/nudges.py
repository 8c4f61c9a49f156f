"""Recurring nudges, such as "Wear Yellow Friday"."""

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.language import say
from bot.domain.problems import BadInput
from bot.domain.recurrence import Recurrence, parse_recurrence, parse_repeat
from bot.domain.text import clean_text
from bot.domain.when import parse_moment, told_in
from bot.services import campaign, guilds
from bot.services.context import Context
from bot.services.entry_posts import nudge_of
from bot.services.planned import Planned, plan_of
from bot.services.schedules import add_schedule

DEFAULT_REPEAT = "every week"
WORDING_LIMIT, MOST_WORDINGS = 1_500, 10
_RECURRING = re.compile(
    r"\s*(every|each|daily|weekly|fortnightly|monthly|yearly|hourly|freq=)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NudgeRequest:
    """What an organiser typed."""

    action: str
    when: str
    channel_id: int
    repeat: str | None = None
    role_id: int | None = None
    holidays: str | None = None
    until: str | None = None
    wording: str | None = None
    zone: str | None = None
    """The zone in which the organiser types times, if not the guild's."""


async def schedule_nudge(context: Context, guild_id: int, request: NudgeRequest) -> Planned:
    """Schedules a recurring nudge for one of the campaign's actions.

    Raises:
        Problem: something that was typed cannot be used; nothing is stored then.
    """
    guild = await guilds.get(context, guild_id)
    action = await campaign.get_action(context, guild_id, request.action)
    recurrence = _recurrence(request, now=context.now(), typed_in=request.zone or guild.zone, zone=guild.zone)
    schedule = nudge_of(
        guild_id,
        action.key,
        action.title,
        recurrence,
        wordings=_wordings(request.wording) if request.wording else (action.summary,),
        channel_id=request.channel_id,
        role_id=request.role_id,
    )
    async with context.database.write() as connection:
        await add_schedule(context, connection, schedule)
    context.wake()
    return plan_of(schedule, context.now())


def is_recurring(when: str) -> bool:
    """Whether a phrase says how something repeats, such as "every Friday 8am", rather than when it happens once."""
    return _RECURRING.match(when) is not None


def _recurrence(request: NudgeRequest, *, now: datetime, typed_in: str, zone: str) -> Recurrence:
    until = f" until {request.until}" if request.until else ""  # for the reader of rules, which reads English
    if not request.repeat and is_recurring(request.when):
        return parse_recurrence(request.when + until, now=now, zone=typed_in, holidays=request.holidays)
    first = told_in(parse_moment(request.when, now=now, zone=typed_in), zone)
    repeat = (request.repeat or DEFAULT_REPEAT) + until
    return parse_repeat(repeat, first=first, holidays=request.holidays)


def _wordings(typed: str) -> tuple[str, ...]:
    variants = [variant for variant in typed.split("|") if variant.strip()]
    if not variants:
        raise BadInput(
            say("The wording is empty."), next_step=say("Type the words that the nudge should say.")
        )
    if len(variants) > MOST_WORDINGS:
        raise BadInput(
            say(
                "That is {count} wordings; at most {most} take turns.",
                count=len(variants),
                most=MOST_WORDINGS,
            ),
            next_step=say("Leave some out and send it again."),
        )
    return tuple(clean_text(variant, name=say("wording"), most=WORDING_LIMIT) for variant in variants)
