"""Nudges through their whole life: the words in rotation, pauses, skips, moves, previews, and one at once."""

import discord
import pytest

from tests.discord.conftest import World, text_of
from tests.discord.schedules import asks, due, forward, press

YELLOW = {"action": "yellow", "when": "Friday 8am"}
FRIDAYS = ["Friday 4 April 2025, 8am BST", "Friday 11 April 2025, 8am BST", "Friday 18 April 2025, 8am BST"]


async def test_the_wordings_take_turns_over_the_weeks(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW, wording="First.|Second.|Third.")
    await forward(world, days=40)
    said = [post.embeds[0].description for post in world.posts()]
    assert len(said) == 6
    assert set(said[:3]) == {"First.", "Second.", "Third."}
    assert said[3:] == said[:3]


async def test_a_paused_nudge_posts_nothing_and_goes_on_where_it_is_resumed(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    text = await asks(world, "nudge pause", nudge="yellow")
    assert "Paused: Wear yellow at work, every Friday at 08:00" in text
    assert "Paused: nothing is posted" in await asks(world, "nudge list")
    await forward(world, days=14)
    assert world.posts() == []
    text = await asks(world, "nudge resume", nudge="yellow")
    assert "2 posts fell due while it was paused" in text
    assert "Friday 18 April 2025, 8am BST" in text
    assert "Friday 2 May 2025, 8am BST" in text
    await forward(world, days=7)
    assert due(world) == FRIDAYS[2:]
    assert "It was not paused" in await asks(world, "nudge resume", nudge="yellow")


async def test_a_pause_is_ended_by_its_button(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    shown = await world.organiser.slash(world.organisers, "organise nudge pause", nudge="yellow")
    assert "Resumed" in await press(world.organiser, shown, "Resume it")
    await forward(world, days=7)
    assert due(world) == FRIDAYS[:1]


async def test_one_day_is_left_out_once(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    text = await asks(world, "nudge skip", nudge="yellow", date="11 April")
    assert "Left out: Friday 11 April 2025" in text
    assert FRIDAYS[2] in text
    assert "Was left out already" in await asks(world, "nudge skip", nudge="yellow", date="11 April")
    assert "Left out: Friday 11 April 2025" in await asks(world, "nudge list")
    await forward(world, days=20)
    assert due(world) == [FRIDAYS[0], FRIDAYS[2]]


async def test_one_time_is_moved_and_the_others_stay(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    text = await asks(world, "nudge move", nudge="yellow", to="Thursday 17 April 6pm", date="18 April")
    assert "Moved to Thursday 17 April 2025, 6pm BST" in text
    await forward(world, days=26)
    assert due(world) == [*FRIDAYS[:2], "Thursday 17 April 2025, 6pm BST", "Friday 25 April 2025, 8am BST"]


@pytest.mark.parametrize(
    ("command", "options", "expected"),
    [
        ("skip", {"date": "Thursday 3 April"}, "Nothing is planned on Thursday 3 April 2025"),
        ("skip", {"date": "Friday 5 April"}, "Saturday"),
        ("skip", {"date": "one of these days"}, "cannot"),
        ("move", {"to": "yesterday 9am"}, "past"),
        ("move", {"to": "31 April 9am"}, "April"),
        ("pause", {"nudge": "bananas"}, "No nudge fits"),
        ("send", {"nudge": "bananas"}, "No nudge fits"),
        ("delete", {"nudge": " "}, "No nudge fits"),
    ],
)
async def test_bad_input_is_refused_kindly(
    world: World, command: str, options: dict[str, str], expected: str
) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    text = await asks(world, f"nudge {command}", **({"nudge": "yellow"} | options))
    assert expected in text
    assert "What to do now" in text
    assert "mine, not yours" not in text
    await forward(world, days=5)
    assert due(world) == FRIDAYS[:1]


async def test_what_is_deleted_is_asked_about_first(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    await forward(world, days=5)
    shown = await world.organiser.slash(world.organisers, "organise nudge delete", nudge="yellow")
    assert "Delete this nudge for good?" in text_of(shown)
    assert "1 nudge" in await asks(world, "nudge list")
    assert "Deleted: Wear yellow at work" in await press(world.organiser, shown, "Delete it")
    assert "There are no nudges yet" in await asks(world, "nudge list")
    await forward(world, days=30)
    assert due(world) == FRIDAYS[:1]


async def test_the_preview_is_the_post_and_pings_nobody(world: World) -> None:
    role = world.guild.create_role("Reps", mentionable=True)
    await asks(world, "nudge schedule", **YELLOW, wording="First.|Second.", role=role)
    shown = await world.organiser.slash(world.organisers, "organise nudge preview", nudge="yellow")
    assert "only you see" in text_of(shown)
    (preview,) = shown.followups
    assert preview.ephemeral
    assert not world.env.backend.get_message(preview.channel_id, preview.id).ping_role_ids
    buttons = [child for row in preview.message.components for child in row.children]
    assert all(child.disabled for child in buttons)
    assert world.posts() == []
    await forward(world, days=5)
    (post,) = world.posts()
    assert post.embeds[0].to_dict() == preview.embeds[0].to_dict()
    assert post.content == preview.content == f"<@&{role.id}>"
    posted = [child for row in post.components for child in row.children]
    assert [child.label for child in posted] == [child.label for child in buttons]


async def test_sent_now_comes_once_however_often_the_button_is_pressed(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    shown = await world.organiser.slash(world.organisers, "organise nudge send", nudge="yellow")
    assert "Post this now, once?" in text_of(shown)
    assert world.posts() == []
    assert shown.response is not None
    row = shown.response.message.components[0]
    assert isinstance(row, discord.ActionRow)
    custom_id = row.children[0].custom_id
    assert "On its way" in await press(world.organiser, shown, "Post it now")
    await world.turn()
    for _ in range(2):
        again = await world.put(world.organisers, discord.ui.Button(label="Post it now", custom_id=custom_id))
        await world.organiser.click(again, label="Post it now")
        world.clock.forward(seconds=1)
        await world.turn()
    assert due(world) == ["Monday 31 March 2025, 9am BST"]
    await forward(world, days=5)
    assert due(world)[1:] == FRIDAYS[:1]


async def test_a_nudge_outlives_its_author(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    author = guild.get_member(world.organiser.id)
    if author is None:
        author = await guild.fetch_member(world.organiser.id)
    await author.kick()
    await world.env.settle()
    await forward(world, days=14)
    assert due(world) == FRIDAYS[:2]


async def test_the_organisers_are_offered_what_is_planned_and_nobody_else(world: World) -> None:
    await asks(world, "nudge schedule", **YELLOW)
    offered = await world.organiser.autocomplete(world.organisers, "organise nudge pause", "nudge", "yel")
    assert [choice["name"] for choice in offered] == [
        "Wear yellow at work · every Friday at 08:00 · Fri 4 Apr 2025, 08:00"
    ]
    text = await asks(world, "nudge pause", nudge=offered[0]["value"])
    assert "Paused: Wear yellow at work" in text
    nothing = await world.member.autocomplete(world.general, "organise nudge pause", "nudge", "yel")
    assert nothing == []
