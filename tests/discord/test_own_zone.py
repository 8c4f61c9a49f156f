"""Organisers may type times in a zone of their own; the campaign hears its own."""

from tests.discord.conftest import World, text_of


async def test_a_meeting_typed_in_another_zone_is_told_in_the_servers(world: World) -> None:
    await world.organiser.slash(world.general, "me timezone", zone="America/New_York")
    result = await world.organiser.slash(
        world.organisers, "organise meeting schedule", title="Call", when="4 April 8am"
    )
    assert "Friday 4 April 2025, 1pm BST" in text_of(result)


async def test_a_nudge_by_rule_keeps_the_zone_in_which_it_was_typed(world: World) -> None:
    await world.organiser.slash(world.general, "me timezone", zone="America/New_York")
    result = await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="every Friday 8am"
    )
    assert "Times are in America/New_York" in text_of(result)
