"""The stand-in proves itself: an unmodified discord.py bot in another process, over real sockets."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.wire.processes import BotProcess
from tests.wire.server import (
    Channel,
    Guild,
    Member,
    NoAnswerError,
    Permission,
    RefusedByClientError,
    Upload,
    WireDiscord,
    commit_then_drop,
    commit_then_hang,
    commit_then_status,
    status_before_commit,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def bot_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bare") / "bot.log"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(bot_log: Path) -> AsyncIterator[WireDiscord]:
    """A server with the bare bot connected; tests share both and build a guild each."""
    async with WireDiscord() as server, BotProcess.bare(server.api_base, server.token, bot_log):
        await server.wait_connected()
        await server.wait_commands_synced()
        yield server
        assert server.unsupported == []
        assert server.violations == []


@pytest.fixture
def server(running: WireDiscord) -> Iterator[WireDiscord]:
    yield running
    running.faults.clear()
    running.limits.lift()
    running.world.interaction_deadline = 3.0
    running.world.nonce_window = 180.0


@pytest.fixture
def guild(server: WireDiscord) -> Guild:
    return server.add_guild("Branch")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("general")


@pytest.fixture
def ada(guild: Guild) -> Member:
    return guild.add_member("Ada")


async def post(member: Member, channel: Channel, text: str, nonce: str) -> str:
    """Let the bot post with a nonce; return the message's id or the failure as it saw it."""
    answer = await member.slash(channel, "post send", where=channel, text=text, nonce=nonce)
    return (await answer.settled(20)).content


