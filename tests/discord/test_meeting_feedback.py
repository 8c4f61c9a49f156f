"""When a meeting is over, a post asks how it was, and its button leads to the form."""

from datetime import UTC, datetime, timedelta

from bot.domain.schedules import DeliveryState
from db import deliveries
from tests.discord.conftest import World, text_of
from tests.discord.test_feedback import RECEIPT, stored

MEETING = {
    "title": "All-members' call",
    "when": "Thursday 3 April 12.30pm",
    "remind": "none",
    "announce": False,
}


async def test_a_post_asks_and_the_feedback_knows_its_meeting(world: World) -> None:
    told = await world.organiser.slash(world.organisers, "organise meeting schedule", **MEETING)
    assert "A post asks how it was" in text_of(told)
    world.clock.forward(days=3, hours=4, minutes=29)  # 13:29 in London, one minute before the end
    await world.turn()
    assert world.posts() == []
    world.clock.forward(minutes=1)
    await world.turn()
    (post,) = world.posts()
    assert post.embeds[0].title == "How was it? All-members' call"
    assert post.content == ""
    form = await world.member.click(post, label="Tell us how it was")
    result = await world.member.submit_modal(form, {"text": "Too short, said Mrs Smith"})
    result = await world.member.click(result.response, label="Store it like this")
    assert RECEIPT.search(text_of(result))
    (row,) = await stored(world)
    assert (row.topic, row.text) == ("meeting", "Too short, said Mrs [name]")
    shown = await world.member.slash(world.general, "meeting list", which="past")
    assert "All-members' call" in text_of(shown)
    assert row.meeting_key
    await world.turn()
    assert len(world.posts()) == 1


async def test_a_meeting_that_repeats_is_asked_about_each_time(world: World) -> None:
    await world.organiser.slash(
        world.organisers, "organise meeting schedule", **MEETING, repeat="every week", duration="90 minutes"
    )
    listed = text_of(await world.organiser.slash(world.organisers, "organise reminder list"))
    assert "How was it?" in listed
    assert "14:00" in listed
    for days in (3, 7):
        world.clock.forward(days=days, hours=6)
        await world.turn()
        world.clock.forward(hours=-6)
    assert [post.embeds[0].title for post in world.posts()] == ["How was it? All-members' call"] * 2


NIGHT = {**MEETING, "title": "Night call", "when": "Thursday 3 April 10pm", "repeat": "every week"}


async def asked_at(world: World, *times: datetime) -> list[int]:
    """How many questions stand in the channel at each of these instants."""
    numbers = []
    for instant in times:
        world.clock.instant = instant
        await world.turn()
        numbers.append(sum(post.embeds[0].title.startswith("How was it?") for post in world.posts()))
    return numbers


async def test_a_meeting_that_ends_after_midnight_is_asked_about_each_time(world: World) -> None:
    told = await world.organiser.slash(
        world.organisers, "organise meeting schedule", **NIGHT, duration="3 hours"
    )
    assert "A post asks how it was" in text_of(told)
    first, second = (
        datetime(2025, 4, 4, 0, 0, tzinfo=UTC),
        datetime(2025, 4, 11, 0, 0, tzinfo=UTC),
    )  # 1am in London
    minute = timedelta(minutes=1)
    assert await asked_at(world, first - minute, first, second - minute, second) == [0, 1, 1, 2]


async def test_a_meeting_that_comes_to_end_after_midnight_is_asked_about_at_its_new_end(world: World) -> None:
    await world.organiser.slash(world.organisers, "organise meeting schedule", **NIGHT, duration="1 hour")
    asked = {"meeting": "Night call"}
    await world.organiser.slash(
        world.organisers, "organise meeting edit", **asked, duration="2 hours 30 minutes"
    )
    await world.organiser.slash(world.organisers, "organise meeting move", **asked, to="Friday 4 April 9pm")
    first, second = datetime(2025, 4, 4, 22, 30, tzinfo=UTC), datetime(2025, 4, 10, 23, 30, tzinfo=UTC)
    minute = timedelta(minutes=1)
    assert await asked_at(world, first - minute, first, second - minute, second) == [0, 1, 1, 2]
    world.clock.forward(days=1)
    await world.organiser.slash(world.organisers, "organise meeting edit", **asked, duration="4 hours")
    third = datetime(2025, 4, 18, 1, 0, tzinfo=UTC)
    assert await asked_at(world, third - minute, third) == [2, 3]


async def test_nobody_is_asked_where_the_organiser_does_not_want_it(world: World) -> None:
    told = await world.organiser.slash(
        world.organisers, "organise meeting schedule", **MEETING, feedback=False
    )
    assert "A post asks" not in text_of(told)
    world.clock.forward(days=4)
    await world.turn()
    assert world.posts() == []


async def test_asking_comes_late_rather_than_never_but_not_after_a_day(world: World) -> None:
    for when in ("Thursday 3 April 12.30pm", "Thursday 10 April 12.30pm"):
        await world.organiser.slash(
            world.organisers, "organise meeting schedule", **{**MEETING, "when": when}
        )
    world.clock.forward(days=3, hours=20)
    await world.turn()
    (post,) = world.posts()
    assert "Posted late" in post.embeds[0].footer.text
    world.clock.forward(days=8)
    await world.turn()
    assert len(world.posts()) == 1
    async with world.bot.context.database.read() as connection:
        counts = await deliveries.count_by_state(connection, world.guild.id)
    assert counts[DeliveryState.SKIPPED] == 1
