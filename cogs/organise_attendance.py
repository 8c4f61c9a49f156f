"""`/organise meeting attendance`: how many came, as a file; who, only where administrators allow it."""

import csv
import io
from typing import Any

import discord
from discord import app_commands

from bot.domain.attendance import Answer, counts_in_words
from bot.domain.export_rows import guarded
from bot.domain.language import later, say, say_count
from bot.domain.past_days import parse_past_day
from bot.domain.when import format_moment
from bot.domain.when.moment import moment_of
from bot.services import attendance, guilds, meetings
from bot.services.attendance import Attendance
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._invitations import ANSWER_WORDS
from cogs._permissions import is_organiser, organiser_only
from cogs._render import Page, plain
from cogs._suggestions import suggesting

UNKNOWN_PERSON = later("(no longer in this server)")


@app_commands.command(name="attendance", description="How many come or came to a meeting, as a file")
@app_commands.describe(
    meeting="start typing; a word from its title is enough",
    on="of a series: a past day, such as 10 April; the latest one unless given",
)
@app_commands.autocomplete(meeting=suggesting(meetings.suggest_meetings, only=is_organiser))
@organiser_only()
async def _attendance(
    interaction: Interaction,
    meeting: app_commands.Range[str, 1, 200],
    on: app_commands.Range[str, 1, 60] | None = None,
) -> None:
    context, guild_id = context_of(interaction), guild_id_of(interaction)
    guild = await guilds.get(context, guild_id)
    day = parse_past_day(on, now=context.now(), zone=guild.zone) if on else None
    found = await attendance.attendance(context, guild_id, interaction.user.id, meeting, day)
    data = await _names_file(interaction, found) if found.people is not None else _numbers_file(found)
    await answer(
        interaction,
        _page(found, attendance.days_of(guild)),
        file=discord.File(io.BytesIO(data), _name(found)),
    )


def attendance_command() -> app_commands.Command[Any, ..., Any]:
    """The command, for the group to which it belongs."""
    return _attendance  # pyright: ignore[reportUnknownVariableType]


def _page(found: Attendance, days: int) -> Page:
    names = (
        say(
            "Names are in the file, as administrators of this server allow. Please keep it to "
            "yourself, and delete it soon."
        )
        if found.people is not None
        else say("Names are left out: administrators can allow them with `/setup attendance names:`.")
    )
    kept = say_count(
        days,
        "Who answered is deleted {number} day after the meeting; the numbers stay.",
        "Who answered is deleted {number} days after the meeting; the numbers stay.",
    )
    return Page(
        f"{plain(found.meeting.title)}: {counts_in_words(found.counts)}",
        _when(found),
        ((say("Names"), names), (say("How long"), kept)),
    )


def _numbers_file(found: Attendance) -> bytes:
    counts = found.counts
    return _csv(
        (
            say("meeting"),
            say("when"),
            say("coming"),
            say("waiting list"),
            say("maybe"),
            say("can't come"),
        ),
        [
            (
                found.meeting.title,
                _when(found),
                str(counts.seated),
                str(counts.waiting),
                str(counts.maybe),
                str(counts.not_coming),
            )
        ],
    )


async def _names_file(interaction: Interaction, found: Attendance) -> bytes:
    rows = [
        (await _name_of(interaction, user_id), say(ANSWER_WORDS[said]))
        for user_id, said in found.people or ()
    ]
    return _csv((say("name"), say("answer")), sorted(rows, key=_by_answer))


def _by_answer(row: tuple[str, str]) -> tuple[int, str]:
    words = [say(ANSWER_WORDS[said]) for said in Answer]
    return words.index(row[1]), row[0].casefold()


async def _name_of(interaction: Interaction, user_id: int) -> str:
    if interaction.guild is None:
        return say(UNKNOWN_PERSON)
    try:
        return (await interaction.guild.fetch_member(user_id)).display_name
    except discord.HTTPException:
        return say(UNKNOWN_PERSON)


def _csv(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([header, *([guarded(cell) for cell in row] for row in rows)])
    return text.getvalue().encode("utf-8-sig")


def _when(found: Attendance) -> str:
    return format_moment(moment_of(found.meeting.starts_at, found.meeting.zone))


def _name(found: Attendance) -> str:
    return f"attendance-{found.meeting.starts_wall.date().isoformat()}.csv"
