"""The product as a process, over real sockets: it starts, answers, posts, survives, and stops."""

import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SystemClock
from bot.config import load_settings
from bot.domain.schedules import Schedule, ScheduleKind
from bot.services import guilds
from bot.services.context import Context
from bot.services.keys import load_keys
from bot.services.rate_limit import SubmissionLimit
from bot.services.schedules import add_schedule
from db.engine import Database
from db.upgrade import upgrade
from tests.wire.processes import BotProcess
from tests.wire.server import (
    Channel,
    Fault,
    Guild,
    Member,
    NoAnswerError,
    Permission,
    WireDiscord,
    commit_then_drop,
    commit_then_hang,
    commit_then_status,
)

LONDON = ZoneInfo("Europe/London")


@dataclass
class Branch:
    """A stand-in Discord with one guild, the people in it, and the product's files."""

    server: WireDiscord
    guild: Guild
    announcements: Channel
    organisers: Channel
    member: Member
    organiser: Member
    moderator: Member
    administrator: Member
    config: Path
    log: Path

    def product(self, *, afresh: bool = False) -> BotProcess:
        """The product's process, not yet started: `afresh` from the command line, or else from the nursery."""
        arguments = [sys.executable, "-m", "bot", "--config", str(self.config), "run"]
        return BotProcess(arguments, self.log, born=not afresh)

    async def prepare(self, work: Callable[[Context], Awaitable[Any]]) -> None:
        """Does something to the product's database while the product is not running."""
        settings = load_settings(self.config, {}, need_token=False)
        database = await Database.open(settings.database.url)
        await upgrade(database)
        keys = load_keys(settings.data.directory)
        await work(Context(database, SystemClock(), settings, keys, SubmissionLimit(5)))
        await database.close()


@pytest.fixture
async def branch(tmp_path: Path) -> AsyncIterator[Branch]:
    async with founded(tmp_path) as branch:
        yield branch


@asynccontextmanager
async def founded(tmp_path: Path, database_url: str | None = None) -> AsyncIterator[Branch]:
    """A branch whose product stores in SQLite, unless another database is named."""
    async with WireDiscord(token="aaa.bbb.ccc") as server:
        guild = server.add_guild("Operation Protect")
        roles = {name: guild.add_role(name) for name in ("Organiser", "Moderator")}
        manage = guild.add_role("Administrator", Permission.MANAGE_GUILD)
        config = tmp_path / "config.toml"
        config.write_text(
            f'[discord]\ntoken = "{server.token}"\napi_base = "{server.api_base}"\n'
            f'[data]\ndirectory = "{tmp_path}/data"\n'
            + (f'[database]\nurl = "{database_url}"\n' if database_url else "")
        )
        branch = Branch(
            server,
            guild,
            guild.add_channel("announcements"),
            guild.add_channel("organisers"),
            guild.add_member("Member"),
            guild.add_member("Organiser", [roles["Organiser"]]),
            guild.add_member("Moderator", [roles["Moderator"]]),
            guild.add_member("Administrator", [manage]),
            config,
            tmp_path / "bot.log",
        )

        async def set_up(context: Context) -> None:
            await guilds.welcome(context, [int(guild.id)])
            await guilds.change(
                context,
                int(guild.id),
                organiser_role_id=int(roles["Organiser"].id),
                moderator_role_id=int(roles["Moderator"].id),
                announcements_channel_id=int(branch.announcements.id),
                organisers_channel_id=int(branch.organisers.id),
                moderators_channel_id=int(branch.organisers.id),
            )

        await branch.prepare(set_up)
        yield branch
        assert server.violations == []
        assert server.unsupported == []


def reminder_due(branch: Branch, at: datetime) -> Callable[[Context], Awaitable[None]]:
    """Schedules one reminder, as an organiser would have."""

    async def add(context: Context) -> None:
        schedule = Schedule(
            schedule_id="wire",
            guild_id=int(branch.guild.id),
            kind=ScheduleKind.REMINDER,
            title="Ballot papers",
            wordings=("Post your ballot paper.",),
            starts_wall=at.astimezone(LONDON).replace(tzinfo=None),
            zone="Europe/London",
            channel_id=int(branch.announcements.id),
            lead_times=(timedelta(),),
        )

        class Earlier:
            def now(self) -> datetime:
                return datetime.now(UTC) - timedelta(hours=1)

        context.clock = Earlier()
        async with context.database.write() as connection:
            await add_schedule(context, connection, schedule)

    return add


