"""A channel that is deleted, closed or archived: told once, nothing lost, and taken up again by itself when mended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import discord

from bot.domain.schedules import Schedule, ScheduleKind
from bot.services import guilds, members
from bot.services.delivery import Post
from bot.services.schedules import add_schedule
from tests.discord.conftest import World, text_of

CLOSED = discord.PermissionOverwrite(send_messages=False)


async def schedule(world: World) -> None:
    await world.organiser.slash(
        world.organisers,
        "organise reminder schedule",
        text="Post your ballot paper",
        when="today 10am",
        repeat="every day",
    )
    await world.turn()


async def days_pass(world: World, days: int) -> None:
    """Moves the clock from one due instant to the next."""
    target = world.clock.now() + timedelta(days=days)
    while world.bot.scheduler.due is not None and world.bot.scheduler.due <= target:
        world.clock.instant = max(world.clock.instant, world.bot.scheduler.due)
        await world.turn()
    world.clock.instant = target


async def overwrite(world: World, overwrites: discord.PermissionOverwrite | None) -> None:
    everyone = world.guild.default_role
    channel = world.bot.get_channel(world.announcements.id)
    assert isinstance(channel, discord.TextChannel)
    role = channel.guild.get_role(everyone.id)
    assert role is not None
    with world.env._bot_scope():
        await channel.set_permissions(role, overwrite=overwrites)
    await world.env.settle()


async def held(world: World, state: str = "held") -> str:
    return text_of(await world.organiser.slash(world.general, "organise deliveries", state=state))


async def test_a_closed_channel_is_told_once_and_taken_up_again(world: World) -> None:
    await schedule(world)
    await overwrite(world, CLOSED)
    await days_pass(world, 3)
    assert world.posts() == []
    (alert,) = world.posts(world.organisers)
    assert "Post your ballot paper" in alert.content
    assert "I may not post in that channel" in alert.content
    assert "‖ Held back" in await held(world)
    await overwrite(world, None)
    await world.turn()
    assert "again" in world.posts(world.organisers)[-1].content
    assert len(world.posts(world.organisers)) == 2
    assert len(world.posts()) == 1, "the others are too late to be of use"
    assert "too late" in await held(world, "skipped")
    await days_pass(world, 1)
    assert len(world.posts()) == 2
    assert len(world.posts(world.organisers)) == 2


async def test_a_deleted_channel_is_told_once_and_nothing_is_lost(world: World) -> None:
    await schedule(world)
    channel = world.bot.get_channel(world.announcements.id)
    assert isinstance(channel, discord.TextChannel)
    with world.env._bot_scope():
        await channel.delete()
    await world.env.settle()
    await days_pass(world, 3)
    (alert,) = world.posts(world.organisers)
    assert "no longer exists" in alert.content
    assert "3 posts held back" in await held(world)


async def test_the_fallback_channel_stands_in_and_says_so(world: World) -> None:
    await guilds.change(world.bot.context, world.guild.id, fallback_channel_id=world.general.id)
    await schedule(world)
    await overwrite(world, CLOSED)
    await days_pass(world, 2)
    posts = world.posts(world.general)
    assert len(posts) == 2
    assert f"meant for <#{world.announcements.id}>" in posts[0].content
    (alert,) = world.posts(world.organisers)
    assert f"goes to <#{world.general.id}> instead" in alert.content
    await overwrite(world, None)
    await days_pass(world, 1)
    assert len(world.posts()) == 1
    assert len(world.posts(world.general)) == 2


async def test_a_fallback_that_is_closed_too_holds_everything(world: World) -> None:
    closed = world.guild.create_text_channel("closed", overwrites={world.guild.default_role: CLOSED})
    await guilds.change(world.bot.context, world.guild.id, fallback_channel_id=closed.id)
    await schedule(world)
    await overwrite(world, CLOSED)
    await days_pass(world, 1)
    assert "1 post held back" in await held(world)
    await overwrite(world, None)
    await world.turn()
    assert len(world.posts()) == 1


async def test_the_daily_check_tells_of_a_closed_channel_before_anything_is_due(world: World) -> None:
    await world.organiser.slash(
        world.organisers, "organise reminder schedule", text="Post it", when="next Friday 8am"
    )
    await world.turn()
    await overwrite(world, CLOSED)
    await days_pass(world, 2)
    (alert,) = world.posts(world.organisers)
    assert "cannot go out there" in alert.content
    assert "Send Messages" in alert.content
    await overwrite(world, None)
    assert len(world.posts(world.organisers)) == 2
    assert "I may post in" in world.posts(world.organisers)[-1].content


async def test_the_check_of_the_set_up_names_what_is_held(world: World) -> None:
    await schedule(world)
    await overwrite(world, CLOSED)
    await days_pass(world, 1)
    text = text_of(await world.administrator.slash(world.general, "setup check"))
    assert "1 held back: I may not post in that channel." in text
    assert "This process delivers." in text


async def test_the_list_shows_what_is_due_in_local_time(world: World) -> None:
    await schedule(world)
    text = await held(world, "due")
    assert "○ Due" in text
    assert "Monday 31 March 2025, 10am BST" in text
    refused = await world.member.slash(world.general, "organise deliveries")
    assert "for the campaign's organisers" in text_of(refused)


async def test_a_deleted_role_is_told_once_and_the_posts_still_come(world: World) -> None:
    role = world.guild.create_role("Nudges", mentionable=True)
    await world.env.settle()
    await world.organiser.slash(
        world.organisers,
        "organise reminder schedule",
        text="Post your ballot paper",
        when="today 10am",
        repeat="every day",
        role=role,
    )
    await world.turn()
    guild = world.bot.get_guild(world.guild.id)
    known = guild.get_role(role.id) if guild else None
    assert known is not None
    with world.env._bot_scope():
        await known.delete()
    await world.env.settle()
    await days_pass(world, 3)
    assert [post.content for post in world.posts()] == ["", "", ""]
    (alert,) = world.posts(world.organisers)
    assert "has been deleted" in alert.content


async def thread_with_reminder(world: World) -> discord.Thread:
    channel = world.bot.get_channel(world.announcements.id)
    assert isinstance(channel, discord.TextChannel)
    with world.env._bot_scope():
        thread = await channel.create_thread(name="Ballot", type=discord.ChannelType.public_thread)
        async with world.bot.context.database.write() as connection:
            made = Schedule(
                schedule_id="thread",
                guild_id=world.guild.id,
                kind=ScheduleKind.REMINDER,
                title="Ballot papers",
                wordings=("Post it.",),
                starts_wall=datetime(2025, 3, 31, 10, 0),
                zone="Europe/London",
                channel_id=thread.id,
                lead_times=(timedelta(),),
            )
            await add_schedule(world.bot.context, connection, made)
    return thread


async def test_an_archived_thread_gets_its_posts_all_the_same(world: World) -> None:
    thread = await thread_with_reminder(world)
    with world.env._bot_scope():
        await thread.edit(archived=True)
    await world.env.settle()
    world.clock.forward(hours=1, minutes=1)
    await world.turn()
    listed = text_of(await world.organiser.slash(world.general, "organise deliveries", state="sent"))
    assert "● Sent" in listed
    assert world.posts(world.organisers) == []


async def test_closed_direct_messages_are_quiet(world: World) -> None:
    await members.set_nudges(world.bot.context, world.guild.id, world.member.id, on=True)
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="today 10am", repeat="every day"
    )
    await world.turn()
    world.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, message="Cannot send")
    await days_pass(world, 1)
    assert len(world.posts()) == 1
    assert world.posts(world.organisers) == []
    chosen = await members.choices(world.bot.context, world.guild.id, world.member.id)
    assert not chosen.nudges


@contextmanager
def lost_answers(world: World) -> Iterator[None]:
    """What is sent arrives, and the connection breaks before Discord's answer does."""
    sender = world.bot.engine.sender
    send = sender.send

    async def broken(post: Post) -> int:
        await send(post)
        raise ConnectionResetError

    sender.send = broken  # type: ignore[method-assign]
    yield
    sender.send = send  # type: ignore[method-assign]


async def test_a_post_is_found_however_wrong_the_clock_was_when_it_was_sent(world: World) -> None:
    """Its answer is lost while the machine's clock is far ahead of Discord's, and the channel goes on talking."""
    world.env.backend.clock.stand_still()
    world.clock.instant = datetime(2090, 1, 2, 8, tzinfo=UTC)
    await world.organiser.slash(
        world.organisers, "organise reminder schedule", text="Post your ballot paper", when="in 1 hour"
    )
    world.clock.forward(hours=1)
    with lost_answers(world):
        await world.turn()
    for number in range(30):
        await world.member.send(world.announcements, f"Thanks, number {number}")
    world.clock.forward(minutes=10)
    await world.turn()
    await world.turn()
    assert len(world.posts()) == 1
    assert "● Sent" in await held(world, "sent")
