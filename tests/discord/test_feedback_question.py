"""Before anything is stored that could lead to a person, the member is asked."""

import asyncio

import discord
import pytest
import simcord

from bot.app import create_bot
from bot.config import Settings
from bot.domain.problems import BadInput
from bot.services import languages
from cogs import _scrub_question, feedback_giving
from tests.discord.conftest import World, text_of
from tests.discord.test_feedback import RECEIPT, stored, words_of
from tests.services.test_feedback_languages import Marked

TEXT = "My service user Jane Doe rang 07700 900123.\n\nNobody *answers*."
PROPOSED = "My service user [name] rang [telephone number].\n\nNobody *answers*."
CHOSEN = {"topic": ["situation"], "region": ["kent_surrey_sussex"], "grade": ["approved_premises"]}


async def asked(world: World, text: str = TEXT, **options: str) -> simcord.InteractionResult:
    """A member fills in the form, and is asked about what was found."""
    shown = await world.member.slash(world.general, "feedback give", **options)
    result = await world.member.submit_modal(shown, {"text": text, **CHOSEN})
    assert "Nothing is stored yet" in text_of(result)
    assert result.ephemeral
    assert await stored(world) == []
    return result


async def test_the_question_shows_what_was_found_and_what_would_be_stored(world: World) -> None:
    result = await asked(world)
    text = text_of(result)
    assert "`Jane Doe` becomes [name]" in text
    assert "`07700 900123` becomes [telephone number]" in text
    assert [one.description for one in result.response.embeds][1:] == [PROPOSED, TEXT]


@pytest.mark.parametrize(
    ("label", "kept"), [("Store it like this", PROPOSED), ("Store it as I wrote it", TEXT)]
)
async def test_the_member_decides_what_is_stored(world: World, label: str, kept: str) -> None:
    result = await asked(world, demand="extend-overtime")
    result = await world.member.click(result.response, label=label)
    assert RECEIPT.search(text_of(result))
    assert "Jane" not in text_of(result), "the question is replaced by the receipt"
    (row,) = await stored(world)
    assert (row.text, row.topic, row.region, row.grade, row.demand_key) == (
        kept,
        "situation",
        "kent_surrey_sussex",
        "approved_premises",
        "extend-overtime",
    )


async def test_changing_starts_from_the_proposal_and_keeps_what_was_chosen(world: World) -> None:
    result = await asked(world, demand="extend-overtime")
    form = await world.member.click(result.response, label="Change it")
    boxes = {
        label["component"]["custom_id"]: label["component"]
        for label in form.modal["components"]
        if "component" in label
    }
    assert boxes["text"]["value"] == PROPOSED
    chosen = {
        name: [option["value"] for option in boxes[name]["options"] if option.get("default")]
        for name in CHOSEN
    }
    assert chosen == CHOSEN
    assert await stored(world) == []
    result = await world.member.submit_modal(form, {"text": "Nobody answers.", **CHOSEN})
    assert RECEIPT.search(text_of(result))
    assert [(row.text, row.demand_key) for row in await stored(world)] == [
        ("Nobody answers.", "extend-overtime")
    ]


async def test_a_question_is_answered_in_the_language_chosen_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await asked(world)
    monkeypatch.setattr(languages, "catalogue", lambda _: Marked())
    stored_now = await world.member.click(result.response, label="Store it like this")
    assert "«Thank you. Your feedback is stored.»" in text_of(stored_now)
    assert [row.text for row in await stored(world)] == [PROPOSED]
    again = await world.member.submit_modal(
        await world.member.slash(world.general, "feedback give"), {"text": TEXT, **CHOSEN}
    )
    assert "«Nothing is stored yet. Please look at this first.»" in text_of(again)
    assert "[name]" in text_of(again), "what stands in a stored text is the same in every language"
    await world.member.click(again.response, label="«Store it like this»")
    assert [row.text for row in await stored(world)] == [PROPOSED, PROPOSED]


async def test_a_restart_between_question_and_answer_loses_nothing(world: World, settings: Settings) -> None:
    result = await asked(world)
    bot = create_bot(settings, clock=world.clock)
    await world.bot.close()
    await world.env.restart_bot(bot)
    world.bot = bot
    await world.member.click(result.response, label="Store it like this")
    assert [row.text for row in await stored(world)] == [PROPOSED]
    await bot.close()


async def test_a_long_text_is_stored_whole_and_what_is_left_out_is_listed(world: World) -> None:
    text = ("Far too much work here, and Mr Smith knows it. " * 90)[:3_980].strip() + " Mr Jones"
    result = await asked(world, text)
    assert "`Smith` becomes [name]" in text_of(result)
    assert sum(map(len, result.response.embeds)) <= 6_000
    assert result.response.embeds[-1].description == text
    form = await world.member.click(result.response, label="Change it")
    assert any(one.get("component", {}).get("value") == text for one in form.modal["components"])
    kept = await world.member.click(result.response, label="Store it without these")
    # What stands in for the names would make it too long, so it says so, and the question stays.
    assert "characters; at most 4,000 fit" in text_of(kept)
    assert await stored(world) == []
    await world.member.click(result.response, label="Store it as I wrote it")
    assert [row.text for row in await stored(world)] == [text]


