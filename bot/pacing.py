"""Keeps the bot's requests within Discord's limit of 50 in a second, on the wire, where nothing can bunch them again.

Answers to interactions do not count towards that limit, and so never wait.
"""

import asyncio
from types import SimpleNamespace

import aiohttp

PER_SECOND = 48
CATCH_UP_SECONDS = 0.01
"""What a timer that rang late may make up for. More would let through above 50 in a second after a standstill."""

EXEMPT = ("/interactions/", "/webhooks/")


class Pace:
    """Lets requests through one by one, evenly spaced."""

    def __init__(self, per_second: float = PER_SECOND) -> None:
        self._interval = 1 / per_second
        self._next = 0.0
        self._door = asyncio.Lock()

    async def turn(self) -> None:
        """Returns when it is this request's turn; in the order of asking."""
        loop = asyncio.get_running_loop()
        async with self._door:
            await asyncio.sleep(max(self._next - loop.time(), 0))
            self._next = max(self._next, loop.time() - CATCH_UP_SECONDS) + self._interval


def paced() -> aiohttp.TraceConfig:
    """The configuration of an aiohttp session whose requests keep the pace."""
    pace = Pace()
    config = aiohttp.TraceConfig()

    async def before_request(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        del session, context
        if not any(part in request.url.path for part in EXEMPT):
            await pace.turn()

    config.on_request_start.append(before_request)
    return config
