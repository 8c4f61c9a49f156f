"""Claim, send, mark: how each delivery comes once, or somebody is told why not.

1. Claim many in one committed transaction (`db.deliveries.claim_due`).
2. A delivery that was attempted before may already stand in the channel: look for its marker there first.
3. Send under a time limit, with a nonce by which Discord recognises a repetition.
4. Mark it, if the claim still holds; several at a time, so that the database does not set the pace.

What is ambiguous (the connection broke, the time ran out) stays claimed; when its lease ends, step 2 decides.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later
from bot.domain.lateness import Lateness, judge
from bot.domain.meeting_days import at_day, at_occurrence
from bot.domain.models import Meeting
from bot.domain.recurrence import Occurrence
from bot.domain.schedules import Delivery, DeliveryState, Schedule
from bot.services import actions, follows, policy
from bot.services.context import Context
from bot.services.meeting_answers import counts_in
from bot.services.outcomes import MOST_ATTEMPTS, RETRY_AFTER, Ending, Outcome, attempt, settle_all
from bot.services.sending import (
    HistoryUnreadable,
    NotSent,
    NotTried,
    PersonClosed,
    Post,
    Refused,
    Sender,
    TargetDeleted,
    TargetGone,
)
from db import deliveries as delivery_queries
from db import guilds as guild_queries
from db import meetings as meeting_queries
from db import schedules as schedule_queries

__all__ = [
    "MOST_ATTEMPTS",
    "RETRY_AFTER",
    "HistoryUnreadable",
    "NotSent",
    "NotTried",
    "PersonClosed",
    "Post",
    "Refused",
    "Sender",
    "TargetDeleted",
    "TargetGone",
    "deliver_due",
    "next_attention",
]

LARGEST_CLAIM = 1_000
SURE_PER_SECOND = 40
"""What the paced sender gets through in a second even on a bad day; no more is claimed than a lease lasts for."""

LARGEST_GROUP = 25
"""So many outcomes are written at a time; what falls due meanwhile must not wait for long."""

MOST_PER_TARGET = 8
"""So many posts to one channel may be under way; a slow channel must not keep the others waiting."""

LOOK_AGAIN_SECONDS = 0.25
WAITS_FOR_QUIET_HOURS = later("It waits until the quiet hours are over.")


async def next_attention(context: Context) -> datetime | None:
    """When the engine is next needed; `None` when nothing is planned."""
    async with context.database.read() as connection:
        return await delivery_queries.fetch_next_attention(connection, context.share)


def _always() -> bool:
    return True


async def deliver_due(context: Context, sender: Sender, going_on: Callable[[], bool] = _always) -> None:
    """Sends everything that is due now, until nothing is left.

    Args:
        context: the running installation.
        sender: the way into Discord.
        going_on: whether to go on; once it says no, what is claimed and not under way is given back.
    """
    await _Courier(context, sender, going_on).run()


class _Courier:
    """Keeps several sends under way at once, while outcomes are written and more is claimed."""

    def __init__(self, context: Context, sender: Sender, going_on: Callable[[], bool]) -> None:
        self._context, self._sender, self._going_on = context, sender, going_on
        self._waiting: dict[int, deque[_Claimed]] = {}
        self._busy: Counter[int] = Counter()
        self._sending: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._moved = asyncio.Event()

    async def run(self) -> None:
        """Works until nothing is due, nothing under way and everything written down."""
        try:
            while await self._step():
                pass
        finally:
            await self._stop_sending()

    async def _stop_sending(self) -> None:
        """Cancels what is under way, and waits until it has given back its connection to the database."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _step(self) -> bool:
        claimed = 0
        if not self._going_on():
            self._give_back_waiting()
        elif not self._waiting:
            claimed = await self._claim()
        self._fill()
        if self._outcomes:
            outcomes, self._outcomes = self._outcomes[:LARGEST_GROUP], self._outcomes[LARGEST_GROUP:]
            await settle_all(self._context, self._sender, outcomes)
        elif self._sending:
            await self._wait()
        else:
            return bool(claimed or self._outcomes)
        return True

    async def _wait(self) -> None:
        """Waits for a send to end, and not for long: something new may fall due meanwhile."""
        self._moved.clear()
        if self._outcomes:
            return
        try:
            async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                await self._moved.wait()
        except TimeoutError:
            return

    async def _claim(self) -> int:
        claimed, count = await _claim(self._context)
        for one in claimed:
            self._waiting.setdefault(one.post.delivery.target_id, deque()).append(one)
        return count

    def _give_back_waiting(self) -> None:
        for queue in self._waiting.values():
            self._outcomes += [Outcome(one.post, Ending.NOT_TRIED) for one in queue]
        self._waiting.clear()

    def _fill(self) -> None:
        while len(self._sending) < self._context.settings.delivery.concurrency:
            claimed = self._next()
            if claimed is None:
                return
            task = asyncio.create_task(self._send(claimed))
            self._sending.add(task)
            self._busy[claimed.post.delivery.target_id] += 1
            task.add_done_callback(lambda done, one=claimed: self._sent(done, one))

    def _next(self) -> "_Claimed | None":
        """The next post, from each channel in turn."""
        target = next((target for target in self._waiting if self._busy[target] < MOST_PER_TARGET), None)
        if target is None:
            return None
        queue = self._waiting.pop(target)
        claimed = queue.popleft()
        if queue:
            self._waiting[target] = queue
        return claimed

    async def _send(self, claimed: "_Claimed") -> None:
        enough = timedelta(seconds=self._context.settings.delivery.send_timeout_seconds)
        if self._context.now() + enough > claimed.lease_until:
            # It waited so long, or the clock jumped so far, that somebody else may claim it while it is under way.
            self._outcomes.append(Outcome(claimed.post, Ending.NOT_TRIED))
            return
        outcome = await attempt(self._context, self._sender, claimed.post)
        self._outcomes.append(outcome)  # only now: the list may have been taken away and replaced meanwhile

    def _sent(self, task: asyncio.Task[None], claimed: "_Claimed") -> None:
        self._sending.discard(task)
        self._busy[claimed.post.delivery.target_id] -= 1
        if not task.cancelled() and self._going_on():
            self._fill()
        self._moved.set()


