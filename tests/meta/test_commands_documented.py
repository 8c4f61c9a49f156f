"""Every command is explained in `/help` and in the README."""

import re
from typing import Any

import discord
import pytest
import simcord
from discord import app_commands

import db.tables
from bot.app import SolidarityBot
from bot.config import Settings
from cogs.help import ENTRIES
from tests.discord.conftest import World
from tests.meta.project import bot_with_commands, leaves, read, section, table_rows

AUDIENCES = {"organise": "Organisers", "moderate": "Moderators", "setup": "Administrators"}
FOR_ALL_ROUTES = {
    "about",
    "action.done",
    "action.progress",
    "action.share",
    "agenda.open",
    "agenda.propose",
    "demand.follow",
    "demand.picture",
    "demand.stop",
    "feedback.add",
    "feedback.add.answer",
    "feedback.add.form",
    "feedback.check",
    "feedback.give",
    "feedback.open",
    "feedback.page",
    "feedback.store",
    "feedback.withdraw",
    "feedback.withdraw.yes",
    "focus.again",
    "focus.answer",
    "focus.cast",
    "focus.choose",
    "focus.results",
    "focus.share",
    "focus.suggest",
    "help",
    "look",
    "me.forget",
    "me.stop",
    "meeting.answer",
    "meeting.back",
    "meeting.calendar",
    "meeting.diary",
    "meeting.link",
    "meeting.quiet",
    "meeting.remind",
    "post.about",
    "share",
}
FOR_ALL_LOOKUPS = {
    "action.list",
    "aims",
    "demand.changes",
    "demand.list",
    "demand.search",
    "demand.show",
    "glossary.list",
    "glossary.show",
    "meeting.list",
    "meeting.show",
    "motion.behind",
    "motion.list",
    "motion.show",
    "search",
    "search.document",
}


@pytest.fixture
async def bot(settings: Settings) -> SolidarityBot:
    return await bot_with_commands(settings, practice=True)


def product_commands(bot: SolidarityBot) -> dict[str, app_commands.Command[Any, ..., Any]]:
    """The commands of a real server: those of the practice server exist only there."""
    every = {command.qualified_name: command for command in leaves(bot)}
    return {name: command for name, command in every.items() if not name.startswith("practice ")}


def audience(name: str) -> str:
    return AUDIENCES.get(name.split(maxsplit=1)[0], "Members")


def options(command: app_commands.Command[Any, ..., Any]) -> str:
    """The options as the README writes them: optional ones in brackets."""
    return " ".join(
        one.display_name if one.required else f"[{one.display_name}]" for one in command.parameters
    )


def readme_commands() -> dict[str, tuple[str, str]]:
    """The README's tables of commands: the name, then for whom it is and its options."""
    found = {}
    for who in ("Members", "Organisers", "Moderators", "Administrators"):
        for command, its_options, does in table_rows(section(read("README.md"), f"### {who}")):
            assert does, command
            found[command.strip("`").lstrip("/")] = (who, its_options.strip("`"))
    return found


async def test_help_explains_every_command(bot: SolidarityBot) -> None:
    explained = {entry.command: entry.audience for entry in ENTRIES}
    assert len(explained) == len(ENTRIES)
    assert explained == {name: audience(name) for name in product_commands(bot)}


async def test_no_command_is_larger_than_discord_registers(bot: SolidarityBot) -> None:
    """Discord counts the names, descriptions and choices of a command with all its groups: 8,000 characters."""
    sizes = {command.name: size_of(command.to_dict(bot.tree)) for command in bot.tree.get_commands()}
    assert sizes["organise"] > 3_000, "it is counted with its groups"
    assert {name: size for name, size in sizes.items() if size > 8_000} == {}


def size_of(part: dict[str, Any]) -> int:
    """The characters of a command or option that Discord counts, with all below it."""
    words = len(part["name"]) + len(part.get("description", ""))
    choices = sum(len(str(one["name"])) + len(str(one["value"])) for one in part.get("choices", ()))
    return words + choices + sum(size_of(one) for one in part.get("options", ()))


async def test_the_examples_in_help_name_real_options(bot: SolidarityBot) -> None:
    for entry in ENTRIES:
        command = product_commands(bot)[entry.command]
        used = re.findall(r"(?<= )([a-z]+):(?=\S)", entry.example)
        assert entry.example.startswith(f"/{entry.command}")
        assert set(used) <= {one.display_name for one in command.parameters}, entry.example
        required = {one.display_name for one in command.parameters if one.required}
        assert required <= set(used), f"{entry.example} lacks {required - set(used)}"


async def test_the_readme_lists_every_command_with_its_options(bot: SolidarityBot) -> None:
    expected = {name: (audience(name), options(command)) for name, command in product_commands(bot).items()}
    assert readme_commands() == expected


async def test_the_readme_names_the_practice_commands(bot: SolidarityBot) -> None:
    practice = {one.qualified_name for one in leaves(bot)} - set(product_commands(bot))
    assert practice
    named = set(re.findall(r"`/(practice \w+)", read("README.md")))
    assert named == practice


async def test_every_command_and_option_is_described(bot: SolidarityBot) -> None:
    """discord.py fills in an ellipsis where there is no description."""
    for command in bot.tree.walk_commands():
        assert len(command.description) > 10, command.qualified_name
        if isinstance(command, app_commands.Command):
            for one in command.parameters:
                assert len(str(one.description)) > 5, f"{command.qualified_name} {one.display_name}"


async def test_every_command_stays_in_the_server(bot: SolidarityBot) -> None:
    for command in bot.tree.get_commands():
        assert isinstance(command, app_commands.Command | app_commands.Group)
        assert command.guild_only, command.name


# Refusals, through a simulated Discord.


@pytest.fixture
async def open_world(world: World) -> World:
    """A server whose administrator shows every command to everybody: only the bot's own checks are left."""
    everybody = [world.member, world.organiser, world.moderator, world.administrator]
    for command in world.env.backend.visible_commands(
        user_id=world.administrator.id, channel_id=world.general.id
    ):
        world.guild.set_command_permissions(int(command["id"]), dict.fromkeys(everybody, True))
    return world


async def everything_stored(world: World) -> dict[str, list[Any]]:
    """Every row of every table."""
    async with world.bot.context.database.read() as connection:
        return {
            table.name: sorted(map(repr, await connection.execute(table.select())))
            for table in db.tables.metadata.sorted_tables
        }


def filled_in(
    world: World, command: app_commands.Command[Any, ..., Any], role: simcord.RoleHandle
) -> dict[str, Any]:
    """Something acceptable for each option of a command."""
    values: dict[str, Any] = {}
    for one in command.parameters:
        match one.type:
            case discord.AppCommandOptionType.channel:
                values[one.display_name] = world.announcements
            case discord.AppCommandOptionType.role:
                values[one.display_name] = role
            case discord.AppCommandOptionType.attachment:
                values[one.display_name] = ("bulletin.txt", b"text")
            case discord.AppCommandOptionType.integer | discord.AppCommandOptionType.number:
                values[one.display_name] = int(one.min_value or 1)
            case discord.AppCommandOptionType.boolean:
                values[one.display_name] = True
            case _:
                values[one.display_name] = one.choices[0].value if one.choices else "Friday 8am"
    return values
