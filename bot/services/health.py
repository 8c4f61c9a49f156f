"""How the running bot is: what a monitoring system asks, told in numbers, without an id and without content.

What is asked of the database is asked in a task of its own, one at a time: a database that does not answer keeps nobody
waiting, and is not asked again before it has answered.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import __version__
from bot.services.context import Context
from bot.services.pulse import Pulse
from bot.services.setup_check import OVERDUE_AFTER
from db.delivery_lists import count_backlog
from db.upgrade import HEAD, current_revision

ANSWERS_WITHIN_SECONDS = 2.0
STALE_AFTER = timedelta(minutes=2)
"""The alarm rings every half a minute at least, and a post may be under way for 45 seconds."""

LOST_FOR_SECONDS = 90.0
"""A connection to Discord that breaks is mended within seconds; only one that stays broken is a fault."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """What the database said, and how long it took."""

    seconds: float
    schema: str | None
    backlog: int


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is at one instant. Without a beat so far there is no age of it, and without a loss no time since it."""

    leads: bool
    heartbeat_age: float | None
    lost_for: float | None
    latency: float | None
    notebook: Notebook | None
    idle_for: float | None

    @property
    def problems(self) -> tuple[str, ...]:
        """The parts that do not work, by the names that the document has for them."""
        looks = {
            "scheduler": self.heartbeat_age is None or self.heartbeat_age > STALE_AFTER.total_seconds(),
            "gateway": self.lost_for is not None and self.lost_for > LOST_FOR_SECONDS,
            "database": self.notebook is None,
            "schema": self.notebook is not None and self.notebook.schema != HEAD,
            "backlog": self._is_stuck,
        }
        return tuple(name for name, is_wrong in looks.items() if is_wrong)

    @property
    def _is_stuck(self) -> bool:
        """Whether posts are overdue and none goes out; a large round that is under way takes its time."""
        if not self.leads or self.notebook is None or not self.notebook.backlog:
            return False
        return self.idle_for is None or self.idle_for > OVERDUE_AFTER.total_seconds()

    def as_document(self) -> dict[str, object]:
        """All of it, for `/healthz`."""
        notebook, age, latency = self.notebook, self.heartbeat_age, self.latency
        return {
            "status": "needs attention" if self.problems else "ok",
            "problems": list(self.problems),
            "version": __version__,
            "scheduler": {
                "role": "leads" if self.leads else "stands by",
                "heartbeat_age_seconds": None if age is None else round(age, 1),
            },
            "gateway": {
                "connected": self.lost_for is None,
                "latency_ms": None if latency is None else round(latency * 1000),
            },
            "database": {
                "answers": notebook is not None,
                "ms": round(notebook.seconds * 1000, 1) if notebook else None,
                "schema": notebook.schema if notebook else None,
            },
            "backlog": notebook.backlog if notebook else None,
        }


class Examination:
    """Examines one running installation, as often as it is asked."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._asking: asyncio.Task[Notebook] | None = None

    async def examine(self) -> Health:
        """How it is now. Answers in time, whatever the database does."""
        notebook = await self._ask_in_time()
        context, now = self._context, self._context.now()
        pulse = context.pulse
        return Health(
            leads=pulse.leads,
            heartbeat_age=_seconds_since(_last_sign(pulse), now),
            lost_for=pulse.lost_for(),
            latency=pulse.latency(),
            notebook=notebook,
            idle_for=_seconds_since(pulse.last_settled, now),
        )

    async def stop(self) -> None:
        """Asks no more."""
        if self._asking is not None and not self._asking.done():
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _ask_in_time(self) -> Notebook | None:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(_ask(self._context))
        asking = self._asking
        await asyncio.wait({asking}, timeout=ANSWERS_WITHIN_SECONDS)
        answered = asking.done() and not asking.cancelled() and asking.exception() is None
        return asking.result() if answered else None


async def _ask(context: Context) -> Notebook:
    """Asks for the right to write, too: a database that can only be read delivers nothing."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    schema = await current_revision(context.database)
    async with context.database.write() as connection:
        backlog = await count_backlog(connection, context.now() - OVERDUE_AFTER, context.share)
    return Notebook(loop.time() - began, schema, backlog)


def _last_sign(pulse: Pulse) -> datetime | None:
    """When the scheduler was last seen at work: it came round, or in the middle of a large round a post has ended."""
    signs = [one for one in (pulse.heartbeat(), pulse.last_settled) if one is not None]
    return max(signs, default=None)


def _seconds_since(then: datetime | None, now: datetime) -> float | None:
    return None if then is None else max((now - then).total_seconds(), 0.0)
