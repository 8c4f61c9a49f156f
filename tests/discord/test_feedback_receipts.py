"""Checking, adding and taking back by receipt, as a member sees it."""

import aiohttp
import pytest
import simcord
from sqlalchemy import select

from bot.app import create_bot
from bot.config import Settings
from bot.domain.receipts import new_receipt
from bot.services import feedback, feedback_receipts, moderation_changes
from db.tables import feedback_messages
from tests.discord.conftest import World, text_of
from tests.discord.test_feedback import RECEIPT, give, stored


async def receipt_of(world: World, text: str = "Too much work") -> str:
    found = RECEIPT.search(text_of(await give(world, text)))
    assert found
    return found.group()


async def with_receipt(world: World, command: str, receipt: str, **typed: str) -> simcord.InteractionResult:
    shown = await world.member.slash(world.general, f"feedback {command}")
    return await world.member.submit_modal(shown, {"receipt": receipt, **typed})


async def reply(world: World, receipt: str, text: str) -> None:
    context, guild_id = world.bot.context, world.guild.id
    thread = await feedback_receipts.check(context, guild_id, 1, receipt)
    await moderation_changes.reply(context, guild_id, world.moderator.id, thread.feedback.feedback_id, text)


async def added(world: World) -> list[str]:
    async with world.bot.context.database.read() as connection:
        rows = await connection.execute(select(feedback_messages.c.text))
        return sorted(rows.scalars())


async def test_from_giving_to_a_reply_to_taking_back(world: World) -> None:
    receipt = await receipt_of(world)
    shown = await with_receipt(world, "check", receipt.lower().replace("-", ""))
    assert shown.ephemeral
    text = text_of(shown)
    assert "No moderator has seen it yet" in text
    assert "Too much work" in text
    assert "The situation on the ground" in text
    assert "2025-W14" in text
    assert "No reply yet" in text
    result = await with_receipt(world, "add", receipt, text="And too little pay")
    assert "added to your feedback" in text_of(result)
    await feedback.release_batches(world.bot.context)
    await reply(world, receipt, "We raised it on Thursday.")
    shown = await world.member.click(result.response, label="See how it stands")
    text = text_of(shown)
    for words in ("stands: New", "Too much work", "And too little pay", "We raised it on Thursday."):
        assert words in text
    question = await world.member.click(shown.response, label="Take it back")
    assert "with the 2 messages that followed" in text_of(question)
    assert len(await stored(world)) == 1, "it asks first"
    kept = await world.member.click(question.response, label="Keep it")
    assert "Too much work" in text_of(kept)
    gone = await world.member.click(question.response, label="Delete it for good")
    assert "deleted" in text_of(gone)
    assert await stored(world) == []
    assert await added(world) == []
    again = await world.member.click(shown.response, label="Add something")
    again = await world.member.submit_modal(again, {"text": "Once more"})
    assert "No feedback belongs to that receipt" in text_of(again)
    for channel in (world.general, world.announcements, world.moderators, world.organisers):
        assert world.posts(channel) == []


async def test_an_addition_is_asked_about_first(world: World, settings: Settings) -> None:
    receipt = await receipt_of(world)
    result = await with_receipt(world, "add", receipt, text="Ring Mr Smith")
    assert "`Smith` becomes [name]" in text_of(result)
    assert await added(world) == []
    form = await world.member.click(result.response, label="Change it")
    assert form.modal["components"][-1]["component"]["value"] == "Ring Mr [name]"
    bot = create_bot(settings, clock=world.clock)
    await world.bot.close()
    await world.env.restart_bot(bot)
    world.bot = bot
    changed = await world.member.submit_modal(form, {"text": "Ring somebody"})
    assert "added" in text_of(changed)
    await world.member.click(result.response, label="Store it like this")
    assert await added(world) == ["Ring Mr [name]", "Ring somebody"]
    await bot.close()


async def test_an_addition_whose_answer_was_lost_is_not_stored_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = await receipt_of(world)
    result = await with_receipt(world, "add", receipt, text="Ring Mr Smith")
    with monkeypatch.context() as patch:
        patch.setattr("cogs.feedback_receipts.answer", lost)
        await world.member.click(result.response, label="Store it like this")
    again = await world.member.click(result.response, label="Store it like this")
    assert "That was stored already" in text_of(again)
    assert await added(world) == ["Ring Mr [name]"]


async def lost(*_: object, **__: object) -> None:
    """An answer that Discord does not take."""
    raise aiohttp.ClientConnectionError


async def test_wrong_receipts_are_refused_kindly_and_not_without_end(world: World) -> None:
    receipt = await receipt_of(world)
    assert "That is not a receipt" in text_of(await with_receipt(world, "check", "abc"))
    wrong = text_of(await with_receipt(world, "check", new_receipt()))
    assert "No feedback belongs to that receipt" in wrong
    # An addition is handed back, and nobody is asked about names before the receipt is known to be right.
    lost = await with_receipt(world, "add", new_receipt(), text="Ring Mr Smith")
    assert "No feedback belongs" in text_of(lost)
    (file,) = lost.response.attachments
    assert b"Ring Mr Smith" in await file.read()
    for _ in range(8):
        assert text_of(await with_receipt(world, "withdraw", new_receipt())) == wrong
    assert "try again in an hour" in text_of(await with_receipt(world, "check", receipt))
    world.clock.forward(hours=1)
    assert "Too much work" in text_of(await with_receipt(world, "check", receipt))


async def test_a_long_thread_comes_in_pages(world: World) -> None:
    first, second = "begin " + "x" * 3_980 + " end1", "start " + "y" * 3_980 + " end2"
    receipt = await receipt_of(world, first)
    await with_receipt(world, "add", receipt, text=second)
    shown = await with_receipt(world, "check", receipt)
    seen = [text_of(shown)]
    assert "Page 1 of 3" in seen[0]
    for _ in range(2):
        shown = await world.member.click(shown.response, label="Next page")
        seen.append(text_of(shown))
    assert "Page 3 of 3" in seen[-1]
    whole = "".join(seen)
    assert all(word in whole for word in ("begin", "end1", "start", "end2"))
    assert whole.count("x" * 400) >= 9
