"""Feedback as files. Whatever takes it out of the bot leaves a trace in the audit log: who, when, what for."""

import asyncio
import hashlib
import io
import shutil
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, cast

from bot.domain.export_formats import (
    GROUPED,
    About,
    CsvWriter,
    FileFormat,
    JsonWriter,
    MarkdownWriter,
    Writer,
)
from bot.domain.export_html import HtmlWriter, Picture
from bot.domain.export_rows import Entry, K, Labels
from bot.domain.feedback import SET_ASIDE, STATES, TOPICS, FeedbackState, known_topic, read_week
from bot.domain.language import later, say, speaking_english
from bot.domain.moderating import normalised_tag
from bot.domain.problems import BadInput
from bot.domain.text import clean_line
from bot.domain.when.moment import format_date
from bot.services import campaign, guilds, reports
from bot.services.context import Context
from bot.services.export_files import GrowingFile, StreamedFile, TextFile, XlsxFile
from bot.services.export_pages import Reading
from bot.services.sealing import is_sealed, seal_file
from db import feedback_export as queries
from db.audit import insert_audit

EXPORTED = "export"
PURPOSE_LEAST, PURPOSE_MOST = 3, 200
THE_COMMAND_LINE = 0
"""Stands for whoever exports on the server itself."""

Progress = Callable[[int], Awaitable[None]]
"""Told how many rows were written so far."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed: which feedback, as what kind of file, what for."""

    purpose: str
    format: str = FileFormat.CSV.value
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    state: str | None = None
    demand: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """A file of feedback, and what its reader should know about it."""

    file_name: str
    content: io.BytesIO = field(repr=False)
    """Up to ten megabytes, held once: whoever sends it reads it from here."""
    rows: int
    sha256: str
    purpose: str
    blanked_regions: int
    blanked_grades: int
    part: int | None = None
    """Its number where there is more than one file."""
    sealed: bool = False


@dataclass(slots=True)
class _Job:
    """An export under way."""

    context: Context
    guild_id: int
    reading: Reading
    format: FileFormat
    about: About
    now: datetime
    pictures: tuple[Picture, ...] = ()
    part: int = 0

    @property
    def name(self) -> str:
        """What the file is called, without a part's number or its ending."""
        return f"feedback-{self.now.date()}"

    def writer(self) -> Writer:
        """Begins a text file of this kind."""
        if self.format is FileFormat.JSON:
            return JsonWriter(self.about)
        if self.format is FileFormat.MD:
            return MarkdownWriter(self.about)
        if self.format is FileFormat.HTML:
            return HtmlWriter(self.about, self.pictures)
        return CsvWriter()

    def new_file(self) -> GrowingFile:
        """Begins a file, or the next part of it."""
        if self.format is FileFormat.XLSX:
            return XlsxFile()
        return TextFile(self.writer(), f"{self.name}.{self.format.value}")

    def pages(self) -> AsyncGenerator[list[Entry]] | AsyncGenerator[bytes]:
        """What goes into the file: rows, or lines that are ready where the database can put them together."""
        path = self.context.database.path
        if self.format is FileFormat.CSV and path is not None:
            return self.reading.csv_lines(path)
        return self.reading.entries()


async def export_files(
    context: Context, guild_id: int, actor_id: int, wish: Wish, progress: Progress | None = None
) -> AsyncGenerator[Export]:
    """Exports released feedback, one file after the other, each small enough for Discord.

    Each is entered into the audit log before it is handed over. Nothing that waits for the day's batch is in it, and
    what was set aside as spam or as said already only if its state is asked for. With recipients in the
    configuration, the files are sealed for them.

    Args:
        context: the installation.
        guild_id: the guild.
        actor_id: who exports it; `THE_COMMAND_LINE` for the server itself.
        wish: which feedback, and what for.
        progress: told now and then how far it has come.

    Raises:
        BadInput: there is no purpose, or something that was asked for is not known.
        NotFound: there is no such demand.
    """
    job = await _job(context, guild_id, wish)
    file = await asyncio.to_thread(job.new_file)
    async with aclosing(job.pages()) as pages:
        async for page in pages:
            left = page
            while left:
                left = left[await asyncio.to_thread(_add, file, left) :]
                if left:
                    yield await _handed_over(job, actor_id, file, last=False)
                    file = await asyncio.to_thread(job.new_file)
            if progress is not None:
                await progress(job.reading.done)
    yield await _handed_over(job, actor_id, file, last=True)


