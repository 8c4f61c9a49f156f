"""Organisers keep the ledger of demands; members see its history, its changes and its picture."""

from datetime import date
from gettext import NullTranslations

import pytest
import simcord

from bot.services import audit, languages
from db.campaign import EntryKind, update_entry
from db.seeded import delete_entries
from tests.discord.conftest import World, text_of
from tests.services.test_feedback_languages import Marked


async def respond(world: World, status: str, text: str, **options: str) -> simcord.InteractionResult:
    shown = await world.organiser.slash(
        world.organisers, "organise demand respond", demand="overtime", status=status, **options
    )
    return await world.organiser.submit_modal(shown, {"text": text, "source": "Letter"})


async def show(world: World, demand: str = "overtime") -> str:
    return text_of(await world.member.slash(world.general, "demand show", demand=demand))


async def test_a_wrong_entry_is_corrected_and_stays(world: World) -> None:
    await respond(world, "met", "They extended it.", date="28 March")
    offered = await world.organiser.autocomplete(
        world.organisers, "organise demand respond", "corrects", "28", demand="overtime", status="refused"
    )
    ((label, entry),) = [(one["name"], one["value"]) for one in offered]
    assert label == "2025-03-28 ● Met: They extended it."
    other = await world.organiser.slash(
        world.organisers, "organise demand respond", demand="sickness", status="met", corrects=entry
    )
    assert "belongs to the demand" in text_of(other)
    world.clock.forward(minutes=1)
    corrected = await respond(world, "refused", "They did not.", date="27 March", corrects=entry)
    assert "Corrected: ✕ Refused" in text_of(corrected)
    assert "gets a direct message" in text_of(corrected)
    shown = await show(world)
    assert "Status\n✕ Refused" in shown
    assert "Corrected later, so this does not count: ● Met\nThey extended it." in shown
    assert "Corrects the entry of Friday 28 March 2025: ● Met\nThey did not." in shown
    changes = text_of(await world.member.slash(world.general, "demand changes", since="last month"))
    assert "Changes since Saturday 1 February 2025" in changes
    assert "○ No response yet → ✕ Refused" in changes
    assert "extended" not in changes


async def test_the_same_form_sent_twice_is_recorded_once(world: World) -> None:
    for said in ("Recorded: ◐ Partly met", "recorded already"):
        assert said in text_of(await respond(world, "partly_met", "Six months more.", date="28 March"))
    assert (await show(world)).count("Six months more.") == 1


async def test_an_older_answer_says_that_the_later_one_stands(world: World) -> None:
    await respond(world, "agreed", "Yes.", date="28 March")
    late = text_of(await respond(world, "refused", "Not yet.", date="1 March"))
    assert "the demand's status is still ✓ Agreed" in late


async def test_a_long_history_comes_in_pages_with_the_wording_beside(world: World) -> None:
    for day in range(10, 18):
        await respond(world, "refused", f"No, for reason {day}.", date=f"{day} March")
    async with world.bot.context.database.write() as connection:
        values = {"wording": "The overtime offer\nmust *not* end."}
        await update_entry(connection, world.guild.id, EntryKind.DEMAND, "extend-overtime", values)
    world.bot.context.snapshots.forget(world.guild.id)
    first = await world.member.slash(world.general, "demand show", demand="overtime")
    text = text_of(first)
    assert (
        "In its own words\n> The overtime offer\n> must \\*not\\* end.\nSource: Joint union bulletin" in text
    )
    assert "reason 17" in text
    assert "reason 11" not in text
    second = text_of(await world.member.click(first.response, label="Next page"))
    assert "reason 11" in second
    assert "reason 17" not in second
    async with world.bot.context.database.write() as connection:
        values = {"wording": "word " * 300}
        await update_entry(connection, world.guild.id, EntryKind.DEMAND, "extend-overtime", values)
    world.bot.context.snapshots.forget(world.guild.id)
    long = await world.member.slash(world.general, "demand show", demand="overtime")
    assert "word word" not in text_of(long)
    for _ in range(2):
        long = await world.member.click(long.response, label="Next page")
    assert "in its own words\n> word word" in text_of(long)


