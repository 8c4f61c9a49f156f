"""New files on the machine of whoever runs a command: for this user only, and never in place of another."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from bot.domain.problems import BadInput


@contextmanager
def new_private_file(path: Path, *, if_there: str) -> Generator[BinaryIO]:
    """A new file, open for writing, of which nothing is left when something fails.

    Args:
        path: the file.
        if_there: what to do when something of that name is there already.

    Raises:
        BadInput: something of that name is there already.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        number = os.open(path, flags, 0o600)
    except FileExistsError:
        raise BadInput(
            f"There is a file {path} already, and it was left as it is.", next_step=if_there
        ) from None
    try:
        with os.fdopen(number, "wb") as file:
            yield file
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
