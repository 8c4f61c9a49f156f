"""What members choose about themselves, and what they can see and erase."""

import asyncio
import json
from datetime import UTC, datetime
from unittest.mock import Mock

import aiohttp
import discord
import pytest
import simcord

from bot.domain.personal_data import PERSONAL_COLUMNS, Choices
from bot.services import members, participation
from tests.discord.conftest import World, text_of


def messages(world: World, person: simcord.MemberActor) -> list[str]:
    """The headlines of what the bot has written to a person."""
    return [message.embeds[0].title or "" for message in person.user.dm_channel.history()]


async def choices(world: World, person: simcord.MemberActor) -> Choices:
    return await members.choices(world.bot.context, world.guild.id, person.id)


@pytest.fixture(params=["closed", "broken", "slow"])
def closed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Direct messages that do not arrive, for each reason that there is."""
    response = Mock(status=403, reason="Forbidden")
    errors = {
        "closed": discord.Forbidden(
            response, {"code": 50007, "message": "Cannot send messages to this user"}
        ),
        "broken": aiohttp.ClientConnectionError(),
        "slow": TimeoutError(),
    }

    async def refuse(self: object, **values: object) -> None:
        await asyncio.sleep(0)
        raise errors[request.param]

    monkeypatch.setattr(discord.abc.Messageable, "send", refuse)


async def test_opting_in_tries_a_message_at_once(world: World) -> None:
    result = await world.member.slash(world.general, "me nudges", turn="on")
    assert result.ephemeral
    assert "are on" in text_of(result)
    assert messages(world, world.member) == ["Nudges will come to you here."]
    assert (await choices(world, world.member)).nudges
    assert not (await choices(world, world.organiser)).nudges


async def test_opting_out_sends_nothing_more(world: World) -> None:
    await world.member.slash(world.general, "me nudges", turn="on")
    result = await world.member.slash(world.general, "me nudges", turn="off")
    assert "are off" in text_of(result)
    assert len(messages(world, world.member)) == 1
    assert await choices(world, world.member) == Choices()


async def test_who_cannot_be_reached_is_told_kindly_and_stays_off(world: World, closed: None) -> None:
    result = await world.member.slash(world.general, "me nudges", turn="on")
    text = text_of(result)
    assert result.ephemeral
    assert "stay off" in text
    assert "Privacy Settings" in text
    assert await choices(world, world.member) == Choices()


async def test_trying_again_with_closed_messages_switches_them_off(world: World, closed: None) -> None:
    await members.set_nudges(world.bot.context, world.guild.id, world.member.id, on=True)
    await world.member.slash(world.general, "me nudges", turn="on")
    assert await choices(world, world.member) == Choices()


async def test_a_zone_of_ones_own(world: World) -> None:
    shown = text_of(await world.member.slash(world.general, "me timezone"))
    assert "Your time zone: Europe/London" in shown
    assert "Monday 31 March 2025, 9am BST" in shown
    text = text_of(await world.member.slash(world.general, "me timezone", zone="new york"))
    assert "Your time zone: America/New_York" in text
    assert "Monday 31 March 2025, 4am EDT" in text
    assert (await choices(world, world.member)).zone == "America/New_York"
    back = text_of(await world.member.slash(world.general, "me timezone", zone="server"))
    assert "Your time zone: Europe/London" in back
    assert await choices(world, world.member) == Choices()


async def test_zones_are_offered_while_typing(world: World) -> None:
    offered = await world.member.autocomplete(world.general, "me timezone", "zone", "dubln")
    assert offered[0]["value"] == "Europe/Dublin"
    first = await world.member.autocomplete(world.general, "me timezone", "zone", "")
    assert first[0]["value"] == "Europe/London"


async def test_a_zone_that_is_not_known_is_refused_with_the_nearest(world: World) -> None:
    text = text_of(await world.member.slash(world.general, "me timezone", zone="Lodnon"))
    assert "Did you mean London" in text
    assert await choices(world, world.member) == Choices()


async def test_who_chose_nothing_sees_what_could_be_held(world: World) -> None:
    result = await world.member.slash(world.general, "me data")
    text = text_of(result)
    assert result.ephemeral
    assert "Nothing is held about you here." in text
    for column in PERSONAL_COLUMNS:
        assert column.title in text
        assert column.why in text
        assert column.kept in text
    assert "Feedback" in text
    assert result.response.attachments == []
    assert result.response.components == []


async def fill(world: World, person: simcord.MemberActor) -> None:
    await person.slash(world.general, "me nudges", turn="on")
    await person.slash(world.general, "me timezone", zone="Dublin")
    await person.slash(world.general, "action done", action="yellow")


async def test_everything_that_is_held_is_in_the_file(world: World) -> None:
    await fill(world, world.member)
    result = await world.member.slash(world.general, "me data")
    assert "2 entries about you" in text_of(result)
    (attached,) = result.response.attachments
    assert attached.filename == "held-about-you.json"
    held = json.loads(await attached.read())
    assert held["Your choices"] == [
        {
            "guild_id": str(world.guild.id),
            "user_id": str(world.member.id),
            "nudges": "True",
            "zone": "Europe/Dublin",
            "language": None,
        }
    ]
    assert held["Actions you were counted for"][0]["action_key"] == "wear-yellow"


async def test_forgetting_asks_first(world: World) -> None:
    await fill(world, world.member)
    asked = await world.member.slash(world.general, "me forget")
    assert "Erase this for good?" in text_of(asked)
    assert (await choices(world, world.member)).nudges
    pressed = await world.member.click(asked.response, custom_id="me.forget|yes")
    assert "Erased." in text_of(pressed)
    assert pressed.response.components == []
    assert await choices(world, world.member) == Choices()
    week = await participation.this_week(world.bot.context, world.guild.id)
    assert week.get("wear-yellow", 0) == 0
    after = await world.member.slash(world.general, "me forget")
    assert "Nothing is held about you here." in text_of(after)


async def test_from_what_is_held_one_step_leads_to_erasing_it(world: World) -> None:
    await fill(world, world.member)
    shown = await world.member.slash(world.general, "me data")
    asked = await world.member.click(shown.response, custom_id="me.forget|ask")
    assert "Erase this for good?" in text_of(asked)
    again = await world.member.slash(world.general, "me forget")
    await world.member.click(asked.response, custom_id="me.forget|yes")
    twice = await world.member.click(again.response, custom_id="me.forget|yes")
    assert "nothing left to erase" in text_of(twice)


async def test_what_is_kept_of_a_moderator_is_said_with_its_reason(world: World) -> None:
    await world.moderator.slash(
        world.moderators, "moderate export", format="csv", purpose="meeting with the employer"
    )
    only_kept = await world.moderator.slash(world.general, "me forget")
    assert "There is nothing to erase." in text_of(only_kept)
    assert "right to know who handled it" in text_of(only_kept)
    await fill(world, world.moderator)
    asked = await world.moderator.slash(world.general, "me forget")
    erased = await world.moderator.click(asked.response, custom_id="me.forget|yes")
    assert "Kept: Your work for the campaign" in text_of(erased)
    data = await world.moderator.slash(world.general, "me data")
    assert "1 entry about you" in text_of(data)
    assert "meeting with the employer" in (await data.response.attachments[0].read()).decode()


async def test_forgetting_touches_nobody_else(world: World) -> None:
    for person in (world.member, world.organiser):
        await fill(world, person)
    asked = await world.member.slash(world.general, "me forget")
    await world.member.click(asked.response, custom_id="me.forget|yes")
    assert await choices(world, world.organiser) == Choices(nudges=True, zone="Europe/Dublin")


async def test_a_nudge_comes_once_to_its_channel_and_once_to_who_asked(world: World) -> None:
    await world.member.slash(world.general, "me nudges", turn="on")
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="Friday 8am"
    )
    world.clock.instant = datetime(2025, 4, 4, 7, 0, tzinfo=UTC)
    for _ in range(3):
        await world.turn()
    assert len(world.posts()) == 1
    assert messages(world, world.member) == [
        "Nudges will come to you here.",
        world.posts()[0].embeds[0].title,
    ]
    assert messages(world, world.organiser) == []
    data = await world.member.slash(world.general, "me data")
    assert "2 entries about you" in text_of(data)


async def test_quiet_hours_hold_a_nudge_back_until_they_are_over(world: World) -> None:
    await world.administrator.slash(world.general, "setup nudges", quiet_from="9pm", quiet_until="8.30am")
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="Friday 8am"
    )
    world.clock.instant = datetime(2025, 4, 4, 7, 0, tzinfo=UTC)
    await world.turn()
    assert world.posts() == []
    world.clock.instant = datetime(2025, 4, 4, 7, 30, tzinfo=UTC)
    await world.turn()
    assert len(world.posts()) == 1
