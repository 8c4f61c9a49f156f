"""What the commands share: the configuration, the database, the exit codes."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.config import Settings
    from db.engine import Database

FAILED = 1
WRONG_USE = 2

Result = TypeVar("Result")

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration file; without it, config.toml in the current folder if it is there.",
        show_default=False,
    ),
]


def settings_for(context: typer.Context, config: Path | None, *, need_token: bool) -> "Settings":
    """Reads the configuration that a command was given, before or after its name, and sets up the log.

    Raises:
        ConfigurationError: with every problem that was found.
    """
    from bot.config import load_settings  # noqa: PLC0415 - see bot.__main__
    from bot.logs import configure_logging  # noqa: PLC0415

    settings = load_settings(config or context.obj, os.environ, need_token=need_token)
    configure_logging(settings.log, secrets=settings.secrets)
    return settings


def require_database(settings: "Settings") -> None:
    """Refuses where there is no database yet: opening it would make an empty one.

    Raises:
        DatabaseProblem: there is none.
    """
    from db.engine import DatabaseProblem, exists, sqlite_file  # noqa: PLC0415 - see bot.__main__

    if not exists(settings.database.url):
        raise DatabaseProblem(
            f"There is no database yet: {sqlite_file(settings.database.url)} does not exist.",
            next_step="The bot makes it when it first starts. If it has run, name its configuration with --config.",
        )


def with_database(settings: "Settings", use: "Callable[[Database], Awaitable[Result]]") -> Result:
    """Opens the database, does something with it, and closes it.

    Raises:
        DatabaseProblem: it cannot be used.
    """
    from db.engine import Database  # noqa: PLC0415 - see bot.__main__

    async def work() -> Result:
        database = await Database.open(settings.database.url)
        try:
            return await use(database)
        finally:
            await database.close()

    return asyncio.run(work())
