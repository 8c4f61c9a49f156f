"""Giving feedback, as a member sees it."""

import re

import pytest
import simcord
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.app import create_bot
from bot.config import Settings
from bot.services import feedback as service
from db.tables import feedback
from tests.discord.conftest import World, text_of

RECEIPT = re.compile(r"\b([0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


async def give(world: World, text: str = "Too much work", **chosen: str) -> simcord.InteractionResult:
    """A member fills in the form."""
    shown = await world.member.slash(world.general, "feedback give")
    choices = {name: [key] for name, key in {"topic": "situation", **chosen}.items()}
    return await world.member.submit_modal(shown, {"text": text, **choices})


async def stored(world: World) -> list:
    async with world.bot.context.database.read() as connection:
        return list((await connection.execute(select(feedback))).all())


def words_of(modal: dict) -> str:
    return " ".join(
        str(component.get(key, ""))
        for component in modal["components"]
        for key in ("content", "label", "description")
    )


async def test_the_form_says_what_confidential_means(world: World) -> None:
    shown = await world.member.slash(world.general, "feedback give")
    words = words_of(shown.modal)
    assert "Confidential: not linked to you in our database" in words
    assert "Discord itself sees that you use this bot" in words
    assert "anonym" not in words.casefold()
    assert len(shown.modal["components"]) == 5


async def test_a_topic_that_was_chosen_is_not_asked_again(world: World) -> None:
    shown = await world.member.slash(world.general, "feedback give", topic="meeting")
    assert shown.modal["custom_id"] == "feedback.give|meeting"
    await world.member.submit_modal(shown, {"text": "Earlier, please"})
    assert [row.topic for row in await stored(world)] == ["meeting"]


async def test_the_receipt_is_shown_once_and_privately(world: World) -> None:
    result = await give(world, region="wales", grade="po")
    text = text_of(result)
    assert result.ephemeral
    assert len(list(RECEIPT.finditer(text))) == 1
    assert "shown only this once" in text
    assert "Not your name" in text
    assert "anonym" not in text.casefold()
    (row,) = await stored(world)
    assert (row.topic, row.region, row.grade, row.text) == ("situation", "wales", "po", "Too much work")
    assert RECEIPT.search(text).group() not in str(row)
    for channel in (world.general, world.announcements, world.moderators, world.organisers):
        assert world.posts(channel) == []


async def test_region_and_grade_are_left_out_unless_chosen(world: World) -> None:
    await give(world)
    (row,) = await stored(world)
    assert (row.region, row.grade) == (None, None)


async def test_what_was_typed_across_a_restart_is_not_lost(world: World, settings: Settings) -> None:
    shown = await world.member.slash(world.general, "feedback give", topic="focus")
    bot = create_bot(settings, clock=world.clock)
    await world.bot.close()
    await world.env.restart_bot(bot)
    result = await world.member.submit_modal(shown, {"text": "Overtime"})
    assert RECEIPT.search(text_of(result))
    world.bot = bot
    assert [(row.topic, row.text) for row in await stored(world)] == [("focus", "Overtime")]
    await bot.close()


async def handed_back(result: simcord.InteractionResult) -> str:
    """The text in the file that comes with an answer."""
    messages = [result.response, *result.followups]
    (file,) = [attachment for message in messages if message for attachment in message.attachments]
    return (await file.read()).decode()


@pytest.mark.parametrize("text", ["   ", "\u200b\u3164", "\u0301"])
async def test_nothing_to_read_is_said_kindly(world: World, text: str) -> None:
    result = await give(world, text)
    assert "nothing to read" in text_of(result)
    assert await stored(world) == []


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4_000,
        "🙂" * 4_000,
        "שלום\u202e עולם",
        "z\u0335\u0336\u0337" * 1_000,
        "```\ncode\n``` @everyone",
        "a\nb" * 1_000,
    ],
)
async def test_odd_texts_are_stored_whole(world: World, text: str) -> None:
    result = await give(world, text)
    assert RECEIPT.search(text_of(result))
    assert [row.text for row in await stored(world)] == [text]


async def test_nul_and_half_characters_are_mended(world: World) -> None:
    await give(world, "a\0b \ud83d c")
    assert [row.text for row in await stored(world)] == ["ab \N{REPLACEMENT CHARACTER} c"]


async def test_over_the_limit_the_text_is_handed_back(world: World) -> None:
    for _ in range(5):
        await give(world)
    result = await give(world, "The sixth " * 400)
    assert "5 times today" in text_of(result)
    assert "The sixth " * 399 in await handed_back(result)
    assert len(await stored(world)) == 5


async def test_an_oversized_text_is_handed_back(world: World) -> None:
    """Discord's own limit can be passed by a client of one's own."""
    shown = await world.member.slash(world.general, "feedback give", topic="other")
    for component in shown._interaction.modal["components"]:
        component.get("component", {}).pop("max_length", None)
    result = await world.member.submit_modal(shown, {"text": "x" * 4_001})
    assert "4,001 characters" in text_of(result)
    assert "x" * 4_001 in await handed_back(result)


@pytest.mark.parametrize(
    "error",
    [OperationalError("INSERT", {}, Exception("disk is full")), RuntimeError("a defect"), TimeoutError()],
)
async def test_when_storing_fails_the_text_is_handed_back(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    async def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(service.queries, "insert_feedback", fail)
    result = await give(world, "canary " * 300)
    assert "What to do now" in text_of(result)
    assert "canary " * 299 in await handed_back(result)
    assert result.ephemeral
    assert "canary" not in caplog.text
    assert not RECEIPT.search(text_of(result))


@pytest.mark.parametrize(("status", "code"), [(400, 0), (400, 40060), (403, 50013)])
async def test_a_receipt_that_discord_did_not_take_is_shown_again(
    world: World, status: int, code: int
) -> None:
    shown = await world.member.slash(world.general, "feedback give", topic="other")
    world.env.inject_error("POST", "/interactions/*/callback", status=status, code=code)
    result = await world.member.submit_modal(shown, {"text": "Text"})
    answers = [message for message in (result.response, *result.followups) if message]
    assert any(RECEIPT.search(answer.embeds[0].description) for answer in answers)
    assert all(answer.ephemeral for answer in answers)
    assert len(await stored(world)) == 1


async def test_the_database_does_not_know_who_it_was(world: World, settings: Settings) -> None:
    await give(world)
    forms = [
        str(world.member.id).encode(),
        *(world.member.id.to_bytes(8, order) for order in ("big", "little")),
    ]
    written = [path for path in settings.data.directory.rglob("*") if path.is_file()]
    assert written
    assert not any(form in path.read_bytes() for form in forms for path in written)


async def test_a_forged_form_is_refused(world: World) -> None:
    for topic in ("nonsense", "' OR 1=1 --"):
        shown = await world.member.slash(world.general, "feedback give", topic="other")
        shown._interaction.modal["custom_id"] = f"feedback.give|{topic}"
        result = await world.member.submit_modal(shown, {"text": "Text"})
        assert "no topic that I know" in text_of(result)
    assert await stored(world) == []


async def test_feedback_is_handed_over_by_the_daily_work(world: World) -> None:
    await give(world)
    await world.turn()
    world.clock.forward(days=1)
    await world.turn()
    assert [row.state for row in await stored(world)] == ["new"]
    assert not any("Too much work" in post.content for post in world.posts(world.moderators))