@dataclass(frozen=True, slots=True)
class _Claimed:
    post: Post
    lease_until: datetime


async def _claim(context: Context) -> tuple[list[_Claimed], int]:
    """Claims what is due. Returns what is to be sent, and how many were taken in all."""
    now, settings = context.now(), context.settings.delivery
    at = await next_attention(context)  # most turns find nothing, and must not keep members' writes waiting
    if at is None or at > now:
        return [], 0
    lease_until = now + timedelta(seconds=settings.lease_seconds)
    spare = settings.lease_seconds - settings.send_timeout_seconds
    limit = min(max(spare * SURE_PER_SECOND, settings.concurrency), LARGEST_CLAIM)
    async with context.database.write() as connection:
        claimed = await delivery_queries.claim_due(
            connection, now=now, lease_until=lease_until, limit=limit, share=context.share
        )
        schedules = await schedule_queries.fetch_by_ids(
            connection, list({delivery.schedule_id for delivery in claimed})
        )
        schedules = await _without_pings_taken_back(connection, schedules)
        answers = await follows.answers_for(connection, claimed, schedules)
        calls = await actions.called_for(connection, schedules.values())
        posts = [
            replace(
                await _post(connection, delivery, schedules[delivery.schedule_id], now),
                answers=answers.get(delivery.delivery_id, ()),
                action=calls.get((delivery.guild_id, schedules[delivery.schedule_id].action_key)),
            )
            for delivery in claimed
            if not await _set_aside(context, connection, delivery, schedules[delivery.schedule_id], now)
        ]
    return [_Claimed(post, lease_until) for post in posts], len(claimed)


async def _without_pings_taken_back(
    connection: AsyncConnection, schedules: Mapping[str, Schedule]
) -> dict[str, Schedule]:
    """The schedules, without the roles that administrators have taken off their list since they were chosen."""
    with_role = {schedule.guild_id for schedule in schedules.values() if schedule.role_id is not None}
    known = {guild_id: await guild_queries.fetch_guild(connection, guild_id) for guild_id in with_role}

    def allowed(schedule: Schedule) -> Schedule:
        guild = known.get(schedule.guild_id)
        if schedule.role_id is None or guild is None or policy.may_ping(guild, schedule.role_id):
            return schedule
        return replace(schedule, role_id=None)

    return {schedule_id: allowed(schedule) for schedule_id, schedule in schedules.items()}


async def _post(connection: AsyncConnection, delivery: Delivery, schedule: Schedule, now: datetime) -> Post:
    late = judge(schedule, delivery, now) is not Lateness.ON_TIME
    return await with_meeting(connection, Post(delivery, schedule, None, late))


async def with_meeting(connection: AsyncConnection, post: Post) -> Post:
    """The post with the meeting that it is about, at its occurrence, and with who comes."""
    key, guild_id = post.schedule.meeting_key, post.delivery.guild_id
    stored = await meeting_queries.fetch_meeting(connection, guild_id, key) if key else None
    if stored is None:
        return post
    meeting = at_day(stored, post.delivery.local_date) or _no_longer_on(stored, post.delivery)
    return replace(post, meeting=meeting, counts=await counts_in(connection, guild_id, meeting))


def _no_longer_on(stored: Meeting, delivery: Delivery) -> Meeting:
    """The meeting at the occurrence that a post told of, which was left out since."""
    wall = delivery.occurs_at.astimezone(ZoneInfo(stored.zone)).replace(tzinfo=None, fold=0)
    return at_occurrence(stored, Occurrence(delivery.local_date, wall, delivery.occurs_at))


async def _set_aside(
    context: Context, connection: AsyncConnection, delivery: Delivery, schedule: Schedule, now: datetime
) -> bool:
    """Whether the administrators' limits keep a post from being sent now. One that may stand already is past them."""
    if delivery.may_stand:
        return False
    until = await policy.postponed_until(context, connection, delivery, schedule, now)
    if until is not None and until > now:
        await delivery_queries.give_back(connection, delivery, at=until, reason=WAITS_FOR_QUIET_HOURS)
        return True
    reason = await policy.refusal(context, connection, delivery, schedule, now)
    if reason is None:
        return False
    await delivery_queries.settle(connection, delivery, DeliveryState.SKIPPED, at=now, reason=reason)
    context.pulse.settled(DeliveryState.SKIPPED, delivery.due_at, now)
    return True
