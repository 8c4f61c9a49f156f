"""Faults on purpose: what goes wrong between a bot and Discord, each at a chosen request, once."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from tests.wire.server.basics import PATIENCE_SECONDS
from tests.wire.server.bodies import json_answer
from tests.wire.server.ratelimits import Rejection

Handler = Callable[[], Awaitable[web.StreamResponse]]
Kind = Literal["status_before", "status_after", "drop_after", "hang_after", "delay"]


@dataclass(frozen=True)
class Fault:
    """What shall go wrong; made by the functions below."""

    kind: Kind
    status: int = 0
    seconds: float = 0.0


def commit_then_status(status: int) -> Fault:
    """Do what was asked, then answer with an error status all the same."""
    return Fault("status_after", status=status)


def commit_then_drop() -> Fault:
    """Do what was asked, then close the connection without an answer."""
    return Fault("drop_after")


def commit_then_hang() -> Fault:
    """Do what was asked, then never answer."""
    return Fault("hang_after")


def status_before_commit(status: int, retry_after: float = 0.05) -> Fault:
    """Answer with an error status and do nothing; ``retry_after`` seconds count for 429 only."""
    return Fault("status_before", status=status, seconds=retry_after)


def delay(seconds: float) -> Fault:
    """Wait before doing what was asked."""
    return Fault("delay", seconds=seconds)


@dataclass(eq=False)
class Armed:
    """A fault that waits for its request; `wait` returns once it has struck."""

    method: str
    pattern: re.Pattern[str]
    fault: Fault
    times: int
    struck: int = 0
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, timeout: float = PATIENCE_SECONDS) -> None:
        """Return when the fault has struck as often as it was armed for.

        Raises:
            TimeoutError: it has not within ``timeout`` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._done.wait()
        except TimeoutError:
            raise TimeoutError(f"no request met the fault on {self.method} {self.pattern.pattern}") from None

    def matches(self, method: str, path: str) -> bool:
        """Say whether the fault is still armed, and for this request."""
        return self.struck < self.times and self.method == method and bool(self.pattern.fullmatch(path))

    def strike(self) -> None:
        """Count one blow."""
        self.struck += 1
        if self.struck == self.times:
            self._done.set()


class Faults:
    """The faults that are armed, and how they are carried out."""

    def __init__(self) -> None:
        self._armed: list[Armed] = []
        self._closing = asyncio.Event()

    def add(self, method: str, path_regex: str, fault: Fault, times: int = 1) -> Armed:
        """Arm a fault for the next ``times`` requests whose whole path, without the API prefix, matches."""
        armed = Armed(method, re.compile(path_regex), fault, times)
        self._armed.append(armed)
        return armed

    def clear(self) -> None:
        """Disarm everything that has not struck yet."""
        self._armed.clear()

    def release(self) -> None:
        """Let go of requests that hang or wait, because the server stops."""
        self._closing.set()

    async def carry_out(self, request: web.Request, path: str, handler: Handler) -> web.StreamResponse:
        """Answer a request, with the first armed fault that matches it."""
        armed = next((each for each in self._armed if each.matches(request.method, path)), None)
        if armed is None:
            return await handler()
        fault = armed.fault
        if fault.kind == "status_before":
            armed.strike()
            return error_response(fault.status, fault.seconds)
        if fault.kind == "delay":
            armed.strike()
            await self._pause(fault.seconds)
            return await handler()
        response = (
            await handler()
        )  # a request that Discord refuses is no commit: it raises, the fault stays armed
        armed.strike()
        return await self._after_commit(request, fault, response)

    async def _after_commit(
        self, request: web.Request, fault: Fault, response: web.StreamResponse
    ) -> web.StreamResponse:
        if fault.kind == "status_after":
            return error_response(fault.status, fault.seconds)
        if fault.kind == "hang_after":
            await self._closing.wait()
        if request.transport is not None:
            request.transport.close()
        return response

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return


def error_response(status: int, retry_after: float) -> web.Response:
    """Return what Discord's edge sends: JSON for a 429, plain text for the rest."""
    if status == 429:
        rejection = Rejection(retry_after, is_global=False)
        return json_answer(rejection.body(), status=429, headers=rejection.headers())
    return web.Response(status=status, text="upstream connect error or disconnect/reset before headers")
