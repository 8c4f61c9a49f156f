"""Discord's own events beside the meetings: made, moved, taken away; put back and told when somebody else changes them."""

from collections.abc import Callable

import discord
import pytest
import simcord

from bot import live_counts
from bot.native_events import AGAIN_AFTER
from bot.services import guilds
from tests.discord.conftest import World, text_of
from tests.discord.schedules import asks, forward

LINK = "https://join.example.org/1"
CALL = {"title": "Branch call", "when": "Thursday 10 April 12.30pm", "link": LINK, "feedback": False}
SCHEDULED, ACTIVE = 1, 2


@pytest.fixture(autouse=True)
def unhurried_posts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Edited posts wait for each other, which is not what is looked at here."""
    monkeypatch.setattr(live_counts, "PAUSE_SECONDS", 0.0)


def events(world: World, guild: simcord.GuildHandle | None = None) -> dict[int, object]:
    """The events that members see in the server's list."""
    found = world.env.backend.get_guild((guild or world.guild).id).scheduled_events
    return {number: event for number, event in found.items() if event.status in {SCHEDULED, ACTIVE}}


def starts(world: World) -> list[str]:
    return sorted(event.scheduled_start_time[:16] for event in events(world).values())


def told(world: World) -> list[str]:
    """What organisers were told, without the weekly report."""
    words = [post.content for post in world.posts(world.organisers)]
    return [one for one in words if "The week's report" not in one]


async def by_hand(world: World, change: Callable[[int], object]) -> None:
    """Somebody with the permission changes the only event."""
    ((number, _),) = events(world).items()
    change(number)
    await world.env.settle()


async def permit(world: World, *, events_too: bool) -> None:
    """An administrator gives or takes the permission to make events."""
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    role = guild.me.top_role
    permissions = discord.Permissions(role.permissions.value)
    permissions.update(create_events=events_too, manage_events=events_too)
    world.env.backend.edit_role(world.guild.id, role.id, {"permissions": permissions.value})
    await world.env.settle()


async def test_the_event_follows_the_meeting(world: World) -> None:
    await asks(world, "meeting schedule", **CALL)
    ((number, event),) = events(world).items()
    assert event.name == "Branch call"
    assert event.entity_metadata == {
        "location": "Online: press “Get the link” under the post in #announcements"
    }
    assert LINK not in f"{event}"
    assert (event.entity_type, event.privacy_level) == (3, 2)
    await asks(world, "meeting move", meeting="branch", to="Friday 11 April 2pm")
    await asks(world, "meeting edit", meeting="branch", title="Everybody's call", duration="2 hours")
    assert list(events(world)) == [number]
    assert event.scheduled_end_time == "2025-04-11T15:00:00+00:00"
    assert event.name == "Everybody's call"
    await forward(world, days=1)
    assert list(events(world)) == [number]
    await asks(world, "meeting cancel", meeting="everybody")
    assert events(world) == {}
    assert told(world) == []


async def test_a_channel_is_named_only_while_everybody_sees_it(world: World) -> None:
    await asks(world, "meeting schedule", **CALL)
    (event,) = events(world).values()
    channel = world.bot.get_channel(world.announcements.id)
    assert isinstance(channel, discord.TextChannel)
    with world.env._bot_scope():
        await channel.edit(name="news")
    await world.env.settle()
    assert event.entity_metadata["location"].endswith("under the post in #news")
    with world.env._bot_scope():
        await channel.set_permissions(channel.guild.default_role, view_channel=False)
    await world.env.settle()
    assert event.entity_metadata["location"] == "Online: press “Get the link” under the post"


async def test_a_series_goes_on_as_the_days_pass(world: World) -> None:
    await asks(world, "meeting schedule", **CALL | {"repeat": "every week", "remind": "1 d"})
    days = [f"2025-{day}T11:30" for day in ("04-10", "04-17", "04-24", "05-01")]
    assert starts(world) == days
    await asks(world, "meeting skip", meeting="branch", on="17 April")
    assert starts(world) == [days[0], days[2], days[3]]
    await forward(world, days=12)
    assert starts(world) == [days[2], days[3], "2025-05-08T11:30", "2025-05-15T11:30"]
    assert told(world) == [], "that an event is over is no news"


