"""How an action goes: the picture, the words, and what is not told."""

import io

from matplotlib import image

from bot.services import participation
from db.actions import update_action
from tests.discord.conftest import World, text_of

YELLOW = "wear-yellow"


async def take_part(world: World, *by_week: int, key: str = YELLOW) -> None:
    """So many members in each week; the last is the current one."""
    for place, members in enumerate(by_week):
        for member in range(members):
            await participation.record_done(world.bot.context, world.guild.id, member, key)
        if place < len(by_week) - 1:
            world.clock.forward(weeks=1)


async def size_and_share_of_yellow(message) -> tuple[int, float]:
    """How wide the picture of a message is, and how much of it are bars."""
    (attachment,) = message.attachments
    pixels = image.imread(io.BytesIO(await attachment.read()))
    bars = (pixels[..., 0] > 0.99) & (abs(pixels[..., 1] - 213 / 255) < 0.01) & (pixels[..., 2] < 0.01)
    return pixels.shape[1], bars.mean()


async def test_it_shows_weeks_streak_and_goal_in_a_picture_and_in_words(world: World) -> None:
    await take_part(world, 9, 2, 5, 8)
    async with world.bot.context.database.write() as connection:
        await update_action(connection, world.guild.id, YELLOW, goal=8)
    world.bot.context.snapshots.forget(world.guild.id)
    shown = await world.member.slash(world.general, "action progress", action="yelow")
    text = text_of(shown)
    assert shown.ephemeral
    assert "This week so far: 8 members. The goal is reached: 8." in text
    assert "2 weeks in a row with 5 members or more." in text
    assert "The goal was reached in 2 of 4 weeks." in text
    assert "From Monday 7 April 2025: fewer than 5 members" in text
    assert "From Monday 21 April 2025: 8 members, goal reached" in text
    (attachment,) = shown.response.message.attachments
    assert attachment.description.startswith("Chart: Wear yellow at work: members by week (goal 8 a week;")
    assert "7 Apr: hidden. 14 Apr: 5 members. 21 Apr: 8 members." in attachment.description
    assert "2 members" not in text + attachment.description
    wide, bars = await size_and_share_of_yellow(shown.response.message)
    assert wide == 960
    assert 0.1 < bars < 0.5


async def test_it_is_shared_once_with_its_picture(world: World) -> None:
    await take_part(world, 6)
    shown = await world.member.slash(world.general, "action progress")
    for _ in range(2):
        pressed = await world.member.click(shown.response.message, label="Share here")
        assert "Shared in this channel." in text_of(pressed)
    (post,) = world.posts(world.general)
    assert post.embeds[0].title == "Wear yellow at work"
    assert post.attachments[0].description.endswith("31 Mar: 6 members.")
    assert (await size_and_share_of_yellow(post))[0] == 960


async def test_without_a_name_it_is_the_action_that_most_members_do(world: World) -> None:
    await take_part(world, 5)
    await take_part(world, 7, key="on-every-agenda")
    shown = await world.member.slash(world.general, "action progress")
    assert text_of(shown).startswith("\nGet it on every agenda")
    other = await world.member.click(shown.response.message, label="Progress: Wear yellow at work")
    assert "This week so far: 5 members." in text_of(other)
    counted = await world.member.click(other.response.message, label="I'm in yellow")
    assert "Counted, thank you." in text_of(counted)
    back = await world.member.click(counted.response.message, label="How is it going?")
    assert "Wear yellow at work" in text_of(back)


async def test_too_few_make_no_picture_and_nothing_to_share(world: World) -> None:
    await take_part(world, 4)
    shown = await world.member.slash(world.general, "action progress", action=YELLOW)
    assert "fewer than 5 members" in text_of(shown)
    assert "There is a picture once 5 members have been counted in one week." in text_of(shown)
    assert shown.response.message.attachments == []
    labels = [child.label for row in shown.response.message.components for child in row.children]
    assert "Share here" not in labels
    assert "I'm in yellow" in labels
