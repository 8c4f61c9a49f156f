"""Members follow demands, and hear of the employer's answers in one direct message."""

from unittest.mock import Mock

import discord
import pytest
import simcord

from bot.app import create_bot
from bot.config import Settings
from tests.discord.conftest import World, text_of

FIRST = "Word of the employer's answers will come to you here."


def direct(person: simcord.MemberActor) -> list[discord.Message]:
    """What the bot has written to a person, the first message left out."""
    return [one for one in person.user.dm_channel.history() if one.embeds[0].title != FIRST]


def words(message: discord.Message) -> str:
    (embed,) = message.embeds
    fields = [f"{field.name}\n{field.value}" for field in embed.fields]
    return "\n".join([embed.title or "", embed.description or "", *fields, embed.footer.text or ""])


async def follow(world: World, person: simcord.MemberActor, demand: str) -> str:
    return text_of(await person.slash(world.general, "demand follow", demand=demand))


async def respond(world: World, demand: str, status: str, text: str) -> None:
    shown = await world.organiser.slash(
        world.organisers, "organise demand respond", demand=demand, status=status, date="28 March"
    )
    await world.organiser.submit_modal(shown, {"text": text, "source": "Letter to the unions"})


async def restart(world: World, settings: Settings) -> None:
    """The bot stops, and another one starts over the same files; then what is due is done."""
    await world.bot.close()
    world.bot = create_bot(settings, clock=world.clock)
    await world.env.restart_bot(world.bot)
    with world.env._bot_scope():
        await world.bot.scheduler.turn()


async def test_followers_get_one_message_with_all_that_concerns_them(
    world: World, settings: Settings
) -> None:
    assert "You follow “" in await follow(world, world.member, "overtime")
    assert "You follow all demands now." in await follow(world, world.moderator, "all")
    assert [one.embeds[0].title for one in world.member.user.dm_channel.history()] == [FIRST]
    await respond(world, "overtime", "partly_met", "Six months more.")
    world.clock.forward(minutes=10)
    await respond(world, "sickness", "refused", "No.")
    await respond(world, "overtime", "agreed", "A year more.")
    await world.turn()
    assert direct(world.member) == []
    await restart(world, settings)
    assert direct(world.member) == [], "it was not due yet"
    world.clock.forward(minutes=5)
    for _ in range(2):
        await restart(world, settings)

    (to_member,) = direct(world.member)
    assert "2 answers to demands that you follow" in words(to_member)
    assert "○ No response yet → ◐ Partly met\nFriday 28 March 2025\nSix months more." in words(to_member)
    assert "◐ Partly met → ✓ Agreed but not yet done" in words(to_member)
    assert "sickness" not in words(to_member)
    (to_moderator,) = direct(world.moderator)
    assert "3 answers" in words(to_moderator)
    assert "✕ Refused" in words(to_moderator)
    assert direct(world.organiser) == []
    assert world.posts() == world.posts(world.organisers) == []
    await world.bot.close()


async def test_the_button_under_the_message_stops_them(world: World) -> None:
    await follow(world, world.member, "overtime")
    await respond(world, "overtime", "partly_met", "Six months more.")
    world.clock.forward(minutes=15)
    await world.turn()
    (message,) = direct(world.member)
    assert "The employer's answer to “" in words(message)
    stopped = await world.member.user.click(message, label="Stop these messages")
    assert "You follow no demands now." in text_of(stopped)
    await respond(world, "overtime", "agreed", "A year more.")
    world.clock.forward(minutes=15)
    await world.turn()
    assert len(direct(world.member)) == 1


async def test_what_is_followed_can_be_seen_and_ended(world: World) -> None:
    offered = await world.member.autocomplete(world.general, "demand follow", "demand", "")
    assert offered[0]["value"] == "all"
    shown = await world.member.slash(world.general, "demand show", demand="overtime")
    assert "You follow “" in text_of(await world.member.click(shown.response, label="Follow"))
    assert "already" in await follow(world, world.member, "overtime")
    await follow(world, world.member, "sickness")
    offered = await world.member.autocomplete(world.general, "demand unfollow", "demand", "")
    assert [one["value"] for one in offered] == ["all", "suspend-sickness-absence", "extend-overtime"]
    one = await world.member.slash(world.general, "demand unfollow", demand="overtime")
    assert "You no longer follow “" in text_of(one)
    assert "sickness" in text_of(one)
    data = text_of(await world.member.slash(world.general, "me data"))
    assert "Demands you follow\n**1 entry.**" in data
    await follow(world, world.member, "all")
    refused = await world.member.slash(world.general, "demand unfollow", demand="overtime")
    assert "one of them alone cannot be left out" in text_of(refused)
    for said in ("You follow no demands now.", "You followed nothing"):
        assert said in text_of(await world.member.slash(world.general, "demand unfollow"))
    assert "Nothing is held about you" in text_of(await world.member.slash(world.general, "me data"))


async def test_who_takes_no_messages_follows_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await follow(world, world.moderator, "all")

    async def refuse(self: object, *content: object, **values: object) -> None:
        raise discord.Forbidden(
            Mock(status=403, reason="Forbidden"),
            {"code": 50007, "message": "Cannot send messages to this user"},
        )

    monkeypatch.setattr(discord.abc.Messageable, "send", refuse)
    assert "I could not reach you by direct message" in await follow(world, world.member, "overtime")
    await respond(world, "overtime", "agreed", "A year more.")
    world.clock.forward(minutes=15)
    await world.turn()
    monkeypatch.undo()
    for person in (world.member, world.moderator):
        assert "You followed nothing" in text_of(await person.slash(world.general, "demand unfollow"))
        assert direct(person) == []
    assert world.posts(world.organisers) == []
