"""Keeps the connection to Discord alive where the library would try in vain for ever.

discord.py resumes a broken session again and again, at the address that the session came with, and waits longer each
time, up to a quarter of an hour. If that comes to nothing for some minutes, the attempt is broken off and a fresh
connection made.
"""

import asyncio
import contextlib
import logging
import math
from collections.abc import Awaitable, Callable

import discord

from bot.failures import is_final

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 120.0
"""So long the library may try to mend a connection before a fresh one is made; doubled each time, up to the limit."""

MOST_PATIENCE_SECONDS = 960.0
LOOK_EVERY_SECONDS = 5.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 1.0, 60.0

Connect = Callable[[], Awaitable[None]]


class Supervision:
    """Watches over one connection that is to last."""

    def __init__(self) -> None:
        self._was_ready = False
        self._lost: dict[int, float] = {}
        self._patience = PATIENCE_SECONDS

    def connected(self, shard: int = 0) -> None:
        """Notes that events come in; of one shard, where there are several."""
        self._was_ready, self._patience = True, PATIENCE_SECONDS
        self._lost.pop(shard, None)

    def disconnected(self, shard: int = 0) -> None:
        """Notes that the connection is broken; the first time counts."""
        self._lost.setdefault(shard, asyncio.get_running_loop().time())

    def lost_for(self) -> float | None:
        """For how many seconds there has been no connection; `None` while there is one, without end before the first.

        Where there are several connections, the one that has been lost for longest counts.
        """
        if not self._was_ready:
            return math.inf
        return asyncio.get_running_loop().time() - min(self._lost.values()) if self._lost else None

    async def run(self, connect: Connect, break_off: Connect) -> None:
        """Connects, again and again if need be, until `connect` ends by itself.

        Raises:
            Exception: the first connection could not be made, or Discord refuses the bot for good.
        """
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                if await self._watched(connect):
                    return
                wait = FIRST_WAIT_SECONDS
            except Exception as error:
                if not self._was_ready or is_final(error):
                    raise
                log.warning("the connection failed; trying again", exc_info=True, extra={"in": wait})
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT_SECONDS)
            await break_off()

    async def _watched(self, connect: Connect) -> bool:
        """Connects and watches. Returns whether the connection ended by itself, rather than by losing patience."""
        connection = asyncio.ensure_future(connect())
        try:
            while not (await asyncio.wait({connection}, timeout=LOOK_EVERY_SECONDS))[0]:
                if self._out_of_patience():
                    log.warning("no connection for too long; making a fresh one")
                    return False
            await connection
        finally:
            if not connection.done():
                connection.cancel()
                with contextlib.suppress(asyncio.CancelledError, discord.DiscordException):
                    await connection
        return True

    def _out_of_patience(self) -> bool:
        now = asyncio.get_running_loop().time()
        if not self._was_ready or not self._lost or now - min(self._lost.values()) < self._patience:
            return False
        self._lost = dict.fromkeys(self._lost, now)
        self._patience = min(self._patience * 2, MOST_PATIENCE_SECONDS)
        return True
