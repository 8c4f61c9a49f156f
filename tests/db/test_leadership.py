"""One scheduler per database, on both databases."""

from db.leadership import lock_of


async def test_one_at_a_time_and_the_next_when_it_is_given_back(empty_url: str) -> None:
    first, second = lock_of(empty_url), lock_of(empty_url)
    assert await first.confirm()
    assert await first.confirm()
    assert not await second.confirm()
    await first.close()
    assert await second.confirm()
    assert not await first.confirm()
    await second.close()
    await first.close()


async def test_a_server_that_is_gone_gives_no_lead() -> None:
    lock = lock_of("postgresql+asyncpg://bot@127.0.0.1:1/none")
    assert not await lock.confirm()
    await lock.close()
