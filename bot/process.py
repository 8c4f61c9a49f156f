"""The bot as a process: how it starts, how a signal stops it, and what it says when it cannot go on."""

import asyncio
import contextlib
import ctypes
import gc
import importlib
import logging
import os
import signal
import sys
import threading
from typing import NoReturn

from bot import lifetime
from bot.config import Settings
from bot.logs import configure_logging

log = logging.getLogger(__name__)

STOP_WITHIN_SECONDS = 4.5
"""Half a second less than what is promised: the interpreter needs some of it to end."""


def run_bot(settings: Settings) -> int:
    """Runs the bot until it is stopped.

    Returns:
        The exit code: 0 when it was asked to stop and did, 1 when it could not go on.
    """
    os.umask(0o077)  # whatever is written from here on is for this user only
    _return_large_memory()
    configure_logging(settings.log, secrets=settings.secrets)
    try:
        _import_features()
        asyncio.run(_serve(settings))
    except Exception as error:  # noqa: BLE001 - each becomes one sentence
        from bot.failures import report  # noqa: PLC0415 - imports what only a failure needs

        report(error, sys.stderr, settings.secrets)
        return 1
    return 0


def _return_large_memory() -> None:
    """Has every large piece of memory given back to the system as soon as it is free.

    The C library of most Linux systems stops doing so when the first piece of a size was freed: after one export, files
    of ten megabytes would be kept in the heaps of all threads that once made one (`python -m benchmarks export`). Other
    C libraries have no such setting and no such habit.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_MMAP_THRESHOLD, _LARGE)


_MMAP_THRESHOLD, _LARGE = -3, 256 * 1024
"""What the C library calls the setting, and the size from which a piece is large, in bytes."""


def _import_features() -> None:
    """Imports the program before it runs.

    Hardly anything that is made while importing is ever garbage, and looking for it takes about a tenth of the start
    (`python -m benchmarks startup`), so the collector rests meanwhile and passes over what was made then later on, too.
    """
    gc.disable()
    try:
        from bot.app import EXTENSIONS  # noqa: PLC0415 - the log is set up before half a second of imports

        for extension in EXTENSIONS:
            importlib.import_module(extension)
    finally:
        gc.freeze()
        gc.enable()


async def _serve(settings: Settings) -> None:
    import discord  # noqa: PLC0415 - see _import_features

    from bot.app import create_bot  # noqa: PLC0415
    from bot.backing_up import keep_backing_up  # noqa: PLC0415

    # The library would warn that it cannot speak; the bot never does.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    stopping = _Stopping()
    if settings.sharding.is_on:
        from bot.turns import Turns  # noqa: PLC0415 - only large installations are split

        await Turns(settings, stopping.asked).run()
        stopping.done = True
        return
    bot = create_bot(settings)
    running = asyncio.create_task(lifetime.start(bot, settings))
    asked = asyncio.create_task(stopping.asked.wait())
    backing_up = asyncio.create_task(keep_backing_up(bot))
    await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    backing_up.cancel()
    if running.done():
        await lifetime.close(bot)
        running.result()
        return
    log.info("stopping")
    await lifetime.stop(bot, running)
    stopping.done = True


class _Stopping:
    """What a signal does: the first asks the bot to stop and sets a deadline, the second ends the process at once.

    The deadline is kept by a thread, since what is late may be the event loop itself.
    """

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.done = False
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError):  # Windows; Ctrl+C still ends the process there
                asyncio.get_running_loop().add_signal_handler(number, self._signalled)

    def _signalled(self) -> None:
        if self.asked.is_set():
            _end_now("Stopped at once, as asked.")
        self.asked.set()
        deadline = threading.Timer(STOP_WITHIN_SECONDS, self._time_is_up)
        deadline.daemon = True
        deadline.start()

    def _time_is_up(self) -> None:
        if self.done:
            # Everything is closed; only a library's thread is left, such as one that waits for a name server.
            os._exit(0)
        _end_now(
            "Solidarity Bot did not finish within five seconds and was ended. "
            "Nothing is lost: what was under way is taken up again at the next start."
        )


def _end_now(sentence: str) -> NoReturn:
    """Ends the process without waiting for threads or tasks; the database is made to survive that."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - meant for the person who stopped it
    os._exit(1)
