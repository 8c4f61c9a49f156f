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

    `look` looks at once whether a guild's closed channels are mended, and tries again what was held back for them.
    """

    leads: bool = True
    last_turn: datetime | None = None
    latency: Callable[[], float | None] = _not_connected
    look: Callable[[int], Awaitable[None]] = _nobody_looks
