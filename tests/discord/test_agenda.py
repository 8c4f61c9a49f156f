"""What members propose for a meeting, and what organisers make of it."""

import pytest

from bot.domain.problems import NotFound
from bot.services import agenda
from tests.discord.conftest import World, text_of
from tests.discord.schedules import asks

CALL = {
    "title": "Branch call",
    "when": "Thursday 10 April 12.30pm",
    "agenda": "Welcome",
    "announce": False,
}


async def propose(world: World, text: str) -> str:
    form = await world.member.slash(world.general, "meeting propose", meeting="branch")
    return text_of(await world.member.submit_modal(form, {"text": text}))


async def test_a_proposal_comes_onto_the_agenda_without_a_name(world: World) -> None:
    await asks(world, "meeting schedule", **CALL)
    assert "Proposed. Thank you." in await propose(world, "Operation Protect on every agenda")
    await propose(world, "Parking")
    shown = await world.organiser.slash(world.organisers, "organise meeting agenda", meeting="branch")
    text = text_of(shown)
    assert "2 proposals by members" in text
    assert world.member.user.name not in text.replace("members", "")
    first = shown.response
    accept = next(one for one in options(first, "Put on the agenda") if "Protect" in one["label"])
    shown = await world.organiser.select(first, [accept["value"]], custom_id="agenda.settle|accept")
    assert "• Operation Protect on every agenda" in text_of(shown)
    assert "1 proposal by members" in text_of(shown)
    with pytest.raises(NotFound, match="Another organiser"):
        await agenda.settle(world.bot.context, world.guild.id, accept["value"], accept=True)
    aside = options(shown.response, "Set aside")[0]
    shown = await world.organiser.select(shown.response, [aside["value"]], custom_id="agenda.settle|aside")
    assert "by members" not in text_of(shown)
    public = text_of(await world.member.slash(world.general, "meeting show", meeting="branch"))
    assert "Welcome" in public
    assert "Operation Protect on every agenda" in public
    assert "Parking" not in public


def options(message, placeholder: str):
    """The choices of a list under a message."""
    children = [child for row in message.components for child in row["components"]]
    return next(one["options"] for one in children if one.get("placeholder", "").startswith(placeholder))


async def test_notes_are_there_for_everybody_afterwards(world: World) -> None:
    await asks(world, "meeting schedule", **CALL)
    world.clock.forward(days=11)
    shown = await world.organiser.slash(world.organisers, "organise meeting agenda", meeting="branch")
    form = await world.organiser.click(shown.response, label="Write notes")
    kept = await world.organiser.submit_modal(form, {"text": "We go on.\n\n*Next call* in May."})
    assert "The notes are kept: Branch call" in text_of(kept)
    public = text_of(await world.member.slash(world.general, "meeting show", meeting="branch"))
    assert "What came of it" in public
    assert "Next call" in public
    assert "is over" in await propose_text(world)


async def propose_text(world: World) -> str:
    form = await world.member.slash(world.general, "meeting propose", meeting="branch")
    return text_of(await world.member.submit_modal(form, {"text": "Too late"}))


async def test_a_member_has_three_proposals_a_day_and_empty_ones_do_not_count(world: World) -> None:
    await asks(world, "meeting schedule", **CALL)
    assert "empty" in await propose(world, "   ")
    for number in range(3):
        assert "Proposed" in await propose(world, f"Item {number}")
    assert "the most" in await propose(world, "One more")
