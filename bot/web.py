"""What the bot's own HTTP servers have in common: one address, little patience, and a log that says nothing of callers.

The calendar to which phones subscribe (`bot.feed`) and what a monitoring system reads (`bot.health`) are such servers.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

MOST_CONNECTIONS = 200
LOOK_EVERY_SECONDS = 30.0
"""A connection lasts for as long at least, and for twice as long at most."""

LONGEST_LINE = 2_048
LONGEST_FIELD = 4_096
MOST_FIELDS = 64


class WebServer(ABC):
    """Listens while the bot runs, once it was told to; what it answers is its children's business."""

    def __init__(self) -> None:
        self._http: web.Server | None = None
        self._listening: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._old: set[web.RequestHandler] = set()

    @property
    def port(self) -> int | None:
        """The port on which it listens; `None` if it does not."""
        return self._listening.sockets[0].getsockname()[1] if self._listening else None

    async def listen(self, host: str, port: int) -> str | None:
        """Begins to listen. Returns why it cannot, where it cannot."""
        from aiohttp import web  # noqa: PLC0415 - only who switches a server on needs it

        http = web.Server(
            self.answer,
            access_log=None,
            logger=_silent(),
            keepalive_timeout=15.0,
            lingering_time=1.0,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_FIELD,
            max_headers=MOST_FIELDS,
        )
        try:
            self._listening = await asyncio.get_running_loop().create_server(self._connection, host, port)
        except OSError as error:
            return error.strerror or type(error).__name__
        self._http = http
        self._end_old_connections()
        return None

    @abstractmethod
    async def answer(self, request: "web.BaseRequest") -> "web.StreamResponse":
        """Answers one request."""

    async def stop(self) -> None:
        """Listens no more, and ends what is under way."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        if self._sweep is not None:
            self._sweep.cancel()
        if self._http is not None:
            await self._http.shutdown(timeout=1.0)
            self._http = None

    def _connection(self) -> asyncio.BaseProtocol:
        """What answers on a new connection."""
        if self._http is None or len(self._http.connections) >= MOST_CONNECTIONS:
            return _Refusal()
        return self._http()

    def _end_old_connections(self) -> None:
        """Ends the connections that were there at the last look, whatever the callers do or leave undone."""
        if self._http is None:
            return
        there = set(self._http.connections)
        for connection in there & self._old:
            if isinstance(transport := connection.transport, asyncio.Transport):
                transport.abort()  # what the caller has not read by now is given up
        self._old = there
        self._sweep = asyncio.get_running_loop().call_later(LOOK_EVERY_SECONDS, self._end_old_connections)


def _silent() -> logging.Logger:
    """A logger for what the library would say of callers: their addresses, and what they sent."""
    silent = logging.getLogger(f"{__name__}.callers")
    silent.disabled = True
    return silent


class _Refusal(asyncio.Protocol):
    """Ends a connection at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ends it."""
        transport.close()
