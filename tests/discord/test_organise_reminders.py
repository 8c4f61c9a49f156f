"""Reminders in an organiser's own words: once or again and again, and what can be done to them."""

from typing import Any

import pytest

from tests.discord.conftest import World, text_of
from tests.discord.schedules import asks, due, forward, press

BALLOT = {"text": "Post your ballot paper today: https://example.org", "when": "Thursday 3 April 12.30pm"}
ONCE = "Thursday 3 April 2025, 12.30pm BST"


async def test_a_reminder_comes_once(world: World) -> None:
    text = await asks(world, "reminder schedule", **BALLOT)
    assert f"Scheduled: {ONCE}" in text
    assert "Europe/London" in text
    await forward(world, days=8)
    (post,) = world.posts()
    assert due(world) == [ONCE]
    assert post.embeds[0].title == "Reminder"
    assert post.embeds[0].description == BALLOT["text"]
    assert "There are no reminders yet" in await asks(world, "reminder list")


@pytest.mark.parametrize(
    "options", [{"when": "Friday 8am", "repeat": "every other week"}, {"when": "every other Friday 8am"}]
)
async def test_a_recurring_one_shows_its_next_three(world: World, options: dict[str, str]) -> None:
    text = await asks(world, "reminder schedule", text="Timesheets.", **options)
    fridays = ["Friday 4 April", "Friday 18 April", "Friday 2 May"]
    assert all(f"{friday} 2025, 8am BST" in text for friday in fridays)
    assert "every other Friday at 08:00" in text
    await forward(world, days=33)
    assert due(world) == [f"{friday} 2025, 8am BST" for friday in fridays]


async def test_it_goes_where_it_should_and_pings_only_the_chosen_role(world: World) -> None:
    role = world.guild.create_role("Reps", mentionable=True)
    text = {"text": "@everyone <@&1> look", "when": "in 2 hours"}
    await asks(world, "reminder schedule", **text, channel=world.general, role=role)
    await forward(world, hours=3)
    (post,) = world.posts(world.general)
    assert post.content == f"<@&{role.id}>"
    assert not post.mention_everyone
    assert [pinged.id for pinged in post.role_mentions] == [role.id]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"text": "\u200b\u202e"}, "empty"),
        ({"when": "Friday 3 April 12.30pm"}, "Thursday 3 April"),
        ({"when": "yesterday 9am"}, "past"),
        ({"when": "Monday 9am"}, "this very minute"),
        ({"when": "whenever"}, "whenever"),
        ({"when": "every minute"}, "every minute"),
        ({"repeat": "every blue moon"}, "blue moon"),
    ],
)
async def test_bad_input_is_refused_and_nothing_is_stored(
    world: World, changed: dict[str, Any], expected: str
) -> None:
    text = await asks(world, "reminder schedule", **(BALLOT | changed))
    assert expected in text
    assert "What to do now" in text
    assert "mine, not yours" not in text
    assert "There are no reminders yet" in await asks(world, "reminder list")


async def test_paused_past_its_time_it_is_left_out_and_told(world: World) -> None:
    await asks(world, "reminder schedule", **BALLOT)
    await asks(world, "reminder pause", reminder="ballot")
    await forward(world, days=5)
    assert "Paused: nothing is posted" in await asks(world, "reminder list")
    text = await asks(world, "reminder resume", reminder="ballot")
    assert "1 post fell due while it was paused" in text
    assert "No more." in text
    await forward(world, days=5)
    assert world.posts() == []


async def test_one_that_happens_once_can_be_moved_previewed_and_skipped(world: World) -> None:
    await asks(world, "reminder schedule", **BALLOT)
    text = await asks(world, "reminder move", reminder="ballot", to="14 April 9am")
    assert "Moved to Monday 14 April 2025, 9am BST" in text
    shown = await world.organiser.slash(world.organisers, "organise reminder preview", reminder="ballot")
    assert shown.followups[0].embeds[0].footer.text == "Due Monday 14 April 2025, 9am BST"
    assert "Left out: Monday 14 April 2025" in await asks(world, "reminder skip", reminder="ballot")
    await forward(world, days=15)
    assert world.posts() == []


async def test_it_is_deleted_after_a_question(world: World) -> None:
    await asks(world, "reminder schedule", **BALLOT)
    shown = await world.organiser.slash(world.organisers, "organise reminder delete", reminder="ballot")
    assert "Delete this reminder for good?" in text_of(shown)
    assert "Deleted" in await press(world.organiser, shown, "Delete it")
    await forward(world, days=5)
    assert world.posts() == []


async def test_a_reminder_outlives_the_role_of_its_author(world: World) -> None:
    await asks(world, "reminder schedule", **BALLOT)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    author = await guild.fetch_member(world.organiser.id)
    await author.edit(roles=[])
    await world.env.settle()
    refused = await world.organiser.slash(world.general, "help")
    assert "organise reminder" not in text_of(refused)
    await forward(world, days=5)
    assert due(world) == [ONCE]


async def test_anybody_may_ask_where_a_post_comes_from(world: World) -> None:
    await asks(world, "reminder schedule", text="Timesheets.", when="every Friday 8am")
    await forward(world, days=5)
    (post,) = world.posts()
    text = text_of(await world.member.click(post, label="About this post"))
    assert "The campaign's organisers scheduled this post." in text
    assert "every Friday at 08:00" in text


async def test_a_button_of_another_version_says_so(world: World) -> None:
    import discord

    for custom_id in ("schedule.delete|meeting|x", "schedule.resume|", "post.about|nothing"):
        message = await world.put(world.organisers, discord.ui.Button(label="Press", custom_id=custom_id))
        text = text_of(await world.organiser.click(message, label="Press"))
        assert "What to do now" in text
        assert "mine, not yours" not in text
