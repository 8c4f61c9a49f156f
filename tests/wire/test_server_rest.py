"""The stand-in's HTTP side against discord.py's own client, in this process: what the bare bot does not touch."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.wire.server import Channel, Guild, Permission, WireDiscord, delay


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WireDiscord]:
    async with WireDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.api_base)
        yield server
        assert server.unsupported == []
        assert server.violations == []


@pytest.fixture
async def client(server: WireDiscord) -> AsyncIterator[discord.Client]:
    """A client that has logged in and speaks HTTP only."""
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(server.token)
        yield client


@pytest.fixture
def guild(server: WireDiscord) -> Guild:
    return server.add_guild("Branch")


@pytest.fixture
def channel(guild: Guild) -> Channel:
    return guild.add_channel("general")


async def text_channel(client: discord.Client, channel: Channel) -> discord.TextChannel:
    found = await client.fetch_channel(int(channel.id))
    assert isinstance(found, discord.TextChannel)
    return found


async def refused(request: object) -> tuple[int, int]:
    with pytest.raises(discord.HTTPException) as caught:
        await request  # type: ignore[misc]
    return caught.value.status, caught.value.code


async def test_history_pages(client: discord.Client, channel: Channel) -> None:
    remote = await text_channel(client, channel)
    sent = [await remote.send(f"message {number}") for number in range(5)]

    async def ids(**bounds: Any) -> list[int]:
        return [sent.index(message) async for message in remote.history(limit=3, **bounds)]

    assert await ids() == [4, 3, 2]
    assert await ids(before=sent[2]) == [1, 0]
    assert await ids(after=sent[2]) == [3, 4]
    assert sorted(await ids(around=sent[2])) == [1, 2, 3]


async def test_messages_are_edited_pinned_and_deleted(client: discord.Client, channel: Channel) -> None:
    remote = await text_channel(client, channel)
    message = await remote.send("before", embed=discord.Embed(title="A title"))
    await message.edit(content="after")
    await message.pin()
    assert [pin.content async for pin in remote.pins()] == ["after"]
    await message.unpin()
    assert [pin.content async for pin in remote.pins()] == []
    assert channel.messages[0].embeds[0]["title"] == "A title"
    await message.delete()
    assert channel.messages == []
    assert await refused(remote.fetch_message(message.id)) == (404, 10008)


async def test_files_can_be_read_back(client: discord.Client, channel: Channel) -> None:
    remote = await text_channel(client, channel)
    with Path(__file__).open("rb") as source:
        message = await remote.send(file=discord.File(source, filename="a.txt", description="A file"))
    assert (channel.messages[0].attachments[0].name, channel.messages[0].attachments[0].description) == (
        "a.txt",
        "A file",
    )
    assert await message.attachments[0].read() == channel.messages[0].attachments[0].data
    await message.edit(attachments=[])
    assert channel.messages[0].attachments == []


async def test_components_v2_and_their_limits(client: discord.Client, channel: Channel) -> None:
    remote = await text_channel(client, channel)
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.Container(discord.ui.TextDisplay("Hello"), discord.ui.Separator()))
    await remote.send(view=view)
    assert channel.messages[0].text == "Hello"
    view.add_item(discord.ui.TextDisplay("x" * 4000))
    assert await refused(remote.send(view=view)) == (400, 50035)


async def test_embeds_beyond_6000_characters(client: discord.Client, channel: Channel) -> None:
    remote = await text_channel(client, channel)
    embeds = [discord.Embed(description="x" * 3001), discord.Embed(description="x" * 3000)]
    assert await refused(remote.send(embeds=embeds)) == (400, 50035)


async def test_direct_messages_and_closed_ones(
    server: WireDiscord, client: discord.Client, guild: Guild
) -> None:
    ada = guild.add_member("Ada")
    user = await client.fetch_user(int(ada.id))
    await user.send("hello")
    assert [message.content for message in ada.dm.messages] == ["hello"]
    ada.user.takes_dms = False
    assert await refused(user.send("hello")) == (403, 50007)


async def test_who_is_pinged_follows_allowed_mentions(
    client: discord.Client, channel: Channel, guild: Guild
) -> None:
    ada, nudge = guild.add_member("Ada"), guild.add_role("nudge")
    remote = await text_channel(client, channel)
    text = f"@everyone {ada.mention} {nudge.mention}"
    await remote.send(text)
    await remote.send(text, allowed_mentions=discord.AllowedMentions.none())
    await remote.send(text, allowed_mentions=discord.AllowedMentions(everyone=False, users=False))
    everything, nothing, roles = (message.pings() for message in channel.messages)
    assert (everything.everyone, everything.users, everything.roles) == (True, {ada.id}, {nudge.id})
    assert (nothing.everyone, nothing.users, nothing.roles) == (False, set(), set())
    assert (roles.everyone, roles.users, roles.roles) == (False, set(), {nudge.id})


async def test_scheduled_events(client: discord.Client, guild: Guild) -> None:
    remote = await client.fetch_guild(int(guild.id))
    start = discord.utils.utcnow() + timedelta(days=1)

    async def create(**changes: object) -> discord.ScheduledEvent:
        details = {
            "name": "Branch meeting",
            "start_time": start,
            "end_time": start + timedelta(hours=1),
            "entity_type": discord.EntityType.external,
            "privacy_level": discord.PrivacyLevel.guild_only,
            "location": "Hall",
        }
        return await remote.create_scheduled_event(**{**details, **changes})  # type: ignore[call-overload]

    event = await create()
    assert guild.events[str(event.id)]["name"] == "Branch meeting"
    await event.edit(
        name="Moved meeting", start_time=start, end_time=start + timedelta(hours=2), location="Pub"
    )
    assert guild.events[str(event.id)]["entity_metadata"] == {"location": "Pub"}
    await event.delete()
    assert await refused(remote.fetch_scheduled_event(event.id)) == (404, 10070)
    assert await refused(create(start_time=start - timedelta(days=2))) == (400, 50035)
    guild.bot_role.permissions = Permission(0)
    assert await refused(create()) == (403, 50013)


async def test_roles_up_to_the_bots_own_rank(client: discord.Client, guild: Guild) -> None:
    nudge, boss = guild.add_role("nudge"), guild.add_role("boss", position=90)
    ada = guild.add_member("Ada")
    remote = await client.fetch_guild(int(guild.id))
    member = await remote.fetch_member(int(ada.id))
    await member.add_roles(discord.Object(int(nudge.id)))
    assert ada.roles == [nudge]
    await member.remove_roles(discord.Object(int(nudge.id)))
    assert ada.roles == []
    assert await refused(member.add_roles(discord.Object(int(boss.id)))) == (403, 50013)
    assert await refused(remote.fetch_member(1)) == (404, 10007)


async def test_commands_of_a_guild_keep_their_ids(client: discord.Client, guild: Guild) -> None:
    tree = app_commands.CommandTree(client)

    @tree.command(guild=discord.Object(int(guild.id)))
    @app_commands.default_permissions(manage_guild=True)
    async def hello(interaction: discord.Interaction, who: discord.Member) -> None:
        """Say hello."""

    first = await tree.sync(guild=discord.Object(int(guild.id)))
    second = await tree.sync(guild=discord.Object(int(guild.id)))
    assert [command.id for command in first] == [command.id for command in second]
    fetched = await tree.fetch_commands(guild=discord.Object(int(guild.id)))
    assert fetched[0].default_member_permissions == discord.Permissions(manage_guild=True)


async def test_a_route_limit_shows_in_the_headers_and_is_kept(
    server: WireDiscord, client: discord.Client, channel: Channel
) -> None:
    server.limits.enforce_route("POST", r"/channels/\d+/messages", limit=2, seconds=0.2)
    remote = await text_channel(client, channel)
    for number in range(5):
        await remote.send(str(number))
    assert len(channel.messages) == 5
    assert server.limits.rejected == []


async def test_a_delayed_request_lets_others_pass(
    server: WireDiscord, client: discord.Client, channel: Channel
) -> None:
    slow = server.faults.add("GET", f"/channels/{channel.id}", delay(30))
    waiting = asyncio.create_task(client.fetch_channel(int(channel.id)))
    await slow.wait()
    assert (await client.fetch_user(int(server.bot.id))).id == int(server.bot.id)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_an_unknown_route_is_noticed(server: WireDiscord, client: discord.Client, guild: Guild) -> None:
    remote = await client.fetch_guild(int(guild.id))
    assert await refused(remote.vanity_invite()) == (404, 0)
    assert server.unsupported.pop() == f"GET /guilds/{guild.id}/vanity-url"
