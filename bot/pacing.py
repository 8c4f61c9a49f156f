"""Keeps the bot's requests within Discord's limit of 50 in a second, on the wire, where nothing can bunch them again.

Requests are spaced evenly, and never more than `WINDOW` of them can have reached Discord within one second, wherever they
were held up. When a request arrived is not known, but it was not after its answer was sent; so each keeps its place in the
window from when it leaves until a second after its answer, less the shortest round trip of late. A network or a Discord
that stands still for a moment and then takes everything at once thus meets a bot that has waited too.

Answers to interactions do not count towards that limit, and so never wait.
"""

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from aiohttp.connector import Connection

PER_SECOND = 49.0
WINDOW = 50
WINDOW_SECONDS = 1.01
CATCH_UP_SECONDS = 0.02
"""What a timer that rang late may make up for, so that the rate is kept on a busy machine."""
UNANSWERED_SECONDS = 10.0
"""After which a request without an answer gives its place up; Discord answers or refuses well before."""
ROUND_TRIPS = 100

EXEMPT = ("/interactions/", "/webhooks/")
WEBSOCKET = ("ws", "wss")


class Place:
    """One request's place in the window."""

    def __init__(self, left_at: float) -> None:
        self.left_at = left_at
        self.free_at = left_at + UNANSWERED_SECONDS


class Pace:
    """Lets requests through one by one, in the order of asking."""

    def __init__(self, per_second: float = PER_SECOND, window: int = WINDOW) -> None:
        self._interval = 1 / per_second
        self._window = window
        self._next = 0.0
        self._door = asyncio.Lock()
        self._places: list[Place] = []
        self._round_trips: deque[float] = deque(maxlen=ROUND_TRIPS)
        self._answered = asyncio.Event()

    async def turn(self) -> Place:
        """Returns when it is this request's turn, with its place in the window."""
        loop = asyncio.get_running_loop()
        async with self._door:
            await asyncio.sleep(max(self._next - loop.time(), 0))
            await self._room()
            now = loop.time()
            self._next = max(self._next, now - CATCH_UP_SECONDS) + self._interval
            place = Place(now)
            self._places.append(place)
            return place

    def answered(self, place: Place) -> None:
        """The request of this place has its answer, or its connection is gone."""
        now = asyncio.get_running_loop().time()
        self._round_trips.append(now - place.left_at)
        place.free_at = now - min(self._round_trips) + WINDOW_SECONDS
        self._answered.set()

    async def _room(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            self._places = [place for place in self._places if place.free_at > now]
            if len(self._places) < self._window:
                return
            self._answered.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout_at(min(place.free_at for place in self._places)):
                    await self._answered.wait()


class PacedConnector(aiohttp.TCPConnector):
    """Connections to Discord on which requests keep the pace, from before they leave until their answer was read.

    A session's tracing could tell the same, but at a cost for each answer to an interaction, which is not paced at all.
    """

    def __init__(self, pace: Pace) -> None:
        super().__init__(limit=0)  # pyright: ignore[reportUnknownMemberType] - aiohttp's own types
        self._pace = pace

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Any],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's own signature
    ) -> "Connection":
        """Returns a connection for a request, when it is its turn."""
        if req.url.scheme in WEBSOCKET or any(part in req.url.path for part in EXEMPT):
            return await super().connect(req, traces, timeout)
        place = await self._pace.turn()
        try:
            connection = await super().connect(req, traces, timeout)
        except BaseException:
            self._pace.answered(place)
            raise
        connection.add_callback(partial(self._pace.answered, place))
        return connection


def paced(processes: int = 1) -> Pace:
    """The pace of one process.

    Args:
        processes: how many serve one bot, and so share what Discord allows it.
    """
    return Pace(PER_SECOND / processes, WINDOW // processes)
