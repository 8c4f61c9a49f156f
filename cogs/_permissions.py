"""Who may use what. The checks run here, in the bot, whatever Discord's menus offer."""

from collections.abc import Callable
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.domain.language import later, say
from bot.domain.problems import NotAllowed
from bot.services import guilds
from cogs._bot import Interaction, context_of, guild_id_of

T = TypeVar("T")

JOINING_LINKS = later("Joining links are for members of the union, and you do not have that role here.")
CALENDAR_ADDRESS = later(
    "The calendar's address is for members of the union, and you do not have that role here."
)


async def require_organiser(interaction: Interaction) -> None:
    """Refuses anybody without the organiser role.

    Raises:
        NotAllowed: the person lacks the role, or no role was chosen yet.
    """
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    if guild.organiser_role_id is None:
        raise NotAllowed(
            say("That is for organisers, and this server has not said yet who they are."),
            next_step=say("Ask an administrator to choose a role with `/setup roles organiser:`."),
        )
    _require_role(interaction, guild.organiser_role_id, later("That is for the campaign's organisers."))


async def require_moderator(interaction: Interaction) -> None:
    """Refuses anybody without the moderator role, administrators too: feedback is for moderators' eyes.

    Raises:
        NotAllowed: the person lacks the role, or no role was chosen yet.
    """
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    if guild.moderator_role_id is None:
        raise NotAllowed(
            say("That is for moderators, and this server has not said yet who they are."),
            next_step=say("Ask an administrator to choose a role with `/setup roles moderator:`."),
        )
    _require_role(interaction, guild.moderator_role_id, later("That is for the campaign's moderators."))


async def require_member(interaction: Interaction, refusal: str = JOINING_LINKS) -> None:
    """Refuses anybody without the member role, where the administrators have chosen one; organisers always pass.

    Args:
        interaction: what the person did.
        refusal: what they are told who lack the role, in English.

    Raises:
        NotAllowed: the person lacks the role.
    """
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    enough = {guild.member_role_id, guild.organiser_role_id}
    if guild.member_role_id is not None and not enough & _role_ids(interaction):
        raise NotAllowed(
            say(refusal),
            next_step=say("Ask an organiser or administrator of this server for it."),
        )


async def require_administrator(interaction: Interaction) -> None:
    """Refuses anybody who may not manage the server.

    Raises:
        NotAllowed: the person lacks that permission.
    """
    guild_id_of(interaction)
    if not interaction.permissions.manage_guild:
        raise NotAllowed(
            say("That is for administrators of this server."),
            next_step=say("Ask somebody who may manage the server; `/help` shows what you can use."),
        )


async def is_organiser(interaction: Interaction) -> bool:
    """Whether the person has the organiser role."""
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    return guild.organiser_role_id in _role_ids(interaction)


async def is_moderator(interaction: Interaction) -> bool:
    """Whether the person has the moderator role."""
    guild = await guilds.get(context_of(interaction), guild_id_of(interaction))
    return guild.moderator_role_id in _role_ids(interaction)


def organiser_only() -> Callable[[T], T]:
    """Lets only organisers use a command."""
    return app_commands.check(_passes(require_organiser))


def moderator_only() -> Callable[[T], T]:
    """Lets only moderators use a command."""
    return app_commands.check(_passes(require_moderator))


def administrator_only() -> Callable[[T], T]:
    """Lets only administrators use a command."""
    return app_commands.check(_passes(require_administrator))


def _passes(require: Callable[[Interaction], Any]) -> Callable[[Interaction], Any]:
    async def check(interaction: Interaction) -> bool:
        await require(interaction)
        return True

    return check


def _require_role(interaction: Interaction, role_id: int, refusal: str) -> None:
    if role_id not in _role_ids(interaction):
        raise NotAllowed(
            say(refusal),
            next_step=say(
                "`/help` shows what you can use. If you should have that role, ask an administrator."
            ),
        )


def _role_ids(interaction: Interaction) -> set[int]:
    user = interaction.user
    return {role.id for role in user.roles} if isinstance(user, discord.Member) else set()
