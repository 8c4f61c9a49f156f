"""`/help` shows each role first what it does most, and every command it may use; `/about` says what the bot is."""

import pytest

from bot import __version__
from bot.config.sections import AboutSettings
from cogs._help_entries import ENTRIES
from cogs.help import MOST_USED
from tests.discord.conftest import World, text_of


@pytest.mark.parametrize(
    ("person", "audience"),
    [("organiser", "Organisers"), ("moderator", "Moderators"), ("administrator", "Administrators")],
)
async def test_each_role_sees_first_what_it_does_most(world: World, person: str, audience: str) -> None:
    who = getattr(world, person)
    shown = await who.slash(world.general, "help")
    text = text_of(shown)
    first = [text.index(f"`/{command}") for command in MOST_USED[audience]]
    assert first == sorted(first)
    assert first[-1] < text.index("/meeting next"), "a member's commands come after them"
    members = text_of(await who.click(shown.response, label="All commands for members"))
    for entry in ENTRIES:
        if entry.audience in {audience, "Members"}:
            assert f"`/{entry.command}`" in text + members, entry.command
    others = {"Organisers", "Moderators", "Administrators"} - {audience}
    assert not any(f"What {one.casefold()} do most" in text for one in others)


async def test_a_member_sees_every_command_with_those_for_every_day_first(world: World) -> None:
    text = text_of(await world.member.slash(world.general, "help"))
    assert text.index("`/meeting next`") < text.index("`/me forget`")
    assert "/demand show demand:sickness" in text, "with an example to copy"
    assert all(f"`/{entry.command}`" in text for entry in ENTRIES if entry.audience == "Members")


async def test_whoever_has_several_roles_finds_the_commands_of_each(world: World) -> None:
    all_three = [world.guild.roles[name] for name in ("Organiser", "Moderator", "Administrator")]
    everything = world.guild.add_member(world.env.create_user("everything"), roles=all_three)
    shown = await everything.slash(world.general, "help")
    for audience in ("organisers", "moderators", "administrators", "members"):
        assert f"What {audience} do most" in text_of(shown)
        listed = text_of(await everything.click(shown.response, label=f"All commands for {audience}"))
        commands = [entry.command for entry in ENTRIES if entry.audience.casefold() == audience]
        assert all(f"`/{command}`" in listed for command in commands)


async def test_about_says_what_the_bot_is_and_whom_to_ask(world: World) -> None:
    text = text_of(await world.member.slash(world.general, "about"))
    assert f"version {__version__}" in text
    assert "Nobody is named yet" in text
    assert "MIT" in text
    assert "Ask whoever runs it where its code is." in text
    assert "`/me data`" in text
    assert "http" not in text
    await world.administrator.slash(world.general, "setup privacy", contact="the branch secretary")
    settings = world.bot.context.settings
    about = AboutSettings(code="https://git.example.org/bot")
    world.bot.context.settings = settings.model_copy(update={"about": about})
    helped = await world.member.slash(world.general, "help")
    shown = await world.member.click(helped.response, label="About this bot")
    assert "the branch secretary" in text_of(shown)
    assert "https://git.example.org/bot" in text_of(shown)


@pytest.mark.parametrize(
    "address", ["http://example.org", "ftp://x", "https://", "https://a b", "https://x/>", "x" * 500]
)
def test_only_a_real_address_is_shown_as_that_of_the_code(address: str) -> None:
    with pytest.raises(ValueError, match=r"about|address"):
        AboutSettings(code=address)
