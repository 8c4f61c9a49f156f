"""Working through feedback, as a moderator sees it, and as nobody else does."""

import re

import pytest
import simcord
from sqlalchemy import select, update

from bot.app import create_bot
from bot.config import Settings
from bot.services import daily, feedback
from db.feedback_threads import fetch_messages
from db.tables import audit
from db.tables import feedback as pieces
from tests.discord.conftest import World, text_of


async def give(world: World, *texts: str, **options: str) -> None:
    """Members give feedback, and the day's batch hands it over."""
    for number, text in enumerate(texts):
        await feedback.give(world.bot.context, world.guild.id, 10_000 + number, "other", text, **options)
    await feedback.release_batches(world.bot.context)


async def stored(world: World, *columns: str) -> list:
    async with world.bot.context.database.read() as connection:
        rows = await connection.execute(
            select(*(pieces.c[name] for name in columns)).order_by(pieces.c.feedback_id)
        )
        return list(rows.all())


async def ids(world: World) -> list[str]:
    return [row.feedback_id for row in await stored(world, "feedback_id")]


async def audited(world: World) -> list[tuple[str, str]]:
    async with world.bot.context.database.read() as connection:
        return [(row.event, row.purpose) for row in await connection.execute(select(audit))]


def controls(result: simcord.InteractionResult) -> dict[str, str]:
    """The buttons and menus of an answer: what is written on them, and their `custom_id`."""
    every = [one for row in result.response.components for one in row["components"]]
    return {one.get("label") or one["placeholder"]: one["custom_id"] for one in every}


async def queue(world: World, **options: str) -> simcord.InteractionResult:
    return await world.moderator.slash(world.moderators, "moderate queue", **options)


async def press(world: World, shown: simcord.InteractionResult, label: str) -> simcord.InteractionResult:
    return await world.moderator.click(shown.response, label=label)


async def choose(
    world: World, shown: simcord.InteractionResult, menu: str, *values: str
) -> simcord.InteractionResult:
    return await world.moderator.select(shown.response, list(values), custom_id=controls(shown)[menu])


async def test_the_queue_is_read_in_pages_in_random_order(world: World) -> None:
    await give(world, *(f"Text {letter}" for letter in "abcdefg"))
    await feedback.give(world.bot.context, world.guild.id, 1, "other", "Still waiting")
    shown = await queue(world)
    first = text_of(shown)
    assert shown.ephemeral
    assert first.strip().startswith("7 pieces of feedback: open")
    assert "Share here" not in controls(shown), "nobody shows this to the channel"
    shown = await press(world, shown, "Next page")
    second = text_of(shown)
    assert "Page 2 of 2" in second
    seen = [re.findall(r"Text [a-g]", page) for page in (first, second)]
    assert [len(page) for page in seen] == [5, 2]
    expected = [row.text for row in await stored(world, "text", "state") if row.state != "waiting"]
    assert seen[0] + seen[1] == expected, "in the order of the random ids"
    assert text_of(await press(world, shown, "Previous page")) == first


async def test_several_are_set_aside_together_and_the_filters_find_them(world: World) -> None:
    await give(world, "One", "Two", "Three")
    spam, said, left = await ids(world)
    shown = await queue(world)
    shown = await choose(world, shown, "Mark as not feedback…", spam)
    assert text_of(shown).strip().startswith("1 piece marked: Not feedback. 2 pieces of feedback: open")
    shown = await choose(world, shown, "Mark as said already…", said, left)
    assert text_of(shown).strip().startswith("2 pieces marked: Said already. 0 pieces of feedback: open")
    assert [row.state for row in await stored(world, "state")] == ["spam", "duplicate", "duplicate"]
    assert "2 pieces of feedback" in text_of(await queue(world, state="duplicate"))
    assert "3 pieces of feedback" in text_of(await queue(world, state="all"))
    assert "0 pieces of feedback" in text_of(await queue(world, state="all", topic="meeting"))
    assert [event for event, _ in await audited(world)] == ["state", "state"]


