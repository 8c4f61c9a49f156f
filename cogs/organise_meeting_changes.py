"""`/organise meeting edit|move|cancel|skip`: before and after, and who is told."""

from typing import Any

import discord
from discord import app_commands

from bot.domain.joining_links import LINK_LIMIT
from bot.domain.language import say, say_count
from bot.domain.models import Meeting, MeetingState
from bot.domain.when import format_duration
from bot.services import meeting_changes, meetings
from bot.services.meeting_changes import REASON_LIMIT, Edits, MeetingChange
from bot.services.meetings import AGENDA_LIMIT, TITLE_LIMIT
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import is_organiser, organiser_only
from cogs._render import Page, button, plain, when_of
from cogs._routes import route
from cogs._suggestions import suggesting

WHICH = "start typing; a word from its title is enough"
SUGGEST = suggesting(meetings.suggest_meetings, only=is_organiser)


@app_commands.command(
    name="edit", description="Change a meeting's title, length, joining link, agenda or seats"
)
@app_commands.describe(
    meeting=WHICH,
    title="the new title",
    duration="such as: 90 minutes",
    link="the new joining link, or none; it is never posted",
    agenda="what it is about, or none",
    seats="the most people that can come, or none for any number",
)
@app_commands.autocomplete(meeting=SUGGEST)
@organiser_only()
async def _edit(
    interaction: Interaction,
    meeting: app_commands.Range[str, 1, 200],
    title: app_commands.Range[str, 1, TITLE_LIMIT] | None = None,
    duration: app_commands.Range[str, 1, 50] | None = None,
    link: app_commands.Range[str, 1, LINK_LIMIT] | None = None,
    agenda: app_commands.Range[str, 1, AGENDA_LIMIT] | None = None,
    seats: app_commands.Range[str, 1, 20] | None = None,
) -> None:
    edits = Edits(title, duration, link, agenda, seats)
    change = await meeting_changes.edit(context_of(interaction), guild_id_of(interaction), meeting, edits)
    page = _page(say("Changed"), change, _differences(change), tells=False)
    await answer(interaction, page, buttons=_steps(change))


@app_commands.command(name="move", description="Move a meeting, or one of a series, to another time")
@app_commands.describe(
    meeting=WHICH,
    to="day first, such as: Friday 4 April 1pm",
    on="of a series: the day that is meant, such as 10 April; the next one unless given",
)
@app_commands.autocomplete(meeting=SUGGEST)
@organiser_only()
async def _move(
    interaction: Interaction,
    meeting: app_commands.Range[str, 1, 200],
    to: app_commands.Range[str, 1, 200],
    on: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    change = await meeting_changes.move(context_of(interaction), guild_id_of(interaction), meeting, to, on)
    details = [
        (say("Before"), when_of(change.before)),
        (say("Now"), when_of(change.after)),
    ]
    await answer(interaction, _page(say("Moved"), change, details), buttons=_steps(change))


@app_commands.command(
    name="cancel", description="Call a meeting off for good; a series too, with all that was to come"
)
@app_commands.describe(meeting=WHICH, reason="told to those who said they come")
@app_commands.autocomplete(meeting=SUGGEST)
@organiser_only()
async def _cancel(
    interaction: Interaction,
    meeting: app_commands.Range[str, 1, 200],
    reason: app_commands.Range[str, 1, REASON_LIMIT] | None = None,
) -> None:
    change = await meeting_changes.cancel(context_of(interaction), guild_id_of(interaction), meeting, reason)
    details = [(say("It was to be"), when_of(change.before)), _posts(change)]
    await answer(interaction, _page(say("Cancelled"), change, details))


@app_commands.command(name="skip", description="Leave out one meeting of a series; the others stay")
@app_commands.describe(
    meeting=WHICH,
    on="the day that is meant, such as 10 April; the next one unless given",
    reason="told to those who said they come",
)
@app_commands.autocomplete(meeting=SUGGEST)
@organiser_only()
async def _skip(
    interaction: Interaction,
    meeting: app_commands.Range[str, 1, 200],
    on: app_commands.Range[str, 1, 200] | None = None,
    reason: app_commands.Range[str, 1, REASON_LIMIT] | None = None,
) -> None:
    change = await meeting_changes.skip(
        context_of(interaction), guild_id_of(interaction), meeting, on, reason
    )
    details = [
        (say("Left out"), when_of(change.before)),
        (say("The next one"), when_of(change.after)),
    ]
    await answer(interaction, _page(say("Left out"), change, details), buttons=_steps(change))


def change_commands() -> tuple[app_commands.Command[Any, ..., Any], ...]:
    """The commands, for the group to which they belong."""
    return (_edit, _move, _cancel, _skip)  # pyright: ignore[reportUnknownVariableType]


def _page(word: str, change: MeetingChange, details: list[tuple[str, str]], *, tells: bool = True) -> Page:
    """What was done; those who come are not told of a change that leaves the time and the day as they were."""
    title = plain(change.after.title)
    if change.already:
        return Page(
            say("Nothing to change: {title}", title=title), say("It is like that already."), tuple(details)
        )
    if not tells:
        told = say("Those who come are not told: time and day are as they were.")
    elif change.told:
        told = say_count(
            change.told,
            "{number} member who may come is told by direct message.",
            "{number} members who may come are told by direct message.",
        )
    else:
        told = say("Nobody has said yet that they come, so nobody is told.")
    foot = say("Reminders follow. Who put it into a diary gets the change with the file from “Add to diary”.")
    return Page(f"{word}: {title}", told, tuple(details), foot)


def _differences(change: MeetingChange) -> list[tuple[str, str]]:
    before, after = change.before, change.after
    pairs = (
        (say("Title"), plain(before.title), plain(after.title)),
        (say("How long"), format_duration(before.duration), format_duration(after.duration)),
        (say("Joining link"), _link(before), _link(after)),
        (say("Agenda"), plain(before.summary) or say("none"), plain(after.summary) or say("none")),
        (say("Seats"), _seats(before), _seats(after)),
    )
    details = [
        (name, say("Before: {old}\nNow: {new}", old=old, new=new)) for name, old, new in pairs if old != new
    ]
    if before.link and after.link and before.link != after.link:
        details.append((say("Joining link"), say("There is a new one.")))
    return details


def _link(meeting: Meeting) -> str:
    return say("given") if meeting.link else say("none yet")


def _seats(meeting: Meeting) -> str:
    return say("any number") if meeting.cap is None else str(meeting.cap)


def _posts(change: MeetingChange) -> tuple[str, str]:
    return (
        say("Posts"),
        say_count(
            change.left_out,
            "{number} planned post will not be made.",
            "{number} planned posts will not be made.",
        ),
    )


def _steps(change: MeetingChange) -> list[discord.ui.Button[Any]]:
    if change.after.state is MeetingState.CANCELLED:
        return []
    return [button(say("Show it as members see it"), route("look", "meeting.show", "0", change.after.key))]
