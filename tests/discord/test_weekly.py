"""The weekly word to the organisers: once a week, true, and quiet when it is switched off."""

import asyncio
from typing import Any

import discord
import pytest
import simcord

import bot.services.weekly
import bot.weekly
from bot.services import guilds
from bot.services.context import Context
from bot.services.setup_check import Finding
from tests.discord.conftest import World, text_of
from tests.discord.schedules import forward


def told(world: World, room: simcord.ChannelHandle | None = None) -> list[str]:
    return [
        one.content for one in world.posts(room or world.organisers) if "The week's report" in one.content
    ]


async def remind(world: World, text: str, when: str, repeat: str | None = None) -> None:
    options = {"repeat": repeat} if repeat else {}
    await world.organiser.slash(
        world.organisers, "organise reminder schedule", text=text, when=when, **options
    )
    await world.turn()


async def test_organisers_are_told_once_a_week_that_all_is_well(world: World) -> None:
    """From Monday 31 March on: the first week has nothing to tell, and nothing is said twice."""
    await remind(world, "Wear *yellow* today", "Friday 4 April 10am", "every week")
    await forward(world, days=6)
    assert told(world) == []
    await forward(world, days=1)
    (first,) = told(world)
    assert "**The week's report: All is well.**" in first
    assert "In the last seven days 1 post went out." in first
    friday = "<t:1744362000:F>"  # 11 April 2025, 10am in London
    assert f"“Wear yellow today”, {friday}" in first
    assert f"in <#{world.announcements.id}>" in first
    assert "To mend" not in first
    await forward(world, days=6)
    await world.turn()
    assert told(world) == [first]
    await forward(world, days=1)
    assert len(told(world)) == 2


async def test_what_needs_attention_is_named(world: World) -> None:
    await remind(world, "Post your ballot paper", "Wednesday 2 April 10am")
    await remind(world, "Paused", "Wednesday 9 April 10am")
    await world.organiser.slash(world.organisers, "organise reminder pause", reminder="Paused")
    channel = world.bot.get_channel(world.announcements.id)
    assert isinstance(channel, discord.TextChannel)
    with world.env._bot_scope():
        await channel.set_permissions(
            channel.guild.default_role, overwrite=discord.PermissionOverwrite(send_messages=False)
        )
    await world.env.settle()
    await forward(world, days=7)
    (word,) = told(world)
    assert "**The week's report: Needs attention.**" in word
    assert "0 posts went out, 1 held back at present. `/organise deliveries` shows each." in word
    assert "- Announcements channel: In #announcements I lack " in word
    assert "Nothing is planned for the next seven days." in word, "what is paused does not come"
    assert len(word) < 2_000


async def test_a_bot_that_was_off_on_monday_says_it_later_in_the_week(world: World) -> None:
    await forward(world, days=1)
    world.clock.forward(days=9)
    await world.turn()
    assert len(told(world)) == 1
    await forward(world, days=3)
    assert len(told(world)) == 1


async def test_an_administrator_switches_it_off_and_on(world: World) -> None:
    await forward(world, days=1)
    shown = text_of(await world.administrator.slash(world.general, "setup channels"))
    assert "Report to organisers\nonce a week" in shown
    shown = text_of(await world.administrator.slash(world.general, "setup channels", weekly=False))
    assert "Saved." in shown
    assert "Report to organisers\nswitched off" in shown
    await forward(world, days=14)
    assert told(world) == []
    await world.administrator.slash(world.general, "setup channels", weekly=True)
    await world.administrator.slash(world.general, "setup channels", weekly=True)
    await forward(world, days=1)
    assert told(world) == [], "from next week on"
    await forward(world, days=6)
    assert len(told(world)) == 1


async def test_one_server_that_cannot_be_told_keeps_the_word_from_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two servers come before it: one whose report cannot be made, and one that Discord does not show this Monday."""
    others = [await another_branch(world, name) for name in ("Strange", "Away")]
    strange, away = (guild.id for guild, _ in others)
    await forward(world, days=1)

    async def findings_in(context: Context, server: discord.Guild) -> list[Finding]:
        return [] if server.id != strange else 1 // 0

    due = bot.services.weekly.due

    async def others_first(context: Context) -> tuple[tuple[int, int], ...]:
        return tuple(sorted(await due(context), key=lambda one: one[0] == world.guild.id))

    hidden = world.bot.get_guild(away)
    assert hidden is not None
    with monkeypatch.context() as patch:
        patch.setattr(bot.weekly, "findings_in", findings_in)
        patch.setattr(bot.services.weekly, "due", others_first)
        hidden.unavailable = True
        await forward(world, days=6)
    hidden.unavailable = False
    assert [len(told(world, room)) for room in (world.organisers, *(room for _, room in others))] == [1, 0, 0]
    await forward(world, days=1)
    assert len(told(world, others[1][1])) == 1, "on the day on which Discord shows it again"


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_process_that_dies_while_it_says_so_loses_no_report(
    world: World, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The next one says it, with the same nonce, so that Discord shows it once if it stands there already."""
    await forward(world, days=1)
    send, nonces = discord.abc.Messageable.send, []

    async def sent(channel: discord.abc.Messageable, text: str, **options: Any) -> discord.Message:
        nonces.append(options["nonce"])
        if len(nonces) == 1 and when == "before":
            raise asyncio.CancelledError
        message = await send(channel, text, **options)
        if len(nonces) == 1:
            raise asyncio.CancelledError
        return message

    monkeypatch.setattr(discord.abc.Messageable, "send", sent)
    with pytest.raises(asyncio.CancelledError):
        await forward(world, days=6)
    await world.turn()
    await forward(world, days=1)
    assert len(set(told(world))) == 1
    assert len(nonces) == 2
    assert nonces[0] == nonces[1]
    assert len(nonces[0]) <= 25


async def another_branch(world: World, name: str) -> tuple[simcord.GuildHandle, simcord.ChannelHandle]:
    guild = world.env.create_guild(name)
    room = guild.create_text_channel("organisers")
    await world.env.settle()
    await guilds.change(world.bot.context, guild.id, organisers_channel_id=room.id)
    return guild, room
