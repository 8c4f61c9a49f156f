"""What organisers schedule, and what is posted because of it."""

import pytest

from tests.discord.conftest import World, text_of
from tests.discord.schedules import forward

CALL = {"title": "All-members' call", "when": "Thursday 3 April 12.30pm", "announce": False}


async def test_a_meeting_is_echoed_with_weekday_date_and_zone(world: World) -> None:
    result = await world.organiser.slash(world.organisers, "organise meeting schedule", **CALL)
    text = text_of(result)
    assert "Thursday 3 April 2025, 12.30pm BST" in text
    assert "3 reminders in #announcements" in text
    assert "Left out, because it is past: 7 days before" in text


async def test_reminders_come_once_each_at_their_local_times(world: World) -> None:
    await world.organiser.slash(world.organisers, "organise meeting schedule", **CALL)
    await world.turn()
    await forward(world, days=5)
    posts = world.posts()
    assert [post.embeds[0].title for post in posts] == [
        "All-members' call is tomorrow",
        "All-members' call starts in 1 hour",
        "All-members' call is starting now",
        "How was it? All-members' call",
    ]
    assert [post.embeds[0].footer.text for post in posts] == [
        "Due Wednesday 2 April 2025, 12.30pm BST",
        "Due Thursday 3 April 2025, 11.30am BST",
        "Due Thursday 3 April 2025, 12.30pm BST",
        "Due Thursday 3 April 2025, 1.30pm BST",
    ]


async def test_an_announced_meeting_is_not_doubled(world: World) -> None:
    result = await world.organiser.slash(world.organisers, "organise meeting schedule", **CALL)
    assert "already in the campaign's diary" in text_of(result)
    listing = await world.member.slash(world.general, "meeting list")
    assert len(listing.response.embeds[0].fields) == 1


async def test_a_nudge_comes_every_friday_but_not_on_good_friday(world: World) -> None:
    result = await world.organiser.slash(
        world.organisers,
        "organise nudge schedule",
        action="yellow",
        when="Friday 8am",
        holidays="england-and-wales",
    )
    assert "Friday 4 April 2025, 8am BST" in text_of(result)
    await world.turn()
    await forward(world, days=28)
    assert [post.embeds[0].footer.text for post in world.posts()] == [
        "Due Friday 4 April 2025, 8am BST",
        "Due Friday 11 April 2025, 8am BST",
        "Due Friday 25 April 2025, 8am BST",
    ]
    listing = await world.organiser.slash(world.organisers, "organise nudge list")
    assert "1 nudge" in text_of(listing)


@pytest.mark.parametrize(
    ("option", "typed", "expected"),
    [
        ("when", "Friday 3 April 12.30pm", "Thursday 3 April"),
        ("when", "31 April 12.30pm", "April"),
        ("when", "yesterday 9am", "past"),
        ("link", "javascript:alert(1)", "https://"),
        ("title", "\u200b\u202e", "empty"),
        ("remind", "every so often", "remind"),
        ("duration", "ages", "duration"),
        ("repeat", "whenever", "repeat"),
    ],
)
async def test_bad_input_is_refused_and_nothing_is_stored(
    world: World, option: str, typed: str, expected: str
) -> None:
    result = await world.organiser.slash(
        world.organisers, "organise meeting schedule", **(CALL | {option: typed})
    )
    assert result.ephemeral
    text = text_of(result)
    assert "What to do now" in text
    assert "mine, not yours" not in text
    listing = await world.member.slash(world.general, "meeting list")
    assert len(listing.response.embeds[0].fields) == 1


async def test_a_channel_where_the_bot_may_not_post_is_refused_at_once(world: World) -> None:
    import discord

    closed = world.guild.create_text_channel(
        "closed",
        overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)},
    )
    result = await world.organiser.slash(
        world.organisers, "organise meeting schedule", **CALL, channel=closed
    )
    assert "Send Messages" in text_of(result)


async def test_posts_ping_only_the_role_that_was_chosen(world: World) -> None:
    role = world.guild.create_role("Nudges", mentionable=True)
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="Friday 8am", role=role
    )
    await world.turn()
    await forward(world, days=7)
    (post,) = world.posts()
    assert post.content == f"<@&{role.id}>"
    everyone = await world.organiser.slash(
        world.organisers,
        "organise nudge schedule",
        action="yellow",
        when="Friday 8am",
        role=world.guild.default_role,
    )
    assert "never ping @everyone" in text_of(everyone)


async def test_an_answer_of_the_employer_is_added_to_the_history(world: World) -> None:
    shown = await world.organiser.slash(
        world.organisers, "organise demand respond", demand="overtime", status="partly_met", date="28 March"
    )
    values = {"text": "They extended it by six months.", "source": "Letter to the unions"}
    recorded = await world.organiser.submit_modal(shown, values)
    assert "Partly met" in text_of(recorded)
    demand = await world.member.slash(world.general, "demand show", demand="overtime")
    assert "Friday 28 March 2025" in text_of(demand)
    assert "six months" in text_of(demand)
    changes = await world.member.slash(world.general, "demand changes", since="1 March")
    assert "No response yet → ◐ Partly met" in text_of(changes)


async def test_what_was_typed_is_handed_back_when_it_cannot_be_used(world: World) -> None:
    shown = await world.organiser.slash(
        world.organisers, "organise demand respond", demand="overtime", status="refused"
    )
    result = await world.organiser.submit_modal(shown, {"text": "A long considered answer", "source": " "})
    assert "source" in text_of(result).casefold()
    assert result.response.attachments[0].filename == "what-you-typed.txt"


@pytest.mark.parametrize(
    ("who", "command", "options"),
    [
        ("member", "organise meeting schedule", CALL),
        ("moderator", "organise nudge list", {}),
        ("member", "organise demand respond", {"demand": "overtime", "status": "met"}),
        ("administrator", "organise nudge list", {}),
    ],
)
async def test_others_are_refused_kindly(
    world: World, who: str, command: str, options: dict[str, str]
) -> None:
    result = await getattr(world, who).slash(world.general, command, **options)
    assert result.ephemeral
    assert "for the campaign's organisers" in text_of(result)
    assert world.posts() == []
