"""Members who follow demands: one direct message, a while after the first of several answers, for all of them.

Answers that come close together make a batch: a schedule with one delivery for each follower, so that the delivery engine
sends it as surely as anything else. What it says is read when it is sent: whoever stops following meanwhile hears
nothing, and an entry that was corrected meanwhile is not told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.demand_history import DemandChange, changes_of
from bot.domain.language import later
from bot.domain.models import Demand, Guild
from bot.domain.quiet import quiet_hours
from bot.domain.schedules import Delivery, Schedule, ScheduleKind, planned
from bot.services.context import Context
from bot.services.schedules import new_schedule_id
from db import campaign as campaign_queries
from db import follows as queries
from db.deliveries import insert_missing
from db.follows import ALL
from db.schedules import insert_schedule

PAUSE = timedelta(minutes=15)
"""So long after the first answer followers are told; what is recorded meanwhile comes with it."""

CLOSES_EARLY = timedelta(minutes=1)
"""Shortly before a batch is due it takes nothing more: what is being written down just then could miss the message."""

_SLOT = "follow"
_TITLE = later("Answers to demands that members follow")
"""Stored in English: no follower reads it, but organisers may, among the deliveries."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a member follows."""

    everything: bool
    demands: tuple[Demand, ...]


async def follow(context: Context, guild_id: int, user_id: int, demand_key: str = ALL) -> bool:
    """Lets a member follow a demand, or all of them without a key. Returns whether that is new."""
    async with context.database.write() as connection:
        known = (await queries.fetch_followed(connection, guild_id, [user_id])).get(user_id, frozenset())
        if ALL in known:
            return False
        if demand_key == ALL:
            await queries.delete_follows(connection, guild_id, user_id)
        return await queries.insert_follow(connection, guild_id, user_id, demand_key)


async def unfollow(context: Context, guild_id: int, user_id: int, demand_key: str | None = None) -> bool:
    """Ends that a member follows a demand, or everything without a key. Returns whether they did."""
    async with context.database.write() as connection:
        ended = await queries.delete_follows(connection, guild_id, user_id, demand_key)
        left = await queries.fetch_followed(connection, guild_id, [user_id])
        if not left:
            await queries.delete_waiting(connection, guild_id, user_id)
    return ended > 0


async def closed(context: Context, guild_id: int, user_id: int) -> None:
    """Ends everything that a member follows, because Discord does not deliver direct messages to them."""
    await unfollow(context, guild_id, user_id)


async def followed(context: Context, guild_id: int, user_id: int) -> Followed:
    """What a member follows."""
    async with context.database.read() as connection:
        keys = (await queries.fetch_followed(connection, guild_id, [user_id])).get(user_id, frozenset())
    snapshot = await context.snapshots.get(context, guild_id)
    return Followed(ALL in keys, tuple(one for one in snapshot.demands.entries if one.key in keys))


async def tell(
    context: Context, connection: AsyncConnection, guild: Guild, demand_key: str, response_id: str
) -> None:
    """Plans that the followers of a demand are told of an answer, in the caller's transaction.

    The caller holds the guild's ledger locked. Call `context.wake()` once the transaction is committed.
    """
    followers = await queries.fetch_followers(connection, guild.guild_id, demand_key)
    if not followers:
        return
    batch = await _batch_with(context, connection, guild, response_id)
    due_at = batch.starts_wall.replace(tzinfo=UTC)
    await insert_missing(connection, [_delivery(batch, user_id, due_at) for user_id in followers])


async def answers_for(
    connection: AsyncConnection, deliveries: Sequence[Delivery], schedules: Mapping[str, Schedule]
) -> dict[str, tuple[DemandChange, ...]]:
    """What each of these deliveries tells its follower, by the delivery's key; of other deliveries, nothing."""
    told: dict[str, tuple[DemandChange, ...]] = {}
    for schedule in schedules.values():
        if schedule.kind is not ScheduleKind.FOLLOW:
            continue
        mine = [one for one in deliveries if one.schedule_id == schedule.schedule_id]
        changes = await _changes_in(connection, schedule)
        following = await queries.fetch_followed(
            connection, schedule.guild_id, {one.target_id for one in mine}
        )
        for one in mine:
            keys = following.get(one.target_id, frozenset())
            told[one.delivery_id] = tuple(
                change for change in changes if ALL in keys or change.demand.key in keys
            )
    return told


async def _changes_in(connection: AsyncConnection, batch: Schedule) -> list[DemandChange]:
    changes: list[DemandChange] = []
    for key in await queries.fetch_demand_keys(connection, batch.guild_id, batch.wordings):
        demand = await campaign_queries.fetch_demand(connection, batch.guild_id, key)
        if demand is not None:
            changes += [
                change for change in changes_of(demand) if change.response.response_id in batch.wordings
            ]
    return sorted(changes, key=lambda change: (change.demand.position, change.response.on))


async def _batch_with(
    context: Context, connection: AsyncConnection, guild: Guild, response_id: str
) -> Schedule:
    """The batch that is open, or else a new one, with this answer in it."""
    now = context.now().astimezone(UTC).replace(tzinfo=None)
    batch = await queries.fetch_open_batch(connection, guild.guild_id, due_after=now + CLOSES_EARLY)
    if batch is not None:
        await queries.write_batch(
            connection, guild.guild_id, batch.schedule_id, [*batch.wordings, response_id]
        )
        return batch
    batch = _new_batch(guild, response_id, _due(guild, context.now()))
    await insert_schedule(connection, batch)
    return batch


def _due(guild: Guild, now: datetime) -> datetime:
    """After the pause, and not in the guild's quiet hours."""
    due_at = now.astimezone(UTC).replace(microsecond=0) + PAUSE
    quiet = quiet_hours(guild.quiet_from, guild.quiet_until)
    return quiet.end_after(due_at, guild.zone).astimezone(UTC) if quiet else due_at


def _new_batch(guild: Guild, response_id: str, due_at: datetime) -> Schedule:
    return Schedule(
        schedule_id=new_schedule_id(),
        guild_id=guild.guild_id,
        kind=ScheduleKind.FOLLOW,
        title=_TITLE,
        wordings=(response_id,),
        starts_wall=due_at.replace(tzinfo=None),
        zone="UTC",
        channel_id=0,  # it goes to members, and to no channel
        lead_times=(),
    )


def _delivery(batch: Schedule, user_id: int, due_at: datetime) -> Delivery:
    day = batch.starts_wall.date()
    return planned(batch, local_date=day, slot=_SLOT, due_at=due_at, occurs_at=due_at, member=user_id)
