"""What members look up, as they see it."""

from datetime import date

import pytest

from db.campaign import EntryKind, update_entry
from tests.discord.conftest import World, text_of


@pytest.mark.parametrize(
    ("typed", "title"),
    [("sicknes absense", "sickness"), ("AI", "AI"), ("overtime", "overtime"), ("red status", "red status")],
)
async def test_a_demand_is_found_by_what_it_is_about(world: World, typed: str, title: str) -> None:
    result = await world.member.slash(world.general, "demand show", demand=typed)
    assert result.ephemeral
    assert title.casefold() in result.response.embeds[0].title.casefold()
    assert "No response yet" in text_of(result)
    assert "Source: " in text_of(result)


async def test_what_is_offered_is_cut_to_what_discord_takes_and_keeps_its_ending(world: World) -> None:
    """Discord refuses the whole list for one label that is longer."""
    long = " ".join(["yellow"] * 28)
    async with world.bot.context.database.write() as connection:
        for kind, key, values in (
            (EntryKind.DEMAND, "ai-agreement", {"title": long}),
            (EntryKind.ACTION, "wear-yellow", {"title": long, "retired_on": date(2025, 3, 1)}),
            (EntryKind.MEETING, "all-members-2025-04-03", {"title": long}),
        ):
            await update_entry(connection, world.guild.id, kind, key, values)
    for person, command, option, ending in (
        (world.member, "demand show", "demand", "…"),
        (world.member, "search", "query", "…"),
        (world.organiser, "organise action retire", "action", "… (retired)"),
        (world.member, "meeting show", "meeting", "… · Thu 3 Apr 2025 12:30"),
    ):
        choices = await person.autocomplete(world.general, command, option, "yellow")
        labels = [one["name"] for one in choices if "yellow yellow" in one["name"]]
        assert labels, command
        assert all(90 < len(one) <= 100 for one in labels)
        assert any(one.endswith(ending) for one in labels), labels


async def test_autocomplete_offers_demands_and_forgives_typos(world: World) -> None:
    choices = await world.member.autocomplete(world.general, "demand show", "demand", "capibility")
    assert any("capability" in choice["name"].casefold() for choice in choices)


async def test_a_demand_that_does_not_exist_is_answered_kindly(world: World) -> None:
    result = await world.member.slash(world.general, "demand show", demand="zzzzzz")
    assert "What to do now" in text_of(result)
    assert "/demand list" in text_of(result)


async def test_all_twelve_demands_are_listed_in_pages(world: World) -> None:
    result = await world.member.slash(world.general, "demand list")
    first = text_of(result)
    turned = await world.member.click(result.response.message, label="Next page")
    assert turned.acknowledged
    pages = first + text_of(result)
    assert "12 demands" in first
    assert all(f"{number}. " in pages for number in range(1, 13))


async def test_a_page_of_the_list_holds_as_many_demands_however_long_they_are(world: World) -> None:
    context = world.bot.context
    listed = (await context.snapshots.get(context, world.guild.id)).demands.entries
    async with context.database.write() as connection:
        for demand in listed:
            words = {"title": "Title " * 60, "summary": "Summary " * 200}
            await update_entry(connection, world.guild.id, EntryKind.DEMAND, demand.key, words)
    context.snapshots.forget(world.guild.id)
    answered = await world.member.slash(world.general, "demand list")
    (embed,) = answered.response.embeds
    assert len(embed.fields) == 6
    assert all("Summary Summary" in field.value for field in embed.fields)
    await world.member.click(answered.response, label="Next page")
    (embed,) = answered.response.embeds
    assert embed.fields[0].name.startswith("7. Title")


async def test_a_look_up_is_private_until_it_is_shared(world: World) -> None:
    result = await world.member.slash(world.general, "aims")
    assert result.ephemeral
    assert world.posts(world.general) == []
    await world.member.click(result.response.message, label="Share here")
    shared = world.posts(world.general)
    assert len(shared) == 1
    assert "5 aims" in shared[0].embeds[0].title


async def test_buttons_work_after_a_restart(world: World) -> None:
    result = await world.member.slash(world.general, "demand list")
    world.bot.lookups._context = world.bot.context
    world.bot._connection._view_store._views.clear()
    turned = await world.member.click(result.response.message, label="Next page")
    assert turned.acknowledged


async def test_motions_show_what_they_resolve(world: World) -> None:
    result = await world.member.slash(world.general, "motion show", motion="workloads")
    assert "Resolves" in text_of(result)
    assert "Carried" in text_of(result)
    listing = await world.member.slash(world.general, "motion list")
    assert "3 conference motions" in text_of(listing)


async def test_terms_are_explained(world: World) -> None:
    result = await world.member.slash(world.general, "glossary", term="WMT")
    assert "Workload Measurement Tool" in text_of(result)
    listing = await world.member.slash(world.general, "glossary")
    assert "terms explained" in text_of(listing)


async def test_help_shows_only_what_a_person_may_use(world: World) -> None:
    member = text_of(await world.member.slash(world.general, "help"))
    organiser = text_of(await world.organiser.slash(world.general, "help"))
    assert "/demand show" in member
    assert "/organise" not in member
    assert "/moderate" not in member
    assert "/organise nudge schedule" in organiser
    one = text_of(await world.member.slash(world.general, "help", command="meeting next"))
    assert "`/meeting next`" in one
    none = text_of(await world.member.slash(world.general, "help", command="frobnicate"))
    assert "no command" in none


async def test_the_next_meeting_is_the_campaigns_call(world: World) -> None:
    result = await world.member.slash(world.general, "meeting next")
    assert "Thursday 3 April 2025, 12.30pm BST" in text_of(result)
    link = await world.member.click(result.response.message, label="Get the link")
    assert "follows" in text_of(link)
    diary = await world.member.click(result.response.message, label="Add to diary")
    assert diary.response.attachments[0].filename.endswith(".ics")
