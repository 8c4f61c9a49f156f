"""Importing a document as an organiser: upload, look, tick, edit, confirm, undo."""

from typing import Any

import discord
import pytest
import simcord

from bot.app import create_bot
from bot.domain.bulletins import differences
from bot.services import campaign, meetings
from cogs import organise_bulletin_items
from tests.discord.conftest import World, text_of
from tests.discord.schedules import asks, due, forward, press
from tests.services.bulletins import DOCUMENTS, FIRST, SECOND

REAL = DOCUMENTS / "bulletin-2.txt"
APPLY = "Apply all that is ticked"


def bulletin() -> str:
    """The campaign's own second bulletin, or one of ours where that is not at hand."""
    return REAL.read_text(encoding="utf-8") if REAL.exists() else SECOND


async def upload(world: World, text: str, name: str = "bulletin-2.txt") -> simcord.InteractionResult:
    shown = await world.organiser.slash(
        world.organisers, "organise bulletin import", file=(name, text.encode())
    )
    assert shown.ephemeral
    return shown


def parts(shown: simcord.InteractionResult, kind: type) -> list:
    assert shown.response is not None
    found = [one for row in shown.response.message.components for one in row.children]
    return [one for one in found if isinstance(one, kind)]


def labels(shown: simcord.InteractionResult) -> list[str]:
    return [str(button.label) for button in parts(shown, discord.Button)]


async def click(world: World, shown: simcord.InteractionResult, start: str) -> simcord.InteractionResult:
    """Presses the button whose label begins so."""
    assert shown.response is not None
    (label,) = [label for label in labels(shown) if label.startswith(start)]
    return await world.organiser.click(shown.response, label=label)


def menu(shown: simcord.InteractionResult, start: str) -> discord.SelectMenu:
    (found,) = [one for one in parts(shown, discord.SelectMenu) if one.custom_id.startswith(start)]
    return found


def option(shown: simcord.InteractionResult, words: str) -> str:
    """The value of the item that carries these words."""
    return next(one.value for one in menu(shown, "import.edit").options if words in one.label)


async def asks_member(world: World, command: str, **options: str) -> str:
    return text_of(await world.member.slash(world.general, command, **options))


def filled(form: simcord.InteractionResult, **typed: Any) -> dict[str, Any]:
    """A form with what stands in it already, and what is typed over that."""
    assert form.modal is not None
    inputs = [label["component"] for label in form.modal["components"]]
    return {one["custom_id"]: one["value"] for one in inputs if one.get("value")} | typed


async def edited(
    world: World, shown: simcord.InteractionResult, words: str, **typed: Any
) -> simcord.InteractionResult:
    """Picks the item with these words from the list, and changes it in its form."""
    edit = menu(shown, "import.edit").custom_id
    form = await world.organiser.select(shown.response, [option(shown, words)], custom_id=edit)
    return await world.organiser.submit_modal(form, filled(form, **typed))


async def test_a_bulletin_is_uploaded_and_the_meeting_and_the_friday_nudge_are_scheduled(
    world: World,
) -> None:
    shown = await upload(world, bulletin())
    text = text_of(shown)
    assert "Found: 12 demands, 5 aims, 1 meeting" in text
    assert "gains the document's own words" in text
    assert world.posts() == []
    assert "No response yet" in await asks_member(world, "demand list")
    done = await click(world, shown, APPLY)
    text = text_of(done)
    assert "Reminders: All members' meeting" in text
    assert "Wednesday 2 April 2025, 12.30pm BST" in text
    assert "Friday 4 April 2025, 8am BST" in text
    await forward(world, days=12)
    assert due(world) == [
        "Wednesday 2 April 2025, 12.30pm BST",
        "Thursday 3 April 2025, 11.30am BST",
        "Thursday 3 April 2025, 12.30pm BST",
        "Friday 4 April 2025, 8am BST",
        "Friday 11 April 2025, 8am BST",
    ]
    context, guild_id = world.bot.context, world.guild.id
    assert len(await campaign.list_demands(context, guild_id)) == 12
    assert len(await meetings.past(context, guild_id)) == 1


async def test_the_same_document_again_changes_nothing_and_says_so(world: World) -> None:
    await click(world, await upload(world, SECOND), APPLY)
    again = await upload(world, SECOND, "renamed.md")
    assert "Imported already: Bulletin number two" in text_of(again)
    assert labels(again) == ["Undo this import"]
    first = await upload(world, FIRST)
    assert "There is nothing in it to apply" in text_of(first)
    assert labels(first) == ["Give up"]


async def test_what_is_unticked_is_left_out_and_the_review_outlives_a_restart(world: World) -> None:
    shown = await upload(world, SECOND)
    ticks = menu(shown, "import.tick")
    assert all(one.default for one in ticks.options)
    shown = await world.organiser.select(shown.response, [], custom_id=ticks.custom_id)
    assert text_of(shown).count("not ticked: left out") == len(ticks.options)
    number = len(ticks.options)
    await world.bot.close()
    world.bot = create_bot(world.bot.settings, clock=world.clock)
    await world.env.restart_bot(world.bot)
    shown = await click(world, shown, "Next page")
    shown = await click(world, shown, "Previous page")
    assert text_of(shown).count("not ticked: left out") == number
    done = await click(world, shown, APPLY)
    assert "Cut workloads by design" not in text_of(done)
    assert "Aim 1" not in text_of(done)


