"""The command `import`: the same as `/organise bulletin import`, from files on the server itself."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_line.common import FAILED, WRONG_USE, ConfigOption, settings_for, with_database

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.domain.bulletins.proposals import Draft, Proposal
    from bot.domain.bulletins.records import ImportRecord
    from bot.services.context import Context
    from db.engine import Database


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked for on the command line."""

    files: tuple[Path, ...]
    guild_id: int | None
    dry_run: bool
    yes: bool


def import_documents(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Bulletins or motions: .txt, .md, .docx or .pdf.")
    ],
    guild: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="ID",
            help="The id of the Discord server.",
            show_default="the only one the bot serves",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be done; nothing is changed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Apply what is ticked without asking.")] = False,
    config: ConfigOption = None,
) -> None:
    """Read bulletins and motions, show what is new, there already or changed, and apply it once you agree."""
    settings = settings_for(context, config, need_token=False)
    wish = _Wish(tuple(files), guild, dry_run, yes)

    async def work(database: "Database") -> int:
        return await _import_all(database, settings, wish)

    code = with_database(settings, work)
    if code:
        raise typer.Exit(code)


async def _import_all(database: "Database", settings: "Settings", wish: _Wish) -> int:
    from bot.domain.problems import Problem  # noqa: PLC0415 - see bot.__main__
    from db.upgrade import upgrade  # noqa: PLC0415

    await upgrade(database)
    context = _context(database, settings)
    guild_id = await _guild(context, wish.guild_id)
    if guild_id is None:
        return WRONG_USE
    code = 0
    for file in wish.files:
        try:
            await _import_one(context, guild_id, file, wish)
        except Problem as problem:
            typer.echo(f"{file}: {problem.what} {problem.next_step}", err=True)
            code = FAILED
        except OSError as error:
            typer.echo(f"{file}: it cannot be read: {error.strerror or error}.", err=True)
            code = FAILED
    return code


def _context(database: "Database", settings: "Settings") -> "Context":
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.services.context import Context  # noqa: PLC0415
    from bot.services.keys import load_keys  # noqa: PLC0415
    from bot.services.rate_limit import SubmissionLimit  # noqa: PLC0415

    return Context(
        database=database,
        clock=SystemClock(),
        settings=settings,
        keys=load_keys(settings.data.directory),
        limit=SubmissionLimit(settings.feedback.submissions_per_day),
    )


async def _guild(context: "Context", chosen: int | None) -> int | None:
    """The server that is meant; `None`, and a word about it, where that is not clear."""
    from db.guilds import fetch_guild_ids  # noqa: PLC0415

    async with context.database.read() as connection:
        known = await fetch_guild_ids(connection)
    if chosen is not None and chosen not in known:
        typer.echo(
            "The bot serves no Discord server with that id. In Discord, right-click the server's name and copy its id.",
            err=True,
        )
        return None
    if chosen is None and len(known) != 1:
        number = "several Discord servers" if known else "no Discord server yet"
        typer.echo(f"The bot serves {number}. Name one with --guild.", err=True)
        return None
    return chosen or known[0]


async def _import_one(context: "Context", guild_id: int, file: Path, wish: _Wish) -> None:
    from bot.domain.bulletins.records import ImportRecord  # noqa: PLC0415
    from bot.services import import_drafts  # noqa: PLC0415
    from bot.services.documents import text_of  # noqa: PLC0415

    data = await asyncio.to_thread(_bytes_of, file)
    found = await import_drafts.begin(context, guild_id, await text_of(data, file.name))
    if isinstance(found, ImportRecord):
        typer.echo(f"{file}: {_already(found)}")
        return
    try:
        for line in _review(file, found):
            typer.echo(line)
        if _agreed(found, wish):
            await _apply(context, guild_id, file, found)
    finally:
        await import_drafts.give_up(context, guild_id, found.draft_id)


def _already(record: "ImportRecord") -> str:
    return (
        f"\u201c{record.title}\u201d was imported on {_day(record.imported_at)} already. Nothing was changed."
    )


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _bytes_of(file: Path) -> bytes:
    from bot.domain.bulletins.files import check_size  # noqa: PLC0415

    check_size(file.stat().st_size)
    return file.read_bytes()


