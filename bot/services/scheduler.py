"""One alarm, at the earliest instant that anything is due. The database is the truth; APScheduler only rings.

This is the only module that imports APScheduler. Its memory store holds a single job, so a hundred thousand reminders cost
one alarm. A timer on the monotonic clock does not notice that the wall clock jumped or the machine slept, so the alarm never
sleeps longer than `LONGEST_SLEEP`. When it wakes early it also asks what is due next: another process, the command line for
one, may have planned something meanwhile.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.language import speaking_english

log = logging.getLogger(__name__)

LONGEST_SLEEP = timedelta(seconds=30)
AFTER_FAILURE = timedelta(seconds=15)
GRACE = timedelta(seconds=3)
_ALARM = "alarm"


class Scheduler:
    """Calls `work` whenever something is due, and asks `next_due` when to ring next."""

    def __init__(
        self,
        clock: Clock,
        *,
        work: Callable[[], Awaitable[None]],
        next_due: Callable[[], Awaitable[datetime | None]],
    ) -> None:
        self._clock = clock
        self._work = work
        self._next_due = next_due
        self._due: datetime | None = None
        self._turn = asyncio.Lock()
        self._woken = False
        self._stopping = False
        self._alarm: Any = None
        self.last_beat: datetime | None = None
        """When it last came round without a failure, whether or not there was anything to do."""

    @property
    def due(self) -> datetime | None:
        """The instant for which the alarm is set; `None` when nothing is planned."""
        return self._due

    @property
    def running(self) -> bool:
        """Whether it has been started and not stopped."""
        return self._alarm is not None and bool(self._alarm.running)

    def start(self) -> None:
        """Starts to ring; the first time at once, to catch up with what fell due meanwhile."""
        # Slow to import, and not needed before the commands are registered.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415

        self._alarm = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 2},
        )
        self._alarm.start()
        self.wake()

    async def stop(self) -> None:
        """Rings no more, and lets the work that is under way finish, or cancels it when that takes too long.

        What is cancelled stays claimed, and is looked into when its lease ends.
        """
        self._stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE.total_seconds()), self._turn:
                pass
        if self.running:
            self._alarm.shutdown(wait=False)

    def wake(self) -> None:
        """Looks at once: something new may be due, or the clock was moved."""
        self._woken = True
        self._due = self._clock.now()
        self._arm()

    async def turn(self) -> None:
        """Does all that is due, then sets the alarm for what comes next."""
        async with self._turn:
            self._woken = False
            try:
                with speaking_english():  # whoever set the alarm may have spoken another language
                    await self._work()
                    due = await self._next_due()
            except Exception:
                log.exception("the scheduler's turn failed")
                due = self._clock.now() + AFTER_FAILURE
            else:
                self.last_beat = self._clock.now()
            # What was added while the turn was looking may have been missed by it.
            self._due = self._clock.now() if self._woken else due
        self._arm()

    async def _ring(self) -> None:
        if self._turn.locked():
            return  # the turn that is under way sets the alarm when it is done
        if not self._is_due():
            await self._ask_again()
        if self._is_due():
            await self.turn()
        else:
            self._arm()

    def _is_due(self) -> bool:
        return self._due is not None and self._clock.now() >= self._due

    async def _ask_again(self) -> None:
        """Learns what another process has planned meanwhile: nobody here was woken for that."""
        try:
            due = await self._next_due()
        except Exception:
            log.exception("what is due next could not be read")
            return
        self.last_beat = self._clock.now()
        if due is not None and not self._woken:
            self._due = due if self._due is None else min(self._due, due)

    def _arm(self) -> None:
        if self._stopping or not self.running:
            return
        wait = LONGEST_SLEEP
        if self._due is not None:
            wait = min(max(self._due - self._clock.now(), timedelta()), LONGEST_SLEEP)
        # APScheduler reads the machine's clock, which the practice server's clock need not agree with.
        rings_at = datetime.now(UTC) + wait
        self._alarm.add_job(self._ring, "date", run_date=rings_at, id=_ALARM, replace_existing=True)