def _add(file: GrowingFile, rows: list[Entry] | bytes) -> int:
    if isinstance(rows, bytes):
        return cast("TextFile", file).add_lines(rows)  # only CSV comes as lines
    return file.add(rows)


async def export_to(
    context: Context, guild_id: int, actor_id: int, wish: Wish, target: IO[bytes]
) -> tuple[int, bool]:
    """Exports released feedback into a file that is open for writing, in one piece however large.

    Returns:
        The number of rows, and whether the file was sealed.

    Raises:
        BadInput: as `export_files`; or there are too many rows for a spreadsheet made in memory.
    """
    job = await _job(context, guild_id, wish)
    if job.format is FileFormat.XLSX or is_sealed(context):
        return await _export_whole(job, actor_id, target)
    file = await asyncio.to_thread(StreamedFile, job.writer(), target)
    async with aclosing(job.pages()) as pages:
        async for page in pages:
            await asyncio.to_thread(_stream, file, page)
    await _audit(job, actor_id, file.count, file.finish())
    return file.count, False


def _stream(file: StreamedFile, rows: list[Entry] | bytes) -> None:
    if isinstance(rows, bytes):
        file.add_lines(rows)
    else:
        file.add(rows)


async def _export_whole(job: _Job, actor_id: int, target: IO[bytes]) -> tuple[int, bool]:
    """What cannot be written as it comes: a spreadsheet is packed, and a sealed file encrypted, at the end."""
    file = XlsxFile(_SHEET_ROWS, _SHEET_CHARACTERS) if job.format is FileFormat.XLSX else _whole_text(job)
    async with aclosing(job.reading.entries()) as pages:
        async for entries in pages:
            if await asyncio.to_thread(file.add, entries) < len(entries):
                raise BadInput(
                    say(
                        "That is too much for one spreadsheet, which is made in the machine's memory: it "
                        "takes {most} pieces, or fewer if they are long. Nothing was exported.",
                        most=f"{_SHEET_ROWS:,}",
                    ),
                    next_step=say(
                        "Choose csv, which has no limit and opens in any spreadsheet program, or a few weeks "
                        "at a time with --since and --until."
                    ),
                )
    _, content, sha256 = await asyncio.to_thread(_finished, job, file)
    await asyncio.to_thread(shutil.copyfileobj, content, target)
    await _audit(job, actor_id, file.count, sha256)
    return file.count, is_sealed(job.context)


_SHEET_ROWS, _SHEET_CHARACTERS = 50_000, 32 * 1024 * 1024
_NO_LIMIT = 1 << 62


def _whole_text(job: _Job) -> TextFile:
    return TextFile(job.writer(), f"{job.name}.{job.format.value}", _NO_LIMIT)


async def _job(context: Context, guild_id: int, wish: Wish) -> _Job:
    purpose = _known_purpose(wish.purpose)
    now = await guilds.local_now(context, guild_id)
    zone = (await guilds.get(context, guild_id)).zone
    since, until = (
        read_week(week, now=now, zone=zone) if week else None for week in (wish.since, wish.until)
    )
    in_order(since, until)
    demand = await campaign.get_demand(context, guild_id, wish.demand) if wish.demand else None
    asked = queries.Asked(
        topic=known_topic(wish.topic) if wish.topic else None,
        since=since,
        until=until,
        demand_keys=(demand.key, str(demand.position)) if demand else (),
        tag=normalised_tag(wish.tag) if wish.tag else None,
    )
    state, kind = (_known_state(wish.state) if wish.state else None), _known_format(wish.format)
    # Counted before the pieces are read: what is released in between makes no group look larger than it is.
    async with context.database.read() as connection:
        sizes = await queries.count_counted_groups(connection, guild_id)
    # Documents to be read are in the reader's language; what other programs read is the same for everybody.
    with nullcontext() if kind in GROUPED else speaking_english():
        words = {
            say("topic"): say(TOPICS[asked.topic]) if asked.topic else None,
            say("from week"): since,
            say("to week"): until,
            say("state"): say(STATES[state]) if state else None,
            say("demand"): demand.title if demand else None,
            say("tag"): asked.tag,
        }
        about = About(
            say("What members said"),
            format_date(now),
            purpose,
            {name: value for name, value in words.items() if value},
            say(_NOTE, least=K),
        )
        labels = Labels(sizes, await reports.demand_names(context, guild_id))
    job = _Job(
        context=context,
        guild_id=guild_id,
        reading=Reading(
            context=context,
            guild_id=guild_id,
            asked=asked,
            states=(state,) if state else tuple(one for one in STATES if one not in SET_ASIDE),
            topics=tuple(TOPICS) if kind in GROUPED and not asked.topic else (asked.topic,),
            labels=labels,
        ),
        format=kind,
        about=about,
        now=now,
    )
    if kind is FileFormat.HTML:
        job.pictures = await reports.pictures(await reports.figures(context, guild_id))
    return job


