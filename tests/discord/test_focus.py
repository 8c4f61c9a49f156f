"""Focus rounds, as members and moderators see them."""

import json
import sys
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations

import discord
import pytest
import simcord
from sqlalchemy import select

from bot.app import create_bot
from bot.config import Settings
from bot.domain.problems import BadInput
from bot.services import focus, focus_moderation, languages
from bot.services.focus_moderation import RoundRequest
from cogs import focus as focus_cog
from db.tables import focus_ballots, focus_suggestions
from tests.discord.conftest import World, text_of
from tests.discord.test_feedback_question import press_twice
from tests.discord.test_feedback_receipts import lost
from tests.services.test_feedback_languages import Marked

PNG = b"\x89PNG"
TEXTS = ("Fair pay", "Smaller caseloads", "Safe offices", "More training", "Hybrid working", "Less overtime")


async def open_round(world: World) -> simcord.InteractionResult:
    """A moderator opens a round, from the command to the form."""
    shown = await world.moderator.slash(world.moderators, "moderate focus")
    form = await world.moderator.click(shown.response, custom_id="focus.form|")
    typed = {"title": "Our focus *this* summer", "opens": "Friday 8am", "closes": "11 April 12.30pm"}
    return await world.moderator.submit_modal(form, typed)


async def suggest(
    world: World, typed: str, person: simcord.MemberActor | None = None
) -> simcord.InteractionResult:
    form = await (person or world.member).slash(world.general, "focus suggest")
    return await (person or world.member).submit_modal(form, {"text": typed})


async def stored(world: World, table) -> list:
    async with world.bot.context.database.read() as connection:
        return list((await connection.execute(select(table))).all())


async def voting(world: World) -> str:
    """A round in which one can vote; returns its id."""
    context, guild_id = world.bot.context, world.guild.id
    request = RoundRequest("11 April 12.30pm", "Our focus", "Friday 8am")
    found = await focus_moderation.open_round(context, guild_id, world.moderator.id, request)
    for number, one in enumerate(TEXTS):
        await focus.suggest(context, guild_id, number, found.round_id, one)
    overview = await focus.current(context, guild_id)
    for one in overview.suggestions:
        await focus_moderation.judge(
            context, guild_id, world.moderator.id, one.suggestion_id, focus.SuggestionState.ON_BALLOT
        )
    world.clock.instant = found.opens_at + timedelta(minutes=1)
    return found.round_id


def items(result: simcord.InteractionResult) -> list[dict]:
    """The buttons and lists under an answer."""
    return [one for row in result.response.components for one in row["components"]]


def lists(result: simcord.InteractionResult) -> list[dict]:
    """The lists to choose from under an answer."""
    return [one for one in items(result) if "options" in one]


def labels(result: simcord.InteractionResult) -> list[str]:
    return [one["label"] for one in items(result) if "label" in one]


async def pick(
    person: simcord.MemberActor, result: simcord.InteractionResult, wanted: str
) -> simcord.InteractionResult:
    """Chooses from the one list under an answer."""
    (menu,) = lists(result)
    value = next(one["value"] for one in menu["options"] if wanted in one["label"])
    return await person.select(result.response, [value], custom_id=menu["custom_id"])


async def press(
    person: simcord.MemberActor, result: simcord.InteractionResult, label: str
) -> simcord.InteractionResult:
    custom_id = next(one["custom_id"] for one in items(result) if one.get("label", "").startswith(label))
    return await person.click(result.response, custom_id=custom_id)