async def test_how_long_wordings_differ_is_told_once_for_a_press(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await click(world, await upload(world, FIRST), APPLY)
    told = list[str]()

    def counting(old: str, new: str) -> tuple[differences.Piece, ...]:
        told.append(new)
        return differences.differences(old, new)

    monkeypatch.setattr(organise_bulletin_items, "differences", counting)
    shown = await upload(world, FIRST.replace("jointly every quarter", "jointly twice a year"))
    assert "~~every quarter~~ **twice a year**" in text_of(shown)
    ticks = menu(shown, "import.tick")
    shown = await world.organiser.select(shown.response, [], custom_id=ticks.custom_id)
    assert "~~every quarter~~ **twice a year**" in text_of(shown)
    assert len(told) == 2


async def test_pasted_text_is_edited_in_a_form_before_it_is_applied(world: World) -> None:
    asked = await world.organiser.slash(world.organisers, "organise bulletin import")
    document = (
        "Branch news\n\nOur demands are:\n\n\u2022 Heating in every office from October\n\n"
        "BRANCH MEETING FRIDAY 11th APRIL 1pm\n\nIn the meantime, members are encouraged to:\n\n"
        "\u2022 Log the temperature at your desk every Monday\n"
    )
    shown = await world.organiser.submit_modal(
        asked, {"text": document[:40] + " " * 3_960, "second": document[40:]}
    )
    shown = await edited(world, shown, "Heating", title="Warm offices", summary="18 degrees, or home.")
    assert "Warm offices" in text_of(shown)
    refused = await edited(world, shown, "Meeting:", when="some time soon")
    assert "What to do now" in text_of(refused)
    link = "https://meet.example.org/warm"
    shown = await edited(world, shown, "Meeting:", when="Friday 11 April 2pm", link=link)
    assert "Friday 11 April 2025, 2pm BST" in text_of(shown)
    shown = await edited(world, shown, "Nudge:", phrase="every Monday 7.30am", channel=[world.general])
    done = await click(world, shown, APPLY)
    assert "Demand: Warm offices" in text_of(done)
    demand = await asks_member(world, "demand show", demand="Warm offices")
    assert "18 degrees, or home." in demand
    await forward(world, days=8)
    assert [str(post.embeds[0].footer.text) for post in world.posts(world.general)] == [
        "Due Monday 7 April 2025, 7.30am BST"
    ]
    assert link not in "".join(str(post.embeds[0].to_dict()) for post in world.posts())


async def test_an_import_is_undone_from_the_list(world: World) -> None:
    assert "Nothing was imported yet" in await asks(world, "bulletin list")
    await click(world, await upload(world, SECOND), APPLY)
    await upload(world, FIRST)
    listed = await world.organiser.slash(world.organisers, "organise bulletin list")
    assert "1 imported document" in text_of(listed)
    choose = menu(listed, "import.show")
    shown = await world.organiser.select(
        listed.response, [choose.options[0].value], custom_id=choose.custom_id
    )
    assert "Was there, and has the document's words now" in text_of(shown)
    other = await world.organiser.select(
        listed.response, [choose.options[0].value], custom_id=choose.custom_id
    )
    undone = text_of(await click(world, shown, "Undo"))
    assert "Undone: Bulletin number two" in undone
    assert "The campaign is as it was before it." in undone
    await forward(world, days=12)
    assert world.posts() == []
    assert "Undone already" in await press(world.organiser, other, "Undo this import")
    assert "undone" in await asks(world, "bulletin list")
    assert "Compared with your campaign" in text_of(await upload(world, SECOND))


async def test_a_review_that_was_applied_and_undone_since_says_so(world: World) -> None:
    shown = await upload(world, SECOND)
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await click(world, shown, APPLY)
    listed = await world.organiser.slash(world.organisers, "organise bulletin list")
    choose = menu(listed, "import.show")
    record = await world.organiser.select(
        listed.response, [choose.options[0].value], custom_id=choose.custom_id
    )
    await click(world, record, "Undo")
    again = await click(world, shown, APPLY)
    assert "Undone since: Bulletin number two" in text_of(again)
    assert "read the document once more" in text_of(again)
    assert labels(again) == []


async def test_an_answer_that_discord_loses_leaves_all_of_it_and_a_second_press_nothing_more(
    world: World,
) -> None:
    shown = await upload(world, SECOND)
    world.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await click(world, shown, APPLY)
    again = await click(world, shown, APPLY)
    assert "Imported already" in text_of(again)
    await forward(world, days=5)
    assert len(due(world)) == 4


async def test_what_cannot_be_read_is_refused_with_the_reason(world: World) -> None:
    for data, name, reason in (
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "poster.png", "poster.png"),
        (b"", "empty.txt", "empty.txt"),
        (b"x" * 5_100_000, "large.txt", "too large"),
    ):
        shown = await world.organiser.slash(world.organisers, "organise bulletin import", file=(name, data))
        assert shown.ephemeral
        assert reason in text_of(shown)
        assert "What to do now" in text_of(shown)
    given_up = await click(world, await upload(world, SECOND), "Give up")
    assert "Nothing of the document was kept" in text_of(given_up)


async def test_a_channel_that_is_closed_to_the_bot_is_named_and_nothing_is_applied(world: World) -> None:
    shown = await upload(world, SECOND)
    channel = world.bot.get_channel(world.announcements.id)
    assert isinstance(channel, discord.TextChannel)
    with world.env._bot_scope():
        closed = discord.PermissionOverwrite(send_messages=False)
        await channel.set_permissions(channel.guild.default_role, overwrite=closed)
    await world.env.settle()
    text = text_of(await click(world, shown, APPLY))
    assert "Send Messages" in text
    assert "Nothing was applied." in text
    assert "Nothing was imported yet" in await asks(world, "bulletin list")
