"""How the running process is doing, for `/setup check` and for what monitors it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.schedules import DeliveryState


def _not_connected() -> float | None:
    return None


def _never() -> datetime | None:
    return None


def _nobody_counts(state: DeliveryState, lag: float) -> None:
    """Stands in where nobody measures."""


async def _nobody_looks(guild_id: int) -> None:
    """Stands in until the delivery engine runs."""
    del guild_id


@dataclass(slots=True)
class Pulse:
    """What the process knows of itself, and nobody could read in the database.

    `doubtful_before` is set after a start that a restored backup may be behind: what fell due earlier may have been posted
    by the installation from which the backup was taken.
    `feed_problem` says why the calendar feed is not served, although the configuration switches it on.
    `backs_up` tells whether this process makes backups when they are due, `backup_problem` why the last attempt failed, and
    what to do.
    `heartbeat` tells when the scheduler last came round, `lost_for` for how many seconds there has been no connection to
    Discord, and `count` is told of each post that has come to an end, with its delay in seconds.
    `look` looks at once whether a guild's closed channels are mended, and tries again what was held back for them.
    """

    leads: bool = True
    last_turn: datetime | None = None
    doubtful_before: datetime | None = None
    latency: Callable[[], float | None] = _not_connected
    look: Callable[[int], Awaitable[None]] = _nobody_looks
    feed_problem: str | None = None
    backs_up: bool = False
    backup_problem: tuple[str, str] | None = None
    heartbeat: Callable[[], datetime | None] = _never
    lost_for: Callable[[], float | None] = _not_connected
    last_settled: datetime | None = None
    count: Callable[[DeliveryState, float], None] = _nobody_counts

    def settled(self, state: DeliveryState, due_at: datetime, now: datetime) -> None:
        """A post that was due then has come to an end."""
        self.last_settled = now
        self.count(state, max((now - due_at).total_seconds(), 0.0))

    def is_doubtful(self, due_at: datetime) -> bool:
        """Whether a post that was due then may stand already, although the database knows of no attempt."""
        return self.doubtful_before is not None and due_at < self.doubtful_before
