"""How the running process is doing, for `/setup check`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime


def _not_connected() -> float | None:
    return None


async def _nobody_looks(guild_id: int) -> None:
    """Stands in until the delivery engine runs."""
    del guild_id


@dataclass(slots=True)
class Pulse:
    """What the process knows of itself, and nobody could read in the database.

    `doubtful_before` is set after a start that a restored backup may be behind: what fell due earlier may have been posted
    by the installation from which the backup was taken.
    `feed_problem` says why the calendar feed is not served, although the configuration switches it on.
    `look` looks at once whether a guild's closed channels are mended, and tries again what was held back for them.
    """

    leads: bool = True
    last_turn: datetime | None = None
    doubtful_before: datetime | None = None
    latency: Callable[[], float | None] = _not_connected
    look: Callable[[int], Awaitable[None]] = _nobody_looks
    feed_problem: str | None = None

    def is_doubtful(self, due_at: datetime) -> bool:
        """Whether a post that was due then may stand already, although the database knows of no attempt."""
        return self.doubtful_before is not None and due_at < self.doubtful_before
