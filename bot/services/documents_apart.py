"""What runs in the process that reads one document: `python -m bot.services.documents_apart KIND`.

The file comes in by the standard input. The answer goes out by the standard output: a JSON object with `text`, or with
`problem`, `next_step` and `values` (an `Unreadable`, to be said in the language of whoever waits), and with `cause` where an
exception came that nobody expected. Before the first byte is looked at, the process gives up what it will not need.
"""

import gc
import json
import os
import sys
from typing import Any

from bot.domain.bulletins.files import FileKind, text_from
from bot.domain.bulletins.files.package import damaged
from bot.domain.bulletins.files.refusals import Unreadable
from bot.domain.language import later

MOST_MEMORY = 320 * 1024 * 1024
"""Bytes of address space. The libraries take 60 MB of it, a large bulletin as much again."""

MOST_SECONDS = 3
"""Of processor time. The bot ends this process earlier by the clock on the wall; this is for when there is no bot."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.kill",
    "ctypes.",
)


def main() -> None:
    """Reads one document and answers."""
    gc.disable()  # it ends before there is anything to collect, and is an eighth faster without
    limit_resources()
    sys.addaudithook(refuse_what_reading_does_not_need)
    sys.stdout.buffer.write(json.dumps(read(FileKind(sys.argv[1]), sys.stdin.buffer.read())).encode())


def read(kind: FileKind, data: bytes) -> dict[str, Any]:
    """The answer to a file."""
    try:
        return {"text": text_from(kind, data)}
    except Unreadable as refusal:
        return _refused(refusal)
    except MemoryError:
        return _refused(
            Unreadable(
                later("Reading it takes more memory than a document should need."),
                later("Save it without its pictures, save it anew as .pdf, or paste the text."),
            )
        )
    except Exception as error:  # noqa: BLE001 - no library foresees every way in which a file can be broken
        return {**_refused(damaged()), "cause": type(error).__name__}


def _refused(refusal: Unreadable) -> dict[str, Any]:
    return {"problem": refusal.english, "next_step": refusal.instead, "values": refusal.values}


def limit_resources() -> None:
    """Bounds memory, time and files, where the operating system can."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (bound, bound))
        except (ValueError, OSError):  # macOS does not bound the address space; the others still hold
            continue


def refuse_what_reading_does_not_need(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: no network, no other process, no file opened for writing.

    It is a second wall behind libraries that do not do such things. It does not hold back native code.
    """
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(flags := arguments[2], int) and flags & _WRITING:
        raise PermissionError(event)


if __name__ == "__main__":
    main()
