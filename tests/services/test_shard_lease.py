"""Who serves which shards: one process each, another when it is gone, and nobody takes from who is there."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.domain.shards import Share, shares
from bot.services import shard_lease
from bot.services.shard_lease import Lease, lease_of
from db.engine import DatabaseProblem
from db.leadership import lock_of
from tests.conftest import postgres_execute

FIRST, SECOND = shares(4, 2)
END_HOLDERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON d.oid = database "
    "WHERE locktype = 'advisory' AND datname = current_database()"
)
Leasing = Callable[..., Lease]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same proportions, ten times as fast."""
    for name in ("BEAT_SECONDS", "DOUBT_BEAT_SECONDS", "SURE_SECONDS", "FREE_SECONDS", "LOOK_EVERY_SECONDS"):
        monkeypatch.setattr(shard_lease, name, getattr(shard_lease, name) / 10)


@pytest.fixture
async def leasing(postgres_url: str) -> AsyncGenerator[Leasing]:
    """Makes leases as processes have them, and gives all of them back."""
    made: list[Lease] = []

    def lease(begins_with: Share | None = None, *, count: int = 4, processes: int = 2) -> Lease:
        made.append(lease_of(postgres_url, shares(count, processes), begins_with))
        return made[-1]

    yield lease
    for one in made:
        await one.close()


@asynccontextmanager
async def waiting(lease: Lease) -> AsyncGenerator[asyncio.Task[Share]]:
    """A process that stands by meanwhile."""
    task = asyncio.create_task(lease.obtain(at_once=False))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


def test_all_shards_are_shared_out_and_each_once() -> None:
    assert [str(share) for share in shares(4, 2)] == ["0-1", "2-3"]
    assert [str(share) for share in shares(3, 2)] == ["0", "1-2"]
    for count, processes in ((1, 1), (7, 3), (16, 16), (1000, 7)):
        ids = [shard for share in shares(count, processes) for shard in share.ids]
        assert ids == list(range(count))
        sizes = {len(share.ids) for share in shares(count, processes)}
        assert max(sizes) - min(sizes) <= 1


def test_a_guild_belongs_to_one_share_by_discords_formula() -> None:
    guild_id = 197038439483310086  # the example in Discord's documentation of snowflakes
    assert (guild_id >> 22) % 4 in (FIRST.ids if FIRST.has(guild_id) else SECOND.ids)
    assert FIRST.has(guild_id) != SECOND.has(guild_id)
    assert Share().has(guild_id)


async def test_each_share_once_and_the_next_in_line_when_one_is_given_back(leasing: Leasing) -> None:
    first, second, third = leasing(SECOND), leasing(SECOND), leasing()
    assert await first.obtain(at_once=True) == SECOND
    assert await second.obtain(at_once=True) == FIRST
    assert await first.confirm()
    assert not await first.is_alone()
    async with waiting(third) as standing_by:
        done, _ = await asyncio.wait({standing_by}, timeout=1)
        assert not done
        await first.close()
        assert await standing_by == SECOND
    assert await second.confirm()


async def test_who_lost_the_connection_comes_back_before_anybody_takes_the_share(
    leasing: Leasing, postgres_url: str
) -> None:
    """As after a restart of the database: every connection ends at once."""
    holder, other = leasing(FIRST), leasing(SECOND)
    await holder.obtain(at_once=True)
    await other.obtain(at_once=True)
    told: list[str] = []
    holder.returned = lambda: told.append("there again")
    async with waiting(leasing(FIRST)) as standing_by:
        await asyncio.sleep(shard_lease.LOOK_EVERY_SECONDS * 2)
        await postgres_execute(postgres_url.replace("+asyncpg", ""), END_HOLDERS)
        done, _ = await asyncio.wait({standing_by}, timeout=shard_lease.FREE_SECONDS * 4)
        assert not done
        assert await holder.confirm()
        assert await other.confirm()
        assert not holder.lost.is_set()
        assert told == ["there again"]


async def test_who_was_taken_for_dead_does_not_fight(
    leasing: Leasing, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, other = (leasing(count=2, processes=1) for _ in range(2))
    monkeypatch.setattr(shard_lease, "BEAT_SECONDS", 60)  # they hang
    await holder.obtain(at_once=False)
    assert await holder.may_serve()
    async with waiting(other) as standing_by:
        await postgres_execute(postgres_url.replace("+asyncpg", ""), END_HOLDERS)
        assert await standing_by == Share(2, 0, 1)
    assert not await holder.may_serve()
    assert not await holder.confirm()
    assert holder.lost.is_set()
    assert await other.confirm()


async def test_processes_that_split_in_different_ways_never_serve_together(
    leasing: Leasing, postgres_url: str
) -> None:
    whole = lock_of(postgres_url)
    assert await whole.confirm()
    async with waiting(leasing()) as standing_by:
        done, _ = await asyncio.wait({standing_by}, timeout=1)
        assert not done, "an installation in one process was not seen"
    await whole.close()

    holder = leasing(FIRST)
    await holder.obtain(at_once=True)
    assert not await whole.confirm()
    async with waiting(leasing(count=4, processes=4)) as standing_by:
        done, _ = await asyncio.wait({standing_by}, timeout=1)
        assert not done
    await whole.close()


async def test_a_database_that_is_not_there_is_told_at_once() -> None:
    lease = lease_of("postgresql+asyncpg://bot@127.0.0.1:1/none", shares(2, 2), None)
    with pytest.raises(DatabaseProblem):
        await lease.obtain(at_once=True)
    await lease.close()


async def test_a_file_is_served_by_one_process(sqlite_url: str) -> None:
    (everything,) = shares(4, 1)
    first, second = (lease_of(sqlite_url, [everything], None) for _ in range(2))
    assert await first.obtain(at_once=True) == everything
    async with waiting(second) as standing_by:
        done, _ = await asyncio.wait({standing_by}, timeout=0.3)
        assert not done
        await first.close()
        assert await standing_by == everything
    await second.close()