def _agreed(draft: "Draft", wish: _Wish) -> bool:
    if not draft.chosen:
        typer.echo("There is nothing to apply.")
        return False
    if wish.dry_run:
        typer.echo("Nothing was changed: this was a dry run.")
        return False
    if wish.yes or typer.confirm(f"Apply what is ticked ({len(draft.chosen)})?"):
        return True
    typer.echo("Nothing was changed.")
    return False


async def _apply(context: "Context", guild_id: int, file: Path, draft: "Draft") -> None:
    from bot.domain.problems import TooMany  # noqa: PLC0415
    from bot.services import imports  # noqa: PLC0415

    applied = await imports.apply(context, guild_id, draft.draft_id)
    if applied.record is None:
        raise TooMany(
            "The campaign was changed while you looked, so nothing was applied.",
            next_step="Run this once more.",
        )
    if applied.already:  # somebody was quicker with the same document
        typer.echo(f"{file}: {_already(applied.record)}")
        return
    for line in _done(applied.record):
        typer.echo(line)


def _done(record: "ImportRecord") -> Iterator[str]:
    from bot.domain.bulletins.records import Deed  # noqa: PLC0415

    numbers = [len(record.of(deed)) for deed in (Deed.ADDED, Deed.CHANGED, Deed.SCHEDULED)]
    yield f"Done: {numbers[0]} added, {numbers[1]} changed, {numbers[2]} scheduled."
    yield "A bot that is running shows it within a minute. `/organise bulletin list` in Discord can undo it."
    if numbers[2]:
        yield "A bot that is running finds the new posts within half a minute."


def _review(file: Path, draft: "Draft") -> Iterator[str]:
    from bot.domain.bulletins.describing import found_line, standings_line  # noqa: PLC0415

    dated = f", {_day(draft.origin.dated)}" if draft.origin.dated else ", without a date"
    yield f"{file}: {draft.origin.kind} \u201c{draft.origin.title}\u201d{dated}"
    yield f"  Found: {found_line(draft)}."
    if draft.proposals:
        yield f"  Compared with the campaign: {standings_line(draft)}."
    for doubt in draft.origin.doubts:
        yield f"  Please check: {doubt}"
    for proposal in draft.proposals:
        yield from _item(draft, proposal)


def _item(draft: "Draft", proposal: "Proposal") -> Iterator[str]:
    from bot.domain.bulletins.describing import (  # noqa: PLC0415
        STANDINGS,
        fate,
        name_of,
        place_line,
        points_line,
        time_line,
    )
    from bot.domain.bulletins.proposals import Standing  # noqa: PLC0415

    tick = "x" if proposal in draft.chosen else " "
    standing = f"{STANDINGS[proposal.standing]} ({fate(draft, proposal)})"
    yield f"  [{tick}] {proposal.number}. {name_of(proposal)}: {standing}"
    if proposal.standing is Standing.SAME:
        return
    lines = [time_line(proposal), points_line(proposal)]
    if proposal.posts is not None:
        lines.append(proposal.posts.phrase)
    else:
        lines.append(f"{place_line(proposal)}: {_words(proposal)}")
    lines += [f"Please check: {doubt}" for doubt in proposal.doubts]
    yield from (f"      {line}" for line in lines if line)


def _words(proposal: "Proposal") -> str:
    """The document's words; [-what goes-] and {+what comes+} where the campaign has others."""
    from bot.domain.bulletins.differences import Change, differences, shortened  # noqa: PLC0415
    from bot.domain.bulletins.naming import cut_text  # noqa: PLC0415
    from bot.domain.bulletins.proposals import Standing  # noqa: PLC0415

    if proposal.standing is not Standing.CHANGED:
        return cut_text(" ".join((proposal.wording or proposal.summary).split()), 300)
    marks = {Change.KEPT: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
    pieces: Sequence[str] = [
        marks[piece.change].format(piece.text)
        for piece in shortened(differences(proposal.old, proposal.wording))
    ]
    return " ".join(pieces)
