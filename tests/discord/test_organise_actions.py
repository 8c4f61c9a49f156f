"""Actions of the organisers' own: a form, a goal, a picture with words, retiring and coming back."""

from typing import Any

import discord
import pytest

from bot.services import participation
from db.campaign import EntryKind
from db.seeded import delete_entries
from tests.discord.conftest import World, text_of

FORM = {
    "title": "Leaflet at the station",
    "summary": "Hand out leaflets on Tuesdays from 8am.",
    "button": "I leafleted",
    "links": "Print the leaflet https://example.org/leaflet\nMap: https://example.org/map",
    "picture": "https://example.org/leaflet.png\nTwo people in yellow hand out leaflets.",
}


async def fill_in(world: World, command: str, form: dict[str, str], **options: object):
    """Uses the command, fills in its form and sends it."""
    asked = await world.organiser.slash(world.organisers, f"organise action {command}", **options)
    return await world.organiser.submit_modal(asked, form)


async def listed(world: World) -> str:
    return text_of(await world.member.slash(world.general, "action list"))


async def first_post(world: World) -> discord.Message:
    await world.turn()
    while not world.posts():
        world.clock.instant = world.bot.scheduler.due
        await world.turn()
    return world.posts()[0]


async def test_an_action_of_their_own_is_listed_nudged_and_counted_by_its_own_words(world: World) -> None:
    saved = await fill_in(world, "add", FORM, goal=6)
    assert "Added: Leaflet at the station" in text_of(saved)
    assert "6 members a week" in text_of(saved)
    text = await listed(world)
    assert "4 things you can do now" in text
    assert "[Print the leaflet](https://example.org/leaflet) · [Map](https://example.org/map)" in text
    assert "[What the picture shows](https://example.org/leaflet.png): Two people in yellow hand out" in text
    assert "This week so far: fewer than 5 members. Goal: 6." in text
    assert "Source: Organisers of this server" in text
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="leaflet", when="Tuesday 8am"
    )
    post = await first_post(world)
    assert post.embeds[0].image.url == "https://example.org/leaflet.png"
    assert post.embeds[0].fields[0].value == "Two people in yellow hand out leaflets."
    for member in range(5):
        await participation.record_done(world.bot.context, world.guild.id, member, "leaflet-at-the-station")
    pressed = await world.member.click(post, label="I leafleted")
    assert "This week so far: 6 members. The goal is reached: 6." in text_of(pressed)


async def test_the_form_of_an_edit_holds_what_there_is_and_a_goal_stays_unless_given(world: World) -> None:
    await fill_in(world, "add", FORM, goal=6)
    asked = await world.organiser.slash(world.organisers, "organise action edit", action="leaflet")
    assert {one["custom_id"]: one["value"] for one in fields_of(asked)} == {
        **FORM,
        "links": "Print the leaflet https://example.org/leaflet\nMap https://example.org/map",
    }
    changed = await world.organiser.submit_modal(
        asked, {**FORM, "title": "Leaflet everywhere", "picture": ""}
    )
    assert "Changed: Leaflet everywhere" in text_of(changed)
    assert "6 members a week" in text_of(changed)
    assert "What the picture shows" not in await listed(world)
    without = await fill_in(world, "edit", FORM, action="leaflet", goal=0)
    assert "Goal\nNone" in text_of(without)


async def test_an_edit_that_somebody_overtook_changes_nothing_and_gives_back_what_was_typed(
    world: World,
) -> None:
    await fill_in(world, "add", FORM)
    asked = [
        await world.organiser.slash(world.organisers, "organise action edit", action="leaflet")
        for _ in range(3)
    ]
    first, second = ({**FORM, "summary": f"Leaflets of {day}."} for day in ("Monday", "Friday"))
    for form in asked[:2]:  # the same from another form is what is wanted, too
        changed = await world.organiser.submit_modal(form, first)
        assert "Changed: Leaflet at the station" in text_of(changed)
    refused = await world.organiser.submit_modal(asked[2], second)
    assert "Somebody has changed that action since you opened it" in text_of(refused)
    (file,) = refused.response.attachments
    assert b"Leaflets of Friday." in await file.read()
    assert "Leaflets of Monday." in await listed(world)


