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
from types import SimpleNamespace

import aiohttp

PER_SECOND = 49.0
WINDOW = 50
WINDOW_SECONDS = 1.01
CATCH_UP_SECONDS = 0.02
"""What a timer that rang late may make up for, so that the rate is kept on a busy machine."""
UNANSWERED_SECONDS = 10.0
"""After which a request without an answer gives its place up; Discord answers or refuses well before."""
ROUND_TRIPS = 100

EXEMPT = ("/interactions/", "/webhooks/")


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


def paced(processes: int = 1) -> aiohttp.TraceConfig:
    """The configuration of an aiohttp session whose requests keep the pace.

    Args:
        processes: how many serve one bot, and so share what Discord allows it.
    """
    pace = Pace(PER_SECOND / processes, WINDOW // processes)
    config = aiohttp.TraceConfig()

    async def before_request(
        session: aiohttp.ClientSession, context: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        del session
        counts = not any(part in request.url.path for part in EXEMPT)
        context.place = await pace.turn() if counts else None

    async def after_request(
        session: aiohttp.ClientSession, context: SimpleNamespace, outcome: object
    ) -> None:
        del session, outcome
        if context.place is not None:
            pace.answered(context.place)

    config.on_request_start.append(before_request)
    config.on_request_end.append(after_request)
    config.on_request_exception.append(after_request)
    return config
