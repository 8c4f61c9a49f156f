"""The guided set-up: what an administrator sees and presses from the first step to the last."""

from typing import Any

import discord
import pytest
import simcord
from simcord.backend.errors import BackendError

from bot.domain.models import Guild
from bot.services import guilds
from cogs._setup_pages import START
from tests.discord.conftest import World, text_in, text_of
from tests.discord.test_feedback_question import press_twice


def buttons(result: simcord.InteractionResult) -> dict[str, str]:
    """What can be pressed, by its label, and the lists, by what they ask for."""
    assert result.response is not None
    rows: list[Any] = list(result.response.components)
    parts = [one for row in rows for one in row["components"]]
    return {one.get("label") or one["placeholder"]: one["custom_id"] for one in parts}


class Guided:
    """An administrator in the middle of it; the message is the same all the way."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now: Any = None

    async def begin(self) -> str:
        self.now = await self.world.administrator.slash(self.world.general, "setup start")
        return text_of(self.now)

    async def press(self, label: str) -> str:
        result = await self.world.administrator.click(self.now.response, custom_id=buttons(self.now)[label])
        return self._take(result)

    async def choose(self, label: str, value: Any) -> str:
        result = await self.world.administrator.select(
            self.now.response, [value], custom_id=buttons(self.now)[label]
        )
        return self._take(result)

    def _take(self, result: Any) -> str:
        if "What to do now" not in text_of(result):
            self.now = result
        return text_of(result)

    async def fill(self, label: str, **values: str) -> str:
        opened = await self.world.administrator.click(self.now.response, custom_id=buttons(self.now)[label])
        return self._take(await self.world.administrator.submit_modal(opened, values))


@pytest.fixture
def guided(world: World) -> Guided:
    return Guided(world)


async def settings_of(world: World) -> Guild:
    return await guilds.get(world.bot.context, world.guild.id)


async def bare(world: World) -> None:
    """Takes back what the fixture has set up."""
    names = ("organiser_role_id", "moderator_role_id", "announcements_channel_id")
    more = ("organisers_channel_id", "moderators_channel_id")
    await guilds.change(world.bot.context, world.guild.id, **dict.fromkeys((*names, *more)))


async def test_from_nothing_to_a_working_set_up(world: World, guided: Guided) -> None:
    await bare(world)
    reps, stewards = world.guild.create_role("Reps"), world.guild.create_role("Stewards")
    assert "Organiser: not chosen yet" in await guided.begin()
    assert "Step 1 of 8: Time zone" in await guided.press("Begin with step 1")
    assert "Stored: Europe/Dublin" in await guided.choose("Choose a time zone", "Europe/Dublin")
    assert "Stored: Europe/Lisbon" in await guided.fill("Another zone", answer="lisbon")
    assert "Step 2 of 8: Who is who" in await guided.press("Next")
    assert f"Organiser: <@&{reps.id}>" in await guided.choose("Choose the organiser role", reps)
    await guided.choose("Choose the moderator role", stewards)
    assert "Step 3 of 8: Where I post" in await guided.press("Next")
    await guided.choose("Choose the announcements channel", world.announcements)
    warned = await guided.choose("Choose the organisers channel", world.organisers)
    assert "Everybody on this server can read it" in warned
    await guided.choose("Choose the moderators channel", world.moderators)
    assert "Step 4 of 8: Campaign" in await guided.press("Next")
    assert "Step 5 of 8: Quiet hours" in await guided.press("Next")
    assert "9pm to 8am" in await guided.choose("Choose quiet hours", "21:00-08:00")
    assert "9.30pm to 7am" in await guided.fill("Other hours", **{"from": "9.30pm", "until": "7am"})
    assert "Step 6 of 8: Members' data" in await guided.press("Next")
    assert "52 weeks after" in await guided.choose("Choose how long feedback is kept", "52")
    assert "the branch secretary" in await guided.fill("Name the contact", answer="the branch secretary")
    assert "Step 7 of 8: A test post" in await guided.press("Next")
    assert f"Posted in <#{world.announcements.id}>" in await guided.press("Post the test")
    assert "Step 8 of 8: The check" in await guided.press("Next")
    assert "All is well" in text_of(guided.now)
    done = await guided.press("Finish")
    for command in ("/organise meeting schedule", "/organise nudge schedule", "/organise demand respond"):
        assert command in done
    guild = await settings_of(world)
    assert (guild.zone, guild.organiser_role_id, guild.moderator_role_id) == (
        "Europe/Lisbon",
        reps.id,
        stewards.id,
    )
    assert (guild.quiet_from, guild.quiet_until, guild.feedback_weeks) == ("21:30", "07:00", 52)
    assert guild.announcements_channel_id == world.announcements.id
    assert guild.privacy_contact == "the branch secretary"
    again = await guided.begin()
    assert "Begin with step 1" in buttons(guided.now)
    assert "9.30pm to 7am" in again


async def test_it_goes_on_where_it_was_left(world: World, guided: Guided) -> None:
    await guided.begin()
    await guided.choose("Go to a step", "quiet")
    assert "Step 4 of 8" in await guided.press("Back")
    await guided.begin()
    assert "Step 4 of 8: Campaign" in await guided.press("Go on with step 4: Campaign")
    assert "Set the bot up" in await guided.press("All steps")


async def test_the_test_post_comes_once_pings_nobody_and_goes(world: World, guided: Guided) -> None:
    await guided.begin()
    await guided.choose("Go to a step", "post")
    before = len(world.posts())
    handler = world.bot.routes._handlers[START]
    press_twice(world, START)
    assert f"Posted in <#{world.announcements.id}>" in await guided.press("Post the test")
    world.bot.routes.add(START, handler)
    (post,) = world.posts()[before:]
    assert "This is a test" in text_in(post)
    assert not post.mentions
    assert not post.role_mentions
    assert "@" not in text_in(post)
    refused = await world.member.click(post, custom_id="setup.start|unpost")
    assert "That is for administrators of this server." in text_of(refused)
    assert len(world.posts()) == before + 1
    gone = await world.administrator.click(post, custom_id="setup.start|unpost")
    assert "deleted" in text_of(gone)
    assert len(world.posts()) == before
    await guided.press("Post another test")
    await guided.press("Back")
    assert "Posted in" not in await guided.press("Next")
    assert "Posted in" in await guided.press("Post the test"), "who comes back may post again"
    assert len(world.posts()) == before + 2


async def test_nothing_is_stored_that_could_not_work(world: World, guided: Guided) -> None:
    before = await settings_of(world)
    closed = world.guild.create_text_channel(
        "closed", overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    await guided.begin()
    await guided.choose("Go to a step", "channels")
    refused = await guided.choose("Choose the announcements channel", closed)
    assert "so it was not stored" in refused
    assert "Send Messages" in refused
    await guided.press("Back")
    everyone = await guided.choose("Choose the organiser role", world.guild.default_role)
    assert "everybody, or an app, has it" in everyone
    await guided.press("Back")
    assert "Atlantis" in await guided.fill("Another zone", answer="Atlantis")
    assert await settings_of(world) == before


async def allow(world: World, permissions: discord.Permissions) -> None:
    """Lets the bot's own role do this, and no more."""
    changes = {"permissions": permissions.value}
    world.env.backend.edit_role(world.guild.id, world.guild.roles["TestBot"].id, changes)
    await world.env.settle()


