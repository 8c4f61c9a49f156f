"""Claim, send, mark: how each delivery comes once, or somebody is told why not.

1. Claim in one committed transaction (`db.deliveries.claim_due`).
2. A delivery that was attempted before may already stand in the channel: look for its marker there first.
3. Send under a time limit, with a nonce by which Discord recognises a repetition.
4. Mark it, if the claim still holds.

What is ambiguous (the connection broke, the time ran out) stays claimed; when its lease ends, step 2 decides.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.lateness import Lateness, judge
from bot.domain.models import Meeting
from bot.domain.schedules import Delivery, DeliveryState, Schedule
from bot.services.context import Context
from db import deliveries as delivery_queries
from db import guilds as guild_queries
from db import meetings as meeting_queries
from db import schedules as schedule_queries

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(seconds=30)
MOST_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Post:
    """All that is needed to write one post into a channel."""

    delivery: Delivery
    schedule: Schedule
    meeting: Meeting | None
    late: bool

    @property
    def wording(self) -> str:
        """The wording whose turn it is: they rotate with the days."""
        wordings = self.schedule.wordings
        return wordings[self.delivery.local_date.toordinal() // 7 % len(wordings)]


class TargetGone(Exception):
    """The channel is gone or closed to the bot; trying again does not help until somebody mends it."""


class Refused(Exception):
    """Discord refuses the post itself; trying again does not help."""


class NotSent(Exception):
    """It certainly was not sent, and may be tried again."""


class HistoryUnreadable(Exception):
    """The channel's history cannot be read, so whether it was sent cannot be known."""


class Sender(Protocol):
    """The way into Discord. Any other exception, or a timeout, means that the outcome is not known."""

    async def send(self, post: Post) -> int:
        """Sends the post and returns the message's id. Raises TargetGone, Refused or NotSent."""
        ...

    async def find(self, post: Post) -> int | None:
        """Looks for the post in the channel's history. Raises HistoryUnreadable or TargetGone."""
        ...

    async def alert(self, guild_id: int, channel_id: int | None, text: str) -> None:
        """Tells the organisers' channel. Never raises."""
        ...


async def next_attention(context: Context) -> datetime | None:
    """When the engine is next needed; `None` when nothing is planned."""
    async with context.database.read() as connection:
        return await delivery_queries.fetch_next_attention(connection)


async def deliver_due(context: Context, sender: Sender) -> None:
    """Sends everything that is due now, a few at a time, until nothing is left."""
    while True:
        posts = await _claim(context)
        if not posts:
            return
        await asyncio.gather(*(_deliver(context, sender, post) for post in posts))


async def _claim(context: Context) -> list[Post]:
    now = context.now()
    lease_until = now + timedelta(seconds=context.settings.delivery.lease_seconds)
    async with context.database.write() as connection:
        claimed = await delivery_queries.claim_due(
            connection, now=now, lease_until=lease_until, limit=context.settings.delivery.concurrency
        )
        schedules = await schedule_queries.fetch_by_ids(
            connection, [delivery.schedule_id for delivery in claimed]
        )
        posts: list[Post] = []
        for delivery in claimed:
            schedule = schedules[delivery.schedule_id]
            meeting = (
                await meeting_queries.fetch_meeting(connection, delivery.guild_id, schedule.meeting_key)
                if schedule.meeting_key
                else None
            )
            late = judge(schedule, delivery, now) is not Lateness.ON_TIME
            posts.append(Post(delivery, schedule, meeting, late))
    return posts


async def _deliver(context: Context, sender: Sender, post: Post) -> None:
    delivery = post.delivery
    try:
        if delivery.attempts > 1 and (found := await sender.find(post)) is not None:
            await _settle(context, post, DeliveryState.SENT, message_id=found)
            return
        if judge(post.schedule, delivery, context.now()) is Lateness.TOO_LATE:
            await _give_up(context, sender, post, DeliveryState.SKIPPED, "It was too late to be of use.")
            return
        async with asyncio.timeout(context.settings.delivery.send_timeout_seconds):
            message_id = await sender.send(post)
    except TargetGone as error:
        await _give_up(context, sender, post, DeliveryState.HELD, str(error))
    except Refused as error:
        await _give_up(context, sender, post, DeliveryState.FAILED, str(error))
    except HistoryUnreadable:
        await _give_up(context, sender, post, DeliveryState.HELD, UNKNOWN_WHETHER_SENT)
    except NotSent as error:
        await _try_later(context, sender, post, str(error))
    except Exception as error:  # noqa: BLE001 - whatever it was, the outcome is unknown: the lease decides when to look
        log.warning(
            "delivery outcome unknown",
            extra={"delivery": delivery.delivery_id, "error": type(error).__name__},
        )
    else:
        await _settle(context, post, DeliveryState.SENT, message_id=message_id)


UNKNOWN_WHETHER_SENT = (
    "Whether it was posted is not certain, and I may not read that channel's history to find out. "
    "Please look, and post it by hand if it is missing."
)


async def _try_later(context: Context, sender: Sender, post: Post, reason: str) -> None:
    if post.delivery.attempts >= MOST_ATTEMPTS:
        await _give_up(context, sender, post, DeliveryState.FAILED, f"Tried {MOST_ATTEMPTS} times. {reason}")
        return
    wait = RETRY_AFTER * 2 ** min(post.delivery.attempts - 1, 6)
    async with context.database.write() as connection:
        await delivery_queries.put_back(
            connection, post.delivery, retry_at=context.now() + wait, reason=reason
        )


async def _settle(
    context: Context,
    post: Post,
    state: DeliveryState,
    *,
    message_id: int | None = None,
    reason: str | None = None,
) -> bool:
    async with context.database.write() as connection:
        held = await delivery_queries.settle(
            connection, post.delivery, state, at=context.now(), message_id=message_id, reason=reason
        )
    log.info(
        "delivery settled", extra={"delivery": post.delivery.delivery_id, "state": state.value, "held": held}
    )
    return held


async def _give_up(context: Context, sender: Sender, post: Post, state: DeliveryState, reason: str) -> None:
    if not await _settle(context, post, state, reason=reason):
        return
    async with context.database.read() as connection:
        guild = await guild_queries.fetch_guild(connection, post.delivery.guild_id)
    channel_id = guild.organisers_channel_id if guild else None
    await sender.alert(post.delivery.guild_id, channel_id, alert_text(post, state, reason))


def alert_text(post: Post, state: DeliveryState, reason: str) -> str:
    """What the organisers are told of a post that did not go out."""
    what = {
        DeliveryState.HELD: "is held back",
        DeliveryState.SKIPPED: "was left out",
        DeliveryState.FAILED: "could not be posted",
    }[state]
    due = int(post.delivery.due_at.timestamp())
    return (
        f"“{post.schedule.title}”, due <t:{due}:F> in <#{post.delivery.target_id}>, {what}. {reason} "
        "Nothing was deleted; `/setup check` shows what to mend."
    )
