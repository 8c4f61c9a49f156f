"""Coming, Maybe, Can't under a meeting's post, and what members hear when organisers change it."""

import pytest
import simcord

from tests.discord.conftest import World, text_in, text_of
from tests.discord.schedules import asks, forward, press

CALL = {"title": "Branch call", "when": "Thursday 10 April 12.30pm", "feedback": False}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot waits between edits of a post for Discord's sake; here nothing limits them."""
    monkeypatch.setattr("bot.live_counts.PAUSE_SECONDS", 0)


async def invited(world: World, **more: object) -> object:
    """The post that invites to a meeting."""
    await asks(world, "meeting schedule", **{**CALL, **more})
    await forward(world, days=4)
    return world.posts()[-1]


def direct(actor: simcord.MemberActor) -> list[str]:
    """What the bot has written to somebody."""
    return [
        f"{message.embeds[0].title}: {message.embeds[0].description}"
        for message in (actor.user.dm_channel.history() if actor.user.dm_channel else [])
        if message.embeds
    ]


async def refreshed(world: World) -> str:
    """The latest post as everybody sees it, once the bot has brought it up to date."""
    task = world.bot.live_counts._task._task
    if task is not None:
        await task
    return text_in(world.posts()[-1])


async def test_members_answer_and_the_post_counts_them(world: World) -> None:
    post = await invited(world)
    assert "0 coming · 0 maybe · 0 can't come" in text_in(post)
    told = await world.member.click(post, label="Coming")
    assert told.ephemeral
    assert "You are coming: Branch call" in text_of(told)
    await world.moderator.click(post, label="Maybe")
    await world.organiser.click(post, label="Can't")
    await world.member.click(post, label="Coming")
    assert "1 coming · 1 maybe · 1 can't come" in await refreshed(world)
    shown = text_of(await world.organiser.slash(world.general, "meeting next"))
    assert "1 coming" in shown
    assert "member" not in shown.replace("members", "")
    assert "Your answer is taken back" in await press(world.member, told, "Take my answer back")
    assert "0 coming · 1 maybe · 1 can't come" in await refreshed(world)


async def test_who_comes_is_told_of_changes_once_and_reminded(world: World) -> None:
    post = await invited(world)
    told = await world.member.click(post, label="Coming")
    chosen = await world.member.select(told.response, ["3600"])
    assert "1 hour before" in text_of(chosen)
    said = await asks(world, "meeting move", meeting="branch", to="Friday 11 April 2pm")
    assert "1 member who may come is told" in said
    assert "Thursday 10 April 2025, 12.30pm BST" in said
    assert "Friday 11 April 2025, 2pm BST" in said
    await world.turn()
    (moved,) = direct(world.member)
    assert "now it is on Friday 11 April 2025, 2pm BST" in moved
    assert "Branch call has moved" in await refreshed(world)
    await forward(world, days=7, hours=4)
    assert "Branch call starts in 1 hour" in direct(world.member)[-1]
    assert len(direct(world.member)) == 2
    said = await asks(world, "meeting cancel", meeting="branch", reason="Talks have been offered.")
    assert "will not be made" in said
    await world.turn()
    assert "It is cancelled" in direct(world.member)[-1]
    assert "Talks have been offered." in direct(world.member)[-1]
    assert "Branch call is cancelled" in await refreshed(world)
    assert "is cancelled" in text_of(await world.member.click(post, label="Coming"))
    assert len(direct(world.member)) == 3
    assert direct(world.organiser) == []


async def test_seats_are_edited_and_who_waits_is_told(world: World) -> None:
    post = await invited(world)
    said = await asks(world, "meeting edit", meeting="branch", seats="1", title="Members call")
    assert "Before: any number\nNow: 1" in said
    assert "Before: Branch call\nNow: Members call" in said
    first = await world.member.click(post, label="Coming")
    waits = await world.moderator.click(post, label="Coming")
    assert "You are on the waiting list: Members call" in text_of(waits)
    assert "1 of 1 seats taken · 1 on the waiting list" in await refreshed(world)
    await press(world.member, first, "Take my answer back")
    await world.turn()
    assert "A seat has become free" in direct(world.moderator)[-1]


async def test_one_of_a_series_is_left_out(world: World) -> None:
    post = await invited(world, repeat="every week", remind="7 d")
    await world.member.click(post, label="Coming")
    said = await asks(world, "meeting skip", meeting="branch", reason="Half-term.")
    assert "Left out: Branch call" in said
    assert "Thursday 17 April 2025, 12.30pm BST" in said
    await world.turn()
    assert "does not take place on Thursday 10 April 2025" in direct(world.member)[-1]
    assert "Branch call does not take place" in await refreshed(world)
    assert "Thursday 17 April" in text_of(await world.member.slash(world.general, "meeting next"))


async def test_a_later_one_of_a_series_is_left_out_also_after_it_was_moved(world: World) -> None:
    await invited(world, repeat="every week", remind="7 d")
    await forward(world, days=7)
    await world.member.click(world.posts()[-1], label="Coming")
    await asks(world, "meeting move", meeting="branch", on="17 April", to="Friday 18 April 2pm")
    assert "Branch call has moved" in await refreshed(world)
    await asks(world, "meeting skip", meeting="branch", on="18 April")
    left_out = await refreshed(world)
    assert "Branch call does not take place" in left_out
    assert "Thursday 17 April 2025, 12.30pm BST" in left_out
    assert "10 April" not in left_out.partition("Due")[0]
    assert "1 coming" in left_out
    assert "takes place" not in left_out
    await forward(world, days=7)
    assert "Thursday 24 April 2025" in text_in(world.posts()[-1])


