"""The bot in two languages at once: answers in each person's, posts in the server's."""

import simcord

from bot.domain.language import WELSH, say, speaking
from bot.services.languages import catalogue
from tests.discord.conftest import World, text_in, text_of
from tests.discord.schedules import asks, forward, press


def in_welsh(english: str, **values: str) -> str:
    with speaking(catalogue(WELSH)):
        said = say(english, **values)
    assert said != english
    return said


async def my_language(world: World, wanted: str | None = None, who: simcord.MemberActor | None = None) -> str:
    options = {"language": wanted} if wanted else {}
    return text_of(await (who or world.member).slash(world.general, "me language", **options))


async def servers_language(world: World, wanted: str) -> str:
    return text_of(await world.administrator.slash(world.general, "setup language", language=wanted))


async def test_a_member_is_answered_in_welsh_at_once_and_from_then_on(world: World) -> None:
    assert "Your language: English" in await my_language(world)
    assert in_welsh("Your language: {language}", language="Cymraeg") in await my_language(world, "cy")
    assert in_welsh("Your language: {language}", language="Cymraeg") in await my_language(world)
    refused = await world.member.slash(world.general, "organise meeting schedule", title="A", when="ddoe")
    assert "**Beth i'w wneud nawr:**" in text_of(refused)


async def test_nobody_elses_language_changes_with_it(world: World) -> None:
    await my_language(world, "cy")
    assert "Your language: English" in await my_language(world, who=world.moderator)
    refused = await world.moderator.slash(world.general, "organise meeting schedule", title="A", when="ddoe")
    assert "**What to do now:**" in text_of(refused)


async def test_a_member_goes_back_to_the_servers_language(world: World) -> None:
    await my_language(world, "cy")
    assert "Your language: English" in await my_language(world, "server")
    await servers_language(world, "cy")
    assert in_welsh("Your language: {language}", language="Cymraeg") in await my_language(world)


async def test_the_choice_goes_with_everything_else_that_is_held_about_a_member(world: World) -> None:
    await my_language(world, "cy")
    asked = await world.member.slash(world.general, "me forget")
    assert asked.response is not None
    await world.member.click(asked.response, custom_id="me.forget|yes")
    assert "Your language: English" in await my_language(world)


async def test_a_servers_posts_are_in_welsh_while_a_member_who_chose_english_reads_english(
    world: World,
) -> None:
    await my_language(world, "en")
    told = await servers_language(world, "cy")
    assert in_welsh("This server's language: {language}", language="Cymraeg") in told
    await asks(world, "reminder schedule", text="Post your ballot paper", when="yfory 10am")
    await forward(world, days=2)
    (post,) = world.posts()
    assert "Post your ballot paper" in text_in(post), "what organisers wrote stays as they wrote it"
    assert "dydd Mawrth 1 Ebrill 2025, 10am BST" in text_in(post)
    assert "Your language: English" in await my_language(world)
    refused = await world.member.slash(world.general, "organise meeting schedule", title="A", when="ddoe")
    assert "**What to do now:**" in text_of(refused)


async def test_a_nudge_goes_to_the_channel_in_the_servers_language_and_to_a_member_in_theirs(
    world: World,
) -> None:
    await my_language(world, "cy")
    await world.member.slash(world.general, "me nudges", turn="on")
    await asks(world, "nudge schedule", action="yellow", when="Friday 8am")
    await forward(world, days=5)
    (post,) = world.posts()
    assert "Due Friday 4 April 2025, 8am BST" in text_in(post)
    welcome, message = [one for one in world.member.user.dm_channel.history() if one.author == world.bot.user]
    assert "dydd Gwener 4 Ebrill 2025, 8am BST" in text_in(message)
    assert "`/me nudges turn:off` yno" in text_in(welcome)


async def test_what_is_shared_with_everybody_is_in_the_servers_language(world: World) -> None:
    shown = await world.member.slash(world.general, "aims")
    await my_language(world, "cy")
    again = await world.member.slash(world.general, "aims")
    await press(world.member, again, in_welsh("Share here"))
    (post,) = world.posts(world.general)
    assert text_in(post) == text_of(shown)


async def test_an_error_is_told_in_welsh(world: World) -> None:
    await my_language(world, "cy", who=world.organiser)
    text = await asks(world, "reminder schedule", text="Pleidleisiwch", when="31 Chwefror 9am")
    assert 'Ni allaf ddarllen "31 Chwefror 9am" fel dyddiad ac amser' in text
    assert "dim ond 28 diwrnod sydd ym mis Chwefror" in text
    assert "**Beth i'w wneud nawr:** Rhowch gynnig ar" in text


async def test_welsh_dates_can_be_typed_in_either_language(world: World) -> None:
    when = "dydd Iau 3 Ebrill 12.30pm"
    assert "Thursday 3 April 2025, 12.30pm BST" in await asks(
        world, "reminder schedule", text="Vote", when=when
    )
    await my_language(world, "cy", who=world.organiser)
    text = await asks(world, "reminder schedule", text="Pleidleisiwch", when=when)
    assert "dydd Iau 3 Ebrill 2025, 12.30pm BST" in text


async def test_the_weekly_word_is_in_the_servers_language(world: World) -> None:
    await servers_language(world, "cy")
    await forward(world, days=7)
    (told,) = [one.content for one in world.posts(world.organisers) if "Adroddiad yr wythnos" in one.content]
    assert "Yn y saith diwrnod diwethaf aeth 0 postiad allan." in told
    assert "Nid oes dim wedi'i drefnu ar gyfer y saith diwrnod nesaf." in told
