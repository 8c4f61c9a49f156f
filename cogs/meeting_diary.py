"""Meetings in members' own diaries: a file, links for diaries on the web, and the calendar to which phones subscribe."""

import io
from datetime import date
from typing import Any

import discord
from discord import app_commands

from bot.domain.diary_links import web_diaries
from bot.domain.language import later, say
from bot.domain.models import MeetingState
from bot.domain.when.moment import format_date
from bot.services import calendar_feed
from bot.services.calendar_feed import DiaryFile, FeedAddress
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import CALENDAR_ADDRESS, require_member
from cogs._render import Page, button, link_button, plain, when_of
from cogs._routes import route

DIARY, CALENDAR = "meeting.diary", "meeting.calendar"
NO_LINK = later(
    "The joining link is not in it, because such files get forwarded: press “Get the link” here on the day."
)
IN_A_SERIES = later(
    "The file holds all its days, without those that are left out. The buttons for "
    "diaries on the web add the next one only."
)
ELSEWHERE = later(
    "Google, on a computer: Other calendars, plus sign, From URL. Your Android phone "
    "then shows it too. Outlook: Add calendar, Subscribe from web."
)
NOT_FOR_OTHERS = later(
    "Whoever has this address can see when the meetings are and what they are about, so "
    "please do not pass it on. It holds no joining links, no names and no numbers."
)


async def send_diary(interaction: Interaction, key: str, day: date | None = None) -> None:
    """Sends a meeting as a calendar file, with links for diaries on the web."""
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    found = await calendar_feed.diary_file(context, guild_id, key, day)
    steps: list[discord.ui.Item[Any]] = []
    if found.meeting.state is MeetingState.PLANNED:
        steps += [link_button(name, address) for name, address in web_diaries(found.meeting)]
    if found.can_be_one_day:
        words = say("Only {day}", day=format_date(found.meeting.starts_wall.date()))
        steps.append(button(words, route(DIARY, found.meeting.key, found.meeting.day.isoformat())))
    if await calendar_feed.is_offered(context, guild_id):
        steps.append(button(say("Subscribe to all meetings"), route(CALENDAR, "")))
    await answer(
        interaction,
        _diary_page(found),
        file=discord.File(io.BytesIO(found.content), f"{found.meeting.key}.ics"),
        buttons=steps,
    )


def _diary_page(found: DiaryFile) -> Page:
    meeting, title = found.meeting, plain(found.meeting.title)
    if meeting.state is MeetingState.CANCELLED:
        body = say("Open the file where you put the meeting, and your diary marks it as cancelled.")
        return Page(say("{title} is cancelled.", title=title), f"{when_of(meeting)}\n\n{body}")
    body = say(
        "Open the file on your phone or computer, or press a button for a diary on the web. "
        "If the meeting changes, take the new file: your diary then changes its entry."
    )
    body = f"{body} {say(NO_LINK)}"
    details: list[tuple[str, str]] = []
    if found.is_series:
        details.append((say("It repeats"), say(IN_A_SERIES)))
    return Page(say("For your diary: {title}", title=title), f"{when_of(meeting)}\n\n{body}", tuple(details))


async def give_diary(interaction: Interaction, argument: str) -> None:
    """Sends the calendar file to the person who pressed: of a meeting, or of one day of it."""
    key, _, day = argument.partition("|")
    await send_diary(interaction, key, _day(day))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


async def give_calendar(interaction: Interaction, argument: str = "") -> None:
    """Shows a member the address of the calendar, and how to subscribe to it."""
    del argument
    await require_member(interaction, CALENDAR_ADDRESS)
    address = await calendar_feed.address(context_of(interaction), guild_id_of(interaction))
    body = say("Your phone then shows every meeting by itself, also when one is moved or cancelled.")
    page = Page(
        say("Subscribe to the campaign's meetings"), body, address_details(address), say(NOT_FOR_OTHERS)
    )
    await answer(interaction, page)


def address_details(address: FeedAddress) -> tuple[tuple[str, str], ...]:
    """The address in both forms, and what to do with it."""
    copy = say("Copy it into Safari's address bar, and open it.")
    return (
        (say("For an iPhone or a Mac"), f"```\n{address.webcal}\n```{copy}"),
        (say("For Google, Outlook and others"), f"```\n{address.web}\n```{say(ELSEWHERE)}"),
        (say("How soon a change shows"), say("A phone looks every hour or so, Google about once a day.")),
    )


@app_commands.command(name="calendar", description="Have every meeting in your phone's calendar by itself")
async def _calendar(interaction: Interaction) -> None:
    await give_calendar(interaction)


def calendar_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _calendar  # pyright: ignore[reportUnknownVariableType]


HANDLERS = {DIARY: give_diary, CALENDAR: give_calendar}
