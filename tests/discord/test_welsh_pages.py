"""`/help`, `/me` and `/setup` in Welsh: nothing of the English is left but commands, and everything fits where it goes."""

from bot.domain.language import ENGLISH, WELSH, say, speaking
from bot.domain.personal_data import PERSONAL_COLUMNS
from bot.domain.setup_steps import SETUP_STEPS
from bot.services import guilds, languages
from cogs._help_entries import ENTRIES
from cogs._setup_words import TITLES
from tests.discord.conftest import World, text_of
from tests.discord.test_setup_start import Guided, guided

__all__ = ["guided"]


def in_welsh(english: str) -> str:
    """What a member reads who chose Welsh."""
    with speaking(languages.catalogue(WELSH)):
        return say(english)


async def test_help_is_welsh_from_end_to_end(world: World) -> None:
    everything = world.guild.add_member(
        world.env.create_user("everything"), roles=list(world.guild.roles.values())
    )
    await everything.slash(world.general, "me language", language=WELSH)
    shown = await everything.slash(world.general, "help")
    listed = [
        text_of(await everything.click(shown.response, label=label))
        for label in (
            "Pob gorchymyn ar gyfer aelodau",
            "Pob gorchymyn ar gyfer trefnwyr",
            "Pob gorchymyn ar gyfer cymedrolwyr",
            "Pob gorchymyn ar gyfer gweinyddwyr",
        )
    ]
    text = "\n".join((text_of(shown), *listed))
    for entry in ENTRIES:
        assert f"`/{entry.command}`" in text
        assert entry.does not in text
    one = text_of(await everything.slash(world.general, "help", command="organise meeting schedule"))
    assert "Ar gyfer: Trefnwyr" in one
    assert "when:dydd Iau 3 Ebrill 12.30pm" in one


async def test_a_page_has_room_for_every_command_in_welsh(world: World) -> None:
    for person, audience in (
        (world.member, None),
        (world.organiser, "Organisers"),
        (world.moderator, "Moderators"),
    ):
        await person.slash(world.general, "me language", language=WELSH)
        text = text_of(await person.slash(world.general, "help"))
        for entry in ENTRIES:
            if entry.audience == (audience or "Members"):
                assert f"`/{entry.command}` {in_welsh(entry.does)}" in text


async def test_what_is_held_about_a_member_is_explained_in_welsh(world: World) -> None:
    await world.member.slash(world.general, "me language", language=WELSH)
    text = text_of(await world.member.slash(world.general, "me data"))
    assert "1 cofnod amdanoch chi" in text
    for column in PERSONAL_COLUMNS:
        for words in (column.title, column.what, column.why, column.kept, column.erasure):
            assert words not in text
            assert in_welsh(words) in text


async def test_every_step_of_the_set_up_is_in_welsh(world: World, guided: Guided) -> None:
    await world.administrator.slash(world.general, "me language", language=WELSH)
    assert "Wyth cam byr" in await guided.begin()
    shown = [await guided.press("Dechrau gyda cham 1")]
    shown += [await guided.press("Nesaf") for _ in SETUP_STEPS[1:]]
    for step, text in zip(SETUP_STEPS, shown, strict=True):
        assert f"Cam {step.number} o {len(SETUP_STEPS)}: " in text
        assert TITLES[step] not in text
        assert "Caiff pob dewis ei gadw ar unwaith." in text
    assert "Mae'r gosod wedi'i orffen." in await guided.press("Gorffen")


async def test_what_the_set_up_makes_is_named_in_the_language_of_the_server(
    world: World, guided: Guided
) -> None:
    await world.administrator.slash(world.general, "me language", language=ENGLISH)
    await guilds.change(
        world.bot.context,
        world.guild.id,
        language=WELSH,
        organiser_role_id=None,
        moderator_role_id=None,
        announcements_channel_id=None,
        organisers_channel_id=None,
        moderators_channel_id=None,
    )
    await guided.begin()
    await guided.press("Begin with step 1")
    await guided.press("Next")
    assert "Made and stored" in await guided.press("Make the missing roles for me")
    await guided.press("Next")
    assert "Made and stored" in await guided.press("Make the missing channels for me")
    server = world.bot.get_guild(world.guild.id)
    assert server is not None
    assert {"Trefnydd ymgyrch", "Cymedrolwr ymgyrch"} <= {role.name for role in server.roles}
    assert {"cyhoeddiadau", "trefnwyr", "cymedrolwyr"} <= {channel.name for channel in server.text_channels}
