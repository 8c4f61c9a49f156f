"""A slice of the hostile interactions, for every run of the tests; `python -m tests.fuzz --commands` has the rest."""

from typing import Any

from simcord import actors
from simcord.enums import ComponentType
from sqlalchemy import select

from db.tables import feedback
from tests.fuzz.commands import run_commands
from tests.fuzz.server import Server, serving


async def test_whatever_is_given_to_the_bot_is_answered_and_is_no_defect() -> None:
    tallies = {name: tally async for name, tally in run_commands(inputs=1, seed=1, presses=0)}
    assert [failure for tally in tallies.values() for failure in tally.failures] == []
    for kind, fewest in {"/": 100, "button ": 80, "list ": 5, "form ": 15}.items():
        assert sum(name.startswith(kind) for name in tallies) >= fewest, kind
    refused = sum(tally.refused for tally in tallies.values())
    assert refused < len(tallies) / 5, "Discord's own client would have refused most of it"


async def test_what_is_not_answered_or_breaks_is_noticed() -> None:
    async def says_nothing(interaction: Any, argument: str) -> None:
        del interaction, argument

    async def breaks(interaction: Any, argument: str) -> None:
        del interaction
        int(argument)

    async with serving() as server:
        server.world.bot.routes.add("silent", says_nothing)
        server.world.bot.routes.add("broken", breaks)
        assert await _pressed(server, "silent|") == "it was not answered"
        assert "ValueError" in str(await _pressed(server, "broken|word"))
        assert await _pressed(server, "about|") is None


async def test_what_postgresql_refuses_to_look_for_is_left_out() -> None:
    heard: list[str] = []

    async def listens(interaction: Any, argument: str) -> None:
        heard.append(argument)
        await interaction.response.defer()

    async with serving() as server:
        world = server.world
        world.bot.routes.add("listening", listens)
        assert await _pressed(server, "listening|a\x00b|c") is None
        assert heard == ["ab|c"]
        offered = await world.member.autocomplete(world.general, "glossary", "term", "W\x00MT")
        assert offered == await world.member.autocomplete(world.general, "glossary", "term", "WMT")
        form = await world.member.slash(world.general, "feedback give", topic="other")
        await world.member.submit_modal(form, {"text": "Too\x00 much work"})
        async with world.bot.context.database.read() as connection:
            assert (await connection.execute(select(feedback.c.text))).scalar_one() == "Too much work"


async def _pressed(server: Server, custom_id: str) -> str | None:
    world = server.world
    shown = await world.member.slash(world.general, "help")
    stored = world.env.backend.get_message(world.general.id, shown.response.id)
    data = {"custom_id": custom_id, "component_type": ComponentType.BUTTON}
    return (await server.tried(actors._component_interaction(world.member, stored, data)))[1]