_NOTE = later(
    "This feedback is confidential: no names are stored with it, and none are in this file. Where fewer than "
    "{least} pieces share a region or a grade, it is left out. Keep the file where only those who need it can "
    "read it."
)


async def _handed_over(job: _Job, actor_id: int, file: GrowingFile, *, last: bool) -> Export:
    ending, content, sha256 = await asyncio.to_thread(_finished, job, file)
    job.part += 1
    parts = job.part > 1 or not last
    export = Export(
        file_name=f"{job.name}{f'-part-{job.part}' if parts else ''}.{ending}",
        content=content,
        rows=file.count,
        sha256=sha256,
        purpose=job.about.purpose,
        blanked_regions=job.reading.blanked_regions,
        blanked_grades=job.reading.blanked_grades,
        part=job.part if parts else None,
        sealed=is_sealed(job.context),
    )
    await _audit(job, actor_id, export.rows, export.sha256)
    return export


def _finished(job: _Job, file: GrowingFile) -> tuple[str, io.BytesIO, str]:
    """The ending of the file's name, its content and the digest of that; slow, so it runs in a thread."""
    ending, content = file.finish()
    sealed = seal_file(job.context, content.getvalue()) if is_sealed(job.context) else None
    if sealed is not None:
        ending, content = f"{ending}.age", io.BytesIO(sealed)
        del sealed  # or the file would be held twice once it is read
    with content.getbuffer() as held:
        return ending, content, hashlib.sha256(held).hexdigest()


async def _audit(job: _Job, actor_id: int, rows: int, sha256: str) -> None:
    async with job.context.database.write() as connection:
        await insert_audit(
            connection,
            job.guild_id,
            at=job.context.now(),
            actor_id=actor_id,
            event=EXPORTED,
            purpose=job.about.purpose,
            rows=rows,
            sha256=sha256,
        )


def _known_purpose(typed: str) -> str:
    purpose = clean_line(typed, name=say("purpose"), most=PURPOSE_MOST)
    if len(purpose) < PURPOSE_LEAST:
        raise BadInput(
            say("The purpose is too short, so nothing was exported."),
            next_step=say(
                "Say in a few words what the file is for, such as: briefing for Thursday's meeting."
            ),
        )
    return purpose


def _known_format(typed: str) -> FileFormat:
    if typed not in set(FileFormat):
        raise BadInput(
            say("That is not a kind of file that I can make, so nothing was exported."),
            next_step=say("Choose one of these: {listed}.", listed=", ".join(FileFormat)),
        )
    return FileFormat(typed)


def _known_state(typed: str) -> FeedbackState:
    known = next((state for state in STATES if state.value == typed), None)
    if known is None:
        raise BadInput(
            say("That is not a state that feedback can have, so nothing was exported."),
            next_step=say(
                "Choose one of these, or leave it out: {listed}.", listed="; ".join(map(say, STATES.values()))
            ),
        )
    return known


def in_order(since: str | None, until: str | None) -> None:
    """Refuses a span that ends before it begins.

    Raises:
        BadInput: it does.
    """
    if since and until and since > until:
        raise BadInput(
            say(
                "That ends ({until}) before it begins ({since}), so nothing was exported.",
                until=until,
                since=since,
            ),
            next_step=say("Put the earlier week first: since is the first week, until the last."),
        )
