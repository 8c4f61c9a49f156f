"""The audit log, as a moderator reads it, and nobody else does."""

import pytest

from bot.services import retention
from tests.discord.conftest import World, text_of


async def export(world: World, purpose: str) -> None:
    await world.moderator.slash(world.moderators, "moderate export", format="csv", purpose=purpose)


async def test_it_says_who_did_what_when_why_and_how_much(world: World) -> None:
    await export(world, "Briefing for **Thursday** @everyone")
    result = await world.moderator.slash(world.moderators, "moderate audit")
    assert result.ephemeral
    text = text_of(result)
    assert text.strip().startswith("Audit log: 1 entry")
    assert "Exported feedback" in text
    assert f"<@{world.moderator.id}>" in text
    assert f"<t:{int(world.clock.instant.timestamp())}:F>" in text
    assert "Briefing for Thursday" in text
    assert "@everyone" not in text
    assert "0 rows" in text
    assert "SHA-256" in text


async def test_it_begins_on_the_day_that_is_asked_for(world: World) -> None:
    await export(world, "Before")
    world.clock.forward(days=30)
    await export(world, "After")
    text = text_of(await world.moderator.slash(world.moderators, "moderate audit", since="15 April"))
    assert "After" in text
    assert "Before" not in text
    assert "Since Tuesday 15 April 2025" in text
    wrong = text_of(await world.moderator.slash(world.moderators, "moderate audit", since="gibberish"))
    assert "What to do now" in wrong


async def test_its_pages_turn_for_moderators_only(world: World) -> None:
    empty = text_of(await world.moderator.slash(world.moderators, "moderate audit"))
    assert "The audit log is empty." in empty
    for number in range(8):
        await retention.change_contact(
            world.bot.context, world.guild.id, world.moderator.id, f"Office {number}"
        )
    first = await world.moderator.slash(world.moderators, "moderate audit", since="31 March")
    assert "Page 1 of 2" in text_of(first)
    second = await world.moderator.click(first.response, label="Next page")
    assert "Page 2 of 2. " in f"{text_of(second)} "
    assert "Since Monday 31 March 2025" in text_of(second)
    assert "Page 1 of 2" in text_of(await world.moderator.click(second.response, label="Previous page"))


@pytest.mark.parametrize("who", ["member", "organiser", "administrator"])
async def test_nobody_else_reads_it(world: World, who: str) -> None:
    await export(world, "Briefing")
    result = await getattr(world, who).slash(world.general, "moderate audit")
    assert "moderators" in text_of(result)
    assert "Briefing" not in text_of(result)
