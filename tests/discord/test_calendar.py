"""Meetings in members' own diaries, as members and administrators meet them in Discord."""

import logging
import re
import socket
from collections.abc import Iterator
from urllib.request import urlopen

import discord
import pytest
import simcord
from ical.calendar_stream import IcsCalendarStream

from bot.app import create_bot
from bot.config import Settings
from bot.config.sections import FeedSettings
from bot.services import guilds
from tests.conftest import StoppedClock
from tests.discord.conftest import PATIENCE_SECONDS, World, text_of


def with_feed(settings: Settings, port: int) -> Settings:
    feed = FeedSettings.model_construct(listen=f"127.0.0.1:{port}", public_url="https://feed.example")
    return settings.model_copy(update={"feed": feed})


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return with_feed(settings, 0)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield other.getsockname()[1]


async def schedule(world: World, **options: str) -> None:
    result = await world.organiser.slash(world.general, "organise meeting schedule", **options)
    assert "calendar" not in text_of(result).casefold()


def labels(result: simcord.InteractionResult) -> dict[str, str | None]:
    """The buttons under an answer, each with the address to which it leads, if it is a link."""
    every = [one for row in result.response.components for one in row["components"]]
    return {one["label"]: one.get("url") for one in every}


async def file_in(result: simcord.InteractionResult) -> str:
    (attachment,) = result.response.attachments
    assert attachment.filename.endswith(".ics")
    return (await attachment.read()).decode()


async def get(world: World, address: str) -> str | None:
    """What the address gives over the bot's real port; `None` if nothing."""
    import asyncio

    local = address.replace("https://feed.example", f"http://127.0.0.1:{world.bot.feed.port}")

    def fetch() -> str | None:
        try:
            with urlopen(local) as reply:
                return reply.read().decode()
        except OSError:
            return None

    return await asyncio.to_thread(fetch)


async def test_a_member_subscribes_to_what_an_administrator_offers(world: World) -> None:
    nothing_yet = await world.member.slash(world.general, "meeting calendar")
    assert "/setup calendar" in text_of(nothing_yet)
    assert nothing_yet.ephemeral
    offered = await world.administrator.slash(world.general, "setup calendar", turn="on")
    assert offered.ephemeral
    (web,) = re.findall(r"https://feed\.example/calendar/[0-9a-f]{40}\.ics", text_of(offered))
    assert str(world.guild.id) not in web
    webcal = web.replace("https:", "webcal:")
    assert webcal in text_of(offered)

    shown = await world.member.slash(world.general, "meeting calendar")
    assert shown.ephemeral
    assert webcal in text_of(shown)
    assert "Safari" in text_of(shown)
    assert "do not pass it on" in text_of(shown)
    diary = await world.member.slash(world.general, "meeting diary")
    pressed = await world.member.click(diary.response.message, label="Subscribe to all meetings")
    assert webcal in text_of(pressed)
    calendar = await get(world, web)
    assert calendar is not None
    assert IcsCalendarStream.calendar_from_ics(calendar).events

    renewed = await world.administrator.slash(world.general, "setup calendar", turn="new-address")
    (newer,) = re.findall(r"https://feed\.example/calendar/[0-9a-f]{40}\.ics", text_of(renewed))
    assert await get(world, web) is None
    assert await get(world, newer) is not None
    as_it_stands = await world.administrator.slash(world.general, "setup calendar")
    assert newer in text_of(as_it_stands)
    await world.administrator.slash(world.general, "setup calendar", turn="off")
    assert await get(world, newer) is None
    assert "no calendar" in text_of(await world.administrator.slash(world.general, "setup calendar"))


async def test_the_address_is_for_members_only_where_there_is_a_member_role(world: World) -> None:
    role = world.guild.create_role("Union member")
    ana = world.guild.add_member(world.env.create_user("ana"), roles=[role])
    await world.env.settle()
    await guilds.change(world.bot.context, world.guild.id, member_role_id=role.id)
    await world.administrator.slash(world.general, "setup calendar", turn="on")
    refused = await world.member.slash(world.general, "meeting calendar")
    assert "for members of the union" in text_of(refused)
    assert "webcal" not in text_of(refused)
    assert "webcal://" in text_of(await ana.slash(world.general, "meeting calendar"))
    assert "webcal://" in text_of(await world.organiser.slash(world.general, "meeting calendar"))


async def test_the_diary_holds_a_whole_series_and_one_day_on_request(world: World) -> None:
    await schedule(world, title="Drop-in", when="Thursday 10 April 6pm", repeat="every week")
    await world.organiser.slash(world.general, "organise meeting skip", meeting="Drop-in", on="17 April")
    result = await world.member.slash(world.general, "meeting diary", meeting="Drop-in")
    assert "all its days" in text_of(result)
    buttons = labels(result)
    assert {"Google Calendar", "Outlook.com", "Microsoft 365", "Yahoo"} <= buttons.keys()
    assert all(url is None or url.startswith("https://") for url in buttons.values())
    whole = IcsCalendarStream.calendar_from_ics(await file_in(result))
    (event,) = whole.events
    assert event.rrule is not None
    pressed = await world.member.click(result.response.message, label="Only Thursday 10 April 2025")
    (only,) = IcsCalendarStream.calendar_from_ics(await file_in(pressed)).events
    assert (only.uid, only.rrule) == (event.uid, None)


async def test_a_cancelled_meeting_is_taken_out_of_diaries_and_offered_to_none(world: World) -> None:
    await schedule(world, title="Branch call", when="Thursday 10 April 6pm")
    await world.organiser.slash(world.general, "organise meeting cancel", meeting="Branch call")
    result = await world.member.slash(world.general, "meeting diary", meeting="Branch call")
    assert "is cancelled" in text_of(result)
    assert "METHOD:CANCEL" in await file_in(result)
    assert labels(result) == {}


async def test_who_has_the_port_does_not_stop_the_bot(
    settings: Settings, clock: StoppedClock, taken_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, logger="bot.feed")
    bot = create_bot(with_feed(settings, taken_port), clock=clock)
    env = simcord.Env(bot, check_errors=False, settle_timeout=PATIENCE_SECONDS)
    await env.start()
    (line,) = [record for record in caplog.records if record.name == "bot.feed"]
    assert "not served; everything else works" in line.getMessage()
    assert line.__dict__["listen"] == f"127.0.0.1:{taken_port}"
    guild = env.create_guild("Branch")
    channel = guild.create_text_channel("general")
    manage = guild.create_role("Administrator", permissions=discord.Permissions(manage_guild=True))
    administrator = guild.add_member(env.create_user("administrator"), roles=[manage])
    await env.settle()
    assert "2025" in text_of(await administrator.slash(channel, "meeting next"))
    check = text_of(await administrator.slash(channel, "setup check"))
    assert f"Nothing can listen on 127.0.0.1:{taken_port}" in check
    await bot.close()
    await env.shutdown()


async def test_the_port_is_free_again_when_the_bot_has_stopped(world: World) -> None:
    port = world.bot.feed.port
    assert port is not None
    await world.bot.close()
    with socket.create_server(("127.0.0.1", port)):
        assert world.bot.feed.port is None


async def test_where_the_configuration_switches_it_off_the_way_on_is_said(world: World) -> None:
    world.bot.context.settings = world.bot.settings.model_copy(update={"feed": FeedSettings()})
    for options in ({"turn": "on"}, {"turn": "new-address"}, {}):
        refused = text_of(await world.administrator.slash(world.general, "setup calendar", **options))
        assert "config.toml" in refused
    assert "no calendar" in text_of(await world.member.slash(world.general, "meeting calendar"))
