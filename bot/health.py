"""Tells a monitoring system how the bot is: `GET /healthz` and `GET /metrics`. Off unless the configuration names a port.

It listens on the loopback interface unless another address is named. Nothing that it says names a server, a channel or a
person, or repeats what anybody wrote.
"""

import json
import logging
from typing import TYPE_CHECKING

from bot.services.context import Context
from bot.services.health import Examination
from bot.web import WebServer

if TYPE_CHECKING:
    from aiohttp import web

    from bot.metrics import Metrics

log = logging.getLogger(__name__)

_HEADERS = {"Server": "Solidarity Bot", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class HealthServer(WebServer):
    """Listens while the bot runs, if it is to be monitored."""

    def __init__(self) -> None:
        super().__init__()
        self._examination: Examination | None = None
        self._metrics: Metrics | None = None

    async def start(self, context: Context, metrics: "Metrics | None") -> None:
        """Begins to listen, if the configuration says where; the bot goes on where that fails."""
        endpoint = context.settings.monitoring.endpoint
        if endpoint is None or metrics is None:
            return
        self._examination, self._metrics = Examination(context), metrics
        metrics.start()
        host, port = endpoint
        why_not = await self.listen(host, port)
        if why_not is None:
            log.info("monitoring is on", extra={"address": host, "port": self.port})
        else:
            log.error(
                "nobody can monitor the bot; everything else works",
                extra={"address": host, "port": port, "reason": why_not},
            )

    async def stop(self) -> None:
        """Listens no more, and measures no more."""
        await super().stop()
        if self._metrics is not None:
            self._metrics.stop()
        if self._examination is not None:
            await self._examination.stop()

    async def answer(self, request: "web.BaseRequest") -> "web.StreamResponse":
        """Answers one request."""
        from aiohttp import web  # noqa: PLC0415 - only who switches it on needs it

        if self._examination is None or self._metrics is None or request.method not in {"GET", "HEAD"}:
            return web.Response(status=404, headers=_HEADERS)
        if request.path == "/healthz":
            health = await self._examination.examine()
            body = json.dumps(health.as_document()).encode()
            headers = {**_HEADERS, "Content-Type": "application/json"}
            return web.Response(status=503 if health.problems else 200, body=body, headers=headers)
        if request.path == "/metrics":
            body = self._metrics.page(await self._examination.examine())
            return web.Response(body=body, headers={**_HEADERS, "Content-Type": self._metrics.content_type})
        return web.Response(status=404, headers=_HEADERS)
