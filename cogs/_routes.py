"""Answers presses of buttons and submissions of modals, by the name at the start of their `custom_id`.

A `custom_id` is `name|argument`. Nothing is remembered between showing a button and its press, so a message from before a
restart works like a new one, and what was typed into a modal across a restart is not lost.
"""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeAlias, cast

import discord

from bot.domain.language import say
from bot.domain.problems import BadInput

Handler: TypeAlias = Callable[[discord.Interaction[Any], str], Awaitable[None]]

SEPARATOR = "|"
CUSTOM_ID_LIMIT = 100
LARGEST_ID = 2**63
_ROUTED = (discord.InteractionType.component, discord.InteractionType.modal_submit)


class Routes:
    """The handlers of all buttons and modals."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def add(self, name: str, handler: Handler) -> None:
        """Lets `handler(interaction, argument)` answer what carries this name."""
        self._handlers[name] = handler

    def name_of(self, interaction: discord.Interaction[Any]) -> str:
        """The name of the handler that answers this; empty if there is none, whatever the `custom_id` says."""
        name = custom_id_of(interaction).partition(SEPARATOR)[0]
        return name if name in self._handlers else ""

    async def dispatch(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a press or a submission.

        Raises:
            BadInput: no handler has that name, because the message is from another version.
        """
        name, _, argument = custom_id_of(interaction).partition(SEPARATOR)
        handler = self._handlers.get(name)
        if handler is None:
            raise BadInput(
                say("That button is from an older version of this bot."),
                next_step=say("Type the command again to get a fresh one; `/help` lists them."),
            )
        await handler(interaction, argument)


def is_routed(interaction: discord.Interaction[Any]) -> bool:
    """Whether this is a press or a submission, rather than a command."""
    return interaction.type in _ROUTED


def custom_id_of(interaction: discord.Interaction[Any]) -> str:
    """The `custom_id` of what was pressed or submitted."""
    data = cast("dict[str, Any]", interaction.data or {})
    return _storable(str(data.get("custom_id", "")))


def route(name: str, *arguments: str) -> str:
    """The `custom_id` that leads to a handler.

    Raises:
        ValueError: it is longer than Discord allows.
    """
    custom_id = SEPARATOR.join((name, *arguments))
    if len(custom_id) > CUSTOM_ID_LIMIT:
        raise ValueError(f"custom_id of {len(custom_id)} characters")
    return custom_id


@contextmanager
def reading_argument() -> Generator[None]:
    """Within it, what cannot be read of a button's argument is told as what it is.

    Raises:
        BadInput: the button is from another version, or somebody else has made it.
    """
    try:
        yield
    except (ValueError, OverflowError):
        raise BadInput(
            say("That button is from an older version of this bot."),
            next_step=say("Type the command again to get a fresh one; `/help` lists them."),
        ) from None


def day_in(argument: str) -> date:
    """The day that a button carries.

    Raises:
        BadInput: it carries none.
    """
    with reading_argument():
        return date.fromisoformat(argument)


def guild_in(argument: str) -> int:
    """The server that a button in a direct message carries first.

    Raises:
        BadInput: it carries none.
    """
    with reading_argument():
        guild_id = int(argument.partition(SEPARATOR)[0])
        if not 0 < guild_id < LARGEST_ID:
            raise ValueError(guild_id)
        return guild_id


def chosen_value(interaction: discord.Interaction[Any]) -> str:
    """What was chosen from a list under a message; empty for a press of a button."""
    data = cast("dict[str, Any]", interaction.data or {})
    return _storable(str(next(iter(data.get("values", [])), "")))


def modal_values(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was typed or chosen in a modal, by the `custom_id` of each input; a choice that was left out is empty."""
    return {one["custom_id"]: _value(one) for one in _inputs(interaction)}


def modal_text(interaction: discord.Interaction[Any]) -> str:
    """All that was typed into a modal, without what was chosen from lists; empty for a press of a button."""
    typed = (str(one.get("value") or "") for one in _inputs(interaction))
    return "\n\n".join(text for text in typed if text.strip())


def _inputs(interaction: discord.Interaction[Any]) -> list[dict[str, Any]]:
    data = cast("dict[str, Any]", interaction.data or {})
    inputs: list[dict[str, Any]] = []
    for outer in data.get("components", []):
        inputs += outer.get("components") or [outer.get("component") or {}]
    return [one for one in inputs if "custom_id" in one]


def _value(component: dict[str, Any]) -> str:
    if "values" in component:
        return next(iter(component["values"]), "")
    return _storable(component.get("value") or "")


def _storable(text: str) -> str:
    """The text without what PostgreSQL takes into no text, and refuses even to look for."""
    return text.replace("\x00", "")


async def show_modal(interaction: discord.Interaction[Any], modal: discord.ui.Modal) -> None:
    """Shows a modal whose submission `Routes` will answer."""
    modal.stop()  # the library must not remember it: there is one way to answer, with or without a restart between
    await interaction.response.send_modal(modal)
