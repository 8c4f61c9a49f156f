"""What organisers keep of a meeting, so that the next one of its kind needs a title and a time."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.language import say, speaking_english
from bot.domain.problems import NotFound, TooMany
from bot.domain.schedules import Schedule, ScheduleKind
from bot.domain.text import clean_line
from bot.domain.when import format_duration
from bot.services.context import Context
from bot.services.meetings import MeetingRequest, choose_meeting
from db import meeting_templates as queries
from db import meetings as meeting_queries
from db.meeting_templates import Template
from db.schedules import fetch_of_meeting

NAME_LIMIT, MOST = 60, 25
AT_START, NO_REMINDERS = "start", "none"
FILLED = ("duration", "link", "remind", "agenda", "seats")
"""What a template fills in where nothing was typed; its channel and role are looked at again before they are taken."""


async def keep(context: Context, guild_id: int, typed: str, name: str) -> tuple[str, Template]:
    """Keeps how a meeting was scheduled, under a name; returns both.

    Raises:
        NotFound: no meeting fits.
        TooMany: there are as many templates as may be.
        BadInput: the name cannot be used.
    """
    known_as = clean_line(name, name=say("name"), most=NAME_LIMIT)
    async with context.database.write() as connection:
        stored = choose_meeting(await meeting_queries.fetch_meetings(connection, guild_id), typed)
        known = await queries.fetch_templates(connection, guild_id)
        if known_as not in known and len(known) >= MOST:
            raise TooMany(
                say("{most} templates are kept already.", most=MOST),
                next_step=say(
                    "Delete one with `/organise meeting template delete:True`, then keep this one."
                ),
            )
        schedules = await fetch_of_meeting(connection, guild_id, stored.key)
        reminders = next((one for one in schedules if one.kind is ScheduleKind.MEETING), None)
        template: dict[str, str | int | None] = {
            "duration": _as_typed(stored.duration),
            "link": stored.link,
            "agenda": stored.summary or None,
            "seats": None if stored.cap is None else str(stored.cap),
            "channel_id": stored.channel_id,
            "remind": _remind(reminders),
            "role_id": reminders.role_id if reminders else None,
        }
        await queries.put_template(connection, guild_id, known_as, template)
    return known_as, template


async def delete(context: Context, guild_id: int, name: str) -> str:
    """Deletes a template; returns its name.

    Raises:
        NotFound: there is none with that name.
    """
    async with context.database.write() as connection:
        if not await queries.delete_template(connection, guild_id, name.strip()):
            raise _missing(name)
    return name.strip()


async def get(context: Context, guild_id: int, name: str) -> Template:
    """What is kept under a name.

    Raises:
        NotFound: there is no such template.
    """
    async with context.database.read() as connection:
        known = await queries.fetch_templates(connection, guild_id)
    template = known.get(name.strip())
    if template is None:
        raise _missing(name)
    return template


def filled(template: Template, request: MeetingRequest) -> MeetingRequest:
    """The request, with what was not typed taken from a template."""
    values = {
        field: template.get(field)
        for field in FILLED
        if getattr(request, field) is None and template.get(field)
    }
    return replace(request, **values)


async def suggest(context: Context, guild_id: int, typed: str) -> list[tuple[str, str]]:
    """Templates whose name holds what was typed so far."""
    async with context.database.read() as connection:
        known = await queries.fetch_templates(connection, guild_id)
    return [(name, name) for name in known if typed.casefold() in name.casefold()]


def _missing(name: str) -> NotFound:
    return NotFound(
        say("There is no template “{name}”.", name=name[:NAME_LIMIT]),
        next_step=say(
            "Pick one from the list that appears while you type; `/organise meeting template` keeps one."
        ),
    )


def _remind(reminders: Schedule | None) -> str | None:
    if reminders is None:
        return None
    leads = [_as_typed(lead) if lead > timedelta() else AT_START for lead in reminders.lead_times]
    return ", ".join(leads) or NO_REMINDERS


def _as_typed(length: timedelta) -> str:
    """A length of time as a template keeps it: in English, since it is read back as if somebody had typed it."""
    with speaking_english():
        return format_duration(length)