async def test_from_opening_a_round_to_its_results(world: World) -> None:
    opened = await open_round(world)
    assert opened.ephemeral
    text = text_of(opened)
    assert "takes suggestions now" in text
    assert "Friday 4 April 2025, 8am BST" in text
    assert "Friday 11 April 2025, 12.30pm BST" in text
    thanked = await suggest(world, "Fair @everyone pay")
    assert thanked.ephemeral
    assert "Not your name" in text_of(thanked)
    await suggest(world, "Smaller caseloads")
    await suggest(world, "Fewer cases each", world.organiser)
    await judge_all(world)
    shown = await world.moderator.slash(world.moderators, "moderate focus")
    asked = await press(world.moderator, shown, "Open the voting now")
    assert "everybody votes on the same one" in text_of(asked)
    opened = await press(world.moderator, asked, "Open it")
    assert "Voting is open." in text_of(opened)
    for user in range(4):
        await focus.vote(world.bot.context, world.guild.id, user, await round_id(world), "ab")
    ballot = await world.member.slash(world.general, "focus vote")
    assert {"Fair @everyone pay", "Smaller caseloads"} == {
        one["label"][3:] for one in lists(ballot)[0]["options"]
    }
    chosen = await pick(world.member, ballot, "Smaller")
    counted = await press(world.member, chosen, "Cast my vote")
    assert "Your vote is counted" in text_of(counted)
    waiting = await world.moderator.slash(world.general, "focus results")
    assert "moderators included" in text_of(waiting)
    closing = await press(
        world.moderator,
        await world.moderator.slash(world.moderators, "moderate focus"),
        "Close the round now",
    )
    closed = await press(world.moderator, closing, "Close it")
    assert "The round is closed." in text_of(closed)
    await results_are_shown(world)


async def judge_all(world: World) -> None:
    """A moderator puts two on the ballot and merges the third."""
    shown = await world.moderator.slash(world.moderators, "moderate focus")
    listed = await press(world.moderator, shown, "Suggestions")
    assert "3 suggestions" in text_of(listed)
    for wanted in ("Fair", "Smaller"):
        one = await pick(world.moderator, listed, wanted)
        listed = await press(world.moderator, one, "Put it on the ballot")
    one = await pick(world.moderator, listed, "Fewer")
    listed = await pick(world.moderator, one, "Smaller")
    assert "Done: merged into another." in text_of(listed)
    on_ballot = await press(world.moderator, listed, "On the ballot (2)")
    one = await pick(world.moderator, on_ballot, "Smaller")
    assert "Fewer cases each" in text_of(one)


async def round_id(world: World) -> str:
    overview = await focus.current(world.bot.context, world.guild.id)
    return overview.round.round_id


async def results_are_shown(world: World) -> None:
    result = await world.member.slash(world.general, "focus results")
    assert result.ephemeral
    text = text_of(result)
    assert "Indicative, not a ballot" in text
    assert "Borda" in text
    assert "@everyone" not in text.replace("@\u200beveryone", "")
    assert "**1.**" in text or "**1=**" in text
    (picture,) = result.response.attachments
    assert (await picture.read()).startswith(PNG)
    assert picture.description is not None
    assert "Smaller caseloads" in picture.description
    assert "not a ballot" in picture.description
    shared = await press(world.member, result, "Share here")
    assert "Shared" in text_of(shared)
    (post,) = world.posts(world.general)
    assert post.attachments[0].description == picture.description
    assert not post.mention_everyone