async def test_it_starts_answers_and_stops(branch: Branch) -> None:
    """Started as people start it: the others, from the nursery, could not show that a new interpreter gets there."""
    async with branch.product(afresh=True) as product:
        await branch.server.wait_connected()
        await branch.server.wait_commands_synced()
        answer = await branch.member.slash(branch.announcements, "demand show", demand="sicknes absense")
        assert answer.ephemeral
        assert "sickness" in answer.text.casefold()
        os.kill(product.pid, signal.SIGTERM)
        assert await product.wait() == 0
    assert "Traceback" not in product.log()
    assert branch.server.token not in product.log()


async def test_every_look_up_is_answered(branch: Branch) -> None:
    commands: list[tuple[str, dict[str, Any]]] = [
        ("help", {}),
        ("demand list", {}),
        ("demand search", {"query": "overtime"}),
        ("demand changes", {}),
        ("aims", {}),
        ("motion list", {}),
        ("motion show", {"motion": "workloads"}),
        ("glossary", {"term": "HMPPS"}),
        ("meeting list", {"which": "past"}),
        ("meeting show", {"meeting": "members"}),
        ("meeting diary", {"meeting": "members"}),
        ("action list", {}),
    ]
    async with branch.product():
        await branch.server.wait_connected()
        await branch.server.wait_commands_synced()
        for command, options in commands:
            answer = await branch.member.slash(branch.announcements, command, **options)
            assert answer.ephemeral, command
            assert "mine, not yours" not in answer.text, command
        choices = await branch.member.autocomplete(
            branch.announcements, "demand show", "demand", "capibility"
        )
        assert choices


async def test_every_role_does_its_main_job(branch: Branch) -> None:
    async with branch.product() as product:
        await branch.server.wait_connected()
        await branch.server.wait_commands_synced()
        here = branch.announcements
        meeting = await branch.organiser.slash(
            here, "organise meeting schedule", title="Branch call", when="tomorrow noon", repeat="every week"
        )
        assert "Scheduled: Branch call" in meeting.text
        nudge = await branch.organiser.slash(
            here, "organise nudge schedule", action="yellow", when="Friday 8am"
        )
        assert "every Friday" in nudge.text
        assert "1 nudge" in (await branch.organiser.slash(here, "organise nudge list")).text
        form = await branch.organiser.slash(
            here, "organise demand respond", demand="overtime", status="refused", source="Letter"
        )
        recorded = await branch.organiser.submit_modal(form, {"text": "They said no.", "source": "Letter"})
        assert "Refused" in recorded.text
        form = await branch.member.slash(here, "feedback give", topic="situation")
        given = await branch.member.submit_modal(form, {"text": "canary-words-of-a-member"})
        assert "receipt" in given.text
        assert "Counted" in (await branch.member.slash(here, "action done", action="yellow")).text
        export = await branch.moderator.slash(
            here, "moderate export", format="csv", purpose="employer meeting"
        )
        assert export.attachments[0].name.endswith(".csv")
        refused = await branch.member.slash(here, "moderate export", format="csv", purpose="curiosity")
        assert "for the campaign's moderators" in refused.text
        check = await branch.administrator.slash(here, "setup check")
        assert "In order: Clock" in check.text
    assert "canary-words-of-a-member" not in product.log()
    assert branch.member.id not in product.log()


async def test_commands_are_registered_only_when_they_have_changed(branch: Branch) -> None:
    async with branch.product():
        await branch.server.wait_connected()
        await branch.server.wait_commands_synced()
    await branch.server.wait_disconnected()
    async with branch.product():
        await branch.server.wait_connected()
    puts = [record for record in branch.server.requests if record.method == "PUT"]
    assert len(puts) == 1