class TestInteractions:
    async def test_a_slash_command_is_answered(self, channel: Channel, ada: Member) -> None:
        answer = await ada.slash(channel, "ping")
        assert (answer.kind, answer.content, answer.ephemeral) == ("message", "pong", False)
        assert 0 < answer.latency < 3
        assert [message.content for message in channel.messages] == ["pong"]

    async def test_a_slash_command_in_a_direct_message(self, ada: Member) -> None:
        assert (await ada.slash(ada.dm, "ping")).content == "pong"

    async def test_a_deferred_answer_is_followed_to_its_edit(self, channel: Channel, ada: Member) -> None:
        answer = await ada.slash(channel, "fruit", name="pear")
        await answer.settled()
        assert (answer.kind, answer.content, answer.ephemeral) == ("deferred", "pear!", True)
        assert [file.name for file in answer.attachments] == ["fruit.txt"]
        assert answer.attachments[0].data == Path(__file__).with_name("bare_bot.py").read_bytes()
        assert channel.messages == []

    async def test_autocomplete(self, channel: Channel, ada: Member) -> None:
        choices = await ada.autocomplete(channel, "fruit", "name", "an")
        assert [choice["value"] for choice in choices] == ["banana"]

    async def test_what_is_passed_by_reference_arrives(
        self, channel: Channel, guild: Guild, ada: Member
    ) -> None:
        role, file = guild.add_role("Organiser"), Upload("note.txt", b"a note")
        answer = await ada.slash(channel, "take", person=ada, role=role, file=file, size=3)
        assert answer.content == "Ada|Organiser|a note|3"
        with pytest.raises(RefusedByClientError, match="bounds"):
            await ada.slash(channel, "take", person=ada, role=role, file=file, size=6)

    async def test_a_menu(self, channel: Channel, guild: Guild, ada: Member) -> None:
        panel = await ada.slash(channel, "panel")
        answer = await ada.choose(panel, "panel:pick", guild.add_role("one"), guild.add_role("two"))
        await answer.until(lambda: panel.content != "a panel")
        assert (answer.kind, panel.content) == ("deferred_update", "one|two")

    async def test_a_button_edits_its_message(self, channel: Channel, ada: Member) -> None:
        panel = await ada.slash(channel, "panel")
        answer = await ada.click(panel, "panel:press")
        assert answer.kind == "update"
        assert panel.content == "pressed"

    async def test_a_modal_with_both_kinds_of_input(self, channel: Channel, ada: Member) -> None:
        form = await ada.click(await ada.slash(channel, "panel"), "panel:form")
        assert form.modal["title"] == "A form"
        answer = await ada.submit_modal(form, {"new": "one", "old": "two"})
        assert (answer.content, answer.ephemeral) == ("one|two", True)

    async def test_a_second_acknowledgement_is_40060(self, channel: Channel, ada: Member) -> None:
        answer = await ada.click(await ada.slash(channel, "panel"), "panel:twice")
        await answer.until(lambda: answer.followups)
        assert answer.content == "first"
        assert answer.followups[0].content == "400 40060"

    async def test_an_answer_after_the_deadline_is_10062(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        server.world.interaction_deadline = 0.0
        with pytest.raises(NoAnswerError, match="too late"):
            await ada.slash(channel, "ping")
        last = await server.wait_request("POST", "/callback", 404)
        assert last.code == 10062

    async def test_what_the_client_would_not_allow_is_refused_here(
        self, channel: Channel, ada: Member
    ) -> None:
        with pytest.raises(RefusedByClientError, match="no command"):
            await ada.slash(channel, "post vanish")
        with pytest.raises(RefusedByClientError, match="required"):
            await ada.slash(channel, "fruit")
        with pytest.raises(RefusedByClientError, match="guilds only"):
            await ada.slash(ada.dm, "post count", where=channel)


class TestMessages:
    async def test_the_same_nonce_posts_once(self, channel: Channel, ada: Member) -> None:
        first = await post(ada, channel, "hello", "n1")
        assert await post(ada, channel, "hello", "n1") == first
        assert [message.id for message in channel.messages if message.nonce == "n1"] == [first]

    async def test_a_nonce_is_forgotten_after_its_window(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        first = await post(ada, channel, "hello", "n2")
        server.world.nonce_window = 0.0
        assert await post(ada, channel, "hello", "n2") != first

    async def test_a_nonce_whose_message_was_deleted_is_10008(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        first = await post(ada, channel, "hello", "n3")
        server.world.delete(server.world.messages[first])
        assert await post(ada, channel, "hello", "n3") == "404 10008"

    async def test_refusals(self, server: WireDiscord, channel: Channel, guild: Guild, ada: Member) -> None:
        other = guild.add_channel("other")
        numbers = itertools.count()

        async def attempt(text: str, nonce: str = "") -> str:
            nonce = nonce or f"{text[:1]}{next(numbers)}"
            answer = await ada.slash(channel, "post send", where=other, text=text, nonce=nonce)
            return (await answer.settled()).content

        assert await attempt("x" * 2001) == "400 50035"
        assert await attempt("x", "n" * 26) == "400 50035"
        if server.contract.available:
            assert "nonce" in server.violations.pop()
        assert await attempt(" ") == "400 50006"
        other.forbid(Permission.SEND_MESSAGES)
        assert await attempt("x") == "403 50013"
        other.forbid(Permission.VIEW_CHANNEL)
        assert await attempt("x") == "403 50001"
        other.permit(Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL)
        assert (await attempt("x")).isdigit()

    async def test_a_channel_deleted_unnoticed_is_10003(
        self, channel: Channel, guild: Guild, ada: Member
    ) -> None:
        doomed = guild.add_channel("doomed")
        doomed.delete(tell=False)
        answer = await ada.slash(channel, "post send", where=doomed, text="x", nonce="d")
        assert (await answer.settled()).content == "404 10003"

    async def test_history_is_read_whole_and_silently_empty_without_permission(
        self, channel: Channel, guild: Guild, ada: Member
    ) -> None:
        archive = guild.add_channel("archive")
        for number in range(250):
            ada.say(archive, f"message {number}")
        answer = await ada.slash(channel, "post count", where=archive)
        assert (await answer.settled()).content == "250"
        archive.forbid(Permission.READ_MESSAGE_HISTORY)
        answer = await ada.slash(channel, "post count", where=archive)
        assert (await answer.settled()).content == "0"


class TestFaults:
    async def test_committed_but_answered_503(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        fault = server.faults.add("POST", f"/channels/{channel.id}/messages", commit_then_status(503))
        assert await post(ada, channel, "hello", "f1") == "503 0"
        assert fault.struck == 1
        (posted,) = [message for message in channel.messages if message.nonce == "f1"]
        assert await post(ada, channel, "hello", "f1") == posted.id

    async def test_committed_but_cut_off(self, server: WireDiscord, channel: Channel, ada: Member) -> None:
        server.faults.add("POST", f"/channels/{channel.id}/messages", commit_then_drop())
        assert await post(ada, channel, "hello", "f2") == "ServerDisconnectedError"
        assert len([message for message in channel.messages if message.nonce == "f2"]) == 1

    async def test_committed_but_never_answered(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        fault = server.faults.add("POST", f"/channels/{channel.id}/messages", commit_then_hang())
        sending = asyncio.create_task(post(ada, channel, "hello", "f3"))
        await fault.wait()
        assert [message.content for message in channel.messages if message.nonce == "f3"] == ["hello"]
        assert await sending == "TimeoutError"

    async def test_refused_before_the_commit(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        server.faults.add("POST", f"/channels/{channel.id}/messages", status_before_commit(503))
        assert await post(ada, channel, "hello", "f4") == "503 0"
        assert [message for message in channel.messages if message.nonce == "f4"] == []

    async def test_a_429_is_retried_by_the_library(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        fault = server.faults.add("POST", f"/channels/{channel.id}/messages", status_before_commit(429))
        assert (await post(ada, channel, "hello", "f5")).isdigit()
        assert fault.struck == 1

    async def test_the_global_limit_spares_interactions(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        server.limits.enforce_global(limit=1, seconds=0.5)
        rejected = len(server.limits.rejected)
        await asyncio.gather(*(post(ada, channel, "hello", f"g{number}") for number in range(3)))
        assert len(server.limits.rejected) > rejected
        assert all("/channels/" in path for path in server.limits.rejected[rejected:])


class TestGateway:
    async def test_a_dropped_connection_is_resumed_and_misses_nothing(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        resumes, identifies = server.gateway.resumes, server.gateway.identifies
        server.gateway.drop_gateway()
        answer = await ada.slash(channel, "ping")
        assert answer.content == "pong"
        await server.wait_resumed(resumes + 1)
        assert server.gateway.identifies == identifies

    async def test_op_7_is_followed_by_a_resume(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        resumes = server.gateway.resumes
        server.gateway.send_reconnect()
        await server.wait_resumed(resumes + 1)
        assert (await ada.slash(channel, "ping")).content == "pong"

    async def test_op_9_is_followed_by_a_new_session(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        identifies = server.gateway.identifies
        server.gateway.invalid_session(resumable=False)
        await server.wait_identified(identifies + 1)
        assert (await ada.slash(channel, "ping")).content == "pong"

    async def test_op_9_that_may_be_resumed(self, server: WireDiscord, channel: Channel, ada: Member) -> None:
        resumes = server.gateway.resumes
        server.gateway.invalid_session(resumable=True)
        await server.wait_resumed(resumes + 1)
        assert (await ada.slash(channel, "ping")).content == "pong"

    async def test_a_close_that_is_not_fatal_is_resumed(
        self, server: WireDiscord, channel: Channel, ada: Member
    ) -> None:
        resumes = server.gateway.resumes
        await server.gateway.close_gateway(4000)
        await server.wait_resumed(resumes + 1)
        assert (await ada.slash(channel, "ping")).content == "pong"