async def test_shared_results_are_in_the_language_of_the_guild(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await voting(world)
    for member in range(focus_cog.BALLOTS_LEAST):
        await focus.vote(world.bot.context, world.guild.id, member, found, "a")
    world.clock.forward(days=30)
    result = await world.member.slash(world.general, "focus results")

    async def of_guild(*_: object) -> Marked:
        return Marked()

    async def of_person(*_: object) -> NullTranslations:
        return NullTranslations()

    monkeypatch.setattr(languages, "of_guild", of_guild)
    monkeypatch.setattr(languages, "of_person", of_person)
    shared = await press(world.member, result, "Share here")
    assert "«" not in text_of(shared)
    (post,) = world.posts(world.general)
    assert post.embeds[0].footer.text == f"«{focus_cog.INDICATIVE}»"
    assert "«Chart: " in post.attachments[0].description


async def test_a_vote_is_ranked_and_can_be_started_again(world: World) -> None:
    await voting(world)
    ballot = await world.member.slash(world.general, "focus vote")
    assert ballot.ephemeral
    assert "a vote cannot be changed" in text_of(ballot)
    assert "Cast my vote" not in labels(ballot)
    wrong = await pick(world.member, ballot, "Hybrid")
    assert "not yet counted" in text_of(wrong)
    again = await press(world.member, wrong, "Start again")
    assert "Hybrid" in text_of(again)
    assert len(lists(again)[0]["options"]) == len(TEXTS)
    wanted = ["Smaller caseloads", "Fair pay", "Less overtime", "Safe offices", "More training"]
    shown = again
    for number, one in enumerate(wanted, start=1):
        shown = await pick(world.member, shown, one)
        assert f"{number}. {one}" in text_of(shown)
    assert lists(shown) == [], "five choices are all"
    await press(world.member, shown, "Cast my vote")
    (row,) = await stored(world, focus_ballots)
    texts = {one.suggestion_id: one.text for one in await stored(world, focus_suggestions)}
    assert [texts[one] for one in json.loads(row.ranking)] == wanted


async def test_a_second_vote_is_refused_kindly_from_old_and_new_ballots(world: World) -> None:
    await voting(world)
    old = await pick(world.member, await world.member.slash(world.general, "focus vote"), "Fair")
    other = await pick(world.member, await world.member.slash(world.general, "focus vote"), "Safe")
    await press(world.member, old, "Cast my vote")
    for refused in (
        await press(world.member, other, "Cast my vote"),
        await world.member.slash(world.general, "focus vote"),
    ):
        assert "voted in this round already" in text_of(refused)
        assert refused.ephemeral
    assert len(await stored(world, focus_ballots)) == 1


async def test_a_ballot_outlives_a_restart(world: World, settings: Settings) -> None:
    await voting(world)
    shown = await pick(world.member, await world.member.slash(world.general, "focus vote"), "Fair")
    (menu,) = lists(shown)
    assert menu["custom_id"].startswith("focus.choose|")
    restarted = create_bot(settings, clock=world.clock)
    await restarted.load_extension("cogs.focus")
    assert {"focus.choose", "focus.cast", "focus.suggest"} <= set(restarted.routes._handlers)
    assert world.bot.persistent_views == []
    assert world.bot._connection._view_store._views == {}
    counted = await press(world.member, shown, "Cast my vote")
    assert "Your vote is counted" in text_of(counted)


async def test_a_forged_or_outdated_ballot_counts_nothing(world: World) -> None:
    found = await voting(world)
    for argument in ("f" * 32 + "|a", f"{found}|aa", f"{found}|abcdef", f"{found}|", f"{found}|?", ""):
        answered = await forged(world, f"focus.cast|{argument}")
        assert answered.ephemeral
        assert "counted" not in text_of(answered) or "nothing was counted" in text_of(answered)
    assert await stored(world, focus_ballots) == []


async def forged(world: World, custom_id: str) -> simcord.InteractionResult:
    """Presses a button that the bot has not shown like that."""
    message = await world.put(world.general, discord.ui.Button(label="Press", custom_id=custom_id))
    return await world.member.click(message, custom_id=custom_id)


async def test_without_a_round_everybody_hears_what_to_do(world: World) -> None:
    for command in ("focus suggest", "focus vote"):
        text = text_of(await world.member.slash(world.general, command))
        assert "at the moment" in text
        assert "/feedback give" in text
    assert "no results" in text_of(await world.member.slash(world.general, "focus results"))
    refused = await world.member.slash(world.general, "moderate focus")
    assert "moderators" in text_of(refused)


async def test_a_suggestion_that_could_lead_to_a_person_is_asked_about_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_round(world)
    written = "My service user Jane Doe rang 07700 900123."
    proposed = "My service user [name] rang [telephone number]."
    asked = await suggest(world, written)
    assert asked.ephemeral
    text = text_of(asked)
    assert "Nothing is stored yet" in text
    assert "`Jane Doe` becomes [name]" in text
    assert "everybody who votes" in text
    assert await stored(world, focus_suggestions) == []
    form = await press(world.member, asked, "Change it")
    (box,) = (one["component"] for one in form.modal["components"] if "component" in one)
    assert box["value"] == proposed
    again = await world.member.submit_modal(form, {"text": written})
    ends = press_twice(world, focus_cog.ANSWER)
    thanked = await press(world.member, again, "Store it like this")
    assert "Your suggestion is stored" in text_of(thanked)
    assert "Jane" not in text_of(thanked), "the question is replaced"
    assert [type(one) for one in ends] == [type(None), BadInput]
    assert [one.text for one in await stored(world, focus_suggestions)] == [proposed]
    asked = await suggest(world, f"{written} now")
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules[focus_cog.__name__], "answer", lost)  # each bot loads its own
        await press(world.member, asked, "Store it as I wrote it")
    await press(world.member, asked, "Store it as I wrote it")  # its answer was lost, the suggestion was not
    form = await world.member.slash(world.general, "focus suggest")
    world.clock.instant = datetime(2025, 4, 4, 7, 0, tzinfo=UTC)
    late = await world.member.submit_modal(form, {"text": written})
    assert "takes no more suggestions" in text_of(late), "before anybody looks through their text"
    kept = sorted(one.text for one in await stored(world, focus_suggestions))
    assert kept == sorted([proposed, f"{written} now"])


