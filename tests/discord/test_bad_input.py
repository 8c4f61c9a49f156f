"""Whatever is typed, there is a clear answer, and nothing is stored half. More of it: `tests/fuzz/test_commands.py`."""

from datetime import UTC, datetime
from typing import Any

import discord
import pytest
from simcord import OptionError, SetupError
from sqlalchemy import func, select

from bot.services import focus_moderation
from bot.services.focus_moderation import RoundRequest
from db.tables import metadata
from tests.discord.conftest import World, text_of
from tests.discord.schedules import asks
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
DEFECT = "mine, not yours"


async def rows(world: World) -> dict[str, int]:
    """How many rows each table holds."""
    async with world.bot.context.database.read() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


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


async def test_a_list_is_answered_with_what_it_never_offered(world: World) -> None:
    """Whoever writes their own client can send that; a number of thirty digits is no time before a meeting."""
    await asks(world, "meeting schedule", title="Call", when="Thursday 10 April 12.30pm")
    (meeting,) = await world.organiser.autocomplete(
        world.organisers, "organise meeting cancel", "meeting", "call"
    )
    shown = await world.member.slash(world.general, "meeting show", meeting=meeting["value"])
    await world.member.click(shown.response, label="Coming")
    own = discord.ui.Select[Any](
        custom_id=f"meeting.remind||{meeting['value']}|2025-04-10",
        options=[discord.SelectOption(label=value[:9], value=value) for value in ("9" * 30, "60", "none")],
    )
    message = await world.put(world.general, own)
    for value in ("9" * 30, "60"):
        answered = await world.member.select(message, [value], custom_id=own.custom_id)
        assert "Choose a time from the list." in text_of(answered)
    answered = await world.member.select(message, ["none"], custom_id=own.custom_id)
    assert "You are coming" in text_of(answered)


async def test_a_choice_that_depends_on_another_is_offered_without_a_complaint(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The demand of the entry is not typed yet, or not one of ours: nothing to offer, and nothing to log."""
    for typed in ({}, {"demand": "My own words"}):
        offered = await world.organiser.autocomplete(
            world.organisers, "organise demand respond", "corrects", "", **typed
        )
        assert offered == []
    assert "autocomplete failed" not in caplog.messages
    assert "My own words" not in caplog.text


@pytest.mark.parametrize(
    ("custom_id", "said"),
    [
        (f"feedback.open|{'2025-03-' * 10}", "from an older version of this bot"),
        ("look|demand.list|0|overtime", "from an older version of this bot"),
        (f"focus.turn|{'2025-03-' * 10}|", "Our focus"),
    ],
)
async def test_a_button_with_something_else_behind_it(world: World, custom_id: str, said: str) -> None:
    """No meeting, no status and no round of ours; with some, the next button could not be made at all."""
    request = RoundRequest("11 April 12.30pm", "Our focus", "Friday 8am")
    await focus_moderation.open_round(world.bot.context, world.guild.id, world.moderator.id, request)
    message = await world.put(world.general, discord.ui.Button(label="Press", custom_id=custom_id))
    answered = await world.moderator.click(message, custom_id=custom_id)
    assert said in text_of(answered)
