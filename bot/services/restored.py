"""An old backup that was restored, or a long time off: what is overdue then may have been posted, so a person is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.language import later
from bot.domain.lateness import Lateness, judge
from bot.domain.schedules import Delivery
from bot.services.context import Context
from bot.services.held import WAITS_FOR_ANSWER, Released, let_go
from db import delivery_lists
from db import guilds as guild_queries
from db import schedules as schedule_queries

LAST_ALIVE = "last_alive"
LONG_OFF = timedelta(hours=26)
"""The daily work proves at least once a day that the bot is alive, and the day of a clock change has 25 hours."""

NOTE_EVERY = timedelta(minutes=1)
SHORTLY_OFF = 2 * NOTE_EVERY
LEFT_OUT = later("An organiser chose to leave it out after a long time off.")


@dataclass(frozen=True, slots=True)
class Question:
    """What the organisers of one guild have to decide."""

    guild_id: int
    channel_id: int | None
    posts: int


async def note_alive(context: Context, noted: datetime | None) -> datetime:
    """Remembers that the bot is alive, at most once a minute. Returns when it last did so."""
    now = context.now()
    if noted is not None and timedelta() <= now - noted < NOTE_EVERY:
        return noted
    async with context.database.write() as connection:
        await guild_queries.write_fact(connection, _key(context), now.isoformat())
    return now


def _key(context: Context) -> str:
    """Under which it is remembered; several processes that share the guilds are alive each for itself."""
    share = context.share
    return LAST_ALIVE if share.is_everything else f"{LAST_ALIVE}:{share}/{share.count}"


async def _last_alive(context: Context, connection: AsyncConnection) -> datetime | None:
    """When these guilds were last served, as far as can be told if they were shared out in another way then."""
    known = await guild_queries.read_facts(connection, LAST_ALIVE)
    neighbours = f"/{context.share.count}"
    own = [at for key, at in known.items() if key == _key(context) or not key.endswith(neighbours)]
    return max(map(datetime.fromisoformat, own or known.values()), default=None)


async def doubtful_before(context: Context) -> datetime | None:
    """The present instant if the bot was off for a while, or the database is an older copy; `None` after a restart."""
    async with context.database.read() as connection:
        alive = await _last_alive(context, connection)
    now = context.now()
    return now if alive is not None and now - alive > SHORTLY_OFF else None


async def pause_overdue(context: Context) -> list[Question]:
    """Holds what is overdue and still of use, if the bot was off for long. Returns whom to ask about it."""
    now = context.now()
    async with context.database.write() as connection:
        alive = await _last_alive(context, connection)
        if alive is None or now - alive <= LONG_OFF:
            return []
        overdue = await delivery_lists.fetch_overdue(connection, now, context.share)
        schedules = await schedule_queries.fetch_by_ids(
            connection, list({delivery.schedule_id for delivery in overdue})
        )
        useful = [one for one in overdue if judge(schedules[one.schedule_id], one, now) is Lateness.LATE]
        await delivery_lists.hold_all(
            connection, [one.delivery_id for one in useful], at=now, reason=WAITS_FOR_ANSWER
        )
    return await _questions(context, useful)


async def _questions(context: Context, useful: list[Delivery]) -> list[Question]:
    questions: list[Question] = []
    async with context.database.read() as connection:
        for guild_id in sorted({one.guild_id for one in useful}):
            guild = await guild_queries.fetch_guild(connection, guild_id)
            count = sum(one.guild_id == guild_id for one in useful)
            questions.append(Question(guild_id, guild.organisers_channel_id if guild else None, count))
    return questions


async def waiting(context: Context, guild_id: int) -> int:
    """How many posts of a guild wait for an answer."""
    async with context.database.read() as connection:
        return len(_asked(await delivery_lists.fetch_held(connection, guild_id)))


async def post_useful(context: Context, guild_id: int) -> Released:
    """Posts what is still of use, after looking in each channel whether it stands there already."""
    async with context.database.write() as connection:
        held = _asked(await delivery_lists.fetch_held(connection, guild_id))
        released = await let_go(context, connection, guild_id, held, may_stand=True)
    context.wake()
    return released


async def leave_out(context: Context, guild_id: int) -> int:
    """Leaves all of it out. Returns how many that were."""
    async with context.database.write() as connection:
        held = _asked(await delivery_lists.fetch_held(connection, guild_id))
        await delivery_lists.skip_held(
            connection, guild_id, [one.delivery_id for one in held], at=context.now(), reason=LEFT_OUT
        )
    return len(held)


def _asked(held: tuple[Delivery, ...]) -> list[Delivery]:
    return [delivery for delivery in held if delivery.reason == WAITS_FOR_ANSWER]