async def test_one_piece_is_read_tagged_answered_and_closed(world: World) -> None:
    await give(world, "Too **many** cases\n@everyone [here](https://example.org)", demand="cap-on-cases")
    (item,) = await ids(world)
    shown = await choose(world, await queue(world), "Read one…", item)
    text = text_of(shown)
    assert f"Feedback {item[:8]}" in text
    assert "\\*\\*many\\*\\* cases\n" in text
    assert "@everyone" not in text
    assert "Demand 4: " in text
    shown = await world.moderator.submit_modal(await press(world, shown, "Tags"), {"add": " Over-TIME!"})
    assert "Tags\nover-time" in text_of(shown)
    form = await press(world, shown, "Tags")
    shown = await world.moderator.submit_modal(form, {"add": "Demand #5", "remove": ["over-time"]})
    assert "over-time" not in text_of(shown)
    assert "Demand 5: " in text_of(shown)
    form = await press(world, shown, "Reply")
    assert "Do not repeat their words" in str(form.modal)
    shown = await world.moderator.submit_modal(form, {"text": "We raised it on Thursday."})
    assert "The moderators replied, 2025-W14**\nWe raised it on Thursday." in text_of(shown)
    shown = await choose(world, shown, "Change the state…", "done")
    assert "Marked: Dealt with" in text_of(shown)
    assert await stored(world, "state", "demand_key") == [("done", "suspend-capability")]
    async with world.bot.context.database.read() as connection:
        (reply,) = await fetch_messages(connection, world.guild.id, item)
    assert (reply.from_moderators, reply.waiting, reply.text) == (True, False, "We raised it on Thursday.")
    trace = await audited(world)
    assert sorted(event for event, _ in trace) == ["reply", "state", "tag", "tag", "tag"]
    assert not re.search("cases|over-time|Thursday", str(trace)), "the trace repeats no words"
    back = await press(world, shown, "Back to the queue")
    assert text_of(back).strip().startswith("0 pieces of feedback: open")


async def test_the_way_back_leads_to_the_page_from_which_one_came(world: World) -> None:
    await give(world, *(f"Text {number}" for number in range(6)))
    last = (await ids(world))[-1]
    second = await press(world, await queue(world, topic="other"), "Next page")
    shown = await choose(world, second, "Read one…", last)
    shown = await press(world, shown, "Said already")
    shown = await press(world, shown, "Not feedback")
    assert "Marked: Not feedback" in text_of(shown)
    back = await press(world, shown, "Back to the queue")
    assert "5 pieces of feedback: open, Something else" in text_of(back)


async def test_the_commands_do_what_the_buttons_do(world: World) -> None:
    await give(world, "Caseload too high", "Car park")
    rows = {row.text: row.feedback_id for row in await stored(world, "feedback_id", "text")}
    item = rows["Caseload too high"]
    offered = await world.moderator.autocomplete(world.moderators, "moderate show", "item", "caseLOAD")
    assert [one["value"] for one in offered] == [item]
    assert "Caseload" in offered[0]["name"]
    tagged = await world.moderator.slash(world.moderators, "moderate tag", item=item[:8], tag="workload")
    assert "Tags\nworkload" in text_of(tagged)
    assert "1 piece of feedback: open, tag “workload”" in text_of(await queue(world, tag="Workload"))
    offered = await world.moderator.autocomplete(world.moderators, "moderate queue", "tag", "work")
    assert [one["value"] for one in offered] == ["workload"]
    await world.moderator.slash(world.moderators, "moderate tag", item=item, tag="demand 4")
    for demand in ("cap on cases", "4"):
        assert "1 piece of feedback: open, demand 4" in text_of(await queue(world, demand=demand))
    assert "There is no demand 99" in text_of(await queue(world, demand="99"))
    form = await world.moderator.slash(world.moderators, "moderate reply", item=item[:8])
    await world.moderator.submit_modal(form, {"text": "Thank you"})
    await world.moderator.slash(world.moderators, "moderate state", item=item, state="open")
    text = text_of(await world.moderator.slash(world.moderators, "moderate show", item=item))
    assert "Being looked into" in text
    assert "Thank you" in text
    off = await world.moderator.slash(
        world.moderators, "moderate tag", item=item, tag="workload", remove=True
    )
    assert "Tag taken off" in text_of(off)
    assert "workload" not in text_of(off)


@pytest.mark.parametrize("item", ["00000000", "nonsense", ""])
async def test_what_is_not_there_is_said(world: World, item: str) -> None:
    await give(world, "Text")
    result = await world.moderator.slash(world.moderators, "moderate show", item=item or "f")
    assert "What to do now" in text_of(result)
    assert "/moderate queue" in text_of(result)


async def test_only_moderators_see_what_is_offered_while_typing(world: World) -> None:
    await give(world, "canary")
    for person in (world.member, world.organiser, world.administrator):
        for option in ("item", "tag"):
            typed = {"item": "ab"} if option == "tag" else {}
            offered = await person.autocomplete(world.general, "moderate tag", option, "", **typed)
            assert offered == []


async def test_a_long_text_goes_on_on_the_next_page_without_losing_a_letter(world: World) -> None:
    text = " ".join(f"*{number:03}*" for number in range(660))
    await give(world, text)
    shown = await world.moderator.slash(world.moderators, "moderate show", item=(await ids(world))[0])
    found = re.findall(r"\d{3}(?=\\\*)", text_of(shown))
    while "Next page" in controls(shown):
        shown = await press(world, shown, "Next page")
        found += re.findall(r"\d{3}(?=\\\*)", text_of(shown))
    assert found == [f"{number:03}" for number in range(660)]


