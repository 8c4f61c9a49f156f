"""The practice server: the real bot on a simulated Discord in the browser, for trying things out.

Only this package imports simcord, which the extra `practice` installs.
"""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

DEFAULT_PORT = 8765
DEFAULT_CAMPAIGN = "operation_protect"


def run_practice(
    *,
    port: int = DEFAULT_PORT,
    start: datetime | None = None,
    data: Path | None = None,
    campaign: str = DEFAULT_CAMPAIGN,
    log: Callable[[str], None] = print,
) -> int:
    """Runs the practice server until it is stopped by Ctrl+C or SIGTERM.

    Args:
        port: where to listen; the next free port if it is taken, any free one if it is 0.
        start: the practice clock's first instant; without it, where this data's clock stood last, or 31 March 2025, 9am.
        data: where to keep the data; without it, a temporary directory that is removed at the end.
        campaign: the campaign whose facts the practice server starts with, as in the configuration.
        log: takes each plain line of what happens.

    Returns:
        The exit code: 0 when it was stopped.

    Raises:
        ImportError: simcord is not installed.
    """
    with _quiet("discord"):
        from bot.practice.run import run  # noqa: PLC0415 - simcord is an extra, and slow to import
    run(port, start, data, campaign, log)
    return 0


@contextmanager
def _quiet(name: str) -> Generator[None]:
    """Keeps warnings away from people whom they do not concern: simcord makes clients without intents to look inside."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
