"""Exporting feedback and its figures, as a moderator sees it, and everybody else does not."""

import hashlib
from collections.abc import AsyncIterator

import discord
import pytest
import simcord
from sqlalchemy import select

from bot.services import exports, feedback
from bot.services.exports import Export
from cogs import moderate_export
from db import feedback_export
from db.feedback_lines import LinePages
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


async def test_every_kind_of_file_comes_as_an_attachment(world: World) -> None:
    await give(world, "Too much work")
    begins = {"xlsx": b"PK", "json": b"{", "md": b"# What", "html": b"<!doctype html>"}
    for kind, start in begins.items():
        (file,) = (await export(world, format=kind)).response.attachments
        assert file.filename == f"feedback-2025-03-31.{kind}"
        assert (await file.read()).startswith(start)


async def test_a_file_in_parts_comes_as_one_answer_after_the_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.export_files.XLSX_ROWS", 2)
    made: list[Export] = []
    export_files = exports.export_files

    async def watched(*asked: object) -> AsyncIterator[Export]:
        async for one in export_files(*asked):
            assert all(earlier.content.closed for earlier in made), "what was sent is let go before the next"
            made.append(one)
            yield one

    monkeypatch.setattr(exports, "export_files", watched)
    await give(world, *"12345")
    result = await export(world, format="xlsx")
    await world.env.settle()
    assert [one.content.closed for one in made] == [True] * 3
    assert text_of(result).strip().startswith("Part 1: 2 pieces of feedback exported")
    parts = [result.response, *result.followups]
    names = [one.filename for message in parts for one in message.attachments]
    assert names == [f"feedback-2025-03-31-part-{number}.xlsx" for number in (1, 2, 3)]
    assert [message.embeds[0].title.split(": ")[1].split()[0] for message in parts] == ["2", "2", "1"]
    assert len(await audited(world)) == 3


async def test_a_slow_export_says_how_far_it_has_come(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cogs.moderate_export.PROGRESS_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(feedback_export, "PAGE_ROWS", 2)
    told: list[str] = []
    edit = discord.Interaction.edit_original_response

    async def watched(self, **content):
        told.append(content["embed"].title if "embed" in content else content["embeds"][0].title)
        return await edit(self, **content)

    monkeypatch.setattr(discord.Interaction, "edit_original_response", watched)
    fetch, seen = LinePages.read, list[discord.Interaction]()

    async def put_off_at_first(*arguments, **options):
        if seen and not seen[0].response.is_done():
            await seen[0].response.defer(ephemeral=True, thinking=True)  # as after 1.8 seconds
        return await fetch(*arguments, **options)

    begin = moderate_export._Progress.__init__

    def watched_begin(self, interaction):
        seen.append(interaction)
        begin(self, interaction)

    monkeypatch.setattr(LinePages, "read", put_off_at_first)
    monkeypatch.setattr(moderate_export._Progress, "__init__", watched_begin)
    await give(world, *"12345")
    result = await export(world)
    assert told[0].endswith("pieces of feedback so far")
    assert text_of(result).strip().startswith("5 pieces of feedback exported")


async def test_the_report_shows_pictures_with_words_for_those_who_cannot_see_them(world: World) -> None:
    await give(world, *"1234567", region="wales")
    await give(world, "alone", region="london")
    result = await world.moderator.slash(world.moderators, "moderate report", since="1 March")
    assert result.ephemeral
    files = result.response.attachments
    assert [one.filename for one in files] == ["weeks.png", "topics.png", "regions.png", "demands.png"]
    for one in files:
        assert (await one.read()).startswith(b"\x89PNG")
    text = text_of(result)
    assert text.strip().startswith("8 pieces of feedback, in pictures")
    assert "London" not in text
    assert "Wales" not in text  # seven out of eight would tell that one is from somewhere else
    assert "Something else: 8" in text
    (row,) = await audited(world)
    assert (row.event, row.actor_id) == ("report", world.moderator.id)


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
