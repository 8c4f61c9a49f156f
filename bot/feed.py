"""Serves the calendar to which phones subscribe, over HTTP. It is off unless the configuration says where to listen.

Nothing but `GET /calendar/SECRET.ics` has an answer; all else gets the same empty one, after the same look into the
database. No address and no secret is written to the log. The connection to the outside belongs to a web server with a
certificate in front of it; a caller is known by the last address that such a server names.
"""

import asyncio
import ipaddress
import logging
import re
from typing import TYPE_CHECKING

from bot.services.calendar_feed import Feed, Feeds
from bot.services.context import Context
from bot.services.rate_limit import PersonalLimit

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger(__name__)

REQUESTS_PER_MINUTE = 120
MOST_CONNECTIONS = 200
LOOK_EVERY_SECONDS = 30.0
"""A connection lasts for as long at least, and for twice as long at most."""

ANSWER_WITHIN_SECONDS = 10.0
LONGEST_LINE = 2_048
LONGEST_FIELD = 4_096
MOST_FIELDS = 64
_PATH = re.compile(r"/calendar/([0-9a-f]{1,128})\.ics")
_NETWORK_OF_A_HOME = 64
"""A caller with IPv6 has as many addresses as it likes within its network."""

_HEADERS = {"Server": "Solidarity Bot", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex"}
_EMPTY = {**_HEADERS, "Cache-Control": "no-store"}
_CALENDAR = {
    **_HEADERS,
    "Content-Type": "text/calendar; charset=utf-8",
    "Content-Disposition": 'inline; filename="campaign.ics"',
    "Cache-Control": "private, max-age=900",
    "Referrer-Policy": "no-referrer",
}


class FeedServer:
    """Listens while the bot runs."""

    def __init__(self) -> None:
        self._http: web.Server | None = None
        self._listening: asyncio.Server | None = None
        self._feeds: Feeds | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._old: set[web.RequestHandler] = set()
        self._limit = PersonalLimit(REQUESTS_PER_MINUTE)

    @property
    def port(self) -> int | None:
        """The port on which it listens; `None` if it does not."""
        return self._listening.sockets[0].getsockname()[1] if self._listening else None

    async def start(self, context: Context) -> None:
        """Begins to listen, if the configuration says where; the bot goes on where that fails."""
        endpoint = context.settings.feed.endpoint
        if endpoint is None:
            return
        from aiohttp import web  # noqa: PLC0415 - only who offers the calendar needs it

        self._feeds = Feeds(context)
        self._http = web.Server(
            self._answer,
            access_log=None,
            logger=_silent(),
            keepalive_timeout=15.0,
            lingering_time=1.0,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_FIELD,
            max_headers=MOST_FIELDS,
        )
        host, port = endpoint
        loop = asyncio.get_running_loop()
        try:
            self._listening = await loop.create_server(self._connection, host, port)
        except OSError as error:
            why = error.strerror or type(error).__name__
            context.pulse.feed_problem = f"Nothing can listen on {context.settings.feed.listen}: {why}."
            log.error(  # noqa: TRY400 - one sentence says it all
                "the calendar feed is not served; everything else works",
                extra={"listen": context.settings.feed.listen, "reason": why},
            )
            return
        self._end_old_connections()
        log.info("the calendar feed is served", extra={"listen": context.settings.feed.listen})

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

    async def _answer(self, request: "web.BaseRequest") -> "web.StreamResponse":
        from aiohttp import web  # noqa: PLC0415

        if self._feeds is None:
            return web.Response(status=503, headers=_EMPTY)
        minute = self._feeds.now().replace(second=0, microsecond=0)
        if not self._limit.allow(0, _caller(request), minute):
            return web.Response(status=429, headers={**_EMPTY, "Retry-After": "60"})
        fits = _PATH.fullmatch(request.path) if request.method in {"GET", "HEAD"} else None
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                feed = await self._feeds.find(fits[1] if fits else "")
        except Exception:
            log.exception("the calendar feed could not be read")
            return web.Response(status=503, headers={**_EMPTY, "Retry-After": "300"})
        return web.Response(status=404, headers=_EMPTY) if feed is None else _feed_response(request, feed)


def _feed_response(request: "web.BaseRequest", feed: Feed) -> "web.Response":
    from aiohttp import ETag, web  # noqa: PLC0415

    is_known = _is_known(request, feed)
    response = web.Response(
        status=304 if is_known else 200, body=None if is_known else feed.content, headers=_CALENDAR
    )
    response.etag = ETag(feed.tag, is_weak=True)
    response.last_modified = feed.changed_at
    return response


def _is_known(request: "web.BaseRequest", feed: Feed) -> bool:
    """Whether the caller has the calendar as it is; a tag says it more exactly than a time."""
    if request.if_none_match is not None:
        return any(tag.value in {feed.tag, "*"} for tag in request.if_none_match)
    since = request.if_modified_since
    return since is not None and feed.changed_at <= since


def _caller(request: "web.BaseRequest") -> int:
    """The caller's network as a number: what a web server on this machine or network names, or else the other end."""
    address = _address(request.remote)
    if address is None or address.is_private:
        named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        address = _address(named) or address
    if address is None:
        return 0
    return int(address) >> (_NETWORK_OF_A_HOME if address.version == 6 else 0)  # noqa: PLR2004 - the protocol's number


def _address(text: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text or "")
    except ValueError:
        return None


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