async def test_it_makes_what_is_missing_and_only_that(world: World, guided: Guided) -> None:
    await guilds.change(
        world.bot.context,
        world.guild.id,
        **dict.fromkeys(("organiser_role_id", "moderator_role_id", "moderators_channel_id")),
    )
    await guided.begin()
    await guided.choose("Go to a step", "channels")
    assert "nobody is either yet" in await guided.press("Make the missing channels for me")
    await guided.press("Back")
    press_twice(world, START)
    assert "Made and stored" in await guided.press("Make the missing roles for me")
    guild = await settings_of(world)
    assert [world.guild.roles[f"Campaign {one}"].id for one in ("organiser", "moderator")] == [
        guild.organiser_role_id,
        guild.moderator_role_id,
    ]
    server = world.bot.get_guild(world.guild.id)
    assert server is not None
    made = [role for role in server.roles if role.name.startswith("Campaign")]
    assert [role.permissions.value for role in made] == [0, 0]


async def test_what_was_made_is_stored_although_the_next_could_not_be(
    world: World, guided: Guided, monkeypatch: pytest.MonkeyPatch
) -> None:
    await guilds.change(world.bot.context, world.guild.id, organiser_role_id=None, moderator_role_id=None)
    await guided.begin()
    await guided.choose("Go to a step", "roles")
    create = world.env.backend.create_role
    calls = []

    def fails_at_the_second(*arguments: Any, **options: Any) -> Any:
        calls.append(options)
        if len(calls) == 2:
            raise BackendError(400, 30005, "Maximum number of guild roles reached (250)")
        return create(*arguments, **options)

    monkeypatch.setattr(world.env.backend, "create_role", fails_at_the_second)
    refused = await guided.press("Make the missing roles for me")
    assert "Discord did not let me" in refused
    organiser = world.guild.roles["Campaign organiser"].id
    assert f"Made and stored: <@&{organiser}>." in refused
    assert (await settings_of(world)).organiser_role_id == organiser
    assert "Made and stored" in await guided.press("Make the missing roles for me")
    assert (await settings_of(world)).moderator_role_id == world.guild.roles["Campaign moderator"].id


