"""The practice server's clock: it starts on a chosen day, ticks with real time, and can be moved forward.

The bot and the simulated Discord read the same clock, so that a post carries the date on which it fell due.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

SIMCORD_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""The instant from which simcord counts the seconds of its own clock."""


class PracticeClock:
    """A `bot.clock.Clock` that never goes back.

    It counts with `perf_counter`, because simcord replaces `time.monotonic` for the bot that it runs.
    """

    def __init__(self, start: datetime) -> None:
        self._instant = start.astimezone(UTC)
        self._since: float | None = time.perf_counter()

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        if self._since is None:
            return self._instant
        return self._instant + timedelta(seconds=time.perf_counter() - self._since)

    def move_to(self, instant: datetime) -> None:
        """Moves the clock forward; an instant that has passed changes nothing."""
        moved = max(instant.astimezone(UTC), self.now())
        if self._since is not None:
            self._since = time.perf_counter()
        self._instant = moved

    @contextmanager
    def stopped(self) -> Generator[None]:
        """Keeps the clock from ticking, so that what is done meanwhile happens at exactly one instant."""
        self._instant, self._since = self.now(), None
        try:
            yield
        finally:
            self._since = time.perf_counter()


class SimcordClock:
    """The practice clock in the shape in which simcord keeps its own: seconds since its epoch, negative before it."""

    def __init__(self, clock: PracticeClock) -> None:
        self._clock = clock

    @property
    def elapsed(self) -> float:
        """The seconds since simcord's epoch."""
        return (self._clock.now() - SIMCORD_EPOCH).total_seconds()

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return self._clock.now()

    def advance(self, seconds: float) -> None:
        """Moves the practice clock; simcord does so by a hair when one of its timers rings."""
        self._clock.move_to(self._clock.now() + timedelta(seconds=seconds))
