"""What administrators set up, and what the check finds."""

from types import SimpleNamespace

import discord
import pytest
import simcord

from bot.domain.problems import BadInput
from bot.services import guilds
from cogs._channels import role_for_pings
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


async def test_limits_on_nudges_are_set_shown_and_taken_away(world: World) -> None:
    text = text_of(
        await world.administrator.slash(
            world.general, "setup nudges", quiet_from="9pm", quiet_until="08:00", weekly_cap="3"
        )
    )
    assert "Saved." in text
    assert "9pm to 8am" in text
    assert "At most 3 nudges a channel." in text
    shown = text_of(await world.administrator.slash(world.general, "setup nudges"))
    assert "Nothing was changed" in shown
    assert "9pm to 8am" in shown
    cleared = text_of(
        await world.administrator.slash(world.general, "setup nudges", quiet_from="none", weekly_cap="none")
    )
    assert "9pm" not in cleared
    assert "No limit." in cleared


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ({"quiet_from": "9pm"}, "quiet_until:8am"),
        ({"quiet_from": "half past nine", "quiet_until": "8am"}, "Write it like 9pm or 21:00."),
        ({"weekly_cap": "lots"}, "from 1 to 50"),
    ],
)
async def test_a_limit_that_cannot_be_used_changes_nothing(
    world: World, typed: dict[str, str], advice: str
) -> None:
    before = await guilds.get(world.bot.context, world.guild.id)
    result = await world.administrator.slash(world.general, "setup nudges", **typed)
    assert advice in text_of(result)
    assert await guilds.get(world.bot.context, world.guild.id) == before


async def test_posts_may_ping_only_the_roles_on_the_list(world: World) -> None:
    chosen = world.guild.create_role("Nudges", mentionable=True)
    other = world.guild.create_role("Everybody else", mentionable=True)
    guild = world.bot.get_guild(world.guild.id)
    assert guild is not None
    asking = SimpleNamespace(client=world.bot, guild_id=guild.id)

    async def allowed(role: simcord.RoleHandle) -> int | None:
        return await role_for_pings(asking, guild.get_role(role.id))  # type: ignore[arg-type]

    assert await allowed(other) == other.id
    added = await world.administrator.slash(world.general, "setup nudges", add_ping_role=chosen)
    assert f"<@&{chosen.id}>" in text_of(added)
    assert await allowed(chosen) == chosen.id
    assert await role_for_pings(asking, None) is None  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="Everybody else") as caught:
        await allowed(other)
    assert f"<@&{chosen.id}>" in caught.value.next_step
    await world.administrator.slash(world.general, "setup nudges", remove_ping_role=chosen)
    assert await allowed(other) == other.id


async def test_everyone_never_gets_onto_the_list(world: World) -> None:
    everyone = world.guild.default_role
    result = await world.administrator.slash(world.general, "setup nudges", add_ping_role=everyone)
    assert "never ping @everyone" in text_of(result)
    assert (await guilds.get(world.bot.context, world.guild.id)).ping_role_ids == ()


async def test_the_fallback_channel_is_chosen_and_looked_at(world: World) -> None:
    before = text_of(await world.administrator.slash(world.general, "setup check"))
    assert "Fallback" not in before
    closed = world.guild.create_text_channel(
        "closed", overwrites={world.guild.default_role: discord.PermissionOverwrite(send_messages=False)}
    )
    chosen = await world.administrator.slash(world.general, "setup channels", fallback=closed)
    assert f"<#{closed.id}>" in text_of(chosen)
    assert "To mend: Fallback channel" in text_of(
        await world.administrator.slash(world.general, "setup check")
    )
