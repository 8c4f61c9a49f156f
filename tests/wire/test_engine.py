"""The delivery engine over real sockets: its pace, its lead, and what it does when Discord fails."""

import os
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.schedules import Schedule, ScheduleKind
from bot.services.context import Context
from bot.services.schedules import add_schedule
from tests.wire.processes import BotProcess
from tests.wire.server import Permission, delay, status_before_commit
from tests.wire.test_product import LONDON, Branch, branch, founded, reminder_due

__all__ = ["branch"]  # a fixture

FAN_OUT, CHANNELS = 250, 25


def second_product(branch: Branch, tmp_path: Path) -> BotProcess:
    """Another process on the same database."""
    arguments = [sys.executable, "-m", "bot", "--config", str(branch.config), "run"]
    return BotProcess(arguments, tmp_path / "second.log", born=True)


async def many_due(branch: Branch, at: datetime) -> None:
    """Schedules the same reminder for many times and channels at one instant."""
    channels = [branch.guild.add_channel(f"branch-{number}") for number in range(CHANNELS)]

    async def add(context: Context) -> None:
        class Earlier:
            def now(self) -> datetime:
                return datetime.now(UTC) - timedelta(hours=1)

        context.clock = Earlier()
        async with context.database.write() as connection:
            for number in range(FAN_OUT):
                schedule = Schedule(
                    schedule_id=f"fan{number}",
                    guild_id=int(branch.guild.id),
                    kind=ScheduleKind.REMINDER,
                    title=f"Ballot papers {number}",
                    wordings=("Post your ballot paper.",),
                    starts_wall=at.astimezone(LONDON).replace(tzinfo=None),
                    zone="Europe/London",
                    channel_id=int(channels[number % CHANNELS].id),
                    lead_times=(timedelta(),),
                )
                await add_schedule(context, connection, schedule)

    await branch.prepare(add)


async def test_a_fan_out_never_meets_a_429_even_when_discord_stands_still_for_a_moment(
    branch: Branch,
) -> None:
    await many_due(branch, datetime.now(UTC) - timedelta(seconds=30))
    branch.server.limits.enforce_global()
    branch.server.faults.add("POST", r"/channels/\d+/messages", delay(0.08), times=FAN_OUT)
    async with branch.product() as product:
        for posted in (20, 100):
            await branch.server.until(
                lambda posted=posted: sent_posts(branch) >= posted or None, what="posts", timeout=30
            )
            time.sleep(0.7)  # the stand-in for Discord runs in this loop, and stands still meanwhile
            for _ in range(10):
                assert (await branch.member.slash(branch.announcements, "aims")).ephemeral
        await branch.server.until(lambda: sent_posts(branch) == FAN_OUT or None, what="all posts", timeout=90)
        os.kill(product.pid, signal.SIGTERM)
        assert await product.wait() == 0
    assert branch.server.limits.rejected == []
    assert max(Counter(nonces(branch)).values()) == 1


def nonces(branch: Branch) -> list[str | None]:
    return [message.nonce for channel in branch.guild.channels for message in channel.messages]


def sent_posts(branch: Branch) -> int:
    return len(nonces(branch))


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else None


async def test_a_second_process_stands_by_and_takes_over(tmp_path: Path, database_url: str | None) -> None:
    """Killed without a word, the first is followed, and what falls due then comes once."""
    async with founded(tmp_path, database_url) as branch, branch.product() as first:
        await branch.server.wait_connected()
        await first.says("this process delivers")
        second = second_product(branch, tmp_path)
        async with second:
            await second.says("another process delivers from this database")
            await first.kill()
            await branch.prepare(reminder_due(branch, datetime.now(UTC) - timedelta(seconds=5)))
            await second.says("this process delivers")
            await branch.server.until(lambda: sent_posts(branch) or None, what="the post")
        assert sent_posts(branch) == 1


async def test_only_the_first_process_delivers(branch: Branch, tmp_path: Path) -> None:
    async with branch.product() as first:
        await first.says("this process delivers")
        second = second_product(branch, tmp_path)
        async with second:
            await second.says("another process delivers from this database")
            answer = await branch.organiser.slash(branch.announcements, "organise nudge list")
            assert answer.ephemeral


async def test_a_refused_gateway_is_waited_for(branch: Branch) -> None:
    async with branch.product() as product:
        await product.says("this process delivers")
        branch.server.gateway.accepts_connections = False
        branch.server.gateway.drop_gateway()
        await product.says("Attempting a reconnect")
        branch.server.gateway.accepts_connections = True
        await branch.server.wait_resumed()
        assert product.returncode is None


async def test_a_server_error_before_the_commit_is_tried_again(branch: Branch) -> None:
    path = rf"/channels/{branch.announcements.id}/messages"
    branch.server.faults.add("POST", path, status_before_commit(503))
    with branch.config.open("a") as config:
        config.write("[delivery]\nsend_timeout_seconds = 1\nlease_seconds = 3\n")
    await branch.prepare(reminder_due(branch, datetime.now(UTC) - timedelta(minutes=1)))
    async with branch.product():
        await branch.server.wait_message(branch.announcements)
    assert len(branch.announcements.messages) == 1


async def test_a_channel_that_is_opened_again_gets_what_was_held_back(branch: Branch) -> None:
    branch.announcements.forbid(Permission.SEND_MESSAGES)
    await branch.prepare(reminder_due(branch, datetime.now(UTC) - timedelta(minutes=1)))
    async with branch.product():
        alert = await branch.server.wait_message(branch.organisers)
        assert "is held back" in alert.content
        branch.announcements.permit(Permission.SEND_MESSAGES)
        await branch.server.wait_message(branch.announcements)
    assert len(branch.organisers.messages) == 2
    assert "I may post" in branch.organisers.messages[-1].content