async def test_old_posts_and_deleted_ones(world: World) -> None:
    post = await invited(world)
    await world.member.click(post, label="Coming")
    await post.delete()
    await forward(world, days=7)
    newer = world.posts()[-1]
    assert "is over" in text_of(await world.member.click(newer, label="Coming"))
    assert "1 coming" in await refreshed(world)


async def test_organisers_see_numbers_and_names_only_where_that_is_allowed(world: World) -> None:
    post = await invited(world)
    await world.member.click(post, label="Coming")
    await world.moderator.click(post, label="Can't")
    counted = await world.organiser.slash(world.organisers, "organise meeting attendance", meeting="branch")
    assert "Names are left out" in text_of(counted)
    assert await asked_while_somebody_writes(world) == await file_of(counted)
    assert "Branch call" in await file_of(counted)
    assert "member" not in await file_of(counted)
    set_up = await world.administrator.slash(world.general, "setup attendance", names=True, days=3)
    assert "Organisers may see them." in text_of(set_up)
    named = await world.organiser.slash(world.organisers, "organise meeting attendance", meeting="branch")
    assert (await file_of(named)).split("\r\n")[1:3] == ["member,Coming", "moderator,Can't"]
    log = text_of(await world.moderator.slash(world.moderators, "moderate audit"))
    assert "Saw who comes to a meeting" in log
    assert log.count("Saw who comes") == 1, "numbers alone are nobody's business to log"
    assert "Changed who may see who comes" in log
    await forward(world, days=11)
    later = await world.organiser.slash(world.organisers, "organise meeting attendance", meeting="branch")
    assert "1 coming · 0 maybe · 1 can't come" in text_of(later)
    assert await file_of(later) == "\ufeffname,answer\r\n"
    held = text_of(await world.member.slash(world.general, "me data"))
    assert "Nothing is held about you here." in held
    assert "until 3 days after each meeting" in held


async def asked_while_somebody_writes(world: World) -> str:
    async with world.bot.context.database.write():
        counted = await world.organiser.slash(
            world.organisers, "organise meeting attendance", meeting="branch"
        )
    return await file_of(counted)


async def file_of(result: simcord.InteractionResult) -> str:
    """The file that comes with an answer, as text."""
    (file,) = result.response.attachments
    return (await file.read()).decode()


async def test_the_link_is_for_members(world: World) -> None:
    role = world.guild.create_role("Union member")
    await world.administrator.slash(world.general, "setup roles", member=role)
    post = await invited(world, link="https://join.example.org/1")
    refused = text_of(await world.member.click(post, label="Get the link"))
    assert "Joining links are for members of the union" in refused
    assert "https://join" not in refused
    joined = world.guild.add_member(world.env.create_user("joined"), roles=[role])
    told = await joined.click(post, label="Get the link")
    assert "How to join: Branch call" in text_of(told)


async def test_the_next_meeting_of_its_kind_needs_a_title_and_a_time(world: World) -> None:
    link = "https://join.example.org/1"
    call = {**CALL, "remind": "2 d, start", "agenda": "Welcome", "seats": "30", "duration": "90 minutes"}
    await asks(world, "meeting schedule", **call, link=link, channel=world.general)
    kept = await asks(world, "meeting template", name="branch call", meeting="branch")
    assert "2 days, start" in kept
    assert link not in kept
    again = {"title": "May call", "when": "8 May 6pm", "template": "branch call", "seats": "none"}
    said = await asks(world, "meeting schedule", **again)
    assert "2 reminders in #general" in said
    shown = text_of(await world.member.slash(world.general, "meeting show", meeting="may"))
    assert "1 hour 30 minutes" in shown
    assert "Welcome" in shown
    assert "0 coming" in shown
    assert "no template" in await asks(world, "meeting schedule", **{**again, "template": "other"})
    assert "Deleted: branch call" in await asks(world, "meeting template", name="branch call", delete=True)
    assert "no template" in await asks(world, "meeting schedule", **again)


async def test_a_template_pings_only_who_may_be_pinged_now(world: World) -> None:
    stewards, reps = (world.guild.create_role(name, mentionable=True) for name in ("Stewards", "Reps"))
    await asks(world, "meeting schedule", **CALL, role=stewards)
    await asks(world, "meeting template", name="branch call", meeting="branch")
    again = {**CALL, "title": "May call", "when": "8 May 6pm", "template": "branch call"}
    assert "Scheduled: May call" in await asks(world, "meeting schedule", **again)
    assert f"<@&{stewards.id}>" in world.posts()[-1].content
    await world.administrator.slash(world.general, "setup nudges", add_ping_role=reps)
    posts = len(world.posts())
    refused = await asks(world, "meeting schedule", **{**again, "title": "June call", "when": "8 June 6pm"})
    assert "Posts may not ping Stewards" in refused
    assert "The template brings that role" in refused
    assert len(world.posts()) == posts
    allowed = {**again, "title": "June call", "when": "8 June 6pm", "role": reps}
    assert "Scheduled: June call" in await asks(world, "meeting schedule", **allowed)
    assert f"<@&{reps.id}>" in world.posts()[-1].content
