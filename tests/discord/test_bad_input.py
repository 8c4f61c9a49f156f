"""Whatever is typed, there is a clear answer, and nothing is stored half."""

from datetime import UTC, datetime
from typing import Any

import pytest
from discord import app_commands
from simcord import OptionError, SetupError
from sqlalchemy import func, select

from db.tables import metadata
from tests.discord.conftest import World, text_of
from tests.domain.malformed import MALFORMED

ODD = [
    "\u202egnirts desrever",
    "zalgo Z̴̢͙͕͚̞̣̆͋̓̿a̷͇̾l̵̡̛g̶̭̑ò̸̧",
    "\u200b\u200b\u200b",
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "عربى עברית 中文",
    "@everyone <@&1> <@1> <#1> [link](javascript:alert(1))",
    "`'\"; DROP TABLE feedback; --",
    "%s %d {0} {self} \\ \x00 \x07",
    "𝓛𝓸𝓷𝓰 " * 30,
    "||spoiler|| **bold** # heading\n> quote",
    "-1",
    "٣ أبريل",
]
VALID: dict[str, Any] = {
    "organise meeting schedule": {"title": "Call", "when": "tomorrow noon"},
    "organise nudge schedule": {"action": "yellow", "when": "Friday 8am"},
    "organise demand respond": {"demand": "overtime", "status": "refused"},
    "demand show": {"demand": "overtime"},
    "demand search": {"query": "overtime"},
    "motion show": {"motion": "workloads"},
    "action done": {"action": "yellow"},
    "moderate export": {"format": "csv", "purpose": "meeting with the employer"},
}
WHO = {"organise": "organiser", "moderate": "moderator", "setup": "administrator"}
DEFECT = "mine, not yours"


def text_options(command: app_commands.Command[Any, ..., Any]) -> list[str]:
    """The options of a command in which anything can be typed."""
    return [
        parameter.name
        for parameter in command.parameters
        if parameter.type.name == "string" and not parameter.choices
    ]


async def rows(world: World) -> dict[str, int]:
    """How many rows each table holds."""
    async with world.bot.context.database.read() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


async def test_every_option_of_every_command_takes_anything(world: World) -> None:
    tried = 0
    commands = [one for one in world.bot.tree.walk_commands() if isinstance(one, app_commands.Command)]
    for command in commands:
        person = getattr(world, WHO.get(command.qualified_name.split()[0], "member"))
        for option in text_options(command):
            for typed in ODD:
                options = VALID.get(command.qualified_name, {}) | {option: typed}
                try:
                    result = await person.slash(world.general, command.qualified_name, **options)
                except (OptionError, SetupError):
                    continue  # Discord's own client does not let that be sent
                tried += 1
                assert result.acknowledged, (command.qualified_name, option, typed)
                if result.modal is None:
                    assert DEFECT not in text_of(result), (command.qualified_name, option, typed)
    assert tried > 150
    assert world.env.errors_since(0) == tuple(
        error
        for error in world.env.errors_since(0)
        if type(error).__module__.startswith(("bot.", "discord."))
    )


async def test_malformed_dates_store_nothing(world: World) -> None:
    world.clock.instant = datetime(2025, 3, 31, 9, 0, tzinfo=UTC)
    before = await rows(world)
    tried = 0
    for phrase, _ in MALFORMED:
        try:
            result = await world.organiser.slash(
                world.organisers, "organise meeting schedule", title="Call", when=phrase
            )
        except (OptionError, SetupError):
            continue
        tried += 1
        text = text_of(result)
        assert result.ephemeral
        assert "What to do now" in text, phrase
        assert DEFECT not in text, phrase
    assert tried >= 190
    assert await rows(world) == before


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200b", "x" * 4_001, *ODD])
async def test_every_modal_takes_anything(world: World, text: str) -> None:
    before = await rows(world)
    shown = await world.organiser.slash(
        world.organisers, "organise demand respond", demand="overtime", status="refused"
    )
    try:
        result = await world.organiser.submit_modal(shown, {"text": text, "source": "Letter"})
    except (OptionError, SetupError):
        return  # Discord's own client does not let that be sent
    answer = text_of(result)
    assert DEFECT not in answer
    stored = (await rows(world))["demand_responses"] - before["demand_responses"]
    assert stored == (1 if "Recorded" in answer else 0)
