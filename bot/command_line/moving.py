"""The command `db move`: all that the bot remembers goes over to another database."""

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_line.common import ConfigOption, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.config import Settings
    from bot.config.sections import DatabaseSettings
    from bot.services.moving import Moved
    from bot.services.moving_rows import Step

_CLEAR_LINE = "\r\x1b[K"


def move(
    context: typer.Context,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="URL",
            help="The new database, which must be empty: postgresql+asyncpg://USER@HOST/NAME, "
            "or sqlite+aiosqlite:///FILE for a file that is not there yet.",
        ),
    ],
    without_nul: Annotated[
        bool,
        typer.Option(
            "--without-nul", help="Leave out the NUL characters in texts, which PostgreSQL cannot hold."
        ),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Copy everything to another database, from SQLite to PostgreSQL or back, and compare it row by row.

    Stop the bot first. The database that is configured now stays as it is; what is in the new one is kept only if every
    row is the same. A password that is not in the URL is taken from PGPASSWORD or ~/.pgpass.
    """
    from bot.logs import configure_logging  # noqa: PLC0415 - see bot.__main__
    from bot.services.moving import move as move_all  # noqa: PLC0415

    target = _target(to)
    settings = settings_for(context, config, need_token=False)
    configure_logging(settings.log, secrets=(*settings.secrets, *target.passwords))
    typer.echo(f"From {settings.database.shown}\nto   {target.shown}")
    progress = _OnTerminal() if sys.stdout.isatty() else _InLines()
    try:
        moved = asyncio.run(move_all(settings, target.url, progress.tell, without_nul=without_nul))
    finally:
        progress.end()
    for line in _outcome(settings, moved):
        typer.echo(line)


class _InLines:
    """One line for each table that is done."""

    def tell(self, step: "Step") -> None:
        if step.is_last:
            typer.echo(f"{step.table}: {step.rows:,} {'row' if step.rows == 1 else 'rows'} {step.stage}")

    def end(self) -> None:
        """All that was told stays."""


class _OnTerminal:
    """One line that says how far it has come, and goes when it is done."""

    def tell(self, step: "Step") -> None:
        typer.echo(f"{_CLEAR_LINE}{step.share:4.0%}  {step.table} {step.stage}", nl=False)

    def end(self) -> None:
        typer.echo(_CLEAR_LINE, nl=False)


def _target(url: str) -> "DatabaseSettings":
    from pydantic import ValidationError  # noqa: PLC0415

    from bot.config.sections import DatabaseSettings, Unfit  # noqa: PLC0415

    try:
        return DatabaseSettings(url=url)
    except ValidationError as error:
        unfit = error.errors()[0].get("ctx", {}).get("error")
        said = f"{unfit.what} {unfit.fix}" if isinstance(unfit, Unfit) else "This is not an address."
        raise typer.BadParameter(said, param_hint="--to") from None


def _outcome(settings: "Settings", moved: "Moved") -> "Iterator[str]":
    yield f"All {moved.rows:,} rows were compared: they are the same in both."
    if moved.left_out:
        yield f"NUL characters were left out of {moved.left_out:,} of the texts, as you asked."
    yield "Now write the new address as url below [database] in the configuration, and start the bot."
    if moved.files:
        yield "What is in no database stays where it is, and goes with the bot if it moves to another machine:"
        yield from (f"- {path}" for path in moved.files)
    yield (
        f"The former database is as it was: {settings.database.shown}. Delete it when all is well: "
        "what members have erased from now on would stay in it."
    )