async def every_page(world: World, command: str, **options: str) -> list[str]:
    """All pages of a look-up, turned one by one."""
    result = await world.member.slash(world.general, command, **options)
    pages = [text_of(result)]
    while any(one["label"] == "Next page" for row in result.response.components for one in row["components"]):
        result = await world.member.click(result.response, label="Next page")
        pages.append(text_of(result))
    return pages


async def test_long_answers_are_shown_whole(world: World) -> None:
    for number in range(8):
        await respond(world, "refused", f"{'well-known ' * 90}end{number}", date=f"{number + 10} March")
    shown = "\n".join(await every_page(world, "demand show", demand="overtime"))
    assert [shown.count(f"end{number}") for number in range(8)] == [1] * 8
    assert shown.count("Source: Letter") == 8
    changes = "\n".join(await every_page(world, "demand changes", since="1 March"))
    assert all(changes.count(f" {number} March 2025: ") == 1 for number in range(10, 18))


async def test_a_demand_is_retired_and_brought_back(world: World) -> None:
    await respond(world, "refused", "No.", date="28 March")
    retired = await world.organiser.slash(
        world.organisers, "organise demand retire", demand="overtime", reason="Members chose otherwise."
    )
    assert "Retired: " in text_of(retired)
    listed = await world.member.slash(world.general, "demand list")
    assert "11 demands" in text_of(listed)
    only = text_of(await world.member.slash(world.general, "demand list", status="retired"))
    assert "One demand" in only
    assert "Retired, no longer made; when it was: ✕ Refused" in only
    shown = await show(world)
    assert "(retired)" in shown
    assert "Monday 31 March 2025\nMembers chose otherwise." in shown
    assert "Friday 28 March 2025" in shown, "its history stays"
    again = await world.organiser.slash(
        world.organisers, "organise demand retire", demand="overtime", reason="Once more."
    )
    assert "Retired already" in text_of(again)
    back = await world.organiser.click(again.response, label="Bring it back")
    assert "Back on the list" in text_of(back)
    assert "12 demands" in text_of(await world.member.slash(world.general, "demand list"))
    log = text_of(await world.moderator.slash(world.moderators, "moderate audit"))
    assert log.count("Changed the ledger of demands") == 3
    assert f"<@{world.organiser.id}>" in log


async def test_an_edit_shows_both_versions_before_it_changes_anything(world: World) -> None:
    before = await show(world)
    form = await world.organiser.slash(world.organisers, "organise demand edit", demand="overtime")
    summary = "Overtime at the *agreed* rate,\n- for everybody\n- until Christmas. @everyone"
    typed = {
        "title": "Overtime until Christmas",
        "summary": summary,
        "source": "Branch meeting",
        "source_on": "1 March",
        "keywords": "overtime, Christmas",
    }
    question = await world.organiser.submit_modal(form, typed)
    text = text_of(question)
    assert "Change this demand?" in text
    assert "Different: title, summary, source, search words." in text
    assert text.index("As it reads now") < text.index("As it will read") < text.index(summary)
    assert await show(world) == before, "nothing changes before somebody confirms"
    changed = await world.organiser.click(question.response, label="Change it")
    assert "Changed: Overtime until Christmas" in text_of(changed)
    after = await show(world, "christmas")
    assert "7. Overtime until Christmas" in after
    assert summary in after
    assert "Source: Branch meeting, Saturday 1 March 2025" in after
    same = await world.organiser.slash(world.organisers, "organise demand edit", demand="christmas")
    assert "Nothing is different" in text_of(await world.organiser.submit_modal(same, typed))
    entries = await audit.entries(world.bot.context, world.guild.id)
    assert [entry.event for entry in entries] == ["demand"]