async def test_before_voting_opens_and_after_it_closed_the_times_are_told(world: World) -> None:
    await open_round(world)
    opens = int(datetime(2025, 4, 4, 7, 0, tzinfo=UTC).timestamp())
    assert f"<t:{opens}:F>" in text_of(await world.member.slash(world.general, "focus vote"))
    form = await world.member.slash(world.general, "focus suggest")
    world.clock.instant = datetime(2025, 4, 4, 7, 0, tzinfo=UTC)
    late = await world.member.submit_modal(form, {"text": "My words, too late"})
    assert "takes no more suggestions" in text_of(late)
    assert await late.response.attachments[0].read() == b"My words, too late", "what was typed is handed back"
    assert "too few suggestions" in text_of(await world.moderator.slash(world.moderators, "moderate focus"))
    world.clock.instant = datetime(2025, 4, 12, tzinfo=UTC)
    none = await world.member.slash(world.general, "focus results")
    assert "Fewer than 5 members voted" in text_of(none)
    assert none.response.attachments == []


async def test_a_moderator_changes_the_times_in_a_form_that_is_filled_in(world: World) -> None:
    await open_round(world)
    shown = await world.moderator.slash(world.moderators, "moderate focus")
    form = await press(world.moderator, shown, "Change the round")
    filled = {one["component"]["custom_id"]: one["component"]["value"] for one in form.modal["components"]}
    assert filled == {
        "title": "Our focus *this* summer",
        "opens": "Friday 4 April 2025, 8am BST",
        "closes": "Friday 11 April 2025, 12.30pm BST",
    }
    refused = await world.moderator.submit_modal(form, {**filled, "closes": "Thursday 8am"})
    assert "would close before voting opens" in text_of(refused)
    form = await press(world.moderator, shown, "Change the round")
    changed = await world.moderator.submit_modal(form, {**filled, "closes": "Monday 14 April 6pm"})
    assert "Monday 14 April 2025, 6pm BST" in text_of(changed)
    twice = await world.moderator.slash(world.moderators, "moderate focus")
    assert "Open a round…" not in labels(twice)


async def test_a_full_ballot_of_long_suggestions_fits(world: World) -> None:
    context, guild_id = world.bot.context, world.guild.id
    request = RoundRequest("11 April 12.30pm", "x" * 100, "Friday 8am")
    found = await focus_moderation.open_round(context, guild_id, world.moderator.id, request)
    for number in range(25):
        await focus.suggest(context, guild_id, number, found.round_id, f"{number} " + "*long_words* " * 15)
    for one in (await focus.current(context, guild_id)).suggestions:
        await focus_moderation.judge(
            context, guild_id, world.moderator.id, one.suggestion_id, focus.SuggestionState.ON_BALLOT
        )
    shown = await world.moderator.slash(world.moderators, "moderate focus")
    listed = await press(
        world.moderator, await press(world.moderator, shown, "Suggestions"), "On the ballot (25)"
    )
    assert "25. " in text_of(listed)
    world.clock.instant = found.opens_at
    ballot = await world.member.slash(world.general, "focus vote")
    assert "\n25. " in text_of(ballot)
    assert "a vote cannot be changed" in text_of(ballot)
    for _ in range(5):
        (menu,) = lists(ballot)
        ballot = await world.member.select(
            ballot.response, [menu["options"][-1]["value"]], custom_id=menu["custom_id"]
        )
    await press(world.member, ballot, "Cast my vote")
    for user in range(4):
        await focus.vote(context, guild_id, user, found.round_id, "abcde")
    world.clock.instant = found.closes_at
    result = await world.member.slash(world.general, "focus results")
    assert "**11=**" in text_of(result) or "**7=**" in text_of(result) or "0 points" in text_of(result)
    assert text_of(result).count("points") >= 25
    (picture,) = result.response.attachments
    assert "the first 10" in picture.description


@pytest.mark.parametrize("argument", ["", "x", "9" * 30])
async def test_nonsense_behind_a_results_button_is_answered(world: World, argument: str) -> None:
    answered = await forged(world, f"focus.results|{argument}")
    assert "no results" in text_of(answered)
