"""The connection: what is tried again, what ends it, and how requests keep their pace."""

import asyncio

import aiohttp
import discord
import pytest

from bot import supervision
from bot.pacing import Pace
from bot.supervision import Supervision


async def nothing() -> None:
    """A connection that need not be broken off."""


async def test_a_first_connection_that_fails_is_not_tried_again() -> None:
    async def fails() -> None:
        raise aiohttp.ClientError

    with pytest.raises(aiohttp.ClientError):
        await Supervision().run(fails, nothing)


async def test_a_later_failure_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "FIRST_WAIT_SECONDS", 0)
    watch = Supervision()
    tries: list[int] = []

    async def connect() -> None:
        tries.append(1)
        watch.connected()
        if len(tries) < 3:
            raise aiohttp.ClientError

    await watch.run(connect, nothing)
    assert len(tries) == 3


async def test_a_refusal_for_good_ends_it() -> None:
    watch = Supervision()

    async def refused() -> None:
        watch.connected()
        raise discord.LoginFailure("no")

    with pytest.raises(discord.LoginFailure):
        await watch.run(refused, nothing)


async def test_a_connection_that_comes_to_nothing_is_made_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(supervision, "LOOK_EVERY_SECONDS", 0.005)
    watch = Supervision()
    tries: list[str] = []

    async def connect() -> None:
        if tries:
            tries.append("fresh")
            return
        tries.append("first")
        watch.connected()
        watch.disconnected()
        await asyncio.Event().wait()

    async def break_off() -> None:
        tries.append("broken off")

    async with asyncio.timeout(5):
        await watch.run(connect, break_off)
    assert tries == ["first", "broken off", "fresh"]


async def test_of_several_connections_the_one_that_is_lost_for_longest_counts() -> None:
    watch = Supervision()
    loop = asyncio.get_running_loop()
    watch.connected(0)
    watch.connected(1)
    assert watch.lost_for() is None
    watch.disconnected(1)
    began = loop.time()
    await asyncio.sleep(0.02)
    watch.disconnected(0)
    watch.connected(0)
    watch.disconnected(1)
    lost_for = watch.lost_for()
    assert lost_for is not None
    assert 0.01 < lost_for <= loop.time() - began + 0.01
    watch.connected(1)
    assert watch.lost_for() is None


async def test_no_second_holds_more_than_the_limit() -> None:
    pace, times = Pace(1_000), []
    loop = asyncio.get_running_loop()

    async def request() -> None:
        await pace.turn()
        times.append(loop.time())

    await asyncio.gather(*(request() for _ in range(100)))
    assert times == sorted(times)
    assert times[-1] - times[0] >= 99 / 1_000 - 0.011 - 0.001


async def test_a_request_that_is_given_up_does_not_block_the_others() -> None:
    pace = Pace(20)
    await pace.turn()
    waiting = [asyncio.create_task(pace.turn()) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    async with asyncio.timeout(5):
        await waiting[1]