async def test_a_text_without_any_place_to_cut_is_shown_whole(world: World) -> None:
    await give(world, "\\" * 3_999 + "a")
    shown = await world.moderator.slash(world.moderators, "moderate show", item=(await ids(world))[0])
    seen = text_of(shown).count("\\")
    while "Next page" in controls(shown):
        shown = await press(world, shown, "Next page")
        seen += text_of(shown).count("\\")
    assert seen == 2 * 3_999, "each with the one that guards it"


async def test_a_sealed_piece_says_who_can_read_it_and_can_be_worked_on(world: World) -> None:
    await give(world, "Text")
    (item,) = await ids(world)
    async with world.bot.context.database.write() as connection:
        await connection.execute(update(pieces).values(text="", sealed=b"age"))
    assert "Sealed: only the holders of the key" in text_of(await queue(world))
    shown = await world.moderator.slash(world.moderators, "moderate show", item=item)
    assert "use `solidarity-bot unseal`" in text_of(shown)
    assert "Tags\nrota" in text_of(
        await world.moderator.slash(world.moderators, "moderate tag", item=item, tag="rota")
    )
    shown = await press(world, shown, "Not feedback")
    assert [row.state for row in await stored(world, "state")] == ["spam"]


async def test_the_queue_works_after_a_restart(world: World, settings: Settings) -> None:
    await give(world, *(f"Text {number}" for number in range(6)))
    shown = await queue(world)
    bot = create_bot(settings, clock=world.clock)
    await world.bot.close()
    await world.env.restart_bot(bot)
    assert "Page 2 of 2" in text_of(await press(world, shown, "Next page"))
    await bot.close()


async def test_the_moderators_are_told_once_that_there_is_something_new(world: World) -> None:
    await world.turn()
    said = len(world.posts(world.moderators))
    for number in range(12):
        await feedback.give(world.bot.context, world.guild.id, 10_000 + number, "other", f"canary {number}")
    world.clock.forward(days=1)
    await world.turn()
    await world.turn()
    (digest,) = world.posts(world.moderators)[said:]
    assert digest.content.startswith("12 new pieces of feedback, about 10 open.")
    assert "canary" not in digest.content
    assert not digest.mentions
    assert not digest.role_mentions
    opened = await world.moderator.click(digest, label="Open the queue")
    assert opened.ephemeral
    assert "12 pieces of feedback: open" in text_of(opened)
    await feedback.give(world.bot.context, world.guild.id, 9, "other", "One more")
    world.clock.forward(days=1)
    await world.turn()
    assert world.posts(world.moderators)[-1].content.startswith("Fewer than 5 new pieces of feedback.")
    world.clock.forward(days=1)
    await world.turn()
    assert len(world.posts(world.moderators)) == said + 2, "nothing is said on a day without news"


async def test_a_restart_between_the_batch_and_the_word_about_it_loses_nothing(
    world: World, settings: Settings
) -> None:
    await world.turn()
    for number in range(7):
        await feedback.give(world.bot.context, world.guild.id, number, "other", "Text")
    world.clock.forward(days=1)
    assert await daily.run_if_due(world.bot.context)
    assert world.posts(world.moderators) == [], "killed before it was said"
    await world.bot.close()
    world.bot = create_bot(settings, clock=world.clock)
    await world.env.restart_bot(world.bot)
    await world.turn()
    await world.turn()
    (digest,) = world.posts(world.moderators)
    assert digest.content.startswith("7 new pieces of feedback, fewer than 10 open.")
    await world.bot.close()


async def test_a_demand_shows_how_much_feedback_speaks_to_it_from_five_on(world: World) -> None:
    async def shown() -> str:
        return text_of(await world.member.slash(world.general, "demand show", demand="cap-on-cases"))

    await give(world, *(f"Text {number}" for number in range(5)), demand="cap-on-cases")
    with_five = await shown()
    assert "At least 5 pieces of feedback speak to this demand." in with_five
    await give(world, "Text 5", demand="cap-on-cases")
    assert await shown() == with_five, "nobody sees one more come in"
    items = await ids(world)
    await world.moderator.slash(world.moderators, "moderate state", item=items[0], state="spam")
    assert "At least 5 pieces of feedback speak to this demand." in await shown()
    await world.moderator.slash(world.moderators, "moderate tag", item=items[1], tag="demand 4", remove=True)
    assert "feedback" not in (await shown()).casefold()
    await world.moderator.slash(world.moderators, "moderate tag", item=items[1], tag="demand 4")
    assert "At least 5 pieces of feedback speak to this demand." in await shown()
