"""`/moderate export` and `/moderate report`: feedback as files, and as pictures."""

import asyncio
import io
from contextlib import aclosing
from typing import Any

import discord
from discord import app_commands

from bot.domain.export_rows import K
from bot.domain.feedback import STATES, TOPICS
from bot.domain.language import say, say_count
from bot.services import campaign, exports, moderation_queue, reports
from bot.services.exports import PURPOSE_LEAST, PURPOSE_MOST, Export, Wish
from bot.services.reports import Report
from cogs._answers import answer
from cogs._bot import Interaction, context_of, guild_id_of
from cogs._permissions import is_moderator, moderator_only
from cogs._render import Page, embed_of, plain
from cogs._suggestions import choices, suggesting

FORMATS: list[app_commands.Choice[Any]] = choices(
    {
        "csv": "CSV, for any spreadsheet",
        "xlsx": "XLSX, for Excel",
        "json": "JSON, for programs",
        "md": "Markdown, to read and edit",
        "html": "HTML, a page with charts to read and print",
    }
)
PROGRESS_EVERY_SECONDS = 3.0


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
    demand="only what speaks to this demand",
    tag="only what carries this tag",
)
@app_commands.choices(
    format=FORMATS,
    topic=choices(dict(TOPICS)),
    state=choices({state.value: label for state, label in STATES.items()}),
)
@app_commands.autocomplete(
    demand=suggesting(campaign.suggest_demands),
    tag=suggesting(moderation_queue.suggest_tags, only=is_moderator),
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
    demand: app_commands.Range[str, 1, 100] | None = None,
    tag: app_commands.Range[str, 1, 60] | None = None,
) -> None:
    """Hands over the file, or its parts one after the other, privately."""
    wish = Wish(purpose, format, topic, since, until, state, demand, tag)
    progress = _Progress(interaction)
    files = exports.export_files(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, wish, progress.tell
    )
    async with aclosing(files) as made:
        async for one in made:
            await _hand_over(interaction, one, progress)


async def _hand_over(interaction: Interaction, one: Export, progress: "_Progress") -> None:
    file = discord.File(one.content, one.file_name)
    try:
        if one.part is None or one.part == 1:
            progress.over = True  # the answer must stay: the next parts follow it
            await answer(interaction, _page_of(one), file=file)
        else:
            await interaction.followup.send(embed=embed_of(_page_of(one)), file=file, ephemeral=True)
    finally:
        # What the libraries keep of a request until the garbage is next collected would hold ten megabytes a part.
        file.close()
        one.content.close()


class _Progress:
    """Tells how far a slow export has come, now and then, in place of the answer that is still to come."""

    def __init__(self, interaction: Interaction) -> None:
        self._interaction = interaction
        self._told_at = asyncio.get_running_loop().time()
        self.over = False

    async def tell(self, rows: int) -> None:
        """Tells it, if the last time is long enough ago."""
        now = asyncio.get_running_loop().time()
        waiting = self._interaction.response.is_done() and not self.over
        if not waiting or now - self._told_at < PROGRESS_EVERY_SECONDS:
            return
        self._told_at = now
        page = Page(
            say_count(rows, "{number} piece of feedback so far", "{number} pieces of feedback so far"),
            say("The file follows here by itself."),
        )
        await self._interaction.edit_original_response(embed=embed_of(page))


@app_commands.command(
    name="report", description="The feedback in pictures: by week, topic, region and demand"
)
@app_commands.describe(
    since="the first week to show, or a day in it, such as: 1 March",
    until="the last week to show, or a day in it, such as: 2025-W14",
)
@moderator_only()
async def report(
    interaction: Interaction,
    since: app_commands.Range[str, 1, 60] | None = None,
    until: app_commands.Range[str, 1, 60] | None = None,
) -> None:
    """Shows the pictures and the figures in words, privately."""
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True, thinking=True)  # drawing takes a moment
    made = await reports.make_report(
        context_of(interaction), guild_id_of(interaction), interaction.user.id, since, until
    )
    files = [
        discord.File(io.BytesIO(one.png), one.name, description=one.description) for one in made.pictures
    ]
    await interaction.edit_original_response(embed=embed_of(_report_page(made)), attachments=files)


def export_commands() -> tuple[app_commands.Command[Any, ..., Any], ...]:
    """The commands, for the group to which they belong."""
    return (export, report)  # pyright: ignore[reportUnknownVariableType]


def _page_of(export: Export) -> Page:
    details = [
        (say("Purpose"), plain(export.purpose)),
        (say("SHA-256 of the file"), f"`{export.sha256}`"),
        (say("Left blank to protect small groups"), _blanked(export)),
    ]
    if export.sealed:
        opened = say(
            "Open it on your own machine, with your key: `solidarity-bot unseal --identity KEY FILE`."
        )
        details.append((say("Sealed"), opened))
    return Page(
        _headline(export),
        ""
        if export.rows
        else say("Nothing that was asked for has been handed over yet; that happens once a day."),
        tuple(details),
        say(
            "Recorded in the audit log with your name. Keep the file where only those who need "
            "it can read it."
        ),
    )


def _headline(export: Export) -> str:
    if export.part is None:
        return say_count(
            export.rows, "{number} piece of feedback exported", "{number} pieces of feedback exported"
        )
    return say_count(
        export.rows,
        "Part {part}: {number} piece of feedback exported",
        "Part {part}: {number} pieces of feedback exported",
        part=export.part,
    )


def _report_page(made: Report) -> Page:
    headline = (
        say("Fewer than {least} pieces of feedback, in pictures", least=K)
        if made.total is None
        else say_count(
            made.total,
            "{number} piece of feedback, in pictures",
            "{number} pieces of feedback, in pictures",
        )
    )
    details = tuple((one.title, _figure_in_words(one.rows, one.note)) for one in made.pictures)
    return Page(
        headline,
        say(
            "Topics, regions and demands count everything that was handed over, whichever weeks "
            "are shown: figures of a part would let anybody subtract one report from another."
        ),
        details,
        say("Recorded in the audit log with your name. What was set aside is not counted."),
    )


def _figure_in_words(rows: tuple[tuple[str, str], ...], note: str) -> str:
    lines = [f"{plain(label)}: {value}" for label, value in rows[-_LINES_SHOWN:]]
    earlier = len(rows) - len(lines)
    return "\n".join(
        [
            *([say("… {earlier} before these are in the picture", earlier=earlier)] if earlier else []),
            *lines,
            note,
        ]
    )


_LINES_SHOWN = 13


def _blanked(export: Export) -> str:
    if not export.blanked_regions and not export.blanked_grades:
        return say(
            "Nothing. Where fewer than {least} pieces of feedback share a region, a grade, or both together, "
            "it would be blank.",
            least=K,
        )
    return say(
        "The region in {regions}, the grade in {grades}. Where fewer than {least} pieces of feedback share a "
        "region, a grade, or both together, it is blank.",
        regions=say_count(export.blanked_regions, "{number} row", "{number} rows"),
        grades=say_count(export.blanked_grades, "{number} row", "{number} rows"),
        least=K,
    )
