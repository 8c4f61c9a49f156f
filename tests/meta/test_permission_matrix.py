"""Who may use each command, button and list: every one of them, tried by everybody, against one table.

Whoever adds a command or a button says here whom it is for. What is refused changes nothing; what is allowed may end in
any other answer, such as that there is no such meeting, but never in a defect.
"""

import logging
from collections.abc import Mapping
from typing import Any

import discord
import pytest
import simcord

from bot.services import guilds
from tests.discord.conftest import World, text_of
from tests.meta.project import leaves
from tests.meta.test_commands_documented import (
    FOR_ALL_LOOKUPS,
    FOR_ALL_ROUTES,
    everything_stored,
    filled_in,
    open_world,
)

__all__ = ["open_world"]

# The people, by the roles that they have. The member role is chosen in this server, so that "nobody" lacks it.
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "nobody": (),
    "member": ("member",),
    "organiser": ("organiser",),
    "moderator": ("member", "moderator"),
    "administrator": ("member", "administrator"),
    "organiser who moderates": ("organiser", "moderator"),
    "administrator who organises": ("organiser", "administrator"),
}
EVERYBODY = frozenset(PEOPLE)
ORGANISERS = frozenset(who for who, roles in PEOPLE.items() if "organiser" in roles)
MODERATORS = frozenset(who for who, roles in PEOPLE.items() if "moderator" in roles)
ADMINISTRATORS = frozenset(who for who, roles in PEOPLE.items() if "administrator" in roles)
MEMBERS = EVERYBODY - {"nobody"}

GROUPS = {"organise": ORGANISERS, "moderate": MODERATORS, "setup": ADMINISTRATORS}
"""By the first word of a command; the others are for everybody."""

COMMANDS: Mapping[str, frozenset[str]] = {"meeting calendar": MEMBERS}
"""The exceptions among commands."""

ROUTES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(FOR_ALL_ROUTES, EVERYBODY),
    **dict.fromkeys(("meeting.link", "meeting.calendar"), MEMBERS),
    **dict.fromkeys(("action.restore", "action.retire", "action.save"), ORGANISERS),
    **dict.fromkeys(("agenda.notes", "agenda.notes.form", "agenda.settle"), ORGANISERS),
    **dict.fromkeys(("demand.add", "demand.back", "demand.edit", "demand.edit.yes"), ORGANISERS),
    **dict.fromkeys(("demand.respond", "motion.progress", "event.move"), ORGANISERS),
    **dict.fromkeys(("focus.form", "focus.judge", "focus.list", "focus.look"), MODERATORS),
    **dict.fromkeys(("focus.merge", "focus.plan", "focus.round", "focus.turn"), MODERATORS),
    **dict.fromkeys(
        ("import.apply", "import.drop", "import.edit", "import.page", "import.paste"), ORGANISERS
    ),
    **dict.fromkeys(("import.save", "import.show", "import.tick", "import.undo"), ORGANISERS),
    **dict.fromkeys(("piece.page", "piece.replied", "piece.reply", "piece.set"), MODERATORS),
    **dict.fromkeys(("piece.state", "piece.tag", "piece.tagged", "moderate.audit"), MODERATORS),
    **dict.fromkeys(("queue.page", "queue.read", "queue.said", "queue.spam"), MODERATORS),
    **dict.fromkeys(("restored.leave", "restored.post"), ORGANISERS),
    **dict.fromkeys(("schedule.delete", "schedule.resume", "schedule.send"), ORGANISERS),
    **dict.fromkeys(("setup.check", "setup.start"), ADMINISTRATORS),
}
LOOKUPS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(FOR_ALL_LOOKUPS, EVERYBODY),
    **dict.fromkeys(("deliveries", "nudge.list", "reminder.list"), ORGANISERS),
}
REFUSALS = (
    "That is for the campaign's organisers.",
    "That is for the campaign's moderators.",
    "That is for administrators of this server.",
    "for members of the union, and you do not have that role here.",
)
ARGUMENT = "overtime|met|2025-03-28"
BUTTONS_ON_A_MESSAGE = 25


@pytest.fixture
async def people(open_world: World) -> dict[str, simcord.MemberActor]:
    """One person of each kind."""
    world, env = open_world, open_world.env
    roles = {name: world.guild.create_role(f"A {name}") for name in ("member", "organiser", "moderator")}
    roles["administrator"] = world.guild.create_role(
        "Keeper", permissions=discord.Permissions(manage_guild=True)
    )
    made = {
        who: world.guild.add_member(env.create_user(f"matrix {number}"), roles=[roles[one] for one in has])
        for number, (who, has) in enumerate(PEOPLE.items())
    }
    await env.settle()
    everybody = dict.fromkeys(made.values(), True)
    for command in env.backend.visible_commands(user_id=world.administrator.id, channel_id=world.general.id):
        world.guild.set_command_permissions(int(command["id"]), everybody)
    chosen = {f"{name}_role_id": roles[name].id for name in ("member", "organiser", "moderator")}
    await guilds.change(world.bot.context, world.guild.id, **chosen)
    return made


