"""What was sent, is due, is held, was skipped or failed; told from the rows of deliveries and from nothing else."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.language import later, say
from bot.domain.schedules import Delivery, DeliveryState
from bot.services.context import Context
from db.delivery_lists import count_posts, fetch_posts_by_state

MOST_SHOWN = 200
STATES: dict[str, tuple[DeliveryState, ...]] = {
    "due": (DeliveryState.PENDING, DeliveryState.SENDING),
    "held": (DeliveryState.HELD,),
    "failed": (DeliveryState.FAILED,),
    "skipped": (DeliveryState.SKIPPED,),
    "sent": (DeliveryState.SENT,),
}
WORDS = {
    DeliveryState.PENDING: later("○ Due"),
    DeliveryState.SENDING: later("◐ On its way"),
    DeliveryState.SENT: later("● Sent"),
    DeliveryState.HELD: later("‖ Held back"),
    DeliveryState.SKIPPED: later("→ Left out"),
    DeliveryState.FAILED: later("✕ Failed"),
}


@dataclass(frozen=True, slots=True)
class ListedPost:
    """One post as the list shows it."""

    title: str
    delivery: Delivery

    @property
    def word(self) -> str:
        """Its state in words."""
        return say(WORDS[self.delivery.state])

    @property
    def at(self) -> datetime:
        """When it was due."""
        return self.delivery.due_at


async def overview(context: Context, guild_id: int, state: str) -> tuple[ListedPost, ...]:
    """A guild's posts in one of `STATES`, or what needs attention and what comes next; the nearest first."""
    states = STATES.get(state, (DeliveryState.HELD, DeliveryState.FAILED, *STATES["due"]))
    newest_first = DeliveryState.PENDING not in states
    async with context.database.read() as connection:
        found = await fetch_posts_by_state(
            connection, guild_id, states, newest_first=newest_first, limit=MOST_SHOWN
        )
    return tuple(ListedPost(title, delivery) for delivery, title in found)


async def counts(context: Context, guild_id: int) -> dict[str, int]:
    """How many posts stand in each of `STATES`."""
    async with context.database.read() as connection:
        by_state = await count_posts(connection, guild_id)
    return {name: sum(by_state.get(one, 0) for one in states) for name, states in STATES.items()}
