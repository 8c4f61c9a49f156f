"""Moving an installation to another database: all of it is copied, compared row by row, and only then kept.

Everything that happens to the target is one transaction, so that it is as it was when anything fails, and whoever tries
again finds it so. The source is only read.
"""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from bot.config import Settings
from bot.domain.problems import BadInput, NotFound, Problem
from bot.services import backups
from bot.services.keys import FILE_NAME
from bot.services.moving_rows import NOTHING_MOVED, Moving, Tell
from db import backup
from db.engine import Database, DatabaseProblem, exists, sqlite_file
from db.upgrade import verify


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved.

    Attributes:
        rows: how many rows, in all tables together.
        left_out: in how many texts NUL characters were left out, because that was asked for.
        files: what is in no database, and goes with the bot if it moves to another machine.
    """

    rows: int
    left_out: int
    files: tuple[Path, ...]


async def move(settings: Settings, target: str, tell: Tell, *, without_nul: bool = False) -> Moved:
    """Copies the configured database to another one, which must be empty, and compares the two.

    Args:
        settings: the configuration, with the source.
        target: the address of the other one.
        tell: told after every few rows.
        without_nul: leave out the NUL characters in texts, which PostgreSQL cannot hold.

    Raises:
        Problem: it cannot be done; the target is as it was.
    """
    source = settings.database.url
    _require_two(source, target)
    async with AsyncExitStack() as stack:
        here = await Database.open(source, alone=True)
        stack.push_async_callback(here.close)
        is_new = not exists(target)
        there = await _open_target(target)
        if is_new and there.path is not None:
            # Runs once the database is closed, with what went wrong, if anything did.
            stack.push(partial(_remove_if_failed, there.path))
        stack.push_async_callback(there.close)
        await _require_sound(here)
        async with here.read() as reading, there.write() as writing:
            moving = Moving(reading, writing, tell, without_nul=without_nul)
            await moving.run()
    return Moved(moving.rows, moving.left_out, _files(settings))


def _require_two(source: str, target: str) -> None:
    here, there = sqlite_file(source), sqlite_file(target)
    if source == target or (here and there and here.absolute() == there.absolute()):
        raise BadInput(
            "That is the database that the bot uses now.", next_step="Name the one that it shall use."
        )
    if not exists(source):
        raise NotFound(
            "There is no database yet, so there is nothing to move.",
            next_step="Write the new one below [database]; the first start makes its tables.",
        )


async def _require_sound(source: Database) -> None:
    if problems := await verify(source):
        raise Problem(
            f"The database that the bot uses now is not sound. {' '.join(problems[:5])} {NOTHING_MOVED}",
            next_step="Put that right first; where it is damaged, restore a backup.",
        )


async def _open_target(url: str) -> Database:
    if sqlite_file(url) is None and find_spec("asyncpg") is None:
        raise Problem(
            "PostgreSQL needs a part of the program that is not installed.",
            next_step="Install the bot as docs/installing.md says: the list of packages there has it.",
        )
    try:
        return await Database.open(url, alone=True)
    except DatabaseProblem as problem:
        raise Problem(
            f"The new database cannot be used. {problem.what} {NOTHING_MOVED}",
            next_step="Correct what stands after --to, and see that it is there and that this user may write to it.",
        ) from problem


def _remove_if_failed(path: Path, failed: type[BaseException] | None, *details: object) -> None:
    """Leaves no empty file where there was none."""
    del details
    if failed is not None:
        backup.remove(path)


def _files(settings: Settings) -> tuple[Path, ...]:
    candidates = (
        settings.data.directory / FILE_NAME,
        backups.folder_of(settings),
        settings.discord.token_file,
    )
    return tuple(path for path in candidates if path is not None and path.exists())
