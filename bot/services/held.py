"""What is held back, and how it is let go again.

A delivery that was held because its channel is closed certainly stands nowhere. One that may have been posted is let go
by nothing but a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later, say
from bot.domain.lateness import Lateness, judge
from bot.domain.schedules import Delivery
from bot.services.context import Context
from db import delivery_lists
from db import schedules as schedule_queries

WAITS_FOR_ANSWER = later(
    "I was off for more than a day, or the database is an older copy, so it may have been posted already."
)
TOO_LATE_NOW = later("It was held back until it was too late to be of use.")


@dataclass(frozen=True, slots=True)
class Released:
    """How many held deliveries are tried again, and how many were left out because it is too late for them."""

    tried: int = 0
    left_out: int = 0

    def __str__(self) -> str:
        parts = (
            [say("{tried} of the posts held back will be posted now.", tried=self.tried)]
            if self.tried
            else []
        )
        parts += (
            [say("{left_out} left out, because it is too late for them.", left_out=self.left_out)]
            if self.left_out
            else []
        )
        return " ".join(parts)


def waits_for_channel(delivery: Delivery) -> bool:
    """Whether a held delivery may be tried again by itself once its channel is mended."""
    return not delivery.may_stand and delivery.reason != WAITS_FOR_ANSWER


async def let_go(
    context: Context,
    connection: AsyncConnection,
    guild_id: int,
    held: Sequence[Delivery],
    *,
    may_stand: bool = False,
) -> Released:
    """Lets held deliveries of a guild be tried again where that is still of use, in the caller's transaction.

    Call `context.wake()` once the transaction is committed.
    """
    if not held:
        return Released()
    now = context.now()
    schedules = await schedule_queries.fetch_by_ids(connection, list({one.schedule_id for one in held}))
    useful = [
        one.delivery_id
        for one in held
        if judge(schedules[one.schedule_id], one, now) is not Lateness.TOO_LATE
    ]
    late = [one.delivery_id for one in held if one.delivery_id not in useful]
    await delivery_lists.release(connection, guild_id, useful, at=now, may_stand=may_stand)
    await delivery_lists.skip_held(connection, guild_id, late, at=now, reason=TOO_LATE_NOW)
    return Released(len(useful), len(late))
