"""What runs in the process that makes one backup: `python -m bot.services.backup_apart`.

The order comes in by the standard input, and the answer goes out by the standard output, each as a JSON object. Whatever
happens, a backup is either whole and checked under its final name, or not there at all.
"""

import errno
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.domain.problems import Problem
from db import backup

PARTIAL = ".partial"
"""What is not finished ends so. A later backup removes what a killed one left."""

NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
KEPT = "The database and the earlier backups are as they were."


@dataclass(frozen=True, slots=True)
class Order:
    """What to copy to where.

    Attributes:
        source: the SQLite file; none where a server's program makes the copy.
        target: the backup, which must not be there yet.
        revision: the schema that it must have.
        recipients: the public keys to encrypt it for, if any.
        command: the server's program, with its options.
        environment: what that program is told.
    """

    source: str | None
    target: str
    revision: str
    recipients: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()


def main() -> None:
    """Does what was ordered, and answers: with nothing if it is done, else with the problem."""
    os.umask(0o077)
    order = Order(**json.load(sys.stdin))
    try:
        make(order)
    except Problem as problem:
        json.dump({"problem": problem.what, "next_step": problem.next_step}, sys.stdout)
    else:
        json.dump({}, sys.stdout)


def encoded(order: Order) -> bytes:
    """The order, as `main` reads it."""
    return json.dumps(asdict(order)).encode()


def make(order: Order) -> None:
    """Makes a backup, checks it, and gives it its name.

    Raises:
        Problem: it could not be made; nothing of it is left.
    """
    target = Path(order.target)
    whole, partial = unfinished(target)
    try:
        if order.source is not None:
            _copy_file(Path(order.source), whole, partial, order.revision)
        else:
            _run(order)
        if order.recipients:
            _seal(partial, whole, order.recipients)
            whole.replace(partial)
        backup.put(partial, target)
    except (OSError, backup.Failed) as error:
        raise _problem(error, target) from error
    finally:
        clear(target)


def unfinished(target: Path) -> tuple[Path, Path]:
    """What is there until a backup is finished: the first copy, and what becomes the backup."""
    return target.with_name(f"{target.name}.whole{PARTIAL}"), partial_of(target)


def partial_of(target: Path) -> Path:
    """What a backup is called until it is finished."""
    return target.with_name(f"{target.name}{PARTIAL}")


def clear(target: Path) -> None:
    """Removes what is not finished. The copies are not encrypted yet, so none may stay."""
    for path in unfinished(target):
        with suppress(OSError):
            backup.remove(path)


def _copy_file(source: Path, whole: Path, partial: Path, revision: str) -> None:
    backup.copy(source, whole)
    backup.leave_out_marks(whole)
    backup.compact(whole, partial)
    if backup.revision_of(partial) != revision:
        raise Problem(
            "The database does not have this version's schema, so no backup was made.",
            next_step="Copy the file yourself while the bot is stopped, then run solidarity-bot db upgrade.",
        )
    problems = backup.problems_in(partial)
    if problems:
        raise Problem(
            f"The database is damaged, so no backup was made. {' '.join(problems[:5])}",
            next_step="Run solidarity-bot db verify, and keep the earlier backups.",
        )
    backup.remove(whole)


def _run(order: Order) -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, by its name
        order.command,
        env={**os.environ, **dict(order.environment)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        raise Problem(
            f"{order.command[0]} could not copy the database: {said[:300]}",
            next_step="Check that it is as new as the server, and that [database] url is right.",
        )


def _seal(source: Path, target: Path, recipients: tuple[str, ...]) -> None:
    import pyrage  # noqa: PLC0415 - slow to import, and needed only here

    keys = [pyrage.x25519.Recipient.from_str(key) for key in recipients]
    with source.open("rb") as plain, target.open("wb") as sealed:
        pyrage.encrypt_io(plain, sealed, keys)


def _problem(error: OSError | backup.Failed, target: Path) -> Problem:
    text = str(error)
    if (
        isinstance(error, FileNotFoundError)
        and error.filename
        and not str(error.filename).startswith(str(target))
    ):
        return Problem(f"{error.filename} is not there. {KEPT}", next_step="Check that it is installed.")
    no_room = getattr(error, "errno", None) in NO_ROOM or "disk is full" in text or "disk I/O" in text
    if no_room or _is_full(error):
        return Problem(
            f"The backup could not be written: there is no room for it in {target.parent}. {KEPT}",
            next_step="Free some space there, or name a folder on another disk ([backup] directory).",
        )
    if "locked" in text:
        return Problem(f"The database was busy for too long. {KEPT}", next_step="Try again in a while.")
    return Problem(
        f"The backup could not be made: {text[:200]}. {KEPT}",
        next_step=f"Check that this user may write in {target.parent}, and run solidarity-bot db verify.",
    )


def _is_full(error: BaseException) -> bool:
    """Whether the library says so of a disk: it raises errors without a number."""
    return (
        isinstance(error, OSError)
        and error.errno is None
        and any(sign in str(error) for sign in ("No space", "too large", "quota"))
    )


if __name__ == "__main__":
    main()