async def test_a_reminder_is_posted_when_it_is_due(branch: Branch) -> None:
    await branch.prepare(reminder_due(branch, datetime.now(UTC) + timedelta(seconds=4)))
    async with branch.product():
        post = await branch.server.wait_message(branch.announcements)
        assert post.embeds[0]["description"] == "Post your ballot paper."
        assert not post.pings().everyone
        assert post.nonce in post.custom_ids[0]


async def test_what_fell_due_while_it_was_off_is_posted_once_and_says_so(branch: Branch) -> None:
    await branch.prepare(reminder_due(branch, datetime.now(UTC) - timedelta(minutes=30)))
    async with branch.product():
        await branch.server.wait_message(branch.announcements)
    await branch.server.wait_disconnected()
    async with branch.product():
        await branch.server.wait_connected()
        answer = await branch.member.slash(branch.announcements, "aims")
        assert answer.ephemeral
    (post,) = branch.announcements.messages
    assert "Posted late" in post.embeds[0]["footer"]["text"]


@pytest.mark.parametrize("fault", [commit_then_drop, commit_then_hang, lambda: commit_then_status(503)])
async def test_a_post_whose_answer_was_lost_is_found_and_not_sent_again(
    branch: Branch, fault: Callable[[], Fault]
) -> None:
    with branch.config.open("a") as config:
        config.write("[delivery]\nsend_timeout_seconds = 1\nlease_seconds = 3\n")
    await branch.prepare(reminder_due(branch, datetime.now(UTC) - timedelta(minutes=1)))
    branch.server.world.nonce_window = 0
    path = rf"/channels/{branch.announcements.id}/messages"
    branch.server.faults.add("POST", path, fault())
    async with branch.product() as product:
        await branch.server.wait_message(branch.announcements)
        await branch.server.wait_request("GET", path.removeprefix("/channels"))
    assert "state=sent" in product.log()
    assert len(branch.announcements.messages) == 1


async def test_it_survives_a_broken_connection(branch: Branch) -> None:
    async with branch.product() as product:
        await branch.server.wait_connected()
        await branch.server.wait_commands_synced()
        branch.server.gateway.drop_gateway()
        await branch.server.wait_resumed()
        answer = await branch.member.slash(branch.announcements, "aims")
        assert "5 aims" in answer.text
        branch.server.gateway.invalid_session()
        await branch.server.wait_identified(2)
        answer = await branch.member.slash(branch.announcements, "aims")
        assert "5 aims" in answer.text
    assert "Traceback" not in product.log()


async def test_what_discord_has_given_up_on_is_not_done_afterwards(branch: Branch) -> None:
    """A person was told that it failed, so it must not be counted minutes later when the machine has come to itself."""
    async with branch.product() as product:
        await branch.server.wait_connected()
        await branch.server.wait_commands_synced()
        assert "5 aims" in (await branch.member.slash(branch.announcements, "aims")).text
        os.kill(product.pid, signal.SIGSTOP)
        with pytest.raises(NoAnswerError):
            await branch.member.slash(branch.announcements, "action done", action="yellow")
        os.kill(product.pid, signal.SIGCONT)
        again = await branch.member.slash(branch.announcements, "action done", action="yellow")
        assert "Counted, thank you" in again.text
    assert "Discord had given up" in product.log()


async def test_buttons_work_after_a_restart(branch: Branch) -> None:
    async with branch.product():
        await branch.server.wait_connected()
        await branch.server.wait_commands_synced()
        listing = await branch.member.slash(branch.announcements, "demand list")
    await branch.server.wait_disconnected()
    async with branch.product():
        await branch.server.wait_connected()
        (turn,) = [one for one in listing.message.custom_ids if one.startswith("look|demand.list|1")]
        await branch.member.click(listing, turn)
        assert "Page 2 of" in listing.text


async def test_a_wrong_token_is_said_plainly(branch: Branch) -> None:
    """Afresh, for it ends while it starts."""
    branch.config.write_text(branch.config.read_text().replace(branch.server.token, "ddd.eee.fff"))
    async with branch.product(afresh=True) as product:
        assert await product.wait(20) == 1
    assert "refused the token" in product.log()
    assert "ddd.eee.fff" not in product.log()
    assert "Traceback" not in product.log()
