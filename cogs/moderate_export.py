"""`/moderate export`: feedback as a file."""

import io
from typing import Any

import discord
from discord import app_commands

from bot.domain.export_rows import K
from bot.domain.feedback import STATES, TOPICS
from bot.services import moderation
from bot.services.moderation import PURPOSE_LEAST, PURPOSE_MOST, Export
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import moderator_only
from cogs._render import Page, count_of, plain
from cogs._suggestions import choices

FORMATS: list[app_commands.Choice[Any]] = choices({"csv": "CSV, for any spreadsheet"})


@app_commands.command(
    name="export", description="Feedback as a file; the audit log records who took it and why"
)
@app_commands.describe(
    format="the kind of file",
    purpose="what the file is for, such as: briefing for Thursday's meeting",
    topic="only this topic",
    since="the first week, or a day in it, such as: 1 March",
    until="the last week, or a day in it, such as: 2025-W14",
    state="only what has come this far",
)
@app_commands.choices(
    format=FORMATS,
    topic=choices(dict(TOPICS)),
    state=choices({state.value: label for state, label in STATES.items()}),
)
@moderator_only()
async def export(
    interaction: Interaction,
    format: str,  # noqa: A002 - the option's name is part of the contract
    purpose: app_commands.Range[str, PURPOSE_LEAST, PURPOSE_MOST],
    topic: str | None = None,
    since: app_commands.Range[str, 1, 60] | None = None,
    until: app_commands.Range[str, 1, 60] | None = None,
    state: str | None = None,
) -> None:
    """Hands over the file, privately."""
    del format
    export = await moderation.export_csv(
        context_of(interaction),
        guild_id_of(interaction),
        interaction.user.id,
        purpose,
        topic,
        since,
        until,
        state,
    )
    file = discord.File(io.BytesIO(export.data), export.file_name)
    await answer(interaction, _page_of(export), file=file)


def export_commands() -> tuple[app_commands.Command[Any, ..., Any], ...]:
    """The commands, for the group to which they belong."""
    return (export,)  # pyright: ignore[reportUnknownVariableType]


def _page_of(export: Export) -> Page:
    return Page(
        f"{count_of(export.rows, 'piece')} of feedback exported",
        ""
        if export.rows
        else "Nothing that was asked for has been handed over yet; that happens once a day.",
        (
            ("Purpose", plain(export.purpose)),
            ("SHA-256 of the file", f"`{export.sha256}`"),
            ("Left blank to protect small groups", _blanked(export)),
        ),
        "Recorded in the audit log with your name. Keep the file where only those who need it can read it.",
    )


def _blanked(export: Export) -> str:
    rule = f"Where fewer than {K} pieces of feedback share a region, a grade, or both together"
    if not export.blanked_regions and not export.blanked_grades:
        return f"Nothing. {rule}, it would be blank."
    regions, grades = count_of(export.blanked_regions, "row"), count_of(export.blanked_grades, "row")
    return f"The region in {regions}, the grade in {grades}. {rule}, it is blank."