def allowed_to(command: str) -> frozenset[str]:
    """Whom a command is for."""
    return COMMANDS.get(command) or GROUPS.get(command.split(maxsplit=1)[0], EVERYBODY)


def trying(allowed: frozenset[str], *, is_allowed: bool) -> list[str]:
    """Who tries something: whoever is refused, or of those who are allowed the one with the fewest roles."""
    return [min(allowed, key=lambda who: len(PEOPLE[who]))] if is_allowed else sorted(EVERYBODY - allowed)


def is_refused(result: simcord.InteractionResult) -> bool:
    return result.response is not None and any(one in text_of(result) for one in REFUSALS)


def no_defects(caplog: pytest.LogCaptureFixture) -> None:
    failed = [one for one in caplog.records if one.message == "an interaction failed"]
    assert failed == [], failed[0].exc_text


async def test_every_command_by_everybody(
    open_world: World, people: dict[str, simcord.MemberActor], caplog: pytest.LogCaptureFixture
) -> None:
    world = open_world
    role = world.guild.create_role("Any")
    await world.env.settle()
    commands = {one.qualified_name: one for one in leaves(world.bot)}
    assert len(commands) > 60
    before = await everything_stored(world)
    for is_allowed in (False, True):  # first what must change nothing
        for name, command in commands.items():
            for who in trying(allowed_to(name), is_allowed=is_allowed):
                given = filled_in(world, command, role)
                result = await people[who].slash(world.general, name, **given)
                assert is_refused(result) is not is_allowed, f"{who}: /{name}"
                assert result.ephemeral or is_allowed, f"{who}: /{name}"
        if not is_allowed:
            assert await everything_stored(world) == before
            assert world.posts() == []
    no_defects(caplog)


def pressed() -> dict[str, frozenset[str]]:
    """What is behind every button and list, and whom it is for."""
    found = {f"{name}|{ARGUMENT}": who for name, who in ROUTES.items() if name not in {"look", "share"}}
    for name, who in LOOKUPS.items():
        found |= {f"{kind}|{name}|0|": who for kind in ("look", "share")}
    return found


async def test_every_button_by_everybody(
    open_world: World, people: dict[str, simcord.MemberActor], caplog: pytest.LogCaptureFixture
) -> None:
    world = open_world
    assert set(world.bot.routes._handlers) == ROUTES.keys()
    assert set(world.bot.lookups._lookups) == LOOKUPS.keys()
    messages = await with_buttons(world, list(pressed()))
    before = await everything_stored(world)
    for is_allowed in (False, True):
        for custom_id, allowed in pressed().items():
            for who in trying(allowed, is_allowed=is_allowed):
                if is_allowed:  # the answer may have taken the place of the message with the buttons
                    messages |= await with_buttons(world, [custom_id])
                result = await people[who].click(messages[custom_id], custom_id=custom_id)
                assert is_refused(result) is not is_allowed, f"{who}: {custom_id}"
        if not is_allowed:
            assert await everything_stored(world) == before
    no_defects(caplog)


async def with_buttons(world: World, custom_ids: list[str]) -> dict[str, Any]:
    """Messages that carry these buttons; anybody could send what is behind them."""
    found: dict[str, Any] = {}
    for start in range(0, len(custom_ids), BUTTONS_ON_A_MESSAGE):
        some = custom_ids[start : start + BUTTONS_ON_A_MESSAGE]
        buttons = [discord.ui.Button[Any](label="Press", custom_id=custom_id) for custom_id in some]
        found |= dict.fromkeys(some, await world.put(world.general, *buttons))
    return found


async def test_without_roles_nobody_is_an_organiser_or_moderator(
    open_world: World, people: dict[str, simcord.MemberActor], caplog: pytest.LogCaptureFixture
) -> None:
    """Before the roles are chosen, and after one was deleted, nobody slips in."""
    caplog.set_level(logging.ERROR)
    world = open_world
    await guilds.change(world.bot.context, world.guild.id, organiser_role_id=None, moderator_role_id=None)
    for who in EVERYBODY:
        for name, given in {"organise deliveries": {}, "moderate queue": {}}.items():
            result = await people[who].slash(world.general, name, **given)
            assert "has not said yet who they are" in text_of(result), f"{who}: /{name}"
    no_defects(caplog)