async def test_channels_that_it_makes_are_seen_by_those_for_whom_they_are(
    world: World, guided: Guided
) -> None:
    await guilds.change(world.bot.context, world.guild.id, organisers_channel_id=None)
    await guided.begin()
    await guided.choose("Go to a step", "channels")
    assert "There is a “organisers” here already" in await guided.press("Make the missing channels for me")
    server = world.bot.get_guild(world.guild.id)
    assert server is not None
    with world.env._bot_scope():
        await server.get_channel(world.organisers.id).delete()  # type: ignore[union-attr]
    await world.env.settle()
    assert "Made and stored" in await guided.press("Make the missing channels for me")
    guild = await settings_of(world)
    channel = server.get_channel(guild.organisers_channel_id or 0)
    role = server.get_role(guild.organiser_role_id or 0)
    assert isinstance(channel, discord.TextChannel)
    assert role is not None
    assert not channel.permissions_for(server.default_role).view_channel
    assert channel.permissions_for(role).send_messages
    assert channel.permissions_for(server.me).send_messages
    assert guild.moderators_channel_id == world.moderators.id


async def test_without_the_permissions_it_says_how_to_go_on(world: World, guided: Guided) -> None:
    await allow(world, discord.Permissions(view_channel=True, send_messages=True, embed_links=True))
    await guided.begin()
    await guided.choose("Go to a step", "roles")
    assert "I may not make roles here." in await guided.press("Make the missing roles for me")
    await guided.press("Next")
    refused = await guided.press("Make the missing channels for me")
    assert "I may not make channels here." in refused
    assert "Manage Channels" in refused


async def test_another_campaign_is_taken_after_a_question(world: World, guided: Guided) -> None:
    await guided.begin()
    await guided.choose("Go to a step", "campaign")
    asked = await guided.choose("Choose a campaign", "library_hours")
    assert "Change the campaign to" in asked
    assert (await settings_of(world)).campaign == "operation_protect"
    assert "Step 4 of 8" in await guided.press("Leave it as it is")
    await guided.choose("Choose a campaign", "library_hours")
    label = next(one for one in buttons(guided.now) if one.startswith("Change to"))
    assert "Stored:" in await guided.press(label)
    assert (await settings_of(world)).campaign == "library_hours"
    demands = text_of(await world.member.slash(world.general, "demand list"))
    assert "sickness" not in demands
    assert "branch" in demands.casefold() or "librar" in demands.casefold()
