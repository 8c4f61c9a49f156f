"""What the pages for members, organisers and moderators tell people to type, typed as it stands there, from top to bottom."""

import re
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.domain.when import parse_moment
from bot.services import feedback
from tests.discord.conftest import World, text_of
from tests.meta.project import ROOT, leaves, read, table_rows

PAGES = {"members": 8, "organisers": 15, "moderators": 7}
"""Each page that is built round tasks, and how many commands it has at least."""

OPTION = re.compile(r'(\w+):(?:"([^"]*)"|(\S+))')


def typed_on(page: str) -> list[str]:
    """The commands of a page, in the order in which somebody who follows it types them."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def chosen(command: app_commands.Command[Any, ..., Any], line: str) -> dict[str, Any]:
    """The options of a line, with what Discord sends for a choice that somebody picks by its words."""
    values: dict[str, Any] = {}
    for name, quoted, plain in OPTION.findall(line):
        (option,) = (one for one in command.parameters if one.display_name == name)
        typed: Any = quoted or plain
        if option.choices:
            (typed,) = (one.value for one in option.choices if one.name.endswith(typed))
        elif option.type is discord.AppCommandOptionType.integer:
            typed = int(typed)
        elif option.type is discord.AppCommandOptionType.boolean:
            typed = {"True": True, "False": False}[typed]
        values[name] = typed
    return values


@pytest.mark.parametrize("page", PAGES)
async def test_what_a_page_says_to_type_does_something(world: World, page: str) -> None:
    """Nothing is refused, nothing is not found: each command is answered with what was asked for, or with a form."""
    for number in range(2):
        await feedback.give(world.bot.context, world.guild.id, number, "meeting", "Too much work")
    await feedback.release_batches(world.bot.context)
    person = {"members": world.member, "organisers": world.organiser, "moderators": world.moderator}[page]
    item = await reference_of_a_piece(world)
    commands = {one.qualified_name: one for one in leaves(world.bot)}
    lines = typed_on(page)
    assert len(lines) >= PAGES[page]
    for line in lines:
        name = re.split(r" \w+:", line, maxsplit=1)[0].removeprefix("/")
        options = chosen(commands[name], line.replace("item:ITEM", f"item:{item}"))
        result = await person.slash(world.general, name, **options)
        assert result.modal or "What to do now" not in text_of(result), f"{line}\n{text_of(result)}"
        await world.env.settle()


async def test_the_first_steps_do_what_they_promise(world: World) -> None:
    """Those of the practice server, whose clock begins with the same Monday."""
    commands = {one.qualified_name: one for one in leaves(world.bot)}
    people = {"Morgan, a member": world.member, "Sam, an organiser": world.organiser}
    rows = {who: cell.strip("`") for who, cell, _ in table_rows(read("docs/start.md"))}
    for who, person in people.items():
        name = re.split(r" \w+:", rows[who], maxsplit=1)[0].removeprefix("/")
        result = await person.slash(world.general, name, **chosen(commands[name], rows[who]))
        assert "What to do now" not in text_of(result), rows[who]
    (to,) = re.findall(r'/practice forward to:"(.+)"', rows["anybody"])
    moment = parse_moment(to, now=world.clock.now(), zone="Europe/London")
    world.clock.instant = moment.instant
    await world.turn()
    assert len(world.posts()) == 1


async def reference_of_a_piece(world: World) -> str:
    offered = await world.moderator.autocomplete(world.general, "moderate reply", "item", "")
    return str(offered[0]["value"])


def test_a_command_inside_a_sentence_exists_too(world_commands: set[str]) -> None:
    for page in (*PAGES, "administrators", "start"):
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        for words in re.findall(r"`/([a-z]+(?: [a-z]+)*)(?= \w+:|`)", text):
            assert words in world_commands, f"{page}: /{words}"


@pytest.fixture
async def world_commands(world: World) -> set[str]:
    return {one.qualified_name for one in leaves(world.bot)} | {"practice forward"}