async def test_an_edit_is_confirmed_in_another_language_than_it_was_asked_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, guild_id, user_id = world.bot.context, world.guild.id, world.organiser.id
    monkeypatch.setattr(languages, "catalogue", lambda code: Marked() if code == "cy" else NullTranslations())
    await languages.choose(context, guild_id, user_id, "cy")
    form = await world.organiser.slash(world.organisers, "organise demand edit", demand="overtime")
    typed = {
        "title": "Overtime until Christmas",
        "summary": "For everybody.",
        "source": "Branch meeting",
        "source_on": "1 March",
        "keywords": "",
    }
    question = await world.organiser.submit_modal(form, typed)
    assert "Different: «title», «summary», «source», «search words»." in text_of(question)
    await languages.choose(context, guild_id, user_id, languages.AS_THE_SERVER)
    changed = await world.organiser.click(question.response, label="«Change it»")
    assert "Changed: Overtime until Christmas" in text_of(changed)
    entry = (await audit.entries(context, guild_id))[-1]
    assert (entry.purpose or "").endswith(": edited (title, summary, source, search words)")


async def test_an_edit_that_somebody_overtook_changes_nothing(world: World) -> None:
    typed = {"summary": "More.", "source": "Branch", "source_on": "1 March", "keywords": ""}
    questions = []
    for title in ("First of two", "Second of two"):
        form = await world.organiser.slash(world.organisers, "organise demand edit", demand="extend-overtime")
        questions.append(await world.organiser.submit_modal(form, {"title": title, **typed}))
    for question, said in zip(questions, ("Changed: First of two", "Somebody has changed"), strict=True):
        assert said in text_of(await world.organiser.click(question.response, label="Change it"))
    assert "First of two" in await show(world, "extend-overtime")


async def test_buttons_of_a_demand_that_is_gone_do_not_take_another_one_that_is_called_alike(
    world: World,
) -> None:
    shown = await world.member.slash(world.general, "demand show", demand="overtime")
    form = await world.organiser.slash(world.organisers, "organise demand edit", demand="overtime")
    async with world.bot.context.database.write() as connection:
        await delete_entries(connection, world.guild.id, EntryKind.DEMAND, ["extend-overtime"])
    typed = {
        "title": "Extend overtime for all",
        "summary": "More.",
        "source": "Branch",
        "source_on": "1 March",
    }
    added = await world.organiser.slash(world.organisers, "organise demand add")
    await world.organiser.submit_modal(added, typed)
    gone = "That demand is not here any more, so nothing was changed."
    assert gone in text_of(await world.member.click(shown.response, label="Follow"))
    assert gone in text_of(
        await world.organiser.submit_modal(form, {**typed, "title": "Other", "keywords": ""})
    )
    assert "You followed nothing" in text_of(await world.member.slash(world.general, "demand unfollow"))


async def test_a_demand_is_added_and_found(world: World) -> None:
    form = await world.organiser.slash(world.organisers, "organise demand add")
    typed = {
        "title": "Wages that keep up",
        "summary": "Pay rises with prices.",
        "source": "Annual meeting",
        "source_on": "3 March",
        "wording": "This branch demands a rise.",
    }
    added = text_of(await world.organiser.submit_modal(form, typed))
    assert "Added as number 13: Wages that keep up" in added
    assert "Monday 3 March 2025" in added
    shown = await show(world, "wages")
    assert "13. Wages that keep up" in shown
    assert "> This branch demands a rise." in shown


async def test_the_demands_are_drawn_over_time(world: World) -> None:
    await respond(world, "agreed", "Yes.", date="28 March")
    listed = await world.member.slash(world.general, "demand list")
    assert "✓ Agreed but not yet done" in await show(world)
    by_button = await world.member.click(listed.response, label="As a picture over time")
    by_option = await world.member.slash(world.general, "demand changes", since="2 weeks ago", picture=True)
    for result, start in ((by_button, date(2025, 3, 1)), (by_option, date(2025, 3, 17))):
        assert result.ephemeral
        (attached,) = result.response.attachments
        assert attached.filename == "demands-by-status.png"
        first = f"{start.day} {start:%B %Y}"
        said = f"Chart: the demands by status, from {first} to 31 March 2025. At first: 12 no response yet."
        assert said in text_of(result)
        assert "Today: 11 no response yet, 1 agreed but not yet done." in text_of(result)
