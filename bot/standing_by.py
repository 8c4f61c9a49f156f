"""What a process that stands by tells a monitoring system: that it does, and whether the database answers it.

It has no bot, and so nothing else to tell: `bot.health` answers in its place once the process serves.
"""

import json
import logging
from typing import TYPE_CHECKING

from bot import __version__
from bot.config import Settings
from bot.services.shard_lease import Lease
from bot.web import WebServer

if TYPE_CHECKING:
    from aiohttp import web

log = logging.getLogger(__name__)

_HEADERS = {"Server": "Solidarity Bot", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class StandingBy(WebServer):
    """Listens where the bot will, while there is none."""

    def __init__(self, lease: Lease) -> None:
        super().__init__()
        self._lease = lease

    async def start(self, settings: Settings) -> None:
        """Begins to listen, if the configuration says where; the process stands by all the same where that fails."""
        if settings.monitoring.endpoint is None:
            return
        why_not = await self.listen(*settings.monitoring.endpoint)
        if why_not is not None:
            log.error("nobody can monitor the process that stands by", extra={"reason": why_not})

    async def answer(self, request: "web.BaseRequest") -> "web.StreamResponse":
        """Answers one request."""
        from aiohttp import web  # noqa: PLC0415 - only who switches it on needs it

        is_well = self._lease.answers
        if request.method in {"GET", "HEAD"} and request.path == "/healthz":
            document = {
                "status": "ok" if is_well else "needs attention",
                "problems": [] if is_well else ["database"],
                "version": __version__,
                "scheduler": {"role": "stands by"},
                "database": {"answers": is_well},
            }
            headers = {**_HEADERS, "Content-Type": "application/json"}
            body = json.dumps(document).encode()
            return web.Response(status=200 if is_well else 503, body=body, headers=headers)
        if request.method in {"GET", "HEAD"} and request.path == "/metrics":
            lines = (f"solidarity_healthy {int(is_well)}", "solidarity_leads 0", "")
            return web.Response(text="\n".join(lines), headers=_HEADERS)
        return web.Response(status=404, headers=_HEADERS)
