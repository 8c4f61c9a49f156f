"""The commands that make backups, look at them, and put them in place: `db backup`, `db verify`, `db restore`."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_line.common import FAILED, ConfigOption, require_database, settings_for, with_database

if TYPE_CHECKING:
    from pyrage import x25519

    from db.engine import Database

IdentityOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--identity",
        "-i",
        metavar="KEY",
        help="A file with a secret key, if the backup is encrypted; may be given again.",
        show_default=False,
    ),
]


def backup(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="The backup.", show_default="a new file in the folder for backups"
        ),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Make a backup of the database and check it, also while the bot runs. secret.key is not in it."""
    from bot.services import backups  # noqa: PLC0415 - see bot.__main__

    settings = settings_for(context, config, need_token=False)
    require_database(settings)

    async def work(database: "Database") -> Path:
        from bot.clock import SystemClock  # noqa: PLC0415

        if file is None:
            return await backups.make_in_folder(database, settings, SystemClock().now())
        backups.must_not_exist(file)
        await backups.write(settings, database, file.absolute())
        return file

    target = with_database(settings, work)
    kind = "encrypted" if settings.backup.recipients else "not encrypted"
    typer.echo(f"The backup is {target}. It is whole, {kind}, and only you can open the file.")
    typer.echo("secret.key is not in it: keep a copy of that file in another place.")


def verify(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A backup.", show_default="the database")
    ] = None,
    identity: IdentityOption = None,
    config: ConfigOption = None,
) -> None:
    """Look for damage in the database or a backup, and for a schema that is not this version's."""
    if file is None:
        from db.upgrade import verify as verify_database  # noqa: PLC0415

        settings = settings_for(context, config, need_token=False)
        require_database(settings)
        problems = with_database(settings, verify_database)
        whole = "The database is whole, and has this version's schema."
    else:
        from bot.services import restoring  # noqa: PLC0415

        problems = restoring.verify(file, _identities(identity))
        whole = f"{file} is whole, and can be restored."
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(FAILED)
    typer.echo(whole)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    identity: IdentityOption = None,
    config: ConfigOption = None,
) -> None:
    """Put a backup in place of the database, which is kept under another name. Stop the bot first."""
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.services import restoring  # noqa: PLC0415

    settings = settings_for(context, config, need_token=False)
    identities = _identities(identity)
    done = asyncio.run(restoring.restore(settings, file, identities, SystemClock().now()))
    typer.echo(f"{file} is the database now.")
    if done.is_older:
        typer.echo("An older version made it; the next start brings it up to date.")
    if done.aside is not None:
        typer.echo(
            f"The database that was there is {done.aside}. Delete that file when all is well: "
            "what members have erased from now on would stay in it."
        )
    typer.echo(
        "What members erased since the backup was made is there again; if you know of any, erase it again. "
        "Before the bot posts what is overdue, it looks whether it stands in its channel."
    )


def _identities(paths: list[Path] | None) -> "list[x25519.Identity]":
    if not paths:
        return []
    from bot.services.key_files import read_key_file  # noqa: PLC0415

    def ask() -> str:
        return typer.prompt("Passphrase", hide_input=True)

    return [key for path in paths for key in read_key_file(path, ask)]