async def test_many_findings_fit_on_a_screen(world: World) -> None:
    numbers = " ".join(f"07700 9{number:05}" for number in range(250))
    result = await asked(world, numbers)
    assert "more, which “Change it” shows you" in text_of(result)
    await world.member.click(result.response, label="Store it as I wrote it")
    assert [row.text for row in await stored(world)] == [numbers]


async def test_what_another_version_proposed_is_not_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await asked(world)
    monkeypatch.setattr("bot.domain.scrub._rules", tuple)
    refused = await world.member.click(result.response, label="Store it like this")
    assert "I stored nothing" in text_of(refused)
    assert await stored(world) == []
    assert result.response.embeds[-1].description == TEXT, "the text still stands there"


async def test_over_the_limit_the_question_stays(world: World) -> None:
    result = await asked(world)
    world.bot.context.limit.most = 0
    refused = await world.member.click(result.response, label="Store it like this")
    assert "Keep your text" in text_of(refused)
    assert result.response.embeds[-1].description == TEXT
    assert await stored(world) == []


async def test_two_presses_at_the_same_instant_store_once(world: World) -> None:
    result = await asked(world)
    ends = press_twice(world, feedback_giving.STORE)
    answered = await world.member.click(result.response, label="Store it like this")
    assert RECEIPT.search(text_of(answered))
    assert len(await stored(world)) == 1
    assert [type(one) for one in ends] == [type(None), BadInput]
    assert "second press changed nothing" in str(ends[1])
    shown = await world.member.slash(world.general, "feedback give")
    other = await world.member.submit_modal(shown, {"text": TEXT, **CHOSEN})
    await world.member.click(other.response, label="Store it as I wrote it")
    assert len(await stored(world)) == 2, "another question is another matter"


async def test_a_press_after_a_late_answer_stores_nothing_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_scrub_question, "MOST_KNOWN", 2)
    handler = world.bot.routes._handlers[feedback_giving.STORE]

    async def late(interaction: discord.Interaction, argument: str) -> None:
        if not argument.startswith(_scrub_question.CHANGE):
            await interaction.response.defer(ephemeral=True, thinking=True)  # as after 1.8 seconds
        await handler(interaction, argument)

    world.bot.routes.add(feedback_giving.STORE, late)
    result = await asked(world)
    await world.member.click(result.response, label="Change it")
    first = await world.member.click(result.response, label="Store it like this")
    assert RECEIPT.search(text_of(first))
    for label in ("Store it like this", "Store it as I wrote it"):
        again = await world.member.click(result.response, label=label)
        assert "That was stored already" in text_of(again)
    assert [row.text for row in await stored(world)] == [PROPOSED]
    world.clock.forward(minutes=59)
    assert "stored already" in text_of(
        await world.member.click(result.response, label="Store it as I wrote it")
    )
    for number in range(2):  # no more than two are known, so the first is forgotten
        shown = await world.member.slash(world.general, "feedback give")
        other = await world.member.submit_modal(shown, {"text": f"{number}: {TEXT}", **CHOSEN})
        await world.member.click(other.response, label="Store it as I wrote it")
    assert len(_scrub_question._answered[world.bot]) == 2
    assert len(await stored(world)) == 3
    world.clock.forward(hours=2)
    await world.member.click(other.response, label="Store it as I wrote it")
    assert len(_scrub_question._answered[world.bot]) == 1, "after an hour nothing is known of a question"


def press_twice(world: World, name: str) -> list[BaseException | None]:
    """Lets each press of a button reach the bot twice at once; returns a list of how each of them ends."""
    handler, ends = world.bot.routes._handlers[name], []

    async def twice(interaction: discord.Interaction, argument: str) -> None:
        both = (handler(interaction, argument), handler(interaction, argument))
        ends.extend(await asyncio.gather(*both, return_exceptions=True))

    world.bot.routes.add(name, twice)
    return ends


async def test_the_form_says_how_long_feedback_is_kept(world: World) -> None:
    shown = await world.member.slash(world.general, "feedback give")
    assert "It is deleted after 104 weeks" in words_of(shown.modal)
    await world.administrator.slash(world.general, "setup retention", feedback=8)
    shown = await world.member.slash(world.general, "feedback give")
    assert "It is deleted after 8 weeks" in words_of(shown.modal)


async def test_the_form_names_the_demand(world: World) -> None:
    shown = await world.member.slash(world.general, "feedback give", demand="overtme")
    assert "It will be kept with the demand" in words_of(shown.modal)
    await world.member.submit_modal(shown, {"text": "Paid late", **CHOSEN})
    assert [row.demand_key for row in await stored(world)] == ["extend-overtime"]
    refused = await world.member.slash(world.general, "feedback give", demand="zzzzqqqq")
    assert refused.modal is None
