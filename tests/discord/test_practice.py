"""The practice server without its page: a world that is set up, a clock that moves, everything posted on its day."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.practice.clock import PracticeClock, SimcordClock
from bot.practice.forward import apart
from bot.practice.journal import command_name, first_line
from bot.practice.page import HOST, PORTS_TO_TRY, free_port
from bot.practice.run import DEFAULT_START, _first_instant
from bot.practice.session import Practice, practising
from bot.services import guilds
from tests.discord.conftest import text_of

CALL = {"title": "All-members' call", "when": "Thursday 3 April 12.30pm", "announce": False}


@pytest.fixture
async def lines() -> list[str]:
    return []


@pytest.fixture
async def practice(tmp_path: Path, lines: list[str]) -> AsyncIterator[Practice]:
    async with practising(tmp_path, DEFAULT_START, lines.append) as running:
        yield running


async def use(practice: Practice, who: str, command: str, channel: str = "general", **options: str) -> str:
    """Uses a command and returns what it answers."""
    actor = practice.world.people[who].actor
    return text_of(await actor.slash(practice.world.channels[channel], command, **options))


def posts(practice: Practice, channel: str = "announcements") -> list[tuple[str, str]]:
    """What was posted, with the simulated instant."""
    return [
        (f"{message.created_at:%Y-%m-%d %H:%M}", message.embeds[0].title or "")
        for message in practice.world.channels[channel].history()
        if message.embeds and not message.flags.ephemeral
    ]


async def test_the_server_is_set_up_as_an_administrator_would(practice: Practice) -> None:
    guild = await guilds.get(practice.bot.context, practice.world.guild.id)
    assert guild.organiser_role_id == practice.world.roles["Organiser"].id
    assert guild.announcements_channel_id == practice.world.channels["announcements"].id
    welcome = practice.world.channels["welcome"].pinned_messages()
    assert [message.embeds[0].title for message in welcome] == ["Welcome to the practice server"]


async def test_every_command_in_the_welcome_exists_for_the_person_it_is_meant_for(practice: Practice) -> None:
    from bot.practice.welcome import TO_TRY

    for heading, commands in TO_TRY:
        who = next((name for name in practice.world.people if name in heading), "Morgan")
        available = practice.world.people[who].actor.available_commands(practice.world.channels["general"])
        for command in commands:
            assert any(command[1:].startswith(name) for name in available), command


async def test_hidden_channels_are_hidden(practice: Practice) -> None:
    from simcord.backend.errors import SetupError

    with pytest.raises(SetupError):
        practice.world.channels["organisers"].history(viewer=practice.world.people["Morgan"].actor)
    practice.world.channels["organisers"].history(viewer=practice.world.people["Sam"].actor)


async def test_forward_posts_each_reminder_once_on_its_own_date(practice: Practice, lines: list[str]) -> None:
    await use(practice, "Sam", "organise meeting schedule", **CALL)
    answer = await use(practice, "Sam", "practice forward", to="3 April 13:00")
    assert "It is now Thursday 3 April 2025, 1pm BST" in answer
    assert f"<#{practice.world.channels['announcements'].id}>: 3 posts" in answer
    assert posts(practice) == [
        ("2025-04-02 11:30", "All-members' call is tomorrow"),
        ("2025-04-03 10:30", "All-members' call starts in 1 hour"),
        ("2025-04-03 11:30", "All-members' call is starting now"),
    ]
    assert "Wed 02 Apr 2025 12:30  #announcements  All-members' call is tomorrow" in lines
    assert "Mon 31 Mar 2025 09:00  Sam (organiser) used /organise meeting schedule" in lines


async def test_forward_in_many_small_steps_posts_the_same_as_in_one(practice: Practice) -> None:
    await use(practice, "Sam", "organise meeting schedule", **CALL)
    for _ in range(8):
        await use(practice, "Sam", "practice forward", to="in 12 hours")
    assert [title for _, title in posts(practice)] == [
        "All-members' call is tomorrow",
        "All-members' call starts in 1 hour",
        "All-members' call is starting now",
        "How was it? All-members' call",
    ]


async def test_a_nudge_keeps_its_local_time_when_the_clocks_go_back(tmp_path: Path, lines: list[str]) -> None:
    async with practising(tmp_path, datetime(2025, 10, 20, 9, tzinfo=UTC), lines.append) as practice:
        await use(practice, "Sam", "organise nudge schedule", action="yellow", when="Friday 8am")
        await use(practice, "Sam", "practice forward", to="14 days")
        assert [when for when, _ in posts(practice)] == ["2025-10-24 07:00", "2025-10-31 08:00"]


async def test_the_alarm_rings_without_anybody_asking(practice: Practice) -> None:
    await use(practice, "Sam", "organise meeting schedule", **CALL)
    await use(practice, "Sam", "practice forward", to="2 April 12:29")
    assert posts(practice) == []
    practice.clock.move_to(datetime(2025, 4, 2, 11, 30, tzinfo=UTC))
    apart(practice.bot.scheduler.wake)()
    async with asyncio.timeout(10):
        while not posts(practice):
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "to", ["1 March 2025", "2 years", "5 June 2026 9am", "soonish", "31 March 2025 08:00"]
)
async def test_what_cannot_be_reached_is_refused_and_the_clock_stays(practice: Practice, to: str) -> None:
    answer = await use(practice, "Morgan", "practice forward", to=to)
    assert "It is now" not in answer
    assert "fault is mine" not in answer
    assert practice.clock.now() - DEFAULT_START < timedelta(minutes=1)


async def test_now_tells_the_time(practice: Practice) -> None:
    assert "It is Monday 31 March 2025, 9am BST here" in await use(practice, "Morgan", "practice now")


async def test_what_is_typed_into_a_form_is_not_printed(practice: Practice, lines: list[str]) -> None:
    morgan = practice.world.people["Morgan"].actor
    shown = await morgan.slash(practice.world.channels["general"], "feedback give", topic="situation")
    await morgan.submit_modal(shown, {"text": "Caseloads are too high"})
    assert lines[-1].endswith("Morgan (member) sent a form")
    assert "Caseloads" not in "\n".join(lines)


async def test_a_restart_keeps_the_data_and_the_ids(tmp_path: Path) -> None:
    def ignore(line: str) -> None:
        del line

    async with practising(tmp_path, DEFAULT_START, ignore) as practice:
        await use(practice, "Sam", "organise nudge schedule", action="yellow", when="Friday 8am")
        await guilds.change(practice.bot.context, practice.world.guild.id, moderators_channel_id=None)
        before = {name: channel.id for name, channel in practice.world.channels.items()}
    async with practising(tmp_path, datetime(2025, 4, 3, 12, tzinfo=UTC), ignore) as practice:
        assert before == {name: channel.id for name, channel in practice.world.channels.items()}
        assert "1 nudge" in await use(practice, "Sam", "organise nudge list")
        guild = await guilds.get(practice.bot.context, practice.world.guild.id)
        assert guild.moderators_channel_id is None, "what an administrator chose is kept"
        await use(practice, "Sam", "practice forward", to="1 day")
        assert posts(practice) == [("2025-04-04 07:00", "Wear yellow at work")]


def test_the_clock_goes_on_where_the_data_stopped(tmp_path: Path) -> None:
    lines: list[str] = []
    remembered = tmp_path / "clock.txt"
    assert _first_instant(None, remembered, lines.append) == DEFAULT_START
    reached = datetime(2025, 4, 3, 12, tzinfo=UTC)
    remembered.write_text(reached.isoformat())
    assert _first_instant(None, remembered, lines.append) == reached
    assert _first_instant(reached + timedelta(days=1), remembered, lines.append) == reached + timedelta(
        days=1
    )
    assert lines == []
    assert _first_instant(DEFAULT_START, remembered, lines.append) == reached
    assert "already reached" in lines[0]
    remembered.write_text("no date")
    assert _first_instant(None, remembered, lines.append) == DEFAULT_START


def test_the_clock_ticks_stops_and_never_goes_back() -> None:
    clock = PracticeClock(DEFAULT_START)
    assert clock.now() < clock.now()
    with clock.stopped():
        assert clock.now() == clock.now()
        clock.move_to(DEFAULT_START + timedelta(days=1))
        clock.move_to(DEFAULT_START)
        assert clock.now() == DEFAULT_START + timedelta(days=1)
    assert SimcordClock(clock).elapsed < 0
    SimcordClock(clock).advance(60)
    assert clock.now() > DEFAULT_START + timedelta(days=1, minutes=1)


def test_lines_name_a_post_and_a_command_but_no_values() -> None:
    assert first_line({"content": "", "embeds": [{"title": None, "description": "One\nTwo"}]}) == "One"
    assert first_line({"content": "x" * 200}) == "x" * 99 + "…"
    assert first_line({"content": " "}) == "(no text)"
    data = {
        "name": "a",
        "options": [{"type": 2, "name": "b", "options": [{"type": 1, "name": "c", "options": []}]}],
    }
    assert command_name(data) == "a b c"
    assert command_name({"name": "a", "options": [{"type": 3, "name": "text", "value": "secret"}]}) == "a"


def test_the_next_free_port_is_taken_when_the_usual_one_is_not_free() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        port = taken.getsockname()[1]
        assert port < free_port(port) <= port + PORTS_TO_TRY
    assert free_port(0) == 0
