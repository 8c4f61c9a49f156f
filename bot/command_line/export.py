"""The command `export`: the same files as `/moderate export` makes, written on the server itself."""

from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from bot.command_line.common import ConfigOption, settings_for, with_database

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.services.exports import Wish
    from db.engine import Database


def export(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write; it must not be there yet.")
    ],
    guild: Annotated[int, typer.Option(min=1, metavar="ID", help="The id of the Discord server.")],
    purpose: Annotated[str, typer.Option(help="What the file is for; it goes to the audit log.")],
    kind: Annotated[
        str, typer.Option("--format", metavar="KIND", help="csv, xlsx, json, md or html.")
    ] = "csv",
    topic: Annotated[
        str | None, typer.Option(help="Only this topic: situation, focus, meeting or other.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="WEEK", help="The first week, or a day in it.")] = None,
    until: Annotated[str | None, typer.Option(metavar="WEEK", help="The last week, or a day in it.")] = None,
    state: Annotated[
        str | None, typer.Option(help="Only what has come this far: new, open, done, duplicate or spam.")
    ] = None,
    demand: Annotated[
        str | None, typer.Option(help="Only what speaks to this demand: its key, or words of its title.")
    ] = None,
    tag: Annotated[str | None, typer.Option(help="Only what carries this tag.")] = None,
    config: ConfigOption = None,
) -> None:
    """Write a server's feedback to a file that only you can read; the audit log records it and its purpose."""
    from bot.services.exports import Wish  # noqa: PLC0415 - see bot.__main__
    from bot.services.new_files import new_private_file  # noqa: PLC0415

    settings = settings_for(context, config, need_token=False)
    wish = Wish(purpose, kind, topic, since, until, state, demand, tag)
    target = file.with_name(f"{file.name}.age") if settings.feedback.recipients else file

    async def write(database: "Database") -> int:
        with new_private_file(target, if_there="Name a file that is not there yet.") as opened:
            return await _export(database, settings, guild, wish, opened)

    rows = with_database(settings, write)
    typer.echo(f"{rows:,} {'piece' if rows == 1 else 'pieces'} of feedback written to {target}.")
    if target != file:
        typer.echo("The file is sealed. Open it on your own machine with: solidarity-bot unseal")


async def _export(
    database: "Database", settings: "Settings", guild_id: int, wish: "Wish", target: IO[bytes]
) -> int:
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.domain.problems import NotFound  # noqa: PLC0415
    from bot.services.context import Context  # noqa: PLC0415
    from bot.services.exports import THE_COMMAND_LINE, export_to  # noqa: PLC0415
    from bot.services.guilds import is_new  # noqa: PLC0415
    from bot.services.keys import load_keys  # noqa: PLC0415
    from bot.services.rate_limit import SubmissionLimit  # noqa: PLC0415

    context = Context(
        database=database,
        clock=SystemClock(),
        settings=settings,
        keys=load_keys(settings.data.directory),
        limit=SubmissionLimit(settings.feedback.submissions_per_day),
    )
    if await is_new(context, guild_id):
        raise NotFound(
            "The bot serves no Discord server with that id.",
            next_step="In Discord, right-click the server's name and copy its id; then try again.",
        )
    rows, _ = await export_to(context, guild_id, THE_COMMAND_LINE, wish, target)
    return rows
