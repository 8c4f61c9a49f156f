"""Which interactions are dealt with: those that Discord still waits for, and only so many at the same time.

Discord gives up on an interaction after three seconds, and tells the person that it failed. When more come than can be
answered, to work on those would keep everybody waiting: soon nobody would be answered in time, and memory would fill with
people who have long given up. So a turn is given in the order of arrival, and whoever's turn comes too late has none:
nothing is stored of what they did, just as Discord has told them.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

import discord

from bot.clock import Clock

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Twice what is written together: one half is being written while the other comes in."""

GIVEN_UP_AFTER_SECONDS = 3.0
LATEST_TURN_SECONDS = 2.0
"""Whoever had to wait for longer could hardly be answered before Discord gives up."""

DRIFT = 0.1
"""By how much a clock that is being corrected gently may be too fast or too slow; NTP keeps below it."""

SET_BY_SECONDS = 0.5
TELL_EVERY_SECONDS = 60.0


class Arrivals:
    """How much later than others an interaction comes, whatever this machine's clock says.

    A spare machine's clock may be minutes wrong, and Discord says only by its own when something was made. So what counts
    is the difference to the one that came fastest of late.
    """

    def __init__(self) -> None:
        self._fastest: float | None = None
        self._seen_at, self._ticks = 0.0, 0.0

    def late_by(self, made_at: datetime, now: datetime, ticks: float) -> float:
        """Seconds that this one took longer than the fastest of late.

        Args:
            made_at: when it was made, by Discord's clock.
            now: when it arrived, by this machine's.
            ticks: the same in seconds by a clock that nobody sets, such as the event loop's.
        """
        under_way, seen_at = (now - made_at).total_seconds(), now.timestamp()
        passed = ticks - self._ticks
        was_set = abs(seen_at - self._seen_at - passed) > SET_BY_SECONDS
        if self._fastest is None or was_set:
            self._fastest = under_way
        else:
            self._fastest = min(under_way, self._fastest + passed * DRIFT)
        self._seen_at, self._ticks = seen_at, ticks
        return under_way - self._fastest


class Admission:
    """Gives interactions their turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._arrivals = Arrivals()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._left = 0
        self._told_at: float | None = None

    @asynccontextmanager
    async def turn(self, interaction_id: int) -> AsyncGenerator[float | None]:
        """Waits for an interaction's turn, and keeps it for the block.

        Args:
            interaction_id: tells when Discord made it.

        Yields:
            How many seconds have gone by since; `None` when it is too late, and nothing is to be done.
        """
        loop = asyncio.get_running_loop()
        arrived, made_at = loop.time(), discord.utils.snowflake_time(interaction_id)
        late_by = self._arrivals.late_by(made_at, self._clock.now(), arrived)
        has_to_wait = self._turns.locked()
        async with self._turns:
            waited = late_by + loop.time() - arrived
            if waited > (LATEST_TURN_SECONDS if has_to_wait else GIVEN_UP_AFTER_SECONDS):
                self._leave()
                yield None
            else:
                yield waited

    def _leave(self) -> None:
        self._left += 1
        now = asyncio.get_running_loop().time()
        if self._told_at is None or now - self._told_at >= TELL_EVERY_SECONDS:
            log.warning(
                "more came than could be answered; what Discord had given up on was left alone",
                extra={"left": self._left},
            )
            self._told_at, self._left = now, 0
