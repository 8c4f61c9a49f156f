"""A process of an installation that is split: it stands by until shards are free, serves them, and stands by again."""

import asyncio
import logging
from contextlib import AsyncExitStack

from bot import lifetime
from bot.backing_up import keep_backing_up
from bot.config import Settings
from bot.domain.shards import Share
from bot.failures import is_final
from bot.services.shard_lease import Lease, lease_of
from bot.sharded import ShardedBot
from bot.standing_by import StandingBy
from db.engine import DatabaseProblem

log = logging.getLogger(__name__)

LEAVE_WITHIN_SECONDS = 4.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 60.0


class Turns:
    """The turns of one process, one after the other, until it is asked to stop."""

    def __init__(self, settings: Settings, asked: asyncio.Event) -> None:
        self._settings, self._asked = settings, asked
        self._is_set_up_well = False  # known once it has served, or stood by
        self._wait = FIRST_WAIT_SECONDS
        self._leaving: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serves and stands by until it is asked to stop.

        Raises:
            Exception: the process cannot go on, and starting again at once would not help.
        """
        is_first = True
        asked = asyncio.create_task(self._asked.wait())
        while not asked.done():
            sharding = self._settings.sharding
            lease = lease_of(self._settings.database.url, sharding.shares, sharding.begins_with)
            async with AsyncExitStack() as stack:
                stack.push_async_callback(lease.close)
                told = StandingBy(lease)
                await told.start(self._settings)
                obtaining = asyncio.create_task(lease.obtain(at_once=is_first))
                await asyncio.wait({obtaining, asked}, return_when=asyncio.FIRST_COMPLETED)
                await told.stop()
                if asked.done():
                    obtaining.cancel()
                    await asyncio.wait({obtaining})
                    return
                await self._serve(obtaining.result(), lease, asked)
            is_first = False

    async def _serve(self, share: Share, lease: Lease, asked: "asyncio.Task[bool]") -> None:
        bot = ShardedBot(self._settings, share, lease)
        running = asyncio.create_task(lifetime.start(bot, self._settings))
        lost = asyncio.create_task(lease.lost.wait())
        backing_up = asyncio.create_task(keep_backing_up(bot))
        await asyncio.wait({running, lost, asked}, return_when=asyncio.FIRST_COMPLETED)
        lost.cancel()
        backing_up.cancel()
        self._is_set_up_well = self._is_set_up_well or lease.stood_by or bot.is_ready()
        if not running.done():
            log.info(
                "stopping" if asked.done() else "leaving these shards to the process that took them over"
            )
            await self._leave(bot, running)
            return
        await lifetime.close(bot)
        await self._ended(running)

    async def _leave(self, bot: ShardedBot, running: "asyncio.Task[None]") -> None:
        """Stops a bot. A server that does not say goodbye keeps nobody from standing by again."""
        leaving = asyncio.create_task(lifetime.stop(bot, running))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        await asyncio.wait({leaving}, timeout=LEAVE_WITHIN_SECONDS)

    async def _ended(self, running: "asyncio.Task[None]") -> None:
        error = running.exception()
        if error is None:
            self._asked.set()  # as a bot ends by itself when it was told to
            return
        # A database that is away will be back; what else is final stays so.
        if not self._is_set_up_well or (is_final(error) and not isinstance(error, DatabaseProblem)):
            raise error
        log.warning("serving ended; trying again, if nobody else does", exc_info=error)
        await asyncio.wait({asyncio.create_task(self._asked.wait())}, timeout=self._wait)
        self._wait = min(self._wait * 2, LONGEST_WAIT_SECONDS)