async def test_a_button_of_an_action_that_is_gone_takes_none_of_like_name_off_the_list(world: World) -> None:
    await world.organiser.slash(world.organisers, "organise action retire", action="yellow")
    again = await world.organiser.slash(world.organisers, "organise action retire", action="yellow")
    back = await world.organiser.click(again.response.message, label="Bring it back")
    async with world.bot.context.database.write() as connection:
        await delete_entries(connection, world.guild.id, EntryKind.ACTION, ["wear-yellow"])
    await fill_in(world, "add", {**FORM, "title": "Wear yellow socks"})
    pressed = await world.organiser.click(back.response, label="Take it off again")
    assert "There is no such action, so nothing was changed." in text_of(pressed)
    assert "Wear yellow socks" in await listed(world)


def fields_of(asked):
    return [label["component"] for label in asked.modal["components"]]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": "  "}, "The title is empty."),
        ({"links": "https://example.org/leaflet"}, "is not a link"),
        ({"links": "Leaflet http://example.org/leaflet"}, "is not a link"),
        ({"links": "\n".join(f"Link {n} https://example.org/{n}" for n in range(6))}, "at most 5 fit"),
        ({"picture": "https://example.org/leaflet.png"}, "Nothing says what the picture shows"),
        ({"picture": "A picture of us"}, "no address that begins with https://"),
        (
            {"picture": "https://cdn.discordapp.com/attachments/1/2/leaflet.png\nA leaflet."},
            "Discord only lends that address",
        ),
    ],
)
async def test_what_cannot_be_used_is_refused_with_what_to_do(world: World, wrong: dict, said: str) -> None:
    refused = await fill_in(world, "add", FORM | wrong)
    assert said in text_of(refused)
    assert "What to do now" in text_of(refused)
    assert "3 things you can do now" in await listed(world)


async def test_a_retired_action_counts_nobody_and_can_come_back(world: World) -> None:
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="Friday 8am"
    )
    post = await first_post(world)
    retired = await world.organiser.slash(world.organisers, "organise action retire", action="yellow")
    assert "Taken off the list: Wear yellow at work" in text_of(retired)
    assert "Nudges that still call for it\nWear yellow at work" in text_of(retired)
    assert "2 things you can do now" in await listed(world)
    assert "nothing was counted" in text_of(await world.member.click(post, label="I'm in yellow"))
    choices = await world.organiser.autocomplete(
        world.organisers, "organise action retire", "action", "yellow"
    )
    assert choices[0] == {"name": "Wear yellow at work (retired)", "value": "wear-yellow"}
    again = await world.organiser.slash(world.organisers, "organise action retire", action="yellow")
    assert "It is off the list already" in text_of(again)
    back = await world.organiser.click(again.response.message, label="Bring it back")
    assert "Back on the list" in text_of(back)
    assert "Counted, thank you." in text_of(await world.member.click(post, label="I'm in yellow"))


async def test_the_post_of_a_nudge_for_a_retired_action_offers_what_else_there_is(world: World) -> None:
    await world.organiser.slash(
        world.organisers, "organise nudge schedule", action="yellow", when="Friday 8am"
    )
    await world.organiser.slash(world.organisers, "organise action retire", action="yellow")
    post = await first_post(world)
    labels = [child.label for row in post.components for child in row.children]
    assert labels == ["About this post", "What else can I do?"]


async def test_members_can_neither_add_nor_retire(world: World) -> None:
    custom_ids = "action.save||", "action.retire|wear-yellow", "action.restore|wear-yellow"
    buttons = [discord.ui.Button[Any](label=custom_id, custom_id=custom_id) for custom_id in custom_ids]
    message = await world.put(world.general, *buttons)
    for custom_id in custom_ids:
        refused = await world.member.click(message, custom_id=custom_id)
        assert "That is for the campaign's organisers." in text_of(refused)
    assert "3 things you can do now" in await listed(world)
