"""Documents that people hand in: from a file's bytes to its text.

A file may be built to eat time and memory. Word documents and PDF files are read in a process of their own, which has
little memory, no network and two and a half seconds; whatever becomes of it, the bot goes on. Nothing is written to disk.
"""

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import bot
from bot.domain.bulletins.files import (
    MOST_CHARACTERS,
    FileKind,
    check_size,
    kind_of,
    needs_a_process,
    text_from,
)
from bot.domain.bulletins.files.refusals import Unreadable
from bot.domain.language import say
from bot.domain.problems import BadInput, TooMany

SECONDS = 2.5
"""What reading may take, the start of the process included. Discord waits three seconds for an answer."""

MOST_AT_ONCE = 2
"""So many documents are read at a time; it bounds the memory."""

_MOST_ANSWER = 8 * MOST_CHARACTERS
_LONGEST_NAME = 60
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "VIRTUAL_ENV", "SYSTEMROOT")
"""All that a Python needs to start. The bot's own environment may hold its token."""

log = logging.getLogger(__name__)
_places = threading.BoundedSemaphore(MOST_AT_ONCE)


async def text_of(data: bytes, file_name: str) -> str:
    """The text of a file, in which every line ends with a newline; pages are parted by a line with a form feed.

    Args:
        data: the whole file.
        file_name: what its sender calls it. It is only repeated to them; what the file is, its bytes tell.

    Raises:
        BadInput: it cannot be read; the reason says why, and what to send instead.
        TooMany: others are being read.
    """
    try:
        check_size(len(data))
        kind = kind_of(data)
        if not needs_a_process(kind):
            return text_from(kind, data)
        return await _read_apart(kind, data)
    except BadInput as problem:
        raise BadInput(
            say("I cannot read “{name}”. {reason}", name=_printable(file_name), reason=problem.what),
            next_step=problem.next_step,
        ) from problem


async def _read_apart(kind: FileKind, data: bytes) -> str:
    """A thread waits for the process. Asyncio's own processes can be waited for in vain if one stops waiting too early."""
    reading = _Reading(kind, data)
    try:
        return await asyncio.to_thread(reading.run)
    except asyncio.CancelledError:
        reading.stop()
        raise


class _Reading:
    """One document's process, from its start to its end."""

    def __init__(self, kind: FileKind, data: bytes) -> None:
        self._kind = kind
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def run(self) -> str:
        """Starts the process, waits for its answer, and leaves nothing running."""
        if not _places.acquire(blocking=False):
            raise TooMany(
                say("Other documents are being read at this moment."),
                next_step=say("Try again in a few seconds."),
            )
        alarm = threading.Timer(SECONDS, self.stop)
        try:
            alarm.start()
            return self._answer()
        finally:
            alarm.cancel()
            _places.release()

    def stop(self) -> None:
        """Ends it, now or as soon as it has begun; from any thread."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()

    def _answer(self) -> str:
        command = [sys.executable, "-B", "-P", "-m", "bot.services.documents_apart", self._kind.value]
        with subprocess.Popen(  # noqa: S603 - this program's own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        ) as process:
            self._process = process
            if self._stopped.is_set():
                process.kill()
            answer = _exchange(process, self._data)
        if self._stopped.is_set():
            raise BadInput(
                say("It takes too long to read."),
                next_step=say("Send only the pages that matter, save it anew as .pdf, or paste the text."),
            )
        return _understood(answer, process.returncode)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return kept | {"PYTHONPATH": str(Path(bot.__file__).parents[1])}


def _exchange(process: subprocess.Popen[bytes], data: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:  # never so with pipes; this tells the types
        return b""
    with suppress(OSError):  # it may have given up before it had everything
        process.stdin.write(data)
    with suppress(OSError):
        process.stdin.close()
    answer = process.stdout.read(_MOST_ANSWER)
    if len(answer) == _MOST_ANSWER:
        process.kill()
    return answer


def _understood(answer: bytes, exit_code: int | None) -> str:
    if exit_code != 0:
        log.warning("The process that reads documents ended with %s.", exit_code)
        raise BadInput(
            say("Reading it takes more time or memory than a document should need."),
            next_step=say("Save it without its pictures, save it anew as .pdf, or paste the text."),
        )
    read = cast("dict[str, Any]", json.loads(answer))
    if "cause" in read:
        log.warning("A document made its reader raise %s.", read["cause"])
    if "problem" in read:
        raise Unreadable(read["problem"], read["next_step"], read["values"])
    return read["text"]


def _printable(file_name: str) -> str:
    """A name that can do nothing but be read: no marks that Discord takes for formatting or for a mention."""
    plain = "".join(one if one.isalnum() or one in " .-()'" else "_" for one in file_name)
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 1]}…"
