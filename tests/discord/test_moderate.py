"""Exporting feedback, as a moderator sees it, and everybody else does not."""

import hashlib

import pytest
import simcord
from sqlalchemy import select

from bot.services import feedback
from db.tables import audit
from tests.discord.conftest import World, text_of

ASKED = {"format": "csv", "purpose": "Briefing for Thursday"}


async def give(world: World, *texts: str, **options: str) -> None:
    for number, text in enumerate(texts):
        await feedback.give(world.bot.context, world.guild.id, number, "other", text, **options)
    await feedback.release_batches(world.bot.context)


async def export(world: World, **options: str) -> simcord.InteractionResult:
    return await world.moderator.slash(world.moderators, "moderate export", **{**ASKED, **options})


async def audited(world: World) -> list:
    async with world.bot.context.database.read() as connection:
        return list((await connection.execute(select(audit))).all())


async def test_a_moderator_gets_the_file_privately(world: World) -> None:
    await give(world, "=1+1", "Too much work", region="wales")
    result = await export(world)
    assert result.ephemeral
    (file,) = result.response.attachments
    data = await file.read()
    assert file.filename == "feedback-2025-03-31.csv"
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"'=1+1" in data
    text = text_of(result)
    assert text.strip().startswith("2 pieces of feedback exported")
    assert "Briefing for Thursday" in text
    assert hashlib.sha256(data).hexdigest() in text
    assert "The region in 2 rows, the grade in 0 rows." in text
    (row,) = await audited(world)
    assert (row.actor_id, row.purpose, row.rows) == (world.moderator.id, "Briefing for Thursday", 2)


@pytest.mark.parametrize("who", ["member", "organiser", "administrator"])
async def test_nobody_else_gets_it(world: World, who: str) -> None:
    await give(world, "canary")
    result = await getattr(world, who).slash(world.general, "moderate export", **ASKED)
    assert "moderators" in text_of(result)
    assert result.ephemeral
    assert not result.response.attachments
    assert await audited(world) == []


async def test_before_the_role_is_chosen_nobody_gets_it(world: World) -> None:
    from bot.services import guilds

    await guilds.change(world.bot.context, world.guild.id, moderator_role_id=None)
    result = await export(world)
    assert "/setup roles" in text_of(result)


async def test_an_empty_export_says_so(world: World) -> None:
    result = await export(world)
    assert "0 pieces of feedback" in text_of(result)
    assert "once a day" in text_of(result)


async def test_filters_are_understood(world: World) -> None:
    await give(world, "Text")
    for options, rows in (
        ({"since": "2025-W14"}, 1),
        ({"until": "1 March"}, 0),
        ({"topic": "meeting"}, 0),
        ({"state": "new"}, 1),
    ):
        assert text_of(await export(world, **options)).strip().startswith(f"{rows} piece")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"since": "gibberish"}, "What to do now"),
        ({"since": "2025-W14", "until": "2025-W01"}, "before it begins"),
        ({"purpose": "\u200b\u200b\u200b"}, "empty"),
    ],
)
async def test_what_was_typed_wrongly_is_said(world: World, options: dict, expected: str) -> None:
    result = await export(world, **options)
    assert expected in text_of(result)
    assert await audited(world) == []


async def test_a_purpose_cannot_ping_or_format(world: World) -> None:
    text = text_of(await export(world, purpose="@everyone **bold** `code`"))
    assert "@everyone" not in text
    assert "**bold**" not in text
