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
from bot.web import WebServer

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger(__name__)

REQUESTS_PER_MINUTE = 120
ANSWER_WITHIN_SECONDS = 10.0
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


class FeedServer(WebServer):
    """Listens while the bot runs."""

    def __init__(self) -> None:
        super().__init__()
        self._feeds: Feeds | None = None
        self._limit = PersonalLimit(REQUESTS_PER_MINUTE)

    async def start(self, context: Context) -> None:
        """Begins to listen, if the configuration says where; the bot goes on where that fails."""
        endpoint = context.settings.feed.endpoint
        if endpoint is None:
            return
        self._feeds = Feeds(context)
        why_not = await self.listen(*endpoint)
        listen = context.settings.feed.listen
        if why_not is None:
            log.info("the calendar feed is served", extra={"listen": listen})
            return
        context.pulse.feed_problem = why_not
        log.error(
            "the calendar feed is not served; everything else works",
            extra={"listen": listen, "reason": why_not},
        )

    async def answer(self, request: "web.BaseRequest") -> "web.StreamResponse":
        """Answers one request."""
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
