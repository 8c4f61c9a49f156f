"""Actions, as a member sees them."""

import discord
import pytest
from sqlalchemy import delete, select

from bot.services import participation
from db.tables import actions, participation_ledger
from tests.discord.conftest import World, text_of


async def take_part(world: World, members: int, key: str = "wear-yellow") -> None:
    for member in range(members):
        await participation.record_done(world.bot.context, world.guild.id, member, key)


async def test_the_list_shows_each_action_with_its_links(world: World) -> None:
    result = await world.member.slash(world.general, "action list")
    text = text_of(result)
    assert result.ephemeral
    assert "3 things you can do now" in text
    assert "[Operation Protect at Napo](https://www.napo.org.uk/operation-protect)" in text
    assert text.count("fewer than 5 members") == 3
    assert "Source: Joint union bulletin 2" in text
    links = [child.url for row in result.response.message.components for child in row.children if child.url]
    assert "https://www.napo.org.uk/operation-protect" in links


async def test_small_numbers_are_not_shown(world: World) -> None:
    await take_part(world, 4)
    assert "4 members" not in text_of(await world.member.slash(world.general, "action list"))
    await take_part(world, 5)
    assert "5 members" in text_of(await world.member.slash(world.general, "action list"))


async def test_done_is_counted_once_a_week(world: World) -> None:
    first = await world.member.slash(world.general, "action done", action="wear-yellow")
    assert first.ephemeral
    assert "Counted, thank you." in text_of(first)
    assert "Not your name" in text_of(first)
    again = await world.member.slash(world.general, "action done", action="Wear yellow at work")
    assert "already counted" in text_of(again)
    world.clock.forward(weeks=1)
    later = await world.member.slash(world.general, "action done", action="yelow")
    assert "Counted, thank you." in text_of(later)


async def test_the_example_in_help_keeps_a_word_that_finds_something(world: World) -> None:
    explained = text_of(await world.member.slash(world.general, "help", command="action done"))
    assert "`/action done action:yellow`" in explained


async def test_done_suggests_actions(world: World) -> None:
    choices = await world.member.autocomplete(world.general, "action done", "action", "yelow")
    assert choices[0] == {"name": "Wear yellow at work", "value": "wear-yellow"}


@pytest.mark.parametrize("typed", ["zzzzzz", "' OR 1=1 --", "@everyone"])
async def test_an_unknown_action_is_answered_kindly(world: World, typed: str) -> None:
    result = await world.member.slash(world.general, "action done", action=typed)
    assert "/action list" in text_of(result)
    assert "What to do now" in text_of(result)


async def test_the_list_has_buttons_to_be_counted(world: World) -> None:
    listing = await world.member.slash(world.general, "action list")
    pressed = await world.member.click(listing.response.message, label="I'm in yellow: Wear yellow at work")
    assert "Counted, thank you." in text_of(pressed)


@pytest.fixture
async def nudge(world: World) -> discord.Message:
    """The first post of a nudge."""
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="Friday 8am"
    )
    await world.turn()
    while not world.posts():
        world.clock.instant = world.bot.scheduler.due
        await world.turn()
    return world.posts()[0]


async def test_the_button_under_a_nudge_counts(world: World, nudge: discord.Message) -> None:
    pressed = await world.member.click(nudge, label="I'm in yellow")
    assert pressed.ephemeral
    assert "Counted, thank you." in text_of(pressed)
    again = await world.member.click(nudge, label="I'm in yellow")
    assert "already counted" in text_of(again)
    other = await world.moderator.click(nudge, label="I'm in yellow")
    assert "Counted, thank you." in text_of(other)
    async with world.bot.context.database.read() as connection:
        rows = (await connection.execute(select(participation_ledger))).all()
    assert len(rows) == 2
    assert str(world.member.id) not in str(rows)


async def test_looking_up_more_leaves_everybodys_post_alone(world: World, nudge: discord.Message) -> None:
    more = await world.member.click(nudge, label="What else can I do?")
    assert "3 things you can do now" in text_of(more)
    assert more.ephemeral
    assert [post.embeds for post in world.posts()] == [nudge.embeds]


async def test_after_being_counted_the_list_is_one_press_away(world: World) -> None:
    counted = await world.member.slash(world.general, "action done", action="wear-yellow")
    await world.member.click(counted.response.message, label="What else can I do?")
    assert "3 things you can do now" in text_of(counted)


async def test_a_button_of_an_action_that_is_gone_is_answered_kindly(world: World) -> None:
    listing = await world.member.slash(world.general, "action list")
    async with world.bot.context.database.write() as connection:
        await connection.execute(delete(actions))
    world.bot.context.snapshots.forget(world.guild.id)
    pressed = await world.member.click(listing.response.message, label="I'm in yellow: Wear yellow at work")
    assert "nothing was counted" in text_of(pressed)
    empty = await world.member.slash(world.general, "action list")
    assert "nothing on the list" in text_of(empty)
