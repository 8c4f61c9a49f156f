"""What administrators set up, and what the check finds."""

import discord

from tests.discord.conftest import World, text_of


async def test_roles_are_chosen_and_count_at_once(world: World) -> None:
    stewards = world.guild.create_role("Stewards")
    steward = world.guild.add_member(world.env.create_user("steward"), roles=[stewards])
    refused = await steward.slash(world.general, "organise nudge list")
    assert "for the campaign's organisers" in text_of(refused)
    await world.administrator.slash(world.general, "setup roles", organiser=stewards)
    allowed = await steward.slash(world.general, "organise nudge list")
    assert "no nudges yet" in text_of(allowed)


async def test_only_administrators_set_up(world: World) -> None:
    for person in (world.member, world.organiser, world.moderator):
        assert "setup check" not in person.available_commands(world.general)


async def test_the_check_says_that_all_is_well(world: World) -> None:
    result = await world.administrator.slash(world.general, "setup check")
    text = text_of(result)
    assert "Feedback is stored without names" in text
    assert "In order: Announcements channel" in text


async def test_the_check_names_each_problem_with_its_fix(world: World) -> None:
    closed = world.guild.create_text_channel(
        "closed", overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    await world.administrator.slash(world.general, "setup channels", announcements=closed)
    text = text_of(await world.administrator.slash(world.general, "setup check"))
    assert "Send Messages" in text
    assert "What to do" in text


async def test_everyone_cannot_be_the_organisers(world: World) -> None:
    result = await world.administrator.slash(world.general, "setup roles", organiser=world.guild.default_role)
    assert "cannot be used" in text_of(result)
