"""Autocomplete: choices while somebody types."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeAlias

from discord import app_commands

from bot.domain.problems import Problem
from bot.services.context import Context
from cogs._bot import Interaction, context_of
from cogs._render import shorten

log = logging.getLogger(__name__)

Suggestion: TypeAlias = tuple[str, str] | tuple[str, str, str]
"""A label and the value that it stands for; and an ending of the label that stays when the label has to be cut."""
Suggest: TypeAlias = Callable[[Context, int, str], Awaitable[Sequence[Suggestion]]]
Autocomplete: TypeAlias = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]
Permitted: TypeAlias = Callable[[Interaction], Awaitable[bool]]

CHOICES_LIMIT, CHOICE_LIMIT = 25, 100


def suggesting(suggest: Suggest, *, only: Permitted | None = None) -> Autocomplete:
    """An autocomplete callback that offers what `suggest` finds, if need be only to whom `only` permits it.

    When that fails it offers nothing. The failure is logged here, because the library's own log line names the user.
    """

    async def complete(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        if interaction.guild_id is None:
            return []
        try:
            if only is not None and not await only(interaction):
                return []
            typed = current.replace("\x00", "")  # PostgreSQL refuses even to look for it
            found = await suggest(context_of(interaction), interaction.guild_id, typed)
        except Problem:
            return []  # what stands in another option leads nowhere, or not yet
        except Exception:
            log.exception("autocomplete failed")
            return []
        return [
            app_commands.Choice(name=_cut(label, "".join(ending)), value=value[:CHOICE_LIMIT])
            for label, value, *ending in found[:CHOICES_LIMIT]
        ]

    return complete


def _cut(label: str, ending: str) -> str:
    return shorten(label, CHOICE_LIMIT - len(ending)) + ending


def choices(options: dict[str, str]) -> list[app_commands.Choice[Any]]:
    """Fixed choices: value to label."""
    return [app_commands.Choice(name=label, value=value) for value, label in options.items()]