async def test_a_changed_event_is_put_back_and_the_meeting_may_follow_it(world: World) -> None:
    await asks(world, "meeting schedule", **CALL)
    await by_hand(
        world,
        lambda number: world.env.backend.edit_scheduled_event(
            world.guild.id,
            number,
            {
                "scheduled_start_time": "2025-04-11T17:30:00+00:00",
                "scheduled_end_time": "2025-04-11T18:30:00+00:00",
                "name": "Call @everyone",
            },
        ),
    )
    assert starts(world) == ["2025-04-10T11:30"]
    (text,) = told(world)
    assert "Somebody changed Discord's event of **Branch call**" in text
    assert "Friday 11 April 2025, 6.30pm BST; the diary says Thursday 10 April 2025, 12.30pm BST" in text
    assert "@everyone" not in text
    (post,) = world.posts(world.organisers)
    refused = await world.member.click(post, label="Move the meeting to that time")
    assert "for the campaign's organisers" in text_of(refused)
    moved = await world.organiser.click(post, label="Move the meeting to that time")
    assert moved.ephemeral
    assert "Moved: Branch call" in text_of(moved)
    assert starts(world) == ["2025-04-11T17:30"]
    again = await world.organiser.click(post, label="Move the meeting to that time")
    assert "at that time already" in text_of(again)
    assert "Friday 11 April" in text_of(
        await world.member.slash(world.general, "meeting show", meeting="branch")
    )
    assert len(told(world)) == 1


async def test_one_of_a_series_follows_its_event_and_only_that(world: World) -> None:
    await asks(world, "meeting schedule", **CALL | {"repeat": "every week"})
    number = sorted(events(world))[1]
    world.env.backend.edit_scheduled_event(
        world.guild.id, number, {"scheduled_start_time": "2025-04-17T11:00:00+00:00"}
    )
    await world.env.settle()
    (post,) = world.posts(world.organisers)
    await world.organiser.click(post, label="Move the meeting to that time")
    days = ("04-10T11:30", "04-17T11:00", "04-24T11:30", "05-01T11:30")
    assert starts(world) == [f"2025-{day}" for day in days]
    await asks(world, "meeting cancel", meeting="branch")
    over = await world.organiser.click(post, label="Move the meeting to that time")
    assert "is cancelled already" in text_of(over)


async def test_other_words_are_put_back_without_a_button(world: World) -> None:
    await asks(world, "meeting schedule", **CALL)
    await by_hand(
        world,
        lambda number: world.env.backend.edit_scheduled_event(
            world.guild.id,
            number,
            {"description": "Join at my place", "entity_metadata": {"location": "Pub"}},
        ),
    )
    (event,) = events(world).values()
    assert "Join" not in event.description
    assert "Get the link" in event.entity_metadata["location"]
    (post,) = world.posts(world.organisers)
    assert "it said Pub" in post.content
    assert "description was another one" in post.content
    assert post.components == []


@pytest.mark.parametrize("how", ["deleted", "called off"])
async def test_a_deleted_event_is_made_anew_once(world: World, how: str) -> None:
    def delete(number: int) -> None:
        if how == "deleted":
            world.env.backend.delete_scheduled_event(world.guild.id, number)
        else:
            world.env.backend.edit_scheduled_event(world.guild.id, number, {"status": 4})

    await asks(world, "meeting schedule", **CALL)
    await by_hand(world, delete)
    assert starts(world) == ["2025-04-10T11:30"]
    assert "I made the event anew" in told(world)[-1]
    await by_hand(world, delete)
    assert events(world) == {}
    assert "so I leave it deleted" in told(world)[-1]
    await forward(world, days=2)
    assert events(world) == {}
    assert len(told(world)) == 2
    assert "Branch call" in text_of(await world.member.slash(world.general, "meeting show", meeting="branch"))


async def test_without_the_permission_all_else_works_and_later_they_appear(world: World) -> None:
    await permit(world, events_too=False)
    assert "Scheduled: Branch call" in await asks(world, "meeting schedule", **CALL)
    assert events(world) == {}
    check = text_of(await world.administrator.slash(world.general, "setup check"))
    assert "To mend: Discord's own events" in check
    assert "Create Events" in check
    await forward(world, days=4)
    assert len(world.posts()) == 2, "at once, and a week before"
    await permit(world, events_too=True)
    assert starts(world) == ["2025-04-10T11:30"]
    check = text_of(await world.administrator.slash(world.general, "setup check"))
    assert "In order: Discord's own events" in check
    assert told(world) == []


async def test_a_failure_is_tried_again_by_itself(world: World) -> None:
    world.env.inject_error("POST", f"/guilds/{world.guild.id}/scheduled-events", status=503, message="Busy")
    assert "Scheduled: Branch call" in await asks(world, "meeting schedule", **CALL)
    assert events(world) == {}
    await world.turn()
    assert world.bot.scheduler.due == world.clock.now() + AGAIN_AFTER
    await forward(world, seconds=AGAIN_AFTER.total_seconds())
    assert starts(world) == ["2025-04-10T11:30"]


async def test_another_guild_hears_and_sees_nothing_of_it(world: World) -> None:
    other = world.env.create_guild("Another branch")
    room = other.create_text_channel("organisers")
    await world.env.settle()
    await guilds.change(world.bot.context, other.id, organisers_channel_id=room.id)
    await asks(world, "meeting schedule", **CALL)
    await by_hand(world, lambda number: world.env.backend.delete_scheduled_event(world.guild.id, number))
    assert len(told(world)) == 1
    assert world.posts(room) == []
    assert events(world, other) == {}
